// Searches beside the page, so that nobody sees it work. In come questions with a number, out goes an
// answer to each: only what is shown, as a copy of all that is found would take longer than the search.

const FOLDER = new URL("../../../pagefind/", import.meta.url); // this is assets/onrecord/search/worker.js

const fresh = (url) =>
  fetch(url, { cache: "no-cache" })
    .then((answer) => (answer.ok ? answer.json() : null))
    .catch(() => null);

let engine = null;
let Query = null;
let shown = null;
const wanted = new Map(); // what is found and still wanted, by the number of its question

const METHODS = {
  async open(_, version) {
    const [marker, site, pagefind, { openEngine }, ...others] = await Promise.all([
      fresh(new URL("build.json", FOLDER)),
      fresh(new URL("build.json", import.meta.url)), // what the pages beside this file are of
      import(new URL(`pagefind.js?v=${version}`, FOLDER)).catch(() => null),
      import("./engine.js"),
      import("./query.js"),
      import("./passage.js"),
    ]);
    if (pagefind === null) return null;
    [{ Query }, { shown }] = others;
    engine = await openEngine(pagefind, marker, FOLDER);
    const { labels = {}, nearest = false, form = "" } = marker ?? {};
    const isOfAnotherBuild = marker === null || (site !== null && marker.build !== site.build);
    return { labels, nearest, form, isOfAnotherBuild };
  },

  list: (_, names, query) => engine.list(names, Query.of(query)),
  count: (_, query) => engine.count(Query.of(query)),
  counts: (_, query, found) => engine.counts(Query.of(query), found),
  prepare: (_, query) => engine.prepare(Query.of(query)),

  async find(id, asked, number) {
    const query = Query.of(asked);
    wanted.set(id, null);
    await engine.prepare(query);
    if (!wanted.has(id)) return null; // a search can't be stopped, and the next would wait for it
    const { hits: _, next, ...found } = await engine.find(query, () => wanted.has(id));
    const more = async (some) => (await next(some)).map((page) => shown(page, query.asked));
    if (!wanted.has(id)) return null;
    wanted.set(id, more);
    return { ...found, hits: await more(number) };
  },

  more: (_, place, number) => wanted.get(place)?.(number) ?? [],
  drop: (_, place) => void wanted.delete(place),
};

addEventListener("message", async ({ data: { id, method, given } }) => {
  try {
    postMessage({ id, answer: await METHODS[method](id, ...given) });
  } catch (error) {
    console.warn(error);
    postMessage({ id, error: "the index in pagefind/ can’t be read" });
  }
});
