// What is looked for, and how an address says it: ?q=words&stage=review&sort=date

/** The filters of the index, in the order in which they are shown. */
export const FILTERS = {
  kind: "Kind",
  stage: "Stage",
  outcome: "Outcome",
  role: "Role",
  person: "Person",
  tag: "Tag",
  year: "Year",
};

/** The words of the vocabulary are in its order; other values by how often they are met. */
export const ORDER = {
  kind: ["decision", "playbook", "person", "handoff", "metric", "docs"],
  stage: ["assess", "collaborate", "review", "integrate", "align"],
  outcome: ["open", "accepted", "rejected", "withdrawn", "retired", "superseded", "unsettled"],
};

/** What a kind is called, for one of it. */
export const KINDS = {
  decision: "Decision",
  playbook: "Playbook",
  person: "Person",
  handoff: "Handoff",
  metric: "Metric",
  docs: "Page",
};

/** More can't be a question of a person; what is beyond is left out, and said to be. */
export const LONGEST = 300;

const QUESTION = 6; // words

export class Query {
  constructor(words = "", filters = {}, sort = "relevance") {
    this.words = words;
    this.filters = filters; // {name: [value, …]}, no empty lists
    this.sort = sort;
  }

  /** The query that another is a copy of, as a message between scripts hands it over. */
  static of({ words, filters, sort }) {
    return new Query(words, filters, sort);
  }

  /** The query of an address, and what in it isn't understood. */
  static read(address) {
    const query = new Query();
    const unknown = [];
    for (const [key, value] of new URLSearchParams(address)) {
      if (key === "q") query.words = value;
      else if (key === "sort" && ["date", "relevance"].includes(value)) query.sort = value;
      else if (Object.hasOwn(FILTERS, key)) query.add(key, value);
      else unknown.push(key === "sort" ? `sort=${value}` : key);
    }
    return { query, unknown };
  }

  get address() {
    const found = new URLSearchParams();
    if (this.words) found.set("q", this.words);
    for (const [name, values] of Object.entries(this.filters)) {
      for (const value of values) found.append(name, value);
    }
    if (this.sort !== "relevance") found.set("sort", this.sort);
    const text = found.toString();
    return text && `?${text}`;
  }

  /** What is handed to the index: of reasonable length, in one line. */
  get asked() {
    return Array.from(this.words).slice(0, LONGEST).join("").replace(/\s+/g, " ").trim();
  }

  get isCut() {
    return Array.from(this.words).length > LONGEST;
  }

  /** Whether there is a word, a number or an emoji to look for. */
  get hasWords() {
    return /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(this.asked) && !this.isTooShort;
  }

  /** One letter is in nearly every page; a sign of Chinese or a number may be a whole word. */
  get isTooShort() {
    return /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]$/u.test(this.asked);
  }

  /** Whether it is a question in somebody's own words, and not a few words of a record. */
  get isQuestion() {
    return this.sort === "relevance" && !/["“”„«»]/.test(this.asked) &&
      (this.asked.match(/[\p{L}\p{N}]{2,}/gu) ?? []).length >= QUESTION;
  }

  get hasFilters() {
    return Object.keys(this.filters).length > 0;
  }

  has(name, value) {
    return (this.filters[name] ?? []).includes(value);
  }

  add(name, value) {
    if (value && !this.has(name, value)) {
      this.filters[name] = [...(this.filters[name] ?? []), value];
    }
  }

  remove(name, value) {
    const left = (this.filters[name] ?? []).filter((one) => one !== value);
    if (left.length) this.filters[name] = left;
    else delete this.filters[name];
  }

  /** The same question without one of its filters. */
  without(name) {
    const others = { ...this.filters };
    delete others[name];
    return new Query(this.words, others, this.sort);
  }
}

/** The words of a text, in small letters. */
export function tokens(text) {
  return text.toLowerCase().match(/[\p{L}\p{N}\p{M}_'’-]+/gu) ?? [];
}
