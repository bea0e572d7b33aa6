// Answers a question in a person's own words by its words alone. In: what fetches the index that the
// site ships, and the question. Out: the nearest decisions, always, each with the word for how near it
// is. It does what `onrecord/precedents/engine/question.py` does; all its weights come from there.

import { placeOf, words } from "./nearest.js";

const TOP = "questions.json";
const TITLES = "titles.json"; // their words, the most frequent first
const CANDIDATES = 30; // whose pairs of words are looked at
const IN_TITLE = 1.8; // what a pair is worth there; in a text 1
const LONG = 6; // letters of a word whose slip is known for one
const VOWELS = "aeiouyäöüáéíóúàèìòùâêîôûåæøœ";

const byScore = (a, b) => b.score - a.score || a.number - b.number;

/** Whether a word can hardly be anything but another, misspelt: as `is_slip` of `text/corrections.py`. */
export function isSlip(typed, meant) {
  const [short, long] = [typed, meant].sort((a, b) => a.length - b.length);
  if (typed === meant || short.length < LONG) return false;
  const at = [...short].findIndex((letter, n) => letter !== long[n]);
  if (short.length < long.length) {
    return at < 0 ? long.length === short.length + 1 : short.slice(at) === long.slice(at + 1);
  }
  if (typed[at] === meant[at + 1] && typed[at + 1] === meant[at]) {
    return typed.slice(at + 2) === meant.slice(at + 2);
  }
  const areVowels = VOWELS.includes(typed[at]) && VOWELS.includes(meant[at]);
  return areVowels && typed.slice(at + 1) === meant.slice(at + 1);
}

export class Questions {
  /** `index` is a `Nearest`, which fetches each file once. */
  constructor(index) {
    this.index = index;
  }

  async top() {
    if (!this.read) {
      const [top] = await Promise.all([this.index.file(TOP), this.index.top()]);
      this.starts = top.starts ? top.starts.split(" ") : [];
      this.ordinary = new Set(top.ordinary.split(" "));
      this.read = top;
    }
    return this.read;
  }

  /** Whether a text is short enough to be a question. */
  async takes(text) {
    return words(text).length <= (await this.top()).longest;
  }

  /**
   * The words that no decision holds and that are slips for sure, each with the word of a title that
   * was meant.
   */
  async slips(text) {
    await this.top();
    const typed = [...new Set(words(text))];
    const entries = await this.#entries(typed);
    const odd = typed.filter((word) =>
      word.length >= LONG && /^\p{L}+$/u.test(word) && !this.ordinary.has(word) &&
      !entries.get(word)?.[0].split(" ").includes(word)
    );
    if (!odd.length) return [];
    const titles = (await this.index.file(TITLES)).split(" ");
    // A word that goes on, or ends sooner, is another form of the same, which is found as it is.
    const isForm = (one, other) => one.startsWith(other) || other.startsWith(one);
    return odd
      .map((word) => ({
        typed: word,
        meant: titles.find((one) => isSlip(word, one) && !isForm(word, one)),
      }))
      .filter(({ meant }) => meant);
  }

  /**
   * The nearest decisions, best first: `most` of them, where any word of the question is known. A
   * misspelt word counts as the one that was meant; `slips` names both.
   */
  async ask(text, most = 3) {
    const top = await this.top();
    const meant = new Map((await this.slips(text)).map((one) => [one.typed, one.meant]));
    const all = words(text).map((word) => meant.get(word) ?? word);
    const entries = await this.#entries([...new Set(all)]);
    const scores = new Map();
    let whole = 0;
    for (const [word, entry] of entries) {
      if (!entry && !this.ordinary.has(word)) whole += (top.unknown / 100) * top.most;
    }
    for (const entry of new Set(entries.values())) {
      if (entry) whole += this.#add(scores, entry, top);
    }
    const near = [...scores.values()].sort(byScore).slice(0, CANDIDATES);
    await this.#pair(near, all.map((word) => entries.get(word)?.[1]), top);
    const some = near.sort(byScore).slice(0, most);
    return Promise.all(some.map(async (one) => {
      const facts = await this.index.facts(one.number);
      const share = whole ? one.told / whole : 0;
      return { ...one, ...facts, share, closeness: this.#closeness(share, facts, entries, top) };
    }));
  }

  /** What the index says of each word; undefined for one that no decision holds. */
  async #entries(all) {
    if (!this.starts.length) return new Map();
    const chunks = await Promise.all(
      all.map((word) => this.index.file(`asked/${placeOf(word, this.starts)}.json`)),
    );
    return new Map(all.map((word, n) => [word, this.index.entryOf(word, chunks[n])]));
  }

  /** Add a word's impact on each decision; out comes the most it could be as evidence. */
  #add(scores, [forms, , idf, isOrdinary, weight, postings], top) {
    const { value } = this.index;
    for (let at = 0; at < postings.length; at += top.width + 1) {
      let number = 0;
      for (let i = 0; i < top.width; i += 1) number = number * 64 + value.get(postings[at + i]);
      const share = value.get(postings[at + top.width]) / top.levels;
      const impact = (weight * share) / top.unit;
      if (!scores.has(number)) scores.set(number, { number, score: 0, told: 0, shared: [] });
      const one = scores.get(number);
      one.score += impact;
      if (isOrdinary) continue;
      one.told += impact;
      one.shared.push({ value: impact, word: forms.split(" ")[0], forms: forms.split(" ") });
    }
    return isOrdinary ? 0 : (idf / 100) * top.most;
  }

  /** Add what the pairs of neighbouring words say that a question shares with each candidate. */
  async #pair(near, numbers, top) {
    const signs = new Set();
    numbers.slice(1).forEach((number, at) => {
      const before = numbers[at];
      if (number === undefined || before === undefined) return;
      signs.add((before * 31 + number) % 2 ** top.pair_bits);
    });
    if (!signs.size) return;
    const leads = await Promise.all(near.map(async ({ number }) => {
      const rows = await this.index.file(`leads/${Math.floor(number / top.per)}.json`);
      return rows[number % top.per].map((written) => this.#signs(written, top.pair_bits / 6));
    }));
    for (const sign of signs) {
      const held = leads.filter((parts) => parts.some((part) => part.has(sign))).length;
      const idf = Math.log1p((top.size - held + 0.5) / (held + 0.5));
      leads.forEach(([title, text], n) => {
        const worth = title.has(sign) ? IN_TITLE : text.has(sign) ? 1 : 0;
        near[n].score += top.pairs * idf * worth;
      });
    }
  }

  #signs(written, width) {
    const found = new Set();
    for (let at = 0; at < written.length; at += width) {
      let sign = 0;
      for (let i = 0; i < width; i += 1) sign = sign * 64 + this.index.value.get(written[at + i]);
      found.add(sign);
    }
    return found;
  }

  /** The word for how near a decision is, as `before.py` has it of a question. */
  #closeness(share, { title }, entries, top) {
    const known = [...entries.values()].filter(Boolean);
    const forms = new Set(known.flatMap((entry) => entry[0].split(" ")));
    const telling = [...new Set(words(title))].filter((word) => !this.ordinary.has(word));
    const named = telling.filter((word) => forms.has(word)).length / Math.max(telling.length, 1);
    const least = Math.min(share, named);
    if (least >= top.title_from) return least >= top.title_whole ? "very close" : "close";
    return share >= top.share_from ? "may help" : "nearest";
  }
}
