// What is typed into a form. In: the form, and the data the page carries. Out: the values that its
// blank is filled in with, what is wrong, and what may surprise.

import { oneLine, slugOf } from "./blank.js";

const HANDLE =
  /^[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}_.-]*[\p{L}\p{N}\p{M}_])?(?:\/[\p{L}\p{N}_](?:[\p{L}\p{N}\p{M}_.-]*[\p{L}\p{N}\p{M}_])?)*$/u;
const DAY = /^\d{4}-\d\d-\d\d$/;

export const today = () => {
  const now = new Date();
  return new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
};
export const handle = (text) => text.trim().replace(/^@/, "");
const handles = (text) => text.split(/[,;\s]+/).map(handle).filter(Boolean);

/** What each form makes of its fields: the values of the blank, and the path they lead to. */
export const VALUES = {
  decision(form, data) {
    const day = today();
    const title = oneLine(form.title.value);
    const asked = [...form.querySelectorAll("[name=consulted]:checked")].map((box) => box.value);
    let slug = slugOf(title, data.most) || `decision-${day}`;
    if (data.reserved.includes(slug) || data.found?.has(slug)) slug += "-2";
    return {
      title,
      slug,
      today: day,
      year: day.slice(0, 4),
      // A person's handle as an owner has its @, a role's id hasn't.
      owner: handle(form.handle.value) ? "@" + handle(form.handle.value) : form.owner.value,
      consulted: [...asked, ...handles(form.others.value)],
      due: form.due.value,
      Problem: form.problem.value,
      Proposal: form.proposal.value,
    };
  },
  handoff(form, data) {
    const known = data.known?.sections ?? {};
    const giver = handle(form.from.value);
    const own = form.Situation.value.trim();
    const covers = [...form.querySelectorAll("[name=covers]:checked")].map((box) => box.value);
    return {
      ...known,
      covers,
      // A file of a part is named after it, as drafts.new_handoff does.
      suffix: covers.length ? slugOf(covers[0], data.most) : "",
      role: form.role.value || "a-role",
      from: giver,
      from_name: giver || data.vacant,
      to: handle(form.to.value),
      to_name: handle(form.to.value) || "someone",
      effective: form.effective.value || today(),
      until: form.until.value,
      state: form.state.value,
      Situation: [own, known.Situation].filter(Boolean).join("\n\n"),
    };
  },
  role(form, data) {
    return {
      title: form.title.value,
      role: slugOf(form.title.value, data.most) || "a-role",
      purpose: form.purpose.value,
      holder: handle(form.holder.value),
      backups: handles(form.backups.value),
      team: form.team.value,
    };
  },
};

/** What is wrong: a field's name, a sentence, and whether the file can't be sent like that. */
export function faults(form, data) {
  const found = [];
  const say = (name, words, stops = true) => found.push({ name, words, stops });
  const label = (field) => field.labels[0].firstChild.textContent.trim();
  for (const field of form.querySelectorAll("[required]")) {
    if (!oneLine(field.value)) say(field.name, `${label(field)} is missing.`);
  }
  for (const name of ["handle", "others", "from", "to", "holder", "backups"]) {
    for (const one of form[name] ? handles(form[name].value) : []) {
      if (!HANDLE.test(one)) {
        say(name, `“${one}” isn’t a handle: write the person’s name on the forge, such as ana.`);
      } else if (data.handles.length && !data.handles.includes(one.toLowerCase())) {
        say(
          name,
          `people.yml doesn’t name “${one}”: is it spelled right? Add them there too.`,
          false,
        );
      }
    }
    if (
      form[name] && ["handle", "from", "to", "holder"].includes(name) &&
      handles(form[name].value).length > 1
    ) {
      say(name, "Write one handle.");
    }
  }
  for (const field of form.querySelectorAll("[type=date]")) {
    if (field.validity.badInput || (field.value && !DAY.test(field.value))) {
      say(field.name, "That day doesn’t exist: write it as YYYY-MM-DD.");
    }
  }
  const giver = form.from && handle(form.from.value).toLowerCase();
  if (giver && giver === handle(form.to.value).toLowerCase()) {
    say("to", `${handle(form.to.value)} gives it: write who takes it on.`);
  }
  if (form.backups && handle(form.holder.value)) {
    const holder = handle(form.holder.value).toLowerCase();
    if (handles(form.backups.value).some((one) => one.toLowerCase() === holder)) {
      say("backups", "Whoever holds the role can’t cover it too: name somebody else.");
    }
  }
  if (form.until?.value && form.until.value < (form.effective.value || today())) {
    say("until", "It can’t come back before it is handed on.");
  }
  if (data.taken?.includes(slugOf(form.title.value, data.most))) {
    say("title", "There is a role of this name already.");
  }
  if (data.kind === "role" && oneLine(form.title.value) && !slugOf(form.title.value, data.most)) {
    say("title", "Write a letter or a digit: the folder is named after it.");
  }
  return found;
}

/** What may surprise in Markdown that a person wrote; it is theirs, so it is only said. */
export function advice(text) {
  if (/^#{1,2} /m.test(text)) {
    return "A line that begins with # or ## starts a new section of the record; ### doesn’t.";
  }
  if ((text.match(/^ {0,3}(```|~~~)/gm) ?? []).length % 2) {
    return "A block of code begins here and doesn’t end: add a line of ``` below it.";
  }
  if (text.lastIndexOf("<!--") > text.lastIndexOf("-->")) {
    return "A comment begins with <!-- and hides all that follows: end it with -->.";
  }
  return "";
}
