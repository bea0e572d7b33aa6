/* A site opened from a disk: no browser reads an index there, nor loads a module. What can't work
   says so in a sentence and makes room for what does; lists, names and replies work as anywhere. */
(() => {
  const FORM = "This form doesn’t work on a site opened from a disk: begin with the text below.";
  const LISTS = "Search doesn’t work on a site opened from a disk: use the lists below.";
  const ASK = "Search doesn’t work on a site opened from a disk: ";

  /** A sentence in the place of what doesn't work. */
  function say(place, ...words) {
    const sentence = document.createElement("p");
    sentence.className = "or-disk";
    sentence.append(...words);
    place.replaceWith(sentence);
  }

  const each = (selector, act) => document.querySelectorAll(selector).forEach(act);

  each("[data-onrecord-search]", (place) => say(place, LISTS));
  each(".or-ask", (form) => {
    const lists = document.createElement("a");
    lists.href = form.action;
    lists.append("go through the lists");
    say(form, ASK, lists, ".");
  });
  each(".or-noscript", (sentence) => sentence.remove());
  each(".or-form", (form) => say(form, FORM));
  each("button[data-copy]", (button) => button.remove());
  each("[data-onrecord-search-link]", (link) => {
    link.removeAttribute("aria-haspopup");
    link.removeAttribute("aria-keyshortcuts");
    link.querySelector("kbd")?.remove();
  });
})();
