// Where on a page the words stand: the passage to show, and the sections. Pagefind marks words in
// a string of HTML; here it is made of the same places as text, so that nothing anybody wrote is
// read as markup.

import { tokens } from "./query.js";

const LENGTH = 28; // words of a passage
const PROSE = 0.9; // what a word of code or a diagram weighs is less
const BEFORE = 6; // words of it before the first that is marked

/** What a list shows of a page: where it lies, what it is, its passage, and the words to be marked. */
export function shown(page, asked) {
  const { raw_url: url, meta, filters } = page;
  return { url, meta, filters, words: formsOf(page, asked), ...foundIn(page) };
}

/** The passage as [text, is it marked] pairs, its section if it has one, and the other sections. */
function foundIn(page) {
  const words = wordsOf(page);
  const starts = page.anchors.filter(isSection).map((anchor) => anchor.location);
  const sections = page.sub_results
    .map((part) => {
      const anchor = part.anchor && isSection(part.anchor) ? part.anchor : null;
      const start = part.anchor?.location ?? 0;
      const from = start + lengthOfHeading(words, start, part.title);
      const to = Math.min(words.length, ...starts.filter((one) => one > start));
      const inText = part.weighted_locations.filter(({ location }) => location >= from);
      const inProse = inText.filter((one) => one.weight >= PROSE);
      const weight = inText.reduce((sum, one) => sum + one.balanced_score, 0);
      const places = inProse.length ? inProse.map((one) => one.location) : part.locations;
      return { title: part.title, id: anchor?.id, from, to, places, weight, prose: inProse.length };
    })
    .sort((a, b) => Boolean(b.prose) - Boolean(a.prose) || b.weight - a.weight);
  const [best] = sections;
  if (!best?.weight) {
    // The words are in headings or in the facts alone: the text is shown from its beginning.
    const from = lengthOfHeading(words, 0, page.meta.title ?? "");
    return { parts: passage(words, page, from, words.length, []), others: sections.filter(named) };
  }
  return {
    parts: passage(words, page, best.from, best.to, best.places),
    section: named(best) ? best : null,
    others: sections.slice(1).filter(named),
  };
}

const isSection = (anchor) => /^h[2-6]$/i.test(anchor.element);
const named = (section) => Boolean(section.id);
const hasSpaces = (page) => !page.raw_content?.includes("\u200B");

const split = new WeakMap(); // of pages: each is asked for every word that was typed

/** The words of a page as the index counted them. */
function wordsOf(page) {
  if (!split.has(page)) split.set(page, splitWords(page));
  return split.get(page);
}

function splitWords(page) {
  // Where the language has no spaces, the index put an invisible one between words.
  return hasSpaces(page)
    ? page.content.split(/[\r\n\s]+/g)
    : page.raw_content.replace(/&lt;/g, "<").replace(/&gt;/g, ">").split("\u200B");
}

/** How many words at this place are the heading itself; the passage needn't repeat it. */
function lengthOfHeading(words, start, title) {
  const number = title.trim().split(/\s+/).length;
  const there = words.slice(start, start + number).join(" ").replace(/\.$/, "");
  return there === title.trim().replace(/\s+/g, " ").replace(/\.$/, "") ? number : 0;
}

/** The stretch between two places that holds the most of what is to be marked. */
function passage(words, page, from, to, places) {
  const marked = new Set(places);
  let best = from;
  let most = 0;
  for (const place of places.filter((one) => one >= from)) {
    const inside = places.filter((one) => one >= place && one < place + LENGTH - BEFORE).length;
    if (inside > most) [best, most] = [place, inside];
  }
  const start = Math.max(from, Math.min(best - BEFORE, to - LENGTH));
  const end = Math.min(to, start + LENGTH);
  const parts = start > from ? [["… ", false]] : [];
  const add = (text, isMarked) => {
    const last = parts.at(-1);
    if (!text) return;
    if (last && last[1] === isMarked) last[0] += text;
    else parts.push([text, isMarked]);
  };
  for (let n = start; n < end; n++) {
    if (marked.has(n)) {
      const [, before, word, after] = words[n].match(/^([^\p{L}\p{N}]*)(.*?)([^\p{L}\p{N}]*)$/su);
      add(before, false);
      add(word, true);
      add(after, false);
    } else add(words[n], false);
    if (hasSpaces(page) && n < end - 1) add(" ", false);
  }
  if (end < to) parts.push([" …", false]);
  return parts;
}

/** Whether a page was found for this word, or one it is the beginning of, and not for less of it. */
export function standsIn(page, word) {
  const words = wordsOf(page);
  const sought = bare(word);
  const where = page.locations.map((place) => words[place] ?? "");
  return [...where, page.meta.title ?? "", page.meta.id ?? ""].some((one) =>
    bare(one).includes(sought)
  );
}

function bare(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** What is to be marked on the page: the words asked for, and as they are written there. */
function formsOf(page, asked) {
  const words = wordsOf(page);
  const terms = tokens(asked);
  // Of `pod.status`, found for “pods”, it is `pod` that was meant.
  const isAkin = (word) => terms.some((term) => word.slice(0, 3) === term.slice(0, 3));
  const found = page.locations.map((place) => tokens(words[place] ?? ""));
  const forms = new Set(
    found.flatMap((parts) => (parts.length > 1 ? parts.filter(isAkin) : parts)),
  );
  for (const word of tokens(page.meta.title ?? "")) {
    if (terms.some((term) => word.startsWith(term))) forms.add(word);
  }
  for (const term of terms) forms.add(term);
  return [...forms].filter((form) => form.length < 60).slice(0, 12);
}
