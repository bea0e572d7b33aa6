/* You: the name that was chosen once, and what waits for it.

   The name is kept in this browser, for this site; nothing is sent. What waits comes from a small
   file of the site (`people/…/waiting.json`). Without this script every page says the same, with
   handles in the place of “you”. A plain script, so that it also runs on a site opened from a disk. */
(() => {
  const ROOT = new URL("../../", document.currentScript.src); // this file is assets/onrecord/you.js
  const KEY = `onrecord-you ${ROOT.pathname}`;
  const SEEN = `onrecord-seen ${ROOT.pathname}`;
  const FILE = /^people\/[^?#\\]+\/waiting\.json$/;

  /** Who was chosen: {file, handle, name}; null for nobody. */
  function chosen() {
    try {
      const you = JSON.parse(localStorage.getItem(KEY));
      return FILE.test(you?.file) && !you.file.includes("..") && you.handle ? you : null;
    } catch {
      return null;
    }
  }

  function keep(key, value) {
    try {
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, value);
    } catch {
      // A browser that keeps nothing asks again on the next page.
    }
  }

  function make(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  }

  const link = (href, attributes, ...children) =>
    make("a", { href: new URL(href, ROOT).href, ...attributes }, ...children);

  const files = new Map();
  /** What waits for somebody; null where it can't be read, as on a site opened from a disk. */
  function waiting(file) {
    if (!files.has(file)) {
      files.set(
        file,
        fetch(new URL(file, ROOT))
          .then((answer) => (answer.ok ? answer.json() : null))
          .catch(() => null),
      );
    }
    return files.get(file);
  }

  const first = (name) => name.replace(/^@/, "").split(" ")[0];
  const face = (name) =>
    make("i", { class: "or-face", "aria-hidden": "true" }, [...first(name)].slice(0, 2).join(""));

  function greeting() {
    const hour = new Date().getHours();
    return hour < 5 || hour > 17 ? "Good evening" : hour < 12 ? "Good morning" : "Good afternoon";
  }

  /** The header: who you are and how much waits, or the way to say it. */
  function showInHeader(you, found) {
    const place = document.querySelector("[data-onrecord-you]");
    if (!place) return;
    if (!you) {
      place.replaceChildren(face("?"), make("span", { class: "or-you__says" }, "Who are you?"));
      place.setAttribute("href", new URL("index.html#you", ROOT).href);
      place.setAttribute("aria-label", "Who are you?");
      return;
    }
    const name = first(you.name);
    const says = found
      ? `${name}, ${found.count || "nothing"} ${found.count === 1 ? "needs" : "need"} you`
      : name;
    const words = make("span", { class: "or-you__says" }, make("b", {}, name));
    if (found?.count) words.append(`, ${found.count} ${found.count === 1 ? "needs" : "need"} you`);
    place.replaceChildren(face(you.name), words);
    place.setAttribute("href", new URL(you.file.replace("waiting.json", "index.html"), ROOT).href);
    place.setAttribute("aria-label", found?.count ? `${says}: your page` : `${name}: your page`);
  }

  /** “you” where your handle stands. */
  function showInText(you) {
    for (const node of document.querySelectorAll(".or-me[data-handle]")) {
      const handle = node.dataset.handle;
      const mine = you && handle.replace(/^@/, "").toLowerCase() === you.handle.toLowerCase();
      const said = mine ? "you" : handle;
      if (node.textContent !== said) node.textContent = said;
    }
  }

  function rowOf(item) {
    const state = { overdue: "or-bad or-i-overdue", soon: "or-warn or-i-soon" }[item.how] ?? "";
    return make(
      "li",
      {},
      make("span", {}, `${item.ask}: `, link(item.href, { class: "or-row" }, item.title)),
      make("span", { class: `or-rest ${state}` }, item.when),
    );
  }

  /** Home: what waits for you, in the place where it asked who you are. */
  function showOnHome(you, found) {
    const place = document.querySelector("[data-onrecord-mine]");
    if (!place || !you) return;
    place.orAsks ??= [...place.childNodes];
    const other = make("button", { type: "button", class: "or-mine__other" }, "not you?");
    other.addEventListener("click", () => {
      keep(KEY, null);
      place.replaceChildren(...place.orAsks);
      arrive();
      place.querySelector("button, select")?.focus();
    });
    const head = make(
      "div",
      { class: "or-mine__head" },
      make("h2", { id: "you-head" }, `${greeting()}, ${first(you.name)}`),
      make("p", {}, other),
    );
    const rest = [];
    if (found?.count) {
      const count = make("p", { class: "or-mine__count" });
      count.append(make("b", {}, `${found.count} ${found.count === 1 ? "needs" : "need"} you`));
      if (found.late) count.append(", ", make("span", { class: "or-bad" }, `${found.late} late`));
      head.append(count);
      rest.push(make("ul", { class: "or-rows", role: "list" }, ...found.items.map(rowOf)));
      const more = found.count - found.items.length;
      if (more > 0) {
        rest.push(make("p", { class: "or-more" }, link(found.page, {}, `${more} more`)));
      }
    } else {
      const page = you.file.replace("waiting.json", "index.html");
      rest.push(
        found
          ? make("p", { class: "or-more" }, "Nothing waits for you.")
          : make("p", { class: "or-more" }, link(page, {}, "What waits for you is on your page")),
      );
    }
    place.replaceChildren(head, ...rest);
  }

  function choose(file, handle, name) {
    keep(KEY, JSON.stringify({ file, handle, name }));
    arrive().then(() => document.querySelector(".or-mine__other")?.focus());
  }

  /** Where a name can be chosen: the buttons or the list of home, the button of a person's page. */
  function listen(you) {
    for (const button of document.querySelectorAll("button[data-onrecord-me]")) {
      const mine = you?.file === button.dataset.onrecordMe;
      if (button.dataset.name) {
        button.textContent = mine ? "This is you. Forget it" : "This is me";
      }
      button.onclick = () => {
        if (mine) {
          keep(KEY, null);
          arrive();
        } else {
          const name = button.dataset.name ?? button.textContent;
          choose(button.dataset.onrecordMe, button.dataset.handle, name);
        }
      };
    }
    const list = document.querySelector("[data-onrecord-mine] select");
    if (list) {
      list.onchange = () => {
        const option = list.selectedOptions[0];
        const { handle, name } = option.dataset;
        if (list.value) choose(list.value, handle, name);
      };
    }
  }

  /** What changed: a line above what you saw the last time. */
  function showWhereYouLeft() {
    const days = [...document.querySelectorAll("[data-onrecord-day]")];
    if (!days.length) return;
    let seen = null;
    try {
      seen = sessionStorage.getItem(SEEN) ?? localStorage.getItem(SEEN);
      sessionStorage.setItem(SEEN, seen ?? "");
    } catch {
      return;
    }
    keep(SEEN, days[0].dataset.onrecordDay);
    const known = days.find((day) => day.dataset.onrecordDay <= (seen ?? ""));
    if (known && known !== days[0] && !document.querySelector(".or-seen")) {
      known.before(make("p", { class: "or-seen" }, "You saw the rest"));
    }
  }

  /** The buttons of a decision, as they are for who reads, and their own voice in its ground. */
  function showTurn(you) {
    const me = you?.handle.toLowerCase() ?? "";
    for (const voice of document.querySelectorAll("[data-or-by]")) {
      voice.classList.toggle("or-voice--mine", me !== "" && voice.dataset.orBy === me);
    }
    for (const place of document.querySelectorAll("[data-or-turn]")) {
      const links = [...place.querySelectorAll("a")];
      place.orFirst ??= links.map((link) => [link.hidden, link.className]);
      links.forEach((link, at) => ([link.hidden, link.className] = place.orFirst[at]));
      if (!me) continue;
      const isAsked = place.dataset.orTurn.split(" ").includes(me);
      const isOwner = place.dataset.orOwner === me;
      const says = (link) => link.dataset.orSays ?? "";
      const answers = links.some((link) => says(link) === "answer");
      const wanted = (link) => {
        if (!says(link)) return isOwner && !answers;
        if (["aligned", "accepted"].includes(says(link))) return isAsked;
        if (isOwner) return says(link) === "answer";
        return says(link) === "feedback" || (isAsked && says(link) === "no-objection");
      };
      let isFirst = isAsked || isOwner;
      for (const link of links) {
        link.hidden = !wanted(link);
        link.classList.toggle("md-button--primary", !link.hidden && isFirst);
        if (!link.hidden) isFirst = false;
      }
    }
  }

  /** What time it is where somebody is, beside the name of the place. */
  function showHours() {
    const now = new Date();
    for (const node of document.querySelectorAll("[data-or-zone]")) {
      const { orZone: timeZone, orPlace: place } = node.dataset;
      try {
        const style = { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
        node.textContent = `${place}, ${new Intl.DateTimeFormat("en-GB", style).format(now)}`;
      } catch {
        // A zone that this browser doesn't know keeps its name.
      }
    }
  }

  async function arrive() {
    const you = chosen();
    showInText(you);
    showTurn(you);
    showHours();
    listen(you);
    showWhereYouLeft();
    if (!you) {
      showInHeader(null);
      return;
    }
    showInHeader(you, null);
    const found = await waiting(you.file);
    showInHeader(you, found);
    showOnHome(you, found);
  }

  document.addEventListener("visibilitychange", showHours);
  if (location.protocol === "file:") {
    const disk = make("script", { src: new URL("assets/onrecord/disk.js", ROOT).href });
    document.head.append(disk); // it says what can't work on a site opened from a disk
  }
  // Material with instant navigation puts a new page into this one, and says so here.
  const start = () => (window.document$?.subscribe ? window.document$.subscribe(arrive) : arrive());
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
})();
