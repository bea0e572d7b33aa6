// What somebody means who types words. In go words, and what the marker of the index says of names and
// spellings; out come keys of names, other spellings, and the word that a misspelt one is most like.
// The keys and their signs are those of `onrecord/search/names.py`.

const MOST_SLIPS = 2; // wrong letters of a long word; one of a short one
const LONG = 6;

/** A name in the one way that all ways of writing it share: letters and digits, in small letters. */
function keyOf(name) {
  const plain = name.normalize("NFKD").toLowerCase();
  return (plain.match(/[\p{L}\p{N}]/gu) ?? []).join("");
}

/** The keys that a query may be: the whole name of a person or role, or the number of a record. */
export function askedNames(asked, { called = "", names } = {}) {
  if (!names) return [];
  const typed = asked.trim().replace(/^["“”]+|["“”]+$/g, "").replace(/[.:,;!?]+$/, "");
  const key = keyOf(typed);
  const number = typed.match(new RegExp(`^${names.number}$`, "iu"));
  const found = key && ` ${called} `.includes(` ${key} `) ? [key] : [];
  return number ? [...found, `#${Number(number[1])}`] : found;
}

/** The made-up word that stands for a key in the index: FNV-1a, in letters. */
export function signOf(key, { begins, letters, length }) {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(key)) {
    value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  }
  let sign = begins;
  for (let n = 0; n < length; n++) {
    sign += letters[value % letters.length];
    value = Math.floor(value / letters.length);
  }
  return sign;
}

let patterns = null;

/** A query in other spellings, British or American: one for each word that has another. */
export function respelt(asked, rules = []) {
  patterns ??= rules.flatMap(([begins, british, american, ends]) =>
    [[british, american], [american, british]].map(([old, other]) => ({
      pattern: new RegExp(`^(${begins})${old}(${ends})$`),
      other,
    }))
  );
  const words = asked.split(" ");
  return words.flatMap((word, n) =>
    patterns.flatMap(({ pattern, other }) => {
      const match = word.toLowerCase().match(pattern);
      const spelt = match && match[1] + other + match[2];
      if (!spelt || spelt === word.toLowerCase()) return [];
      return [{ word: spelt, asked: words.map((one, at) => (at === n ? spelt : one)).join(" ") }];
    })
  );
}

/** The word most like the typed one, of words with the most frequent first; "" when none is. */
export function nearestWord(typed, words) {
  const sought = typed.toLowerCase();
  if (sought.length < 4) return "";
  let [best, least] = ["", (sought.length < LONG ? 1 : MOST_SLIPS) + 1];
  for (const word of words) {
    if (Math.abs(word.length - sought.length) >= least) continue;
    if (word[0] !== sought[0] && word[0] !== sought[1]) continue; // few slip at once at the start
    const slips = distance(sought, word);
    if (slips > 0 && slips < least) [best, least] = [word, slips];
    if (least === 1) break;
  }
  return best;
}

/** How many letters are wrong, missing, too many, or changed places with the next. */
function distance(one, other) {
  let [before, row] = [[], Array.from({ length: other.length + 1 }, (_, n) => n)];
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1];
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
        next[j] = Math.min(next[j], before[j - 2] + 1);
      }
    }
    [before, row] = [row, next];
  }
  return row[other.length];
}
