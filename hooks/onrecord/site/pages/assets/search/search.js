// The door to search: on every page, and small. It listens for `/`, Ctrl+K and the link in the
// header, and loads the rest when somebody first uses it. It also has the words marked that a
// search brought somebody to a page for (`?h=`).

const trigger = document.querySelector("[data-onrecord-search-link]");
// With instant navigation the header stays as the address changes, so its link must not be relative.
if (trigger) trigger.setAttribute("href", trigger.href);
const version = trigger?.dataset.version ?? "";
const searchPage = trigger?.href ?? "";

let dialog = null;
let early = null; // what is typed while the dialog is still on its way

let styled = null;
/** The style sheet of all that search shows; the page of search brings it along itself. */
function style() {
  styled ??= new Promise((done) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL("search.css", import.meta.url).href;
    link.onload = link.onerror = done;
    document.body.append(link); // instant navigation takes from the head what a page hasn’t
  });
  return styled;
}

async function open() {
  const input = document.querySelector(
    "[data-onrecord-search] input[type=search], .or-ask input",
  );
  if (input) {
    input.focus();
    input.select();
    return;
  }
  if (early !== null) return;
  early = "";
  // The index opens while the dialog loads; what is wrong is said when something is asked.
  import("./index.js").then(({ openIndex }) => openIndex(version)).catch(() => {});
  try {
    const [{ SearchDialog }] = await Promise.all([import("./dialog.js"), style()]);
    dialog ??= new SearchDialog(version, searchPage);
    dialog.open(early);
  } catch {
    location.assign(searchPage); // the page says what is wrong
  } finally {
    early = null;
  }
}

function catchEarly(event) {
  if (early === null || event.key.length !== 1 || event.ctrlKey || event.metaKey) return;
  early += event.key;
  event.preventDefault();
  event.stopPropagation();
}
document.addEventListener("keydown", catchEarly, true);

function isTyping(target) {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable]");
}

document.addEventListener("keydown", (event) => {
  const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey;
  const k = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey;
  if (!trigger || !(k || (slash && !isTyping(event.target)))) return;
  event.preventDefault();
  if (!dialog?.isOpen) open();
});

trigger?.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  event.stopPropagation();
  open();
});

// Once for the first page, and once more for each that instant navigation brings.
function arrive() {
  dialog?.close();
  const place = document.querySelector("[data-onrecord-search]");
  if (place) import("./page.js").then(({ mount }) => mount(place, version));
  const lost = document.querySelector("[data-onrecord-lost]");
  if (lost) import("./lost.js").then(({ find }) => find(lost, version)).catch(() => {});
  if (new URLSearchParams(location.search).has("h")) {
    Promise.all([import("./marks.js"), style()]).then(([{ markWords }]) => markWords());
  }
}

if (window.document$?.subscribe) window.document$.subscribe(arrive);
else arrive();
