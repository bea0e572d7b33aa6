// The search box with its filters, results and words: the same in the dialog and on the page.

import { count, element, shortened } from "./dom.js";
import { chosenItems } from "./filters.js";
import { moreToTry, notesOn, troubleWith, whyNothing } from "./notes.js";
import { partsOf } from "./parts.js";
import { ORDER, Query } from "./query.js";

const PAUSE = 20; // ms without a key before it searches: less than between two keys of anybody
const LONG_PAUSE = 120; // the same after the first letters of a word
const LONGEST_WAIT = 300; // ms that a search waits for the one before
const AT_ONCE = 10; // results, and as many more by the button
const FEW = 3; // with fewer results the nearest decisions are shown below
let boxes = 0;
let finder = null;

/** What finds and shows what was found: loaded with the first question, not with the empty box. */
function loadFinder() {
  finder ??= Promise.all(
    [import("./index.js"), import("./hits.js"), import("./near.js")],
  ).catch((error) => {
    finder = null; // to be tried again
    throw error;
  });
  return finder.then((modules) => Object.assign({}, ...modules));
}

const openIndex = (version) => loadFinder().then((finder) => finder.openIndex(version));

export class SearchBox {
  /** `onQuery(query, how)` hears of each change: "typed", "chosen" or "sent". */
  constructor({ version, searchPage, onQuery }) {
    this.version = version;
    this.searchPage = searchPage;
    this.onQuery = onQuery;
    this.query = new Query();
    this.turn = 0; // of the newest search; what an older one brings is dropped
    this.running = null; // the search that typing began last
    this.opensAt = null; // the search whose first hit is gone to as soon as it is there
    this.shown = null; // the address of the query whose hits are shown
    Object.assign(
      this,
      partsOf(`or-search-${++boxes}`, {
        onTyped: () => this.#typed(),
        onSent: () => this.onQuery(this.query, "sent"),
        onSorted: () => this.#sorted(),
        onToggled: () => this.showFilters(this.panel.root.hidden),
        onChosen: (name, value, chosen) => this.#chose(name, value, chosen),
        onOpened: () => this.run(),
        onMore: () => this.#showMore(),
      }),
    );
    this.root.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Show a query from elsewhere, such as an address, and what of it wasn't understood; with the
   * filters beside what is found where there is room for both. */
  show(query, unknown = [], beside = false) {
    this.query = query;
    this.unknown = unknown;
    this.input.value = query.words;
    this.sort.value = query.sort;
    this.root.classList.add("or-search--waiting"); // so that nothing is seen to move
    // On a narrow screen an open panel would push what was found out of sight.
    const opens = beside || (query.hasFilters && matchMedia("(min-width: 60em)").matches);
    if (opens && this.panel.root.hidden) this.showFilters(true);
    else this.run();
  }

  /** Begin with these words, as if they had been typed here. */
  type(words) {
    this.input.value = words;
    this.#typed();
  }

  /** Open or close the panel; only an open one has the filters loaded. */
  showFilters(open) {
    this.panel.root.hidden = !open;
    this.root.classList.toggle("or-search--filtered", open);
    this.toggle.setAttribute("aria-expanded", String(open));
    if (open) this.run();
  }

  #typed() {
    this.query.words = this.input.value;
    const turn = this.#begin(); // what is on its way was asked with other words
    this.unknown = [];
    clearTimeout(this.timer);
    if (this.query.words.trim()) this.#prepare();
    // So few letters stand in nearly every page, and more are likely to follow.
    const isBegun = /(?:^|\s)[\p{Script=Latin}\p{Script=Cyrillic}]{1,3}$/u.test(this.query.words);
    this.timer = setTimeout(async () => {
      this.onQuery(this.query, "typed");
      // The index answers one after another: what is typed over meanwhile is not asked at all.
      await Promise.race([this.running, new Promise((done) => setTimeout(done, LONGEST_WAIT))]);
      if (turn === this.turn) this.running = this.run();
    }, isBegun ? LONG_PAUSE : PAUSE);
  }

  /** Open the index, and have it load what the words need that are typed to their end. */
  async #prepare() {
    const whole = this.query.isCut ? "" : this.query.words.split(/\s+/).slice(0, -1).join(" ");
    const isPrepared = whole === this.prepared;
    this.prepared = whole;
    try {
      const index = await openIndex(this.version);
      if (whole && !isPrepared) await index.prepare(new Query(whole));
    } catch {
      // what is wrong is said when something is found, or not
    }
  }

  /** Begin another search: the one before isn't wanted any more. */
  #begin() {
    this.asking?.abort();
    this.asking = new AbortController();
    return ++this.turn;
  }

  #sorted() {
    this.query.sort = this.sort.value;
    this.onQuery(this.query, "chosen");
    this.run();
  }

  #chose(name, value, chosen) {
    if (chosen) this.query.add(name, value);
    else this.query.remove(name, value);
    this.onQuery(this.query, "chosen");
    this.run();
  }

  /** Search. A newer search that begins meanwhile makes this one end without a trace. */
  async run() {
    clearTimeout(this.timer);
    const turn = this.#begin();
    const isNewest = () => turn === this.turn;
    this.#showChosen({});
    try {
      const wantsFilters = !this.panel.root.hidden;
      if (!this.query.hasWords && !wantsFilters && !this.query.hasFilters) {
        this.#showIdle();
        return;
      }
      this.root.setAttribute("aria-busy", "true");
      const index = await openIndex(this.version);
      if (!isNewest()) return;
      const named = Object.keys(this.query.filters);
      const names = wantsFilters ? [...named, ...this.panel.openNames] : named;
      const values = await index.list(names, this.query);
      if (!isNewest()) return;
      this.#leaveOutUnknown(values);
      const found = this.query.hasWords
        ? await index.find(this.query, AT_ONCE, this.asking.signal)
        : null;
      if (!isNewest()) return;
      if (wantsFilters) {
        const counts = found?.query ? await index.counts(found.query, found.counts) : found?.counts;
        if (!isNewest()) return;
        this.panel.show(this.query, values, counts, index.labels);
      }
      this.#showChosen(index.labels);
      this.#showNotes(index);
      if (found) await this.#showFound(found, index, isNewest);
      else this.#showIdle();
    } catch (error) {
      if (!isNewest()) return;
      this.#empty();
      this.status.textContent = "";
      this.note.replaceChildren(troubleWith(error, this.searchPage));
    } finally {
      if (isNewest()) {
        this.root.removeAttribute("aria-busy");
        this.root.classList.remove("or-search--waiting");
      }
    }
  }

  /** Leave out what an address asks for and the site doesn't have. */
  #leaveOutUnknown(known) {
    for (const [name, values] of Object.entries(this.query.filters)) {
      const words = [...(ORDER[name] ?? []), ...known[name]];
      for (const value of values.filter((one) => !words.includes(one))) {
        this.query.remove(name, value);
        (this.unknown ??= []).push(`${name}=${value}`);
      }
    }
  }

  #empty() {
    this.list.replaceChildren();
    this.help.replaceChildren();
    this.near.replaceChildren();
    this.more.hidden = true;
    this.shown = null;
  }

  #showIdle() {
    this.#empty();
    this.root.classList.remove("or-search--found");
    this.root.dispatchEvent(new CustomEvent("or-idle", { bubbles: true, detail: this.query }));
    this.status.textContent = whyNothing(this.query);
    this.#showNotes(null);
  }

  async #showFound(found, index, isNewest) {
    const { total, hits, more, missing = [], corrections = [] } = found;
    const { hitItem } = await loadFinder();
    if (!isNewest()) return;
    this.#empty();
    this.root.classList.add("or-search--found");
    this.root.dispatchEvent(new CustomEvent("or-found", { bubbles: true }));
    this.status.textContent = total
      ? `${count(total, "result")} for “${shortened(this.query.asked)}”`
      : `Nothing found for “${shortened(this.query.asked)}”`;
    this.list.append(...hits.map((hit) => hitItem(hit, this.query.asked)));
    this.#keep(more, total - hits.length);
    this.shown = this.query.address;
    if (found.isCommon && !total) {
      this.status.textContent = `“${shortened(this.query.asked)}” stands in nearly every page. ` +
        "Add a word that says more.";
      return;
    }
    if (this.opensAt === this.turn) this.links[0]?.click();
    const slips = await this.#showNearest(total, index, isNewest);
    if (!isNewest()) return;
    const told = total ? corrections : [];
    this.#tellMeant(told, "page");
    const known = new Set(told.map(({ typed }) => typed.toLowerCase()));
    this.#tellMeant(slips.filter(({ typed }) => !known.has(typed)), "decision");
    if (total) this.#tellMissing(missing);
    else {
      const help = await moreToTry(this.query, index, {
        labels: index.labels,
        searchPage: this.searchPage,
        drop: (name, value) => this.#drop(name, value),
        ask: (words) => this.#ask(words),
      });
      if (isNewest()) this.help.replaceChildren(help);
    }
  }

  /**
   * The nearest decisions by each of the words: below, where all words together find little; above,
   * where so many words were typed that they are a question, which no page answers word for word.
   * Gives the words of it that were misspelt, and what was asked instead.
   */
  async #showNearest(total, index, isNewest) {
    const isQuestion = this.query.isQuestion;
    const isAsked = isQuestion || total < FEW;
    if (!isAsked || this.query.hasFilters || !index.nearest) return [];
    if (isQuestion) this.list.before(this.near);
    else this.more.after(this.near);
    const shown = isQuestion ? [] : this.links.map((link) => link.href.split("?")[0]);
    try {
      const { nearestTo } = await loadFinder();
      const near = await nearestTo(this.query.asked, shown, index.form);
      if (near && isNewest()) this.near.replaceChildren(near.section);
      return near?.slips ?? [];
    } catch (error) {
      console.warn("The nearest decisions can’t be looked up now.", error);
      return [];
    }
  }

  /** Another word was searched for; whoever asked should hear of it. */
  #tellMeant(corrections, holder) {
    for (const { typed, meant, isHeld } of corrections) {
      const [none, how] = isHeld ? ["Hardly any", "too"] : ["No", "instead"];
      const nowhere = `${none} ${holder} has “${shortened(typed)}”`;
      this.status.textContent += `. ${nowhere}: searched for “${meant}” ${how}`;
    }
  }

  /** The index leaves out words that it doesn't know; whoever asked should hear of it. */
  #tellMissing(missing) {
    if (!missing.length) return;
    const said = missing.map((word) => `“${shortened(word)}”`).join(", ");
    this.status.textContent += `. No page has ${said}, so it is left out`;
  }

  #keep(following, left) {
    this.following = following;
    this.left = left;
    this.more.hidden = left <= 0;
    this.more.textContent = `More results (${left.toLocaleString("en")})`;
  }

  async #showMore() {
    const turn = this.turn;
    const [hits, { hitItem }] = await Promise.all([this.following(AT_ONCE), loadFinder()]);
    if (turn !== this.turn) return;
    const items = hits.map((hit) => hitItem(hit, this.query.asked));
    this.list.append(...items);
    this.#keep(this.following, this.left - hits.length);
    items[0]?.querySelector("a").focus();
  }

  #showChosen(labels) {
    const items = chosenItems(this.query, labels, (name, value) => {
      this.#drop(name, value);
      this.input.focus();
    });
    this.chosen.replaceChildren(...items);
    this.chosen.hidden = !items.length;
    const number = items.length;
    this.toggle.textContent = number ? `Filters (${number})` : "Filters";
  }

  #showNotes(index) {
    const notes = notesOn(this.query, this.unknown ?? [], index);
    if (this.note.textContent !== notes.join("")) {
      this.note.replaceChildren(...notes.map((text) => element("p", {}, text)));
    }
  }

  #drop(name, value) {
    this.query.remove(name, value);
    this.onQuery(this.query, "chosen");
    this.run();
  }

  #ask(words) {
    this.query.words = words;
    this.input.value = words;
    this.input.focus();
    this.onQuery(this.query, "chosen");
    this.run();
  }

  /** Go to the first hit of what is in the box, now or as soon as it is found. */
  goToFirst() {
    if (this.shown === this.query.address && this.links.length) {
      this.links[0].click();
      return;
    }
    this.run();
    this.opensAt = this.turn;
  }

  get links() {
    const found = this.root.querySelector(".or-search__found");
    return [...found.querySelectorAll(".or-hit__title")];
  }

  /** Arrows go through the results and back to the words; a letter goes back to the words. */
  #key(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const { target, key } = event;
    const links = this.links;
    const place = links.indexOf(target.closest?.(".or-hit")?.querySelector(".or-hit__title"));
    const isAtWords = target === this.input;
    if (!isAtWords && place < 0) return;
    if (key === "ArrowDown" && links.length) {
      links[Math.min(place + 1, links.length - 1)].focus();
    } else if (key === "ArrowUp" && !isAtWords) {
      (links[place - 1] ?? this.input).focus();
    } else if (!isAtWords && key.length === 1 && key !== " ") {
      this.input.focus(); // the letter follows by itself
      return;
    } else {
      return;
    }
    event.preventDefault();
  }
}
