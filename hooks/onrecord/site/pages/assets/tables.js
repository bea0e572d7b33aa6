/* Long lists: sort by a column, filter by typed words, in place.

   Each `table[data-or-table]` has an empty `.or-tools` before it. Without this script both are
   plain. What is chosen is in the page's address (`?closed-sort=-date&closed-find=pay`), so it
   can be sent to a colleague and is there again after Back. A plain script, so that it also runs
   on a site opened from a disk. */
(() => {
  const MARKS = /[\u0300-\u036f]/g;
  const plain = (text) => text.normalize("NFKD").replace(MARKS, "").toLowerCase();

  /** What a cell sorts by: a number, an ISO date, or words; "" for nothing, which comes last. */
  function valueOf(cell) {
    if (!cell) return "";
    if (cell.dataset.sort !== undefined) return Number(cell.dataset.sort);
    const time = cell.querySelector("time[datetime]");
    if (time) return time.dateTime;
    const words = plain((cell.querySelector("a") ?? cell).textContent.trim());
    return words !== "" && Number.isFinite(Number(words)) ? Number(words) : words;
  }

  function compare(one, other) {
    if (typeof one === "number" && typeof other === "number") return one - other;
    return String(one).localeCompare(String(other));
  }

  class Table {
    constructor(table, tools) {
      this.table = table;
      this.tools = tools;
      this.name = table.dataset.orTable;
      this.body = table.tBodies[0];
      this.rows = [...this.body.rows];
      this.column = null;
      this.down = false;
      this.buttons = new Map();
      this.addButtons();
      this.addFilter();
      this.readAddress();
    }

    addButtons() {
      for (const [index, head] of [...this.table.tHead.rows[0].cells].entries()) {
        if (head.dataset.orUnsorted !== undefined) continue; // numbers of people rank nobody
        const button = document.createElement("button");
        button.type = "button";
        button.className = "or-sort";
        button.textContent = head.textContent;
        button.addEventListener("click", () => this.turn(index));
        head.replaceChildren(button);
        const key = plain(head.textContent).replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");
        this.buttons.set(key, { index, head });
      }
    }

    addFilter() {
      const label = document.createElement("label");
      this.input = document.createElement("input");
      this.input.type = "search";
      this.input.autocomplete = "off";
      this.input.spellcheck = false;
      this.count = document.createElement("output");
      label.append("Filter this list ", this.input);
      this.tools.replaceChildren(label, this.count);
      this.input.addEventListener("input", () => this.filter());
      this.input.addEventListener("keydown", (event) => {
        event.stopPropagation(); // the theme's own keys, such as `f` and `s`, are words here
        if (event.key === "Escape" && this.input.value) {
          event.preventDefault();
          this.input.value = "";
          this.filter();
        }
      });
    }

    /** From small to large, then from large to small, then as the page had it. */
    turn(index) {
      if (this.column !== index) [this.column, this.down] = [index, false];
      else if (!this.down) this.down = true;
      else [this.column, this.down] = [null, false];
      this.sort();
      this.writeAddress();
    }

    sort() {
      for (const { index, head } of this.buttons.values()) {
        if (index === this.column) {
          head.setAttribute("aria-sort", this.down ? "descending" : "ascending");
        } else head.removeAttribute("aria-sort");
      }
      let rows = this.rows;
      if (this.column !== null) {
        const sign = this.down ? -1 : 1;
        const known = rows.map((row) => [valueOf(row.cells[this.column]), row]);
        known.sort(([one], [other]) =>
          one === "" || other === "" ? (one === "") - (other === "") : sign * compare(one, other)
        );
        rows = known.map(([, row]) => row);
      }
      this.body.append(...rows);
    }

    filter(toAddress = true) {
      const words = plain(this.input.value).split(/\s+/).filter(Boolean);
      this.texts ??= this.rows.map((row) => plain(row.textContent));
      let shown = 0;
      for (const [number, row] of this.rows.entries()) {
        row.hidden = !words.every((word) => this.texts[number].includes(word));
        shown += row.hidden ? 0 : 1;
      }
      const all = this.rows.length;
      this.count.textContent = words.length ? `${shown} of ${all} shown` : `${all} in this list`;
      if (toAddress) this.writeAddress();
    }

    readAddress() {
      const asked = new URLSearchParams(location.search);
      const sort = asked.get(`${this.name}-sort`) ?? "";
      const button = this.buttons.get(sort.replace(/^-/, ""));
      if (button) {
        [this.column, this.down] = [button.index, sort.startsWith("-")];
        this.sort();
      }
      this.input.value = asked.get(`${this.name}-find`) ?? "";
      this.filter(false);
    }

    writeAddress() {
      const address = new URL(location.href);
      const keep = (key, value) =>
        value ? address.searchParams.set(key, value) : address.searchParams.delete(key);
      const [key] = [...this.buttons].find(([, { index }]) => index === this.column) ?? [];
      keep(`${this.name}-sort`, key && (this.down ? "-" : "") + key);
      keep(`${this.name}-find`, this.input.value.trim());
      try {
        history.replaceState(history.state, "", address);
      } catch {
        // Not every browser lets a page from a disk change its address.
      }
    }
  }

  function start() {
    for (const table of document.querySelectorAll("table[data-or-table]:not([data-or-ready])")) {
      const tools = table.previousElementSibling;
      if (!tools?.matches(".or-tools") || !table.tHead || !table.tBodies.length) continue;
      table.dataset.orReady = "";
      new Table(table, tools);
    }
  }

  // Material with instant navigation runs this again for each page that has a list.
  start();
})();
