// The order of the first results, on top of Pagefind's own. In go the pages as Pagefind has them and
// what was asked for, out come their places: an exact id or title first, then titles that hold every
// word; the rest, and those alike, as they were.

/** The places of `pages` in the order in which they are to be shown. */
export function titleFirst(pages, asked) {
  const query = words(asked);
  const places = pages.map((_, place) => place);
  if (!query.length) return places;
  const ranks = pages.map((page) => rank(page.meta ?? {}, query));
  return places.sort((a, b) => ranks[a] - ranks[b] || a - b);
}

/** Whether a page's whole title or id is what was asked for; an id also without its number. */
export function isCalled(meta, asked) {
  return rank(meta, words(asked)) === 0;
}

function rank(meta, query) {
  const title = words(meta.title ?? "");
  const id = words(meta.id ?? "");
  const unnumbered = /^\d+$/.test(id[0]) ? id.slice(1) : id;
  const asked = query.join(" ");
  if ([title, id, unnumbered].some((one) => one.join(" ") === asked)) return 0;
  // The last word may not be typed to its end yet; Pagefind finds beginnings of all of them.
  return query.every((word) => title.some((one) => one.startsWith(word))) ? 1 : 2;
}

function words(text) {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
}
