// On the page that a result leads to: the words of `?h=` are marked, and can be unmarked.

import { element } from "./dom.js";

const MOST = 500; // marks; a page that is full of them helps nobody
const LEFT_OUT =
  "nav, script, style, template, textarea, select, button, svg, .headerlink, .md-source-file, .or-marks, .or-search, mark.or-mark";

let bar = null;

/** Mark the words that the address names, in the text of the page alone. */
export function markWords() {
  unmark();
  const article = document.querySelector("article");
  const pattern = patternOf(new URLSearchParams(location.search).get("h") ?? "");
  if (!article || !pattern) return;
  const number = markIn(article, pattern);
  if (!number) return;
  const button = element(
    "button",
    { type: "button", class: "or-button", onclick: clean },
    "Unmark",
  );
  const words = `${number} ${number === 1 ? "word" : "words"} marked`;
  bar = element(
    "div",
    { class: "or-marks md-typeset", role: "region", "aria-label": "Marked words" },
    words,
    button,
  );
  article.before(bar); // Tab comes to it before the text; where it is seen, the style sheet says
  document.addEventListener("keydown", onEscape);
}

function onEscape(event) {
  if (
    event.key === "Escape" && !event.defaultPrevented && !document.querySelector("dialog[open]")
  ) {
    clean();
  }
}

/** Take the marks away, and the words out of the address. */
function clean() {
  const hadFocus = bar?.contains(document.activeElement);
  unmark();
  const address = new URL(location.href);
  address.searchParams.delete("h");
  history.replaceState(history.state, "", address);
  if (hadFocus) {
    const heading = document.querySelector("article h1");
    heading?.setAttribute("tabindex", "-1");
    heading?.focus({ preventScroll: true });
  }
}

function unmark() {
  for (const mark of document.querySelectorAll("mark.or-mark")) {
    const parent = mark.parentNode;
    mark.replaceWith(...mark.childNodes);
    parent.normalize();
  }
  bar?.remove();
  bar = null;
  document.removeEventListener("keydown", onEscape);
}

/** Whole words; but in a script without spaces a word is found inside a sentence. */
function patternOf(asked) {
  const words = [...new Set(asked.slice(0, 600).split(/\s+/))].filter((word) =>
    /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(word)
  );
  if (!words.length) return null;
  const literal = (word) => word.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  const unspaced =
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Extended_Pictographic}]/u;
  const one = (word) =>
    unspaced.test(word) ? literal(word) : `(?<![\\p{L}\\p{N}_])${literal(word)}(?![\\p{L}\\p{N}_])`;
  const longestFirst = words.sort((a, b) => b.length - a.length);
  return new RegExp(longestFirst.map(one).join("|"), "giu");
}

function markIn(article, pattern) {
  const walker = document.createTreeWalker(
    article,
    NodeFilter.SHOW_TEXT,
    (node) =>
      node.parentElement.closest(LEFT_OUT) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
  );
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  let number = 0;
  for (const node of nodes) {
    const text = node.data;
    const parts = [];
    let end = 0;
    for (const match of text.matchAll(pattern)) {
      if (++number > MOST) return MOST;
      parts.push(text.slice(end, match.index), element("mark", { class: "or-mark" }, match[0]));
      end = match.index + match[0].length;
    }
    if (parts.length) node.replaceWith(...parts, text.slice(end));
  }
  return number;
}
