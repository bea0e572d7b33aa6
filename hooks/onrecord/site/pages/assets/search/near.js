// The nearest decisions by the words they share with a question, where all words together find little.
// It asks the index of the form that starts a decision, which is on the site already.

import { element, sentence } from "./dom.js";
import { chip, when } from "./hits.js";
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

/** A section with the nearest decisions that aren't shown already, and the slips; null without any. */
export async function nearestTo(asked, shown, form) {
  const questions = await open();
  const near = (await questions.ask(asked)).filter((one) => !shown.includes(addressOf(one.url)));
  if (!near.length) return null;
  return { section: sectionOf(near, asked, form), slips: await questions.slips(asked) };
}

function sectionOf(near, asked, form) {
  const head = near[0].closeness === "nearest"
    ? "Nothing close. The nearest are:"
    : "Nearest by their words";
  return element(
    "section",
    { class: "or-nearest" },
    element("h2", { class: "or-nearest__title" }, head),
    element("ol", { class: "or-hits", role: "list" }, near.map(item)),
    form ? askFor(asked, form) : null,
  );
}

/** Where nothing answers a question, it can be left for others: the form opens with it as title. */
function askFor(asked, form) {
  const href = new URL(form, ROOT);
  href.searchParams.set("title", asked);
  const link = element("a", { href: href.href }, "Ask for it");
  return element("p", { class: "or-nearest__ask" }, "None of these? ", link, ".");
}

function item({ title, url, status, stage, day, gist, closeness, effect }) {
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
      when(day),
      effect ? element("span", {}, effect) : null,
    ),
    gist ? element("p", { class: "or-hit__passage" }, gist) : null,
  );
}
