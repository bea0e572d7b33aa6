// Fills the blanks of the core with what a person typed. In: a blank as `blanks.py` writes it, and
// values by the name of their gap. Out: a path or a text that `onrecord check` takes.

// What Python's split() takes for space; the mark \ufeff isn't among it.
// deno-lint-ignore no-control-regex -- four control characters are space to Python
const SPACE = /(?:(?!\ufeff)[\s\u001c-\u001f\u0085])+/u;
const MARK = /[\u0300-\u036f]/gu;
const PART_OF_LETTER = /^[\p{Mn}\p{Mc}]$/u;
const LETTER = /^[\p{L}\p{N}]$/u;

/** One line, its words apart by single spaces, without halves of signs. */
export const oneLine = (text) => whole(text).split(SPACE).filter(Boolean).join(" ");

/** Half of a pair of surrogates can't be written to a file. */
const whole = (text) => text.replace(/\p{Surrogate}/gu, "\ufffd");

/** A YAML string: JSON's, and what YAML wants escaped besides. */
const string = (text) =>
  JSON.stringify(oneLine(text)).replace(
    /[\u007f-\u009f\ufeff\ufffe\uffff]/gu,
    (sign) => "\\u" + sign.codePointAt(0).toString(16).padStart(4, "0"),
  );

/** A title as Markdown that shows just these words; drafts.as_text is the same in Python. */
const heading = (text) =>
  oneLine(text)
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/[\\`*_[\]{}#]/g, "\\$&");

const file = (text) =>
  text.replace(/[^\p{L}\p{N}_.-]+/gu, "-").replace(/^[-.]+|[-.]+$/g, "") || "someone";

const eachOnce = (names) =>
  [...new Map(names.map((name) => [name.toLowerCase(), name]).reverse()).values()].reverse();

const WRITE = {
  string,
  strings: (names) => "[" + eachOnce(names).map(string).join(", ") + "]",
  plain: (text) => text,
  heading,
  prose: (text) => whole(text).replace(/^\s*\n|\s+$/g, ""),
  file,
};

/** The parts of a blank, gaps filled; a list without a lead is written even when it is empty. */
export function filled(parts, values) {
  return parts
    .map((part) => {
      if (typeof part === "string") return part;
      const value = values[part.gap] ?? (part.as === "strings" ? [] : "");
      if (!value.length && (part.as !== "strings" || part.lead)) return "";
      return part.lead + WRITE[part.as](value) + part.tail;
    })
    .join("");
}

/** A title as an id, as slugs.slug_of makes it: lower case, `-` between words, scripts kept. */
export function slugOf(title, most) {
  const plain = folded(title).normalize("NFKD").replace(MARK, "").normalize("NFC");
  const words = [""];
  for (const sign of plain) {
    const last = words.length - 1;
    const varies = sign >= "\ufe00" && sign <= "\ufe0f";
    if (LETTER.test(sign) || (words[last] && PART_OF_LETTER.test(sign) && !varies)) {
      words[last] += sign;
    } else if (words[last]) words.push("");
  }
  const slug = words.filter(Boolean).join("-");
  const signs = [...slug];
  let bytes = 0;
  let room = 0;
  for (const sign of signs) {
    bytes += new TextEncoder().encode(sign).length;
    if (bytes > most.bytes || room === most.slug) break;
    room += 1;
  }
  if (signs.length <= room) return slug;
  const cut = signs.slice(0, room + 1).join("");
  return cut.includes("-") ? cut.slice(0, cut.lastIndexOf("-")) : signs.slice(0, room).join("");
}

/** Lower case without regard to how a capital is spelled: ß is ss, as Python's casefold has it. */
const folded = (text) =>
  [...text].map((sign) => (sign === "ı" ? sign : sign.toUpperCase().toLowerCase())).join("")
    .replace(/ς/g, "σ");
