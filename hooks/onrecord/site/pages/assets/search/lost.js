// A page that isn't there: the words of its address are searched for, and the nearest titles shown.

import { element } from "./dom.js";
import { openIndex } from "./index.js";
import { KINDS, Query } from "./query.js";

const ROOT = new URL("../../../", import.meta.url); // this file is assets/onrecord/search/lost.js
const MOST_WORDS = 6;
const MOST_READ = 10; // pages that are read for each word
const SHOWN = 3;

/** The words of an address: of its last part that has any. */
export function wordsOf(path) {
  const parts = path.split("/").map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  });
  for (const part of parts.reverse()) {
    const words = part.replace(/\.(html?|md)$/i, "").match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
    const told = words.filter((word) => word !== "index" && !/^\d+$/.test(word));
    if (told.length) return told.slice(0, MOST_WORDS);
  }
  return [];
}

/** Fill in the page. */
export async function find(place, version) {
  const path = location.pathname.startsWith(ROOT.pathname)
    ? location.pathname.slice(ROOT.pathname.length)
    : location.pathname;
  const words = wordsOf(path);
  const input = place.querySelector("input[type=search]");
  if (!input || !words.length) return;
  input.value = words.join(" ");
  const index = await openIndex(version);
  const found = new Map();
  const looks = [words.join(" "), ...words.filter((word) => word.length > 2)];
  for (const look of new Set(looks)) {
    const { hits } = await index.find(new Query(look), MOST_READ);
    for (const hit of hits) {
      const title = (hit.meta.title ?? "").toLowerCase();
      const near = words.filter((word) => title.includes(word.toLowerCase())).length;
      if (near) found.set(hit.url, { hit, near });
    }
  }
  const nearest = [...found.values()].sort((one, other) => other.near - one.near).slice(0, SHOWN);
  if (!nearest.length) return;
  const section = place.querySelector("section");
  section.querySelector("ul").replaceChildren(...nearest.map(({ hit }) => row(hit)));
  section.hidden = false;
}

function row({ url, meta, filters }) {
  const outcome = filters.outcome?.[0];
  const state = filters.stage?.[0] ?? (outcome === "open" ? null : outcome);
  const href = new URL(url.replace(/^\//, ""), ROOT).href;
  return element(
    "li",
    {},
    element("a", { class: "or-row", href }, meta.title || raw_url),
    state
      ? element("span", { class: `or-i-${state}` }, state)
      : element("span", { class: "or-quiet" }, KINDS[filters.kind?.[0]] ?? KINDS.docs),
  );
}
