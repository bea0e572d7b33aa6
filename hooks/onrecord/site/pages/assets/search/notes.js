// What is said when nothing is found, and when search can't be used.

import { element, shortened } from "./dom.js";
import { labelOf } from "./filters.js";
import { FILTERS, LONGEST, Query } from "./query.js";

const MOST_WORDS = 6;

/** Why nothing is looked for yet; '' where there is nothing to say. */
export function whyNothing(query) {
  if (query.isTooShort) return "One letter is too short to search for.";
  if (query.words.trim()) return "There is no word or number here to look for.";
  if (query.hasFilters) return "Type a word to search among these, or open one of the lists.";
  return "";
}

/** What should be known about a question beside what it finds. */
export function notesOn(query, unknown, index) {
  const notes = [];
  if (unknown.length) {
    const what = unknown.map((one) => `“${shortened(one)}”`).join(", ");
    notes.push(`The address asks for ${what}, which this site doesn’t know. It is left out.`);
  }
  if (query.isCut) notes.push(`Only the first ${LONGEST} characters are looked for.`);
  if (index?.isOfAnotherBuild) {
    notes.push(
      "The search index was made for another build of this site. What is new may be missing, " +
        "and a result may lead to a page that is gone. Reload the page; if this stays, the site " +
        "was published without building its index again.",
    );
  }
  return notes;
}

/** What to try after nothing was found: with fewer words, without a filter, by browsing. */
export async function moreToTry(query, index, { labels, searchPage, drop, ask }) {
  const tries = [];
  for (const [name, values] of Object.entries(query.filters)) {
    for (const value of values) {
      const words = `Remove the filter ${FILTERS[name]}: ${labelOf(name, value, labels)}`;
      tries.push(button(words, () => drop(name, value)));
    }
  }
  for (const [words, number] of await withFewerWords(query, index)) {
    tries.push(button(`Search for “${words}” (${number.toLocaleString("en")})`, () => ask(words)));
  }
  return element(
    "div",
    {},
    element("p", {}, "You could:"),
    element(
      "ul",
      {},
      tries.map((one) => element("li", {}, one)),
      element("li", {}, "check how it is spelt, or try a word that others may have used"),
      element(
        "li",
        {},
        element("a", { href: searchPage }, "browse by stage, outcome, role, tag or year"),
      ),
    ),
  );
}

function button(words, onclick) {
  return element("button", { type: "button", class: "or-button or-button--try", onclick }, words);
}

/** The question with one word left out, where that finds something; what finds least first. */
async function withFewerWords(query, index) {
  const words = query.asked.replace(/"/g, "").split(" ");
  if (words.length < 2 || words.length > MOST_WORDS) return [];
  const shorter = words.map((_, n) => words.filter((_, other) => other !== n).join(" "));
  const counted = await Promise.all(
    [...new Set(shorter)].map(async (text) => [
      text,
      await index.count(new Query(text, query.filters)),
    ]),
  );
  return counted
    .filter(([, number]) => number)
    .sort((a, b) => a[1] - b[1])
    .slice(0, 3);
}

/** Why search can't be used, for the reader and for whoever published the site. */
export function troubleWith(error, searchPage) {
  return element(
    "div",
    {},
    element("p", {}, "Search can’t be used: this site’s search index is missing or can’t be read."),
    element(
      "p",
      {},
      "It may have been published without its folder ",
      element("code", {}, "pagefind"),
      ", which a full build writes. Until it is fixed, you can ",
      element("a", { href: searchPage }, "browse by stage, outcome, role, tag or year"),
      ".",
    ),
    element("p", { class: "or-search__cause" }, String(error?.message ?? error)),
  );
}
