// The nearest decisions by the words they share with a question, where all words together find little.
// It asks the index of the form that starts a decision, which is on the site already.

import { element, sentence } from "./dom.js";
import { chip } from "./hits.js";
import { addressOf } from "./index.js";

const ROOT = new URL("../../../", import.meta.url); // this file is assets/onrecord/search/near.js
const FORMS = new URL("assets/onrecord-forms/", ROOT);
const INDEX = new URL("assets/onrecord-nearest/top.json", ROOT);

let opening = null;

function open() {
  opening ??= Promise.all(
    ["nearest.js", "question.js"].map((name) => import(new URL(name, FORMS))),
  ).then(([{ Nearest }, { Questions }]) => new Questions(new Nearest(INDEX.href)));
  return opening;
}

/** A section with the nearest decisions that aren't shown already; null where there are none. */
export async function nearestTo(asked, shown, issue) {
  const index = await open();
  const near = (await index.ask(asked)).filter((one) => !shown.includes(addressOf(one.url)));
  if (!near.length) return null;
  const head = near[0].closeness === "nearest"
    ? "Nothing close. The nearest are:"
    : "Nearest by their words";
  return element(
    "section",
    { class: "or-nearest" },
    element("h2", { class: "or-nearest__title" }, head),
    element("ol", { class: "or-hits", role: "list" }, near.map(item)),
    issue ? askFor(asked, issue) : null,
  );
}

/** Where nothing answers a question, an issue may: the forge is opened with it, nothing is sent. */
function askFor(asked, issue) {
  const href = issue.replace("{title}", encodeURIComponent(asked));
  const link = element("a", { href, target: "_blank", rel: "noopener noreferrer" }, "Ask for it");
  return element("p", { class: "or-nearest__ask" }, "None of these? ", link, " in a new issue.");
}

function item({ title, url, status, stage, day, gist, closeness }) {
  const isOpen = status === "open";
  return element(
    "li",
    { class: "or-hit" },
    element("a", { class: "or-hit__title", href: addressOf(url) }, title),
    element(
      "p",
      { class: "or-hit__facts" },
      element("span", {}, sentence(closeness)),
      isOpen && stage ? chip(stage) : chip(status, status),
      day ? element("time", { datetime: day }, day) : null,
    ),
    gist ? element("p", { class: "or-hit__passage" }, gist) : null,
  );
}
