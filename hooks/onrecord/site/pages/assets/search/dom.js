// Elements from plain values. Text only ever becomes text nodes.

/** `element("a", { href, class: "x", onclick: f }, "words", child, …)`; null children are left out. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return made;
}

/** `1 result`, `1,204 results`. */
export function count(number, noun) {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}

/** The words with a capital letter first. */
export function sentence(words) {
  return words.charAt(0).toLocaleUpperCase("en") + words.slice(1);
}

/** A text that may be of any length, short enough to be quoted. */
export function shortened(text) {
  const signs = Array.from(text);
  return signs.length > 80 ? `${signs.slice(0, 80).join("")}…` : text;
}
