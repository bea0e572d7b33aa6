// The site's index as a page asks it. A worker searches, and hands over only what is shown, so that
// no key has to wait. In goes a Query, out come hits in order, how many there are, and counts for
// the filters whose lists were asked for.

const ROOT = new URL("../../../", import.meta.url); // this file is assets/onrecord/search/index.js

/** The index isn't there, or can't be read. */
class NoIndex extends Error {}

let opening = null;

/** The index; `version` names the version of Pagefind that the page asks. */
export function openIndex(version) {
  opening ??= open(version).catch((error) => {
    opening = null; // the next key stroke tries again
    throw error;
  });
  return opening;
}

async function open(version) {
  const worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  const index = new Index(worker);
  try {
    const opened = await index.ask("open", version);
    if (opened === null) throw new NoIndex("pagefind/pagefind.js can’t be loaded");
    return Object.assign(index, opened);
  } catch (error) {
    worker.terminate();
    throw error;
  }
}

class Index {
  constructor(worker) {
    this.worker = worker;
    this.asked = 0; // questions so far; each has its number
    this.waiting = new Map(); // for answers
    this.values = {}; // {filter: [value, …]} of the lists that are loaded
    worker.onmessage = ({ data }) => this.#hear(data);
    worker.onerror = () => {
      const error = "the search can’t be started";
      for (const id of this.waiting.keys()) this.#hear({ id, error });
    };
  }

  /** Have the worker do something: what it answers, or why it can't. */
  ask(method, ...given) {
    const id = ++this.asked;
    this.worker.postMessage({ id, method, given });
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  #hear({ id, answer, error }) {
    const { resolve, reject } = this.waiting.get(id);
    this.waiting.delete(id);
    if (error === undefined) resolve(answer);
    else reject(new NoIndex(error));
  }

  /** Load the lists of these filters, and say which values each has. */
  async list(names, query) {
    const missing = names.filter((name) => !(name in this.values));
    if (missing.length) Object.assign(this.values, await this.ask("list", missing, query));
    return this.values;
  }

  /**
   * What is found: its number, the first `number` hits, those after them by `more(number)`, and counts
   * of loaded lists. Once the signal is given nothing of it is wanted, and nothing is to be shown.
   */
  async find(query, number, signal) {
    const answer = this.ask("find", query, number);
    const place = this.asked;
    signal?.addEventListener("abort", () => this.ask("drop", place));
    return { ...(await answer), more: (others) => this.ask("more", place, others) };
  }

  count(query) {
    return this.ask("count", query);
  }

  /** Counts as they would be if another value of a filter were chosen beside its own. */
  counts(query, found) {
    return this.ask("counts", query, found);
  }

  /** Load what a query needs, such as the words that are typed already while the next is. */
  prepare(query) {
    return this.ask("prepare", query);
  }
}

/** Where a page of the index lies; its words to be marked, and the section, if there is one. */
export function addressOf(page, words = [], anchor = "") {
  const url = new URL(`./${page.replace(/^\/+/, "")}`, ROOT);
  if (words.length) url.searchParams.set("h", words.join(" "));
  if (anchor) url.hash = anchor;
  return url.href;
}
