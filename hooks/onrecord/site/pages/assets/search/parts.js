// The parts of the search box. In: the beginning of their ids, and what is called when somebody types,
// sends, sorts, opens or closes the filters, chooses one, or wants more. Out: the elements by name.

import { element } from "./dom.js";
import { FilterPanel } from "./filters.js";

export function partsOf(id, on) {
  const filtersId = `${id}-filters`;
  const input = element("input", {
    type: "search",
    id: `${id}-words`,
    class: "or-search__field or-search__words",
    placeholder: "Search decisions, roles and pages",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    enterkeyhint: "search",
    oninput: on.onTyped,
  });
  const toggle = element(
    "button",
    {
      type: "button",
      class: "or-button",
      "aria-expanded": "false",
      "aria-controls": filtersId,
      onclick: on.onToggled,
    },
    "Filters",
  );
  const sort = element(
    "select",
    {
      class: "or-search__field",
      "aria-label": "Order of the results",
      onchange: on.onSorted,
    },
    element("option", { value: "relevance" }, "Best first"),
    element("option", { value: "date" }, "Newest first"),
  );
  const panel = new FilterPanel(filtersId, {
    onChange: on.onChosen,
    onOpen: on.onOpened,
  });
  panel.root.hidden = true;
  const chosen = element("ul", { class: "or-search__chosen", "aria-label": "Chosen filters" });
  const note = element("div", { class: "or-search__note", role: "alert" });
  const status = element("p", { class: "or-search__status", role: "status" });
  const list = element("ol", { class: "or-hits", role: "list" });
  const help = element("div", { class: "or-search__help" });
  const near = element("div", { class: "or-search__near" });
  const more = element(
    "button",
    { type: "button", class: "or-button", hidden: true, onclick: on.onMore },
    "More results",
  );
  const form = element(
    "form",
    {
      role: "search",
      class: "or-search__form",
      onsubmit: (event) => {
        event.preventDefault();
        on.onSent();
      },
    },
    element("label", { for: input.id, class: "or-search__label" }, "Search"),
    input,
    element("div", { class: "or-search__tools" }, toggle, sort),
  );
  const root = element(
    "div",
    { class: "or-search" },
    form,
    chosen,
    note,
    element(
      "div",
      { class: "or-search__body" },
      panel.root,
      element(
        "div",
        { class: "or-search__found" },
        status,
        help,
        list,
        more,
        near,
      ),
    ),
  );
  return { input, toggle, sort, panel, chosen, note, status, list, help, near, more, form, root };
}
