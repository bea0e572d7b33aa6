// Pagefind's index of this site: opened once, on first use. In goes a Query, out come hits that
// load their own text, how many there are, and counts for the filters.

const ROOT = new URL("../../../", import.meta.url); // this file is assets/onrecord/search/index.js
const FOLDER = new URL("pagefind/", ROOT);
const FIRST = 10;

/** The index isn't there, or can't be read. */
export class NoIndex extends Error {}

let opening = null;

/** The index; `build` names the build of the page that asks. */
export function openIndex(build) {
  opening ??= load(build).catch((error) => {
    opening = null; // the next key stroke tries again
    throw error;
  });
  return opening;
}

async function load(build) {
  const version = build ? `?build=${encodeURIComponent(build)}` : "";
  const [marker, pagefind] = await Promise.all([
    fetch(new URL("build.json", FOLDER), { cache: "no-cache" })
      .then((answer) => (answer.ok ? answer.json() : null))
      .catch(() => null),
    import(new URL(`pagefind.js${version}`, FOLDER)).catch(() => null),
  ]);
  if (pagefind === null) throw new NoIndex("pagefind.js can't be loaded");
  await pagefind.options({ ...(marker?.build && { metaCacheTag: marker.build }) });
  await pagefind.init();
  for (const shard of marker?.shards ?? []) {
    await pagefind.mergeIndex(new URL(`${shard}/`, FOLDER).href);
  }
  return new Index(pagefind, marker, build);
}

class Index {
  constructor(pagefind, marker, build) {
    this.pagefind = pagefind;
    this.isOfAnotherBuild = marker === null || Boolean(build && marker.build !== build);
    this.labels = marker?.labels ?? {};
  }

  /** Every filter with its values and how many pages have each. */
  async filters() {
    try {
      return await this.pagefind.filters();
    } catch (error) {
      throw new NoIndex("the index can't be read", { cause: error });
    }
  }

  /** What is found: the number, the hits in order, and counts by filter if those are loaded. */
  async find(query) {
    const by = query.sort === "date" ? { sort: { date: "desc" } } : {};
    const found = await this.#search(query, by);
    let hits = found.results;
    if (query.sort === "date") {
      // Pagefind leaves out what has no date; it belongs behind what has.
      const dated = new Set(hits.map((hit) => hit.id));
      const all = await this.#search(query);
      hits = [...hits, ...all.results.filter((hit) => !dated.has(hit.id))];
    } else {
      hits = await this.#exactFirst(hits, query.asked);
    }
    return { total: hits.length, hits, counts: found.filters };
  }

  async count(query) {
    return (await this.#search(query)).results.length;
  }

  /** Counts as they would be if another value of a filter were chosen beside its own. */
  async counts(query, all) {
    const counts = { ...all };
    for (const name of Object.keys(query.filters)) {
      counts[name] = (await this.#search(query.without(name))).filters[name] ?? {};
    }
    return counts;
  }

  async #search(query, more = {}) {
    const filters = Object.fromEntries(
      Object.entries(query.filters).map(([name, values]) => [name, { any: values }]),
    );
    try {
      return await this.pagefind.search(query.asked, { filters, ...more });
    } catch (error) {
      throw new NoIndex("the index can't be read", { cause: error });
    }
  }

  /** Whoever types an id or a whole title wants that record. */
  async #exactFirst(hits, asked) {
    const wanted = plain(asked);
    const first = await Promise.all(hits.slice(0, FIRST).map((hit) => hit.data()));
    const isExact = (page) => [page.meta.id, page.meta.title].some((one) => plain(one) === wanted);
    const exact = hits.filter((_, n) => n < FIRST && isExact(first[n]));
    return exact.length ? [...exact, ...hits.filter((hit) => !exact.includes(hit))] : hits;
  }
}

function plain(text = "") {
  return text.normalize("NFKC").replace(/["“”]/g, "").replace(/\s+/g, " ").trim().toLowerCase();
}

/** Where a page of the index lies; its words to be marked, and the section, if there is one. */
export function addressOf(page, words = [], anchor = "") {
  const url = new URL(page, ROOT.href);
  if (url.origin !== ROOT.origin) return ROOT.href;
  if (words.length) url.searchParams.set("h", words.join(" "));
  if (anchor) url.hash = anchor;
  return url.href;
}
