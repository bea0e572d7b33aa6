// Replies: each button leads to the forge's page for a new file, with the file's name, day and text
// filled in for whoever reads. Without this script a placeholder stands where the handle belongs.
//
// Who reads is what they chose once on this site, or what the link in their mail says (`?me=bob`),
// or what they choose here. It is kept in this browser; nothing is sent.

import { copied } from "./copy.js";
import { newFile } from "./forge.js";

const ROOT = new URL("../../", import.meta.url).pathname;
const KEYS = [`onrecord-you ${ROOT}`, `onrecord-handle ${ROOT}`];
const HANDLE = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}_.\-]*(?:\/[\p{L}\p{M}\p{N}_.\-]+)?$/u;
const PLAIN = /^(?!(?:y|n|yes|no|true|false|on|off|null)$)[a-z][\w-]*$/i;

/** The handle of who reads; "" where nobody has said it. */
function reader() {
  const named = new URLSearchParams(location.search).get("me")?.replace(/^@/, "") ?? "";
  if (HANDLE.test(named)) return named;
  try {
    for (const key of KEYS) {
      const kept = JSON.parse(localStorage.getItem(key));
      if (HANDLE.test(kept?.handle ?? "")) return kept.handle;
    }
  } catch {
    // A browser that keeps nothing asks on every page.
  }
  return "";
}

function remember(handle) {
  try {
    localStorage.setItem(KEYS[1], JSON.stringify({ handle }));
  } catch {
    // As above.
  }
}

function today() {
  const now = new Date();
  return new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
}

/** The path and the text of a reply. */
export function reply(data, handle, says, to, day) {
  const stem = `${day}-${handle.replaceAll("/", "-")}`;
  const taken = new Set(data.taken.map((name) => name.toLowerCase()));
  let name = stem;
  for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${stem}-${n}`;
  const from = PLAIN.test(handle) ? handle : JSON.stringify(handle);
  const front = [`from: ${from}`, `says: ${says}`, ...(to ? [`to: ${to}`] : [])];
  const guide = data.guides[says];
  const text = ["---", ...front, "---", ...(guide ? ["", guide, ""] : []), ""].join("\n");
  return { path: `${data.folder}/${name}.md`, text };
}

/** Where the buttons of a record stand: below its text, and in its head. */
const around = (section) => section.closest("article") ?? section;

function fill(section, data, handle) {
  for (const act of around(section).querySelectorAll("[data-or-says]")) {
    const { orSays: says, orTo: to } = act.dataset;
    const { path, text } = reply(data, handle || data.nobody, says, to, today());
    const { href, holdsText } = newFile(data.place, path, data.folders, text);
    act.href = href;
    act.dataset.text = holdsText ? "" : text;
    if (holdsText) act.removeAttribute("target");
    else act.target = "_blank"; // this page stays, and says what to do
  }
}

function choice(data, handle, done) {
  const label = document.createElement("label");
  label.append(handle ? "You reply as " : "Who are you? ");
  const select = document.createElement("select");
  const people = [...new Set([...(handle ? [handle] : []), ...data.people])];
  select.append(
    new Option("choose your name", ""),
    ...people.map((one) => new Option("@" + one, one)),
  );
  select.value = handle;
  select.addEventListener("change", () => done(select.value));
  label.append(select);
  return label;
}

function open(section) {
  if (section.dataset.ready) return;
  section.dataset.ready = "yes";
  const data = JSON.parse(section.dataset.orReply);
  const said = section.querySelector("[role=status]");
  const as = section.querySelector(".or-reply__as");
  let handle = reader();
  const show = () => {
    fill(section, data, handle);
    const rest = document.createElement("span");
    rest.append(` Each opens ${data.place.name} with a new file of your own, ready to be saved.`);
    as.replaceChildren(choice(data, handle, choose), rest);
  };
  const choose = (chosen) => {
    handle = chosen;
    if (handle) remember(handle);
    said.textContent = "";
    show();
  };
  around(section).addEventListener("click", async (event) => {
    const act = event.target.closest?.("[data-or-says]");
    if (!act) return;
    if (!handle) {
      event.preventDefault();
      said.textContent = "Choose your name first: the file is named after you.";
      as.querySelector("select").focus();
    } else if (act.dataset.text) {
      said.textContent = (await copied(act.dataset.text))
        ? "The text is copied: paste it into the new file."
        : `Write this into the new file: ${act.dataset.text}`;
    }
  });
  show();
}

function begin() {
  for (const section of document.querySelectorAll("[data-or-reply]")) open(section);
}

// Material swaps pages without loading them anew, where its owner wants so.
if (window.document$) window.document$.subscribe(begin);
else begin();
