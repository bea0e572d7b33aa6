// “We had this before”, while a person types. In: a form, and the section that shows what was found.
// It asks the index when typing pauses, and says nothing where nothing is close.

import { Nearest, places, words } from "./nearest.js";
import { Questions } from "./question.js";

const PAUSE = 350;
const FEWEST = 2;
const NAMED = 6;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
// What became of what a decision promised: the classes of the word, as on its own page.
const EFFECTS = { kept: "or-i-on-target", missed: "or-bad or-i-off-target" };

const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);

function made(tag, text = "", kind = "") {
  const node = document.createElement(tag);
  if (kind) node.className = kind;
  node.textContent = text;
  return node;
}

function day(written) {
  const [year, month, date] = written.split("-").map(Number);
  const node = made("time", `${date} ${MONTHS[month - 1]} ${year}`);
  node.dateTime = written;
  return node;
}

/** The first sentences of a decision, with the words it shares with the question marked. */
function quoted(gist, shared) {
  const quote = made("q");
  let at = 0;
  for (const [start, end] of places(gist, shared.flatMap((one) => one.forms))) {
    quote.append(gist.slice(at, start), made("mark", gist.slice(start, end)));
    at = end;
  }
  quote.append(gist.slice(at));
  return quote;
}

/** One earlier decision: its title, what became of it and when, and why it was found. */
function shown(hit, site) {
  const item = made("li");
  const link = made("a", hit.title);
  link.href = new URL(hit.url, site);
  const word = hit.status === "open" ? hit.stage || "open" : hit.status;
  item.append(link, " ", made("span", sentence(word), `or-chip or-chip--${word} or-i-${word}`));
  if (hit.day) {
    const when = made("small", hit.status === "open" ? " opened " : " ");
    when.append(day(hit.day));
    item.append(when);
  }
  if (hit.effect) item.append(" ", made("span", hit.effect, EFFECTS[hit.effect] ?? ""));
  if (hit.closeness) item.append(" ", made("small", hit.closeness, "or-near"));
  const shared = hit.shared.sort((a, b) => b.value - a.value);
  if (hit.gist) item.append(quoted(hit.gist, shared));
  const named = shared.slice(0, NAMED).map((one) => one.word);
  if (named.length) item.append(made("small", `Both mention ${named.join(", ")}.`));
  return item;
}

/** What was asked instead of words that were misspelt, as search says it of pages. */
function instead(slips) {
  return slips.map(({ typed, meant }) =>
    `No decision has “${typed}”: searched for “${meant}” instead.`
  ).join(" ");
}

/** How near the first is, and what to do. */
function summary(hits) {
  if (!hits.length) return "";
  if (hits[0].closeness === "nearest") return "Nothing close. The nearest are:";
  if (hits[0].closeness === "may help") return "Nothing is close, but these may help.";
  const isFar = ({ closeness }) => closeness === "may help" || closeness === "nearest";
  const close = hits.filter((one) => !isFar(one)).length;
  const number = close === 1 ? "One earlier decision is" : `${close} earlier decisions are`;
  return `${number} close. Read before you write on.`;
}

/** Where nothing is close, whoever only has a question may leave the rest of the form empty. */
function askFor(section, question, isOpen) {
  section.querySelector(".or-ask")?.remove();
  if (!isOpen || !question) return;
  const line = made("p", "Only a question? Leave the rest empty. It is listed with the ", "or-ask");
  const link = made("a", "open questions");
  link.href = section.dataset.questions;
  line.append(link, " until somebody takes it up.");
  section.append(line);
}

/** Ask again each time typing pauses; `tell` is given the ids of what is shown. */
export function watch(form, section, tell) {
  const list = section.querySelector("#or-hits");
  const said = section.querySelector("#or-before-said");
  const index = new URL(section.dataset.index, document.baseURI);
  const nearest = new Nearest(index.href);
  const questions = new Questions(nearest);
  const site = new URL("../../", index);
  let asked = "";
  let turn = 0;
  let timer;

  const show = (hits, slips = []) => {
    section.hidden = !hits.length;
    list.replaceChildren(...hits.map((hit) => shown(hit, site)));
    said.textContent = `${instead(slips)} ${summary(hits)}`.trim();
    section.dataset.asked = asked.trim();
    askFor(section, form.title.value.trim(), hits[0]?.closeness === "nearest");
    tell(
      hits.map((hit) => decodeURIComponent(hit.url.replace(/\/$|\.html$/, "")).split("/").pop()),
    );
  };

  const ask = async () => {
    const [title, text] = [form.title.value, form.problem.value];
    if (asked === title + "\n" + text) return;
    asked = title + "\n" + text;
    turn += 1;
    const own = turn;
    try {
      const isEmpty = words(asked).length < FEWEST;
      const isQuestion = !isEmpty && await questions.takes(asked);
      const hits = isQuestion
        ? await questions.ask(asked)
        : isEmpty
        ? []
        : await nearest.ask(title, text);
      const slips = isQuestion ? await questions.slips(asked) : [];
      if (own === turn) show(hits, slips);
    } catch (error) {
      console.warn("What was decided before can’t be looked up now.", error);
      if (own === turn) show([]);
      asked = "";
    }
  };

  form.addEventListener("onrecord:typed", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  ask();
}
