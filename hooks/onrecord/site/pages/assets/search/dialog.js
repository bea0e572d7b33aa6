// The dialog that opens over any page.

import { SearchBox } from "./box.js";
import { element } from "./dom.js";
import { Query } from "./query.js";

const KEPT = "onrecord.search"; // the last question of this tab, so that Back isn't the end of it

export class SearchDialog {
  constructor(version, searchPage) {
    this.version = version;
    this.searchPage = searchPage;
    this.box = new SearchBox({
      version,
      searchPage,
      onQuery: (query, how) => {
        this.#remember(query);
        if (how === "sent") this.box.goToFirst();
      },
    });
    this.link = element("a", { href: searchPage }, "Open as a page, to share");
    this.root = element(
      "dialog",
      { class: "or-dialog md-typeset", "aria-label": "Search" },
      element(
        "div",
        { class: "or-dialog__inside" },
        element(
          "button",
          { type: "button", class: "or-button or-dialog__close", onclick: () => this.close() },
          "Close",
        ),
        this.box.root,
        element(
          "p",
          { class: "or-dialog__foot" },
          element("span", {}, element("kbd", {}, "↑"), element("kbd", {}, "↓"), " choose"),
          element("span", {}, element("kbd", {}, "Enter"), " open"),
          element("span", {}, element("kbd", {}, "Esc"), " close"),
          this.link,
        ),
      ),
    );
    this.root.addEventListener("click", (event) => {
      if (event.target === this.root) this.close(); // the backdrop
      const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
      if (event.target.closest("a[href]") && isPlain) this.close();
    });
    // Material has keys of its own (p, n) that would leave the page.
    this.root.addEventListener("keydown", (event) => event.stopPropagation());
    document.body.append(this.root);
  }

  get isOpen() {
    return this.root.open;
  }

  /** Open with the last question, or with what was typed since it was asked for. */
  open(typed = "") {
    if (this.isOpen) return;
    this.root.showModal();
    this.box.input.focus();
    if (typed) {
      this.box.type(typed);
      return;
    }
    const { query } = Query.read(kept());
    if (query.address !== this.box.shown) this.box.show(query);
    this.#remember(query);
    this.box.input.select();
  }

  close() {
    if (this.isOpen) this.root.close();
  }

  #remember(query) {
    this.link.href = this.searchPage + query.address;
    try {
      sessionStorage.setItem(KEPT, query.address);
    } catch {
      // storage may be off; then the question is simply not kept
    }
  }
}

function kept() {
  try {
    return sessionStorage.getItem(KEPT) ?? "";
  } catch {
    return "";
  }
}
