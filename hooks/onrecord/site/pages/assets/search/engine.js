// What finds: Pagefind's index of this site, asked in a worker. In goes a Query, out come hits in
// order, how many there are, and counts for the filters whose lists were asked for.

import { askedNames, nearestWord, respelt, signOf } from "./meant.js";
import { isCalled, titleFirst } from "./order.js";
import { standsIn } from "./passage.js";
import { Query } from "./query.js";

const FIRST = 10; // among so many a title goes before a text
const ANY_WORD = "record";
const CHECKED = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{M}]{3,}$/u; // with spaces between words
const FEW = 3; // with fewer results, a word that hardly any page has may be another, misspelt
const RARE = 2; // so few pages have what somebody else misspelt
const MOST_CALLED = 8; // records of one number
const FIRST_KINDS = ["person", "playbook"]; // of what is called so, these go before
const QUOTED = /"([^"]*)"|“([^“”]*)”|„([^„“”]*)[“”]|«([^«»]*)»/gu;
const MOST_CHECKED = 12; // words of a question that are looked after one by one

/** Open the index; `pagefind` is the module in the folder of the index. */
export async function openEngine(pagefind, marker, folder) {
  // Pagefind asks the page for its language, and a worker has no page.
  const page = { getAttribute: () => marker?.language ?? null };
  globalThis.document = { querySelector: () => page };
  await pagefind.options(
    marker
      ? { metaCacheTag: marker.build, ...(marker.ranking && { ranking: marker.ranking }) }
      : {},
  );
  await pagefind.init();
  await pagefind.search(""); // fails where the index can't be read
  return new Engine(pagefind, marker ?? {}, folder);
}

class Engine {
  constructor(pagefind, marker, folder) {
    this.pagefind = pagefind;
    this.marker = marker;
    this.folder = folder;
    this.common = new Set((marker.common ?? "").split(" "));
  }

  /** Load the lists of these filters, and say which values each has. */
  async list(names, query) {
    // A list is loaded when a search names its filter; this one is true for every page. Without
    // words Pagefind would load the whole index, so that any word is better than none.
    const all = names.map((name) => ({ any: [{ [name]: "" }, { not: { [name]: "" } }] }));
    const { filters } = await this.#search(this.#telling(query.asked) || ANY_WORD, { all });
    return Object.fromEntries(names.map((name) => [name, Object.keys(filters[name] ?? {})]));
  }

  /** Load what a query needs, and search nothing yet. */
  async prepare(query) {
    const telling = this.#telling(query.asked);
    if (telling) await this.pagefind.preload(telling, { filters: chosen(query) });
  }

  /** The words without those that stand in nearly every page: they tell none from another. */
  #telling(words) {
    return words.split(" ").filter((word) => !this.common.has(word.toLowerCase())).join(" ");
  }

  /**
   * What is found: its number, its pages in order by `next(n)`, and counts of loaded lists. Once
   * `isWanted()` is false, no text is loaded for it any more, and nothing of it is to be shown.
   */
  async find(query, isWanted = () => true) {
    const [called, found] = await Promise.all([this.#called(query), this.#meant(query, isWanted)]);
    if (!called.length) return found;
    if (query.sort === "date" && found.total) return found;
    const names = new Set(called.map((hit) => hit.id));
    const hits = [...called, ...found.hits.filter((hit) => !names.has(hit.id))];
    return { ...found, missing: [], corrections: [], total: hits.length, next: inOrder(hits) };
  }

  /** What is called just as it was asked for: people and roles by name, records by number. */
  async #called(query) {
    const hits = [];
    for (const key of askedNames(query.asked, this.marker)) {
      const sign = signOf(key, this.marker.names);
      const { results } = await this.#search(sign, chosen(query));
      const some = results.slice(0, MOST_CALLED);
      const pages = await Promise.all(some.map(pageOf));
      // For a word that no page has, the index takes one that begins alike.
      hits.push(...some.filter((_, n) => (pages[n].meta.names ?? "").split(" ").includes(sign)));
    }
    const ranked = await Promise.all(hits.map(async (hit) => {
      const { meta, filters } = await pageOf(hit);
      // `box-7` is the record of that id, before any that is the seventh.
      if (isCalled(meta, query.asked) && /\D/.test(query.asked)) return [hit, -1];
      const place = FIRST_KINDS.indexOf(filters.kind?.[0]);
      return [hit, place < 0 ? FIRST_KINDS.length : place];
    }));
    return ranked.sort(([, a], [, b]) => a - b).map(([hit]) => hit);
  }

  /** What the words find; then what is found for the words that a misspelt one is most like. */
  async #meant(query, isWanted) {
    const found = await this.#holding(query, query.asked, isWanted);
    if (!isWanted()) return found;
    const missing = await this.#nowhere(query, found.hits);
    const corrections = missing.length
      ? await this.#corrections(missing)
      : found.total < FEW
      ? await this.#slips(query)
      : [];
    if (!missing.length && !corrections.length) return found;
    const instead = new Map(corrections.map((one) => [one.typed, one.meant]));
    const left = missing.filter((word) => !instead.has(word));
    const asked = wordsOf(query.asked, left).map((word) => instead.get(word) ?? word).join(" ");
    const other = new Query(asked, query.filters, query.sort);
    if (!other.hasWords) return { total: 0, hits: [], next: inOrder([]), counts: {}, missing };
    const more = await this.#holding(other, asked);
    if (missing.length) return { ...more, missing: left, corrections };
    const known = new Set(found.hits.map((hit) => hit.id));
    const hits = [...found.hits, ...more.hits.filter((hit) => !known.has(hit.id))];
    return { ...more, hits, total: hits.length, next: inOrder(hits), corrections };
  }

  /** The words of titles, the most frequent first. */
  #words() {
    this.titleWords ??= fetch(new URL(`words.json?build=${this.marker.build}`, this.folder))
      .then((answer) => (answer.ok ? answer.json() : ""))
      .then((text) => text.split(" "))
      .catch(() => []);
    return this.titleWords;
  }

  async #corrections(missing) {
    const words = await this.#words();
    return missing
      .filter((typed) => CHECKED.test(typed))
      .map((typed) => ({ typed, meant: nearestWord(typed, words) }))
      .filter((one) => one.meant);
  }

  /** Words that no title has and hardly any page, with the word of titles they are most like. */
  async #slips(query) {
    const typed = wordsOf(this.#telling(query.asked));
    if (query.asked.match(QUOTED) || typed.length > MOST_CHECKED) return [];
    const words = await this.#words();
    const known = new Set(words);
    const odd = typed.filter((word) => CHECKED.test(word) && !known.has(word.toLowerCase()));
    const found = await Promise.all(odd.map(async (word) => {
      const meant = nearestWord(word, words);
      const isRare = meant && (await this.#search(`"${word}"`, {})).results.length <= RARE;
      return { typed: word, meant: isRare ? meant : "", isHeld: true };
    }));
    return found.filter((one) => one.meant);
  }

  /** The pages that hold all words and phrases, in the order of the words alone. */
  async #holding(query, asked, isWanted = () => true) {
    const phrases = [...asked.matchAll(QUOTED)]
      .map((match) => match.slice(1).find((one) => one !== undefined).trim())
      .filter(Boolean);
    const words = asked.replace(QUOTED, (quoted) => ` ${quoted.slice(1, -1)} `)
      .replace(/["“”„«»]/g, " ").replace(/\s+/g, " ").trim();
    const telling = this.#telling(words);
    const plain = new Query(telling || words, query.filters, query.sort);
    if (!plain.hasWords || !(telling || phrases.length)) {
      return { query, total: 0, hits: [], next: inOrder([]), counts: {}, isCommon: !telling };
    }
    if (query.sort === "date") {
      return this.#byDate(phrases.length === 1 ? new Query(asked, query.filters, "date") : plain);
    }
    const [found, ...exact] = await Promise.all([
      this.#spelt(plain),
      ...phrases.map((phrase) => this.#search(`"${phrase}"`, chosen(query))),
    ]);
    let { results, counts } = found;
    for (const one of exact) {
      const ids = new Set(one.results.map((hit) => hit.id));
      results = results.filter((hit) => ids.has(hit.id));
    }
    if (exact.length) {
      counts = exact.length === 1 && asked.match(/^\s*"[^"]*"\s*$/) ? exact[0].filters : undefined;
    }
    const hits = isWanted() ? await byTitle(results, words) : [];
    return { query: plain, total: hits.length, hits, next: inOrder(hits), counts };
  }

  /** The pages that hold all words, each in its British or its American spelling. */
  async #spelt(query) {
    const { results, filters } = await this.#search(query.asked, chosen(query));
    const others = respelt(query.asked, this.marker.spellings);
    const found = await Promise.all(others.map(async ({ word, asked }) => {
      const stands = (await this.#search(`"${word}"`, {})).results.length;
      return stands ? (await this.#search(asked, chosen(query))).results : [];
    }));
    if (!found.some((some) => some.length)) return { results, counts: filters };
    const all = new Map();
    for (const hit of [results, ...found].flat()) {
      if (!(all.get(hit.id)?.score >= hit.score)) all.set(hit.id, hit);
    }
    return { results: [...all.values()].sort((a, b) => b.score - a.score) };
  }

  /**
   * Words that no page has. For such a word Pagefind takes what it begins with, `by` of `bycicle`; a
   * number or a word of a script without spaces it leaves out.
   */
  async #nowhere(query, results) {
    const words = wordsOf(this.#telling(query.asked)).filter((word) => /[\p{L}\p{N}]/u.test(word));
    if (query.asked.match(QUOTED) || words.length > MOST_CHECKED) return [];
    // Another spelling of a word that no page has is no other word.
    const spelt = new Map(
      words.map((word) => [word, respelt(word, this.marker.spellings).map((one) => one.word)]),
    );
    const stands = async (found, word) =>
      (await Promise.all(found.slice(0, FIRST).map(pageOf))).some((page) =>
        [word, ...spelt.get(word)].some((one) => standsIn(page, one))
      );
    const isNowhere = async (word) => {
      if (await stands(results, word)) return false;
      const alone = await this.#search(word, {});
      if (!CHECKED.test(word)) return !alone.results.length;
      const exact = await this.#search(`"${word}"`, {});
      return !exact.results.length && !(await stands(alone.results, word));
    };
    const missing = await Promise.all(words.map(isNowhere));
    return words.filter((_, n) => missing[n]);
  }

  async count(query) {
    const telling = this.#telling(query.asked);
    return telling ? (await this.#search(telling, chosen(query))).results.length : 0;
  }

  /** Counts as they would be if another value of a filter were chosen beside its own. */
  async counts(query, found) {
    const counts = { ...found };
    for (const name of Object.keys(query.filters)) {
      const { filters } = await this.#search(query.asked, chosen(query.without(name)));
      counts[name] = filters[name] ?? {};
    }
    return counts;
  }

  /** Newest first, as Pagefind sorts them. */
  async #byDate(query) {
    const sort = { date: "desc" };
    const { results, filters } = await this.#search(query.asked, chosen(query), { sort });
    return {
      query,
      total: results.length,
      hits: results,
      next: inOrder(results),
      counts: filters,
    };
  }

  async #search(words, filters, more = {}) {
    const found = await this.pagefind.search(words, { filters, ...more });
    return { ...found, filters: written(found.filters) };
  }
}

function wordsOf(asked, without = []) {
  return asked.split(" ").filter((word) => !without.includes(word));
}

function chosen(query) {
  return Object.fromEntries(
    Object.entries(query.filters).map(([name, values]) => [name, { any: values }]),
  );
}

const pages = new WeakMap(); // of hits: Pagefind would find the passages again each time

function pageOf(hit) {
  if (!pages.has(hit)) pages.set(hit, hit.data().then(asWritten));
  return pages.get(hit);
}

/** Hand out pages of hits in order, so many at a time. */
function inOrder(hits) {
  let place = 0;
  return (number) => Promise.all(hits.slice(place, place += number).map(pageOf));
}

/** Among the first, what is called as it was asked for goes before what only holds the words. */
async function byTitle(hits, asked) {
  const first = await Promise.all(hits.slice(0, FIRST).map(pageOf));
  return [...titleFirst(first, asked).map((place) => hits[place]), ...hits.slice(FIRST)];
}

/** Pagefind hands values of filters out as JSON writes them: `\"` for a quotation mark. */
function decoded(value) {
  try {
    return JSON.parse(`"${value}"`);
  } catch {
    return value;
  }
}

function written(counts = {}) {
  return Object.fromEntries(
    Object.entries(counts).map(([name, values]) => [
      name,
      Object.fromEntries(Object.entries(values).map(([value, number]) => [decoded(value), number])),
    ]),
  );
}

function asWritten(page) {
  const filters = Object.entries(page.filters ?? {});
  return { ...page, filters: Object.fromEntries(filters.map(([k, v]) => [k, v.map(decoded)])) };
}
