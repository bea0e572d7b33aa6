// The panel of filters: a group for each, its values with counts, a box to narrow a long one.

import { element, sentence } from "./dom.js";
import { FILTERS, KINDS, ORDER } from "./query.js";

const SHORT = 8; // values that are seen at a glance
const SHOWN = 40; // values of a long group, until it is narrowed
const OPEN = ["kind", "stage", "outcome"];

/** How a value is shown: the title of a role, the name of a person, or the word itself. */
export function labelOf(name, value, labels) {
  if (name === "kind") return KINDS[value] ?? sentence(value);
  if (name in ORDER) return sentence(value);
  const known = labels[name] ?? {};
  if (Object.hasOwn(known, value)) return known[value];
  return name === "person" ? `@${value}` : value;
}

/** The chosen filters, each a button that takes it away. */
export function chosenItems(query, labels, drop) {
  return Object.entries(query.filters).flatMap(([name, values]) =>
    values.map((value) =>
      element(
        "li",
        {},
        element(
          "button",
          { type: "button", class: "or-button or-button--drop", onclick: () => drop(name, value) },
          element("span", { class: "or-hidden" }, "Remove the filter "),
          `${FILTERS[name]}: ${labelOf(name, value, labels)}`,
        ),
      )
    )
  );
}

export class FilterPanel {
  /** `onChange(name, value, chosen)` hears of boxes, `onOpen()` of a group that is opened. */
  constructor(id, { onChange, onOpen }) {
    this.onChange = onChange;
    this.root = element("div", { class: "or-filters", id, role: "group", "aria-label": "Filters" });
    this.groups = Object.entries(FILTERS).map(([name, title]) => this.#group(name, title, onOpen));
    this.root.append(...this.groups.map((group) => group.details));
  }

  /** The groups that are open: only their lists need be loaded. */
  get openNames() {
    return this.groups.filter(({ details }) => details.open).map(({ name }) => name);
  }

  #group(name, title, onOpen) {
    const group = { name, title, values: null, narrowed: "" };
    group.chosen = element("small", {});
    group.narrow = element("input", {
      type: "search",
      class: "or-search__field or-filters__narrow",
      "aria-label": `Narrow the values of ${title.toLowerCase()}`,
      autocomplete: "off",
      hidden: true,
      oninput: (event) => {
        group.narrowed = event.target.value.trim().toLowerCase();
        this.#list(group);
      },
    });
    group.list = element("ul", { role: "list" });
    group.more = element("p", { class: "or-filters__more", role: "status" });
    group.details = element(
      "details",
      {
        open: OPEN.includes(name),
        ontoggle: () => group.details.open && !group.values && onOpen(),
      },
      element("summary", {}, title, " ", group.chosen),
      element("div", { role: "group", "aria-label": title }, group.narrow, group.list, group.more),
    );
    return group;
  }

  /** Take the values of a group in, once its list is loaded. */
  #fill(group, values) {
    group.values = inOrder(group.name, values);
    group.narrow.hidden = group.values.length <= SHORT;
    group.narrow.placeholder = `Narrow ${group.values.length} values`;
  }

  /** Tick what the query has chosen, and show the counts of what else there would be. */
  show(query, values, counts, labels) {
    this.labels = labels;
    for (const group of this.groups) {
      const number = query.filters[group.name]?.length ?? 0;
      group.chosen.textContent = number ? `${number} chosen` : "";
      if (!values[group.name]) continue;
      if (!group.values) this.#fill(group, values[group.name]);
      if (number) group.details.open = true;
      group.query = query;
      group.counts = counts && (counts[group.name] ?? {}); // none without words to count
      this.#list(group);
    }
  }

  #list(group) {
    const { name, query } = group;
    const label = (value) => labelOf(name, value, this.labels);
    const fits = group.values.filter(
      (value) =>
        query.has(name, value) ||
        `${label(value)} ${value}`.toLowerCase().includes(group.narrowed),
    );
    // Chosen values stay in sight; in a long group those with hits come first.
    const isLong = group.values.length > SHORT && name !== "year";
    const rank = (value) => (query.has(name, value) ? Infinity : countOf(group, value));
    const ordered = isLong ? fits.sort((a, b) => rank(b) - rank(a)) : fits;
    const held = document.activeElement?.closest?.("li")?.dataset.value;
    const hadFocus = group.list.contains(document.activeElement);
    group.list.replaceChildren(
      ...ordered.slice(0, SHOWN).map((value) => this.#value(group, value)),
    );
    if (hadFocus) {
      const same = [...group.list.children].find((item) => item.dataset.value === held);
      same?.querySelector("input").focus();
    }
    const more = ordered.length - SHOWN;
    group.more.textContent = more > 0 ? `and ${more} more; narrow to see them` : "";
    if (!ordered.length) {
      group.more.textContent = group.values.length
        ? "No value has these letters."
        : "There are none.";
    }
  }

  #value({ name, query, counts }, value) {
    const number = counts ? countOf({ counts }, value) : null;
    const chosen = query.has(name, value);
    const box = element("input", {
      type: "checkbox",
      onchange: (event) => this.onChange(name, value, event.target.checked),
    });
    box.checked = chosen;
    const shape = name === "stage" || (name === "outcome" && value !== "open");
    const words = element("span", { class: shape ? `or-i-${value.replace(/[^\w-]/g, "")}` : null });
    words.append(labelOf(name, value, this.labels));
    return element(
      "li",
      { "data-value": value, class: number === 0 && !chosen ? "or-filters__none" : null },
      element(
        "label",
        {},
        box,
        words,
        " ",
        element("b", {}, number === null ? "" : number.toLocaleString("en")),
      ),
    );
  }
}

function countOf({ counts }, value) {
  return counts && Object.hasOwn(counts, value) ? counts[value] : 0;
}

function inOrder(name, values) {
  const place = (value) => (ORDER[name] ?? []).indexOf(value) + 1 || 99;
  if (name === "year") return [...values].sort((a, b) => b.localeCompare(a));
  return [...values].sort((a, b) => place(a) - place(b) || a.localeCompare(b));
}
