// The forms that begin a record: a decision, a handoff, a role. In: the data the page carries, and
// what a person types. Out: the text of the file, and ways to send it. What is typed stays in this
// browser, under a key of this site and form, until the person clears it.

import { copied, selected } from "./copy.js";
import { filled, oneLine } from "./blank.js";
import { newFile } from "./forge.js";
import { advice, faults, handle, today, VALUES } from "./typed.js";

class RecordForm {
  constructor(form, data) {
    this.form = form;
    this.data = data;
    this.key = `onrecord ${data.kind} ${new URL(data.site, document.baseURI).pathname}`;
    this.tried = false;
    this.restore();
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", (event) => this.changed(event.target));
    form.addEventListener("change", (event) => this.changed(event.target));
    this.on("open", (event) => this.open(event));
    this.on("copy", () => this.copy());
    this.on("save", () => this.save());
    this.on("clear", () => this.clear());
    this.show();
  }

  find(id) {
    return this.form.querySelector("#or-" + id);
  }

  on(id, act) {
    this.find(id)?.addEventListener("click", act);
  }

  say(words) {
    this.find("said").textContent = words;
  }

  /** Keep what is typed, and show the file as it is now. */
  changed(field) {
    if (field.name === "role" && this.data.facts) this.learn();
    if (field.name === "covers") this.give();
    if (field.name === "handle" && field.value.trim()) this.form.owner.value = "";
    if (field.name === "owner" && field.value) this.form.handle.value = "";
    if (field === this.find("by-hand")) return;
    this.keep();
    this.show();
    this.form.dispatchEvent(new CustomEvent("onrecord:typed"));
  }

  keep() {
    const kept = {};
    for (const field of this.form.elements) {
      if (!field.name || field.type === "fieldset" || field.tagName === "OUTPUT") continue;
      if (field.type === "checkbox" || field.type === "radio") {
        if (field.checked) (kept[field.name] ??= []).push(field.value);
      } else if (field.value) kept[field.name] = field.value;
    }
    try {
      localStorage.setItem(this.key, JSON.stringify(kept));
    } catch {
      // Storage may be full or forbidden; the form works without it.
    }
  }

  restore() {
    let kept = {};
    try {
      kept = JSON.parse(localStorage.getItem(this.key)) ?? {};
    } catch {
      // What another version kept, or nothing at all.
    }
    for (const field of this.form.elements) {
      const value = kept[field.name];
      if (value === undefined || field.tagName === "OUTPUT") continue;
      if (field.type === "checkbox" || field.type === "radio") {
        field.checked = value.includes(field.value);
      } else if (typeof value === "string") field.value = value;
    }
    this.kept = kept;
    const asked = new URLSearchParams(location.search);
    if (this.form.role && asked.get("role")) this.form.role.value = asked.get("role");
    if (this.data.kind === "decision" && asked.get("title")) {
      const most = this.form.title.maxLength > 0 ? this.form.title.maxLength : undefined;
      this.form.title.value = oneLine(asked.get("title")).slice(0, most);
    }
    for (const name of ["from", "to"]) {
      if (this.form[name] && asked.get(name)) this.form[name].value = handle(asked.get(name));
    }
    if (this.form.effective && !this.form.effective.value) this.form.effective.value = today();
    if (Object.keys(kept).length) this.say("What you wrote here before is still there.");
    if (this.data.facts && this.form.role.value) this.learn();
  }

  /** Fetch what the files know of the role that is handed on. */
  async learn() {
    const role = this.form.role.value;
    this.data.known = null;
    this.offer([]);
    if (this.data.facts[role]) {
      try {
        const answer = await fetch(this.data.facts[role]);
        if (!answer.ok) throw new Error(answer.statusText);
        const known = await answer.json();
        if (this.form.role.value !== role) return;
        this.data.known = known;
        if (!this.form.from.value) this.form.from.value = known.from;
        this.offer(known.parts);
      } catch {
        this.say(
          "What the files know of this role can’t be fetched now. The form works without it.",
        );
      }
    }
    const sections = Object.entries(this.data.known?.sections ?? {});
    this.find("known").hidden = !sections.length;
    this.find("known-text").textContent = sections.map(([title, text]) =>
      `## ${title}\n\n${text}\n`
    ).join("\n");
    this.show();
  }

  /** The parts of the role, each with a box. */
  offer(parts) {
    const list = this.find("parts");
    if (!list) return;
    this.find("covers").hidden = !parts.length;
    list.replaceChildren(...parts.map((part, number) => {
      const item = document.createElement("li");
      const box = document.createElement("input");
      box.type = "checkbox";
      box.name = "covers";
      box.id = `or-covers-${number}`;
      box.value = part.covers;
      box.checked = this.kept.covers?.includes(part.covers) ?? false;
      const label = document.createElement("label");
      label.htmlFor = box.id;
      label.textContent = part.name;
      item.append(box, label);
      return item;
    }));
  }

  /** Whoever answers for the chosen part gives it, unless the person has written another name. */
  give() {
    const { from, parts } = this.data.known;
    const chosen = [...this.form.querySelectorAll("[name=covers]:checked")];
    const givers = new Set(
      chosen.map((box) => parts.find((part) => part.covers === box.value)?.from ?? from),
    );
    const known = [from, ...parts.map((part) => part.from)];
    if (known.includes(handle(this.form.from.value))) {
      this.form.from.value = givers.size === 1 ? [...givers][0] : from;
    }
  }

  get file() {
    const values = VALUES[this.data.kind](this.form, this.data);
    const { path, text } = this.data.blank;
    const plain = filled(path, values);
    const named = values.suffix ? plain.replace(/\.md$/, `-${values.suffix}.md`) : plain;
    return { path: named, text: filled(text, values) };
  }

  /** The file as it would be now, and what is wrong once the person has tried to send it. */
  show() {
    const { path, text } = this.file;
    this.form.elements.path.value = path;
    this.find("text").textContent = text;
    for (const field of this.form.querySelectorAll("textarea:not([readonly])")) {
      this.mark(field.name, advice(field.value), false);
    }
    if (this.tried) this.check();
    const link = this.find("open");
    if (link) link.href = newFile(this.data.place, path, this.data.folders, text).href;
  }

  mark(name, words, isWrong = true) {
    const line = this.find(`${name}-wrong`);
    if (!line) return;
    line.textContent = words;
    line.hidden = !words;
    const field = this.form.elements[name];
    if (isWrong && words) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }

  /** True when the file may be sent; otherwise the first field that keeps it has the focus. */
  check(moves = false) {
    this.tried = true;
    const found = faults(this.form, this.data);
    const fields = this.form.querySelectorAll("input, select");
    for (const name of new Set([...fields].map((field) => field.name))) {
      const own = found.filter((fault) => fault.name === name);
      this.mark(name, own.map((fault) => fault.words).join(" "), own.some((fault) => fault.stops));
    }
    const stopping = found.filter((fault) => fault.stops);
    if (stopping.length && moves) {
      this.form.elements[stopping[0].name].focus();
      const count = stopping.length === 1 ? "One thing is" : `${stopping.length} things are`;
      this.say(`${count} to be fixed first.`);
    }
    return !stopping.length;
  }

  async open(event) {
    if (!this.check(true)) {
      event.preventDefault();
      return;
    }
    const { path, text } = this.file;
    const { place, folders } = this.data;
    const { href, holdsText } = newFile(place, path, folders, text);
    this.find("open").href = href;
    if (holdsText) {
      this.say(`Opened on ${place.name}. Once it is committed there, clear this form.`);
      return;
    }
    const why = place.form.includes("{text}")
      ? "The text is longer than an address may be"
      : `${place.name} takes the file’s name, not its text`;
    if (await copied(text)) {
      this.say(`${why}, so it was copied: paste it into the page that was opened.`);
    } else {
      this.say(`${why}, and the browser doesn’t let us copy it: copy it from the field below.`);
      selected(this.find("by-hand"), text);
    }
  }

  async copy() {
    if (!this.check(true)) return;
    const { path, text } = this.file;
    if (await copied(text)) this.say(`Copied. Put it into ${path} in the repository.`);
    else {
      selected(this.find("by-hand"), text);
      this.say(
        `The browser doesn’t let us copy it: it is selected below. Put it into ${path} in the repository.`,
      );
    }
  }

  save() {
    if (!this.check(true)) return;
    const { path, text } = this.file;
    const address = URL.createObjectURL(new Blob([text], { type: "text/markdown" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = path.split("/").slice(this.data.kind === "role" ? -2 : -1).join("-");
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
    this.say(`Saved as ${link.download}. Put it into the repository as ${path}.`);
  }

  clear() {
    try {
      localStorage.removeItem(this.key);
    } catch {
      // Where nothing may be kept, nothing is.
    }
    this.form.reset();
    this.tried = false;
    this.data.known = null;
    this.kept = {};
    this.offer([]);
    for (const line of this.form.querySelectorAll(".or-wrong")) line.hidden = true;
    for (const field of this.form.querySelectorAll("[aria-invalid]")) {
      field.removeAttribute("aria-invalid");
    }
    if (this.find("known")) this.find("known").hidden = true;
    if (this.form.effective) this.form.effective.value = today();
    this.find("by-hand").hidden = true;
    this.show();
    this.form.dispatchEvent(new CustomEvent("onrecord:typed"));
    this.say("Cleared. Nothing of it is kept.");
    this.form.querySelector("input, select").focus();
  }
}

async function start() {
  const form = document.getElementById("or-form");
  if (!form || form.dataset.ready) return;
  form.dataset.ready = "yes";
  const data = JSON.parse(document.getElementById("or-data").dataset.facts);
  const made = new RecordForm(form, data);
  if (document.getElementById("or-before")) {
    const { watch } = await import("./before.js");
    watch(form, document.getElementById("or-before"), (ids) => {
      data.found = new Set(ids);
      made.show();
    });
  }
}

// Material swaps pages without loading them anew, where its owner wants so.
if (window.document$) window.document$.subscribe(start);
else start();
