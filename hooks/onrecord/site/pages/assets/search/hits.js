// One hit as a line of a list: title, what it is and what became of it, the passage, the section.

import { element, sentence } from "./dom.js";
import { addressOf } from "./index.js";
import { KINDS, tokens } from "./query.js";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const SECTIONS = 3;

/** The list item of a hit. */
export function hitItem(hit, asked) {
  const { url, meta, words, parts, section, others } = hit;
  const link = ({ title, id }) => element("a", { href: addressOf(url, words, id) }, title);
  const also = others.slice(0, SECTIONS).flatMap((one, n) => [n ? ", " : "", link(one)]);
  return element(
    "li",
    { class: "or-hit" },
    element(
      "a",
      { class: "or-hit__title", href: addressOf(url, words) },
      markedTitle(meta.title || url, asked),
    ),
    element("p", { class: "or-hit__facts" }, facts(hit)),
    successors(meta),
    element(
      "p",
      { class: "or-hit__passage" },
      parts.map(([text, isMarked]) => (isMarked ? element("mark", {}, text) : text)),
    ),
    section || also.length
      ? element(
        "p",
        { class: "or-hit__sections" },
        section ? ["In the section ", link(section)] : null,
        also.length ? [section ? "; also in " : "In the section ", also] : null,
      )
      : null,
  );
}

/** The words of a title that begin as one that was asked for. */
function markedTitle(title, asked) {
  const terms = tokens(asked);
  return title
    .split(/([\p{L}\p{N}\p{M}_'’-]+)/u)
    .map((part) =>
      part && terms.some((term) => part.toLowerCase().startsWith(term))
        ? element("mark", {}, part)
        : part
    );
}

function facts({ meta, filters }) {
  const [kind, stage, outcome] = ["kind", "stage", "outcome"].map((name) => filters[name]?.[0]);
  return [
    element("span", {}, KINDS[kind] ?? KINDS.docs),
    stage ? chip(stage) : outcome ? chip(outcome, outcome) : null,
    meta.owner ? element("span", {}, meta.owner) : null,
    when(meta.date),
  ];
}

/** A stage or outcome as everywhere on the site: its shape and its word. */
export function chip(word, outcome = "") {
  const name = word.replace(/[^\w-]/g, "");
  const closed = outcome && outcome !== "open" ? ` or-chip--${name}` : "";
  return element("span", { class: `or-chip${closed} or-i-${name}` }, sentence(word));
}

/** A day as everywhere on the site; null for none. */
export function when(day) {
  if (!day) return null;
  const [year, month, date] = day.split("-").map(Number);
  const words = MONTHS[month - 1] ? `${date} ${MONTHS[month - 1]} ${year}` : day;
  return element("time", { datetime: day }, words);
}

function successors(meta) {
  const urls = (meta.successor_url ?? "").split("\n").filter(Boolean);
  const titles = (meta.successor_title ?? "").split("\n");
  if (!urls.length) return null; // the chip says so already
  return element(
    "p",
    { class: "or-hit__after" },
    "Superseded by ",
    urls.flatMap((url, n) => [
      n ? ", " : "",
      element("a", { href: addressOf(url) }, titles[n] || url),
    ]),
  );
}
