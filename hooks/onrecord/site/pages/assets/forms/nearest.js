// Asks the index that the site ships for the decisions nearest to a text. In: the address of its
// `top.json`, a title and a text. Out: the decisions that are close, best first, and the words they
// share. It does what `onrecord/precedents` does, with fewer words; all its weights come from there.

const WORD = /[\p{L}\p{N}\p{M}]+(?:['’][\p{L}\p{N}\p{M}]+)*/gu;
const UNSPACED = /[々-〇぀-ヿㇰ-ㇿ㐀-䶿一-鿿가-힣豈-﫿ｦ-ﾟ฀-๎຀-ໍက-႟ក-៿\u{20000}-\u{3134f}]+/gu;
const TOP = "top.json";
const LONGEST = 40;
const MOST_BYTES = 225_000;
const AT_ONCE = 6;
const DEPTH = 16;

const byRank = (a, b) => b.rank - a.rank || a.number - b.number;

/** The words of a text in lower case; pairs of signs where a script has no spaces, or has endings that hide a word. */
export function words(text) {
  const found = [];
  for (const [word] of text.normalize("NFKC").matchAll(WORD)) {
    let at = 0;
    let isSplit = false;
    for (const run of word.matchAll(UNSPACED)) {
      isSplit = true;
      if (run.index > at) found.push(word.slice(at, run.index).toLowerCase());
      const signs = [...run[0]];
      if (signs.length === 1) found.push(run[0]);
      for (let i = 0; i + 1 < signs.length; i += 1) found.push(signs[i] + signs[i + 1]);
      at = run.index + run[0].length;
    }
    if (!isSplit && word.length <= LONGEST) found.push(word.toLowerCase().replace(/’/g, "'"));
    else if (isSplit && at < word.length) found.push(word.slice(at).toLowerCase());
  }
  return found;
}

/** Where a text holds one of some words, as pairs of start and end. */
export function places(text, forms) {
  const known = new Set(forms);
  const found = [];
  for (const match of text.matchAll(WORD)) {
    if (known.has(match[0].toLowerCase())) found.push([match.index, match.index + match[0].length]);
  }
  for (const form of forms) {
    if (!form.match(UNSPACED)) continue;
    for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) {
      found.push([at, at + form.length]);
    }
  }
  found.sort((a, b) => a[0] - b[0]);
  const joined = [];
  for (const [start, end] of found) {
    const last = joined.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else joined.push([start, end]);
  }
  return joined;
}

/** The place of the last start that isn't behind a word. */
export function placeOf(word, starts) {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= word) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

/** How alike two forms of a word may be that no stemmer has seen: the signs they begin with. */
function shared(one, other) {
  let count = 0;
  while (count < one.length && one[count] === other[count]) count += 1;
  return count;
}

/** The pairs of neighbouring words of a text. */
function pairs(all) {
  return all.slice(1).map((word, at) => `${all[at]} ${word}`);
}

/** How many different words and pairs of neighbouring words a question has. */
function sizeOf(title, text) {
  return new Set([title, text].flatMap((part) => [...words(part), ...pairs(words(part))])).size;
}

/** The score that the best decision needs for a question of some size; long ones let it stand out too far. */
function cutoffOf(size, top) {
  const { short, short_size: from, long } = top.cutoff;
  const way = Math.log(Math.max(size, 1) / from) / Math.log(top.full_size / from);
  return short + (long - short) * Math.min(1, Math.max(0, way));
}

const rarityOf = (entries) => [...entries].reduce((sum, entry) => sum + entry[1], 0);

export class Nearest {
  constructor(address, get = (path) => fetch(path)) {
    this.base = new URL(".", address).href;
    this.get = get;
    this.kept = new Map();
    this.sizes = new Map();
  }

  /** How much has been fetched. */
  get bytes() {
    return [...this.sizes.values()].reduce((sum, size) => sum + size, 0);
  }

  async fetched(path) {
    const answer = await this.get(this.base + path);
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    const text = await answer.text();
    this.sizes.set(path, new TextEncoder().encode(text).length);
    return JSON.parse(text);
  }

  /** A file of the index, fetched once. */
  file(path) {
    if (!this.kept.has(path)) {
      const made = this.fetched(path);
      made.catch(() => this.kept.delete(path));
      this.kept.set(path, made);
    }
    return this.kept.get(path);
  }

  async top() {
    if (!this.read) {
      const top = await this.file(TOP);
      this.starts = top.starts ? top.starts.split(" ") : [];
      this.common = new Set(top.common.split(" "));
      this.value = new Map([...top.digits].map((digit, number) => [digit, number]));
      this.read = top;
    }
    return this.read;
  }

  /** What a chunk says of a word: its entry, or that of the form most like it. */
  entryOf(word, chunk) {
    let near;
    let most = Math.max(4, word.length - 3);
    for (const entry of chunk) {
      for (const form of entry[0].split(" ")) {
        if (form === word) return entry;
        const alike = shared(form, word);
        if (alike >= most && form.length - alike <= 3) {
          near = entry;
          most = alike + 1;
        }
      }
    }
    return near;
  }

  /** The words of a question, each with how much it counts, those worth most first. */
  counted(title, text, top) {
    const counts = new Map();
    const add = (word, much) => counts.set(word, (counts.get(word) ?? 0) + much);
    for (const word of words(title)) add(word, top.title);
    for (const word of words(text)) add(word, 1);
    return [...counts].sort((a, b) =>
      b[1] - a[1] || b[0].length - a[0].length || (a[0] < b[0] ? -1 : 1)
    );
  }

  /** Numbers of the decisions close to a text with their scores, best first. */
  async ranked(title, text) {
    const top = await this.top();
    const counted = this.counted(title, text, top);
    const asked = new Map();
    let norm = 0;
    const rare = counted.filter(([word]) => !this.common.has(word));
    // Counted anew for each question, whatever has been fetched before: a long text that is edited
    // reads the same words again and not the rest of them, and has the same answer.
    const read = new Set([TOP]);
    const size = () => [...read].reduce((sum, path) => sum + this.sizes.get(path), 0);
    for (let i = 0; this.starts.length && i < rare.length && size() <= MOST_BYTES; i += AT_ONCE) {
      const some = rare.slice(i, i + AT_ONCE);
      const paths = some.map(([word]) => `words/${placeOf(word, this.starts)}.json`);
      const chunks = await Promise.all(paths.map((path) => this.file(path)));
      for (const path of paths) read.add(path);
      some.forEach(([word, count], n) => {
        const entry = this.entryOf(word, chunks[n]);
        if (!entry) {
          norm += count * top.rarest ** 2;
          return;
        }
        const known = asked.get(entry) ?? { count: 0, entry, word };
        known.count += count;
        asked.set(entry, known);
      });
    }
    const scores = new Map();
    const met = new Map();
    for (const { count, entry, word } of asked.values()) {
      const [forms, rarity, weight, postings] = entry;
      const q = Math.sqrt(count);
      norm += count * (rarity / 100) ** 2;
      for (let at = 0; at < postings.length; at += top.width + 1) {
        let number = 0;
        for (let i = 0; i < top.width; i += 1) {
          number = number * 64 + this.value.get(postings[at + i]);
        }
        const share = this.value.get(postings[at + top.width]) / top.levels;
        const value = (q * weight * share) / top.unit;
        scores.set(number, (scores.get(number) ?? 0) + value);
        if (!met.has(number)) met.set(number, []);
        met.get(number).push({ value, word, entry, forms: forms.split(" ") });
      }
    }
    const trust = Math.log(Math.max(sizeOf(title, text), 2)) / Math.log(top.full_size);
    const near = this.ordered(scores, Math.sqrt(norm) || 1, trust, met, top);
    await this.link(near, trust, top);
    const forms = new Map();
    for (const { entry } of asked.values()) {
      for (const form of entry[0].split(" ")) forms.set(form, entry);
    }
    const naming = this.naming(title, text, forms, top);
    const phrases = new Set([title, text].flatMap((part) => this.phrases(part, forms)));
    const all = new Set([...words(title), ...words(text)]);
    const some = near.slice(0, DEPTH);
    await Promise.all(some.map((one) => this.cover(one, all, forms, naming, phrases, trust, top)));
    return this.judged(some, top);
  }

  /** The candidates by how near their texts are and how often they have been linked. */
  ordered(scores, norm, trust, met, top) {
    const near = [...scores].map(([number, sum]) => ({ number, text: sum / norm }));
    const best = near.reduce((most, one) => Math.max(most, one.text), 1e-9);
    for (const one of near) {
      const fame = this.value.get(top.fame[one.number]) / top.fame_step;
      const typical = (this.value.get(top.typical[one.number]) * top.most_typical) /
        (top.digits.length - 1);
      const size = this.value.get(top.sizes[one.number]) / top.size_step;
      one.nearness = one.text / best;
      one.rank = (top.rank.nearness + top.rank.trusted * trust) * one.nearness +
        top.rank.repeat * Math.max(one.text - top.repeat, 0) +
        top.rank.fame * fame +
        top.rank.typical * typical * trust +
        top.rank.size * size +
        top.rank.age * Math.log1p(top.size - one.number);
      one.shared = met.get(one.number);
    }
    return near.sort(byRank);
  }

  /** Add what the links of the nearest say for each other candidate. */
  async link(near, trust, top) {
    const flown = new Map();
    const some = near.slice(0, DEPTH);
    const facts = await Promise.all(some.map((one) => this.facts(one.number)));
    some.forEach((one, n) => {
      const { linked } = facts[n];
      for (const other of linked) {
        flown.set(other, (flown.get(other) ?? 0) + one.nearness / Math.sqrt(linked.length));
      }
    });
    const sure = Math.max(trust - top.sure_from, 0) / (1 - top.sure_from);
    for (const one of near) {
      const linked = Math.log1p(2 * (flown.get(one.number) ?? 0));
      one.rank += (top.rank.links + top.rank.both * one.nearness * sure) * linked;
    }
    near.sort(byRank);
  }

  /** What the question's title consists of: the entries the base knows, and the rarity of it all. */
  naming(title, text, forms, top) {
    const own = new Set(words(title));
    if (!own.size) { for (const word of words(text).slice(0, top.name_words)) own.add(word); }
    const entries = new Set();
    let whole = 0;
    for (const word of own) {
      const entry = forms.get(word);
      if (entry) entries.add(entry);
      else if (!this.common.has(word)) whole += top.rarest * 100;
    }
    for (const entry of entries) whole += entry[1];
    return { entries, whole: Math.max(whole, 1) };
  }

  /** The pairs of words of a text, each word by the first form of its stem. */
  phrases(text, forms) {
    return pairs(words(text).map((word) => forms.get(word)?.[0] ?? word));
  }

  /** Add what two titles say: how much of a candidate's the question names, and the other way round. */
  async cover(one, asked, forms, naming, phrases, trust, top) {
    const facts = await this.facts(one.number);
    const title = [...new Set(words(facts.title))];
    const read = rarityOf(new Set(title.map((word) => forms.get(word)).filter(Boolean)));
    // What no chunk told of, common words and what went unread of a long text, shares the rest.
    const unread = title.filter((word) => !forms.has(word));
    const rare = unread.filter((word) => !this.common.has(word));
    const others = rare.length ? rare : unread;
    const met = others.filter((word) => asked.has(word)).length / Math.max(others.length, 1);
    const known = read + met * Math.max(facts.rarity - read, 0);
    const held = new Set(one.shared.map((each) => each.entry));
    one.cover = Math.sqrt(Math.min(1, known / Math.max(facts.rarity, 1)));
    one.named = rarityOf([...naming.entries].filter((entry) => held.has(entry))) / naming.whole;
    const own = [...new Set(this.phrases(facts.title, forms))];
    const phrase = own.filter((pair) => phrases.has(pair)).length / Math.max(own.length, 1);
    one.rank += top.rank.cover * one.cover + top.rank.named * one.named +
      top.rank.phrase * phrase * trust;
  }

  async facts(number) {
    const top = await this.top();
    const rows = await this.file(`decisions/${Math.floor(number / top.per)}.json`);
    const [title, url, status, stage, day, gist, rarity, linked, effect] = rows[number % top.per];
    return { title, url, status, stage, day, gist, rarity, linked, effect };
  }

  /** Scores of 0 to 1, as ranking.py makes them of the rank and the distance to the first and the rest. */
  judged(near, top) {
    near.sort(byRank);
    const some = near.slice(...top.crowd).map((one) => one.rank);
    const crowd = some.length
      ? some.reduce((a, b) => a + b) / some.length
      : (near.at(-1)?.rank ?? 0) - 0.5;
    const { gate } = top;
    const first = near[0]?.rank ?? 0;
    for (const one of near) {
      const sum = gate.bias +
        gate.text * Math.log(one.text + 0.01) +
        gate.rank * one.rank +
        gate.cover * one.cover +
        gate.gap * (one.rank - crowd) +
        gate.behind * Math.max(one.rank - first, -gate.behind_at_most);
      one.score = 1 / (1 + Math.exp(-sum));
    }
    return near;
  }

  /** The decisions to show: at most `most`, none when nothing is close. */
  async ask(title, text, most = 5) {
    const top = await this.top();
    const ranked = await this.ranked(title, text);
    const cutoff = cutoffOf(sizeOf(title, text), top);
    if (!ranked.some((one) => one.score >= cutoff)) return [];
    const close = ranked.filter((one) => one.score >= top.cutoff.beside).slice(0, most);
    return Promise.all(close.map(async (one) => ({ ...one, ...(await this.facts(one.number)) })));
  }
}
