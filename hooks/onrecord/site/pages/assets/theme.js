/* What the script of Material does for the pages of this site, in a tenth of its weight.

   The build puts it in the place of the theme's own where a site asks for no more than this: colours,
   contents that follow, the drawer, copying of code, wide tables, details, back to the top. A plain
   script at the end of the page, as the theme's is, so that nothing moves after the first paint. */
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const parts = (name) => all(`[data-md-component=${name}]`);
  const [header] = parts("header");
  const [main] = parts("main");
  const article = document.querySelector(".md-content");
  const { features, translations } = JSON.parse(document.getElementById("__config").textContent);
  document.documentElement.classList.replace("no-js", "js");

  function make(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  }

  /** What the end of an address names; null for nothing. */
  function named(hash) {
    try {
      return document.getElementById(decodeURIComponent(hash.slice(1)));
    } catch {
      return null; // a sign of an address that is none
    }
  }

  // Colours. What is kept, and under which name, is the theme's: its script in the head reads it.
  const COLOURS = ["media", "scheme", "primary", "accent"];
  // The theme's script keeps the colours that a page begins with; until a reader has chosen some, they
  // follow the system.
  const CHOSEN = "__palette_chosen";

  function startPalette(form) {
    const inputs = all("input", form);
    const light = matchMedia("(prefers-color-scheme: light)");
    const bar = make("meta", { name: "theme-color" });
    const scheme = make("meta", { name: "color-scheme" });
    document.head.append(bar, scheme);
    const said = (input) =>
      Object.fromEntries(COLOURS.map((one) => [one, input.getAttribute(`data-md-color-${one}`)]));

    function use(index) {
      const color = said(inputs[index]);
      if (color.media === "(prefers-color-scheme)") {
        const system = `(prefers-color-scheme: ${light.matches ? "light" : "dark"})`;
        const input = inputs.find((one) => one.getAttribute("data-md-color-media") === system);
        Object.assign(color, input && said(input), { media: color.media });
      }
      const body = document.body;
      body.setAttribute("data-md-color-switching", "");
      for (const one of COLOURS) body.setAttribute(`data-md-color-${one}`, color[one]);
      inputs.forEach((input, at) => {
        const label = input.nextElementSibling;
        if (label) label.hidden = at !== index;
      });
      globalThis.__md_set("__palette", { index, color });
      const style = getComputedStyle(header);
      scheme.content = style.colorScheme;
      bar.content = style.backgroundColor;
      setTimeout(() => body.removeAttribute("data-md-color-switching"));
    }

    const current = () => {
      const kept = globalThis.__md_get(CHOSEN) && globalThis.__md_get("__palette");
      const fits = (input) => matchMedia(input.getAttribute("data-md-color-media")).matches;
      const index = kept ? kept.index : inputs.findIndex(fits);
      return Math.max(0, Math.min(index, inputs.length - 1));
    };
    const choose = (index) => {
      globalThis.__md_set(CHOSEN, true);
      use(index);
    };
    inputs.forEach((input, index) => input.addEventListener("change", () => choose(index)));
    light.addEventListener("change", () => use(current()));
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      const next = inputs[(current() + 1) % inputs.length];
      next.click();
      next.focus();
    });
    use(current());
  }

  // What follows as the reader scrolls.
  const SIDEBARS = { navigation: "(min-width: 76.25em)", toc: "(min-width: 60em)" };
  const sidebars = parts("sidebar").map((bar) => {
    const inner = bar.querySelector(".md-sidebar__scrollwrap");
    return { bar, inner, wide: matchMedia(SIDEBARS[bar.getAttribute("data-md-type")]) };
  });
  const contents = parts("toc").map((list) =>
    all(".md-nav__link", list)
      .map((link) => [link, named(link.hash)])
      .filter(([, heading]) => heading)
  );
  const title = article?.querySelector("h1");
  const topButtons = parts("top");
  let before = scrollY;

  /** Where something begins on the page; what is folded away begins where its fold does. */
  function begin(node) {
    while (node.parentElement && !node.getClientRects().length) node = node.parentElement;
    return node.getBoundingClientRect().top + scrollY;
  }

  function fit({ bar, inner, wide }, head) {
    if (!wide.matches) {
      bar.style.top = inner.style.height = "";
      return;
    }
    const top = main.offsetTop;
    const grid = bar.closest(".md-grid");
    const gap = grid.offsetTop - grid.parentElement.offsetTop;
    const above = Math.max(0, top - scrollY, head);
    const below = Math.max(0, innerHeight + scrollY - top - main.offsetHeight);
    const seen = Math.max(0, innerHeight - above - below);
    const height = seen + Math.min(gap, Math.max(0, scrollY - top + head)) - gap;
    bar.style.top = `${head}px`;
    inner.style.height = `${height - 2 * inner.offsetTop}px`;
  }

  function centre(link) {
    const box = link.closest(".md-sidebar__scrollwrap");
    if (box && link.offsetHeight) {
      box.scrollTo({ top: link.offsetTop - box.offsetTop - box.offsetHeight / 2 });
    }
  }

  function mark(links, head) {
    const line = scrollY + head + 0.8 * (main.firstElementChild.offsetTop - main.offsetTop);
    const isEnd = scrollY > 0 && scrollY + innerHeight >= Math.floor(document.body.offsetHeight);
    const passed = links.filter(([, heading]) => isEnd || begin(heading) < line).length;
    links.forEach(([link], at) => {
      const isNow = at === passed - 1;
      const isNew = isNow && !link.classList.contains("md-nav__link--active");
      link.classList.toggle("md-nav__link--passed", at < passed);
      link.classList.toggle("md-nav__link--active", isNow);
      if (isNew && features.includes("toc.follow")) centre(link);
    });
  }

  function follow() {
    const head = header.offsetHeight;
    const isWithin = scrollY >= main.offsetTop - head;
    header.classList.toggle("md-header--shadow", isWithin);
    for (const one of sidebars) fit(one, head);
    for (const links of contents) mark(links, head);
    for (const one of parts("header-title")) {
      const isPast = title && scrollY + head >= begin(title) + title.offsetHeight;
      one.classList.toggle("md-header__title--active", Boolean(isPast));
    }
    if (scrollY !== before) showTop(scrollY < before && scrollY > 0 && isWithin);
    before = scrollY;
  }

  function showTop(isShown) {
    for (const button of topButtons) {
      button.style.top = `${header.offsetHeight + 16}px`;
      button.hidden = !isShown;
      button.tabIndex = isShown ? 0 : -1;
    }
  }

  let waits = false;
  function followSoon() {
    if (waits) return;
    waits = true;
    requestAnimationFrame(() => {
      waits = false;
      follow();
    });
  }

  // The text.
  function say(words) {
    const [dialog] = parts("dialog");
    dialog.querySelector(".md-typeset").textContent = words;
    dialog.classList.add("md-dialog--active");
    clearTimeout(say.timer);
    say.timer = setTimeout(() => dialog.classList.remove("md-dialog--active"), 2000);
  }

  async function copy(code) {
    code.setAttribute("data-md-copying", "");
    const text = (code.closest("[data-copy]")?.getAttribute("data-copy") ?? code.innerText)
      .trimEnd();
    code.removeAttribute("data-md-copying");
    if (navigator.clipboard) await navigator.clipboard.writeText(text);
    else { // a site without https
      const field = make("textarea", { readonly: "", style: "position:fixed;opacity:0" }, text);
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
    say(translations["clipboard.copied"]);
  }

  const codes = article ? all("pre:not(.mermaid) > code", article) : [];
  const canHover = matchMedia("(hover)").matches;
  const widths = new ResizeObserver((seen) => {
    for (const { target } of seen) {
      if (canHover && target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  for (const code of codes) {
    if (code.querySelector(":scope > span[id]")) code.classList.add("md-code__content");
    const wanted = features.includes("content.code.copy") && !code.closest(".no-copy");
    if (wanted || code.closest(".copy")) {
      const named = { class: "md-code__button", title: translations["clipboard.copy"] };
      const button = make("button", { ...named, type: "button", "data-md-type": "copy" });
      button.addEventListener("click", () => copy(code));
      code.before(make("nav", { class: "md-code__nav" }, button));
    }
    widths.observe(code);
  }
  for (const table of article ? all("table:not([class])", article) : []) {
    const inner = make("div", { class: "md-typeset__table" });
    table.replaceWith(make("div", { class: "md-typeset__scrollwrap" }, inner));
    inner.append(table);
  }

  function reveal() {
    const fold = named(location.hash)?.closest("details:not([open])");
    if (!fold) return;
    fold.open = true;
    fold.scrollIntoView();
  }
  addEventListener("beforeprint", () => {
    for (const fold of all(".md-content details:not([open])")) {
      fold.open = true;
      addEventListener("afterprint", () => fold.open = false, { once: true });
    }
  });

  // The drawer, and the sections of the navigation.
  function close() {
    for (const toggle of all("[data-md-toggle]")) toggle.checked = false;
    showTop(false);
  }
  addEventListener("hashchange", () => {
    reveal();
    setTimeout(close, 125);
  });
  for (const toggle of all(".md-toggle--indeterminate")) {
    toggle.indeterminate = true;
    toggle.checked = false;
    toggle.addEventListener("change", () => {
      toggle.classList.remove("md-toggle--indeterminate");
      if (matchMedia(SIDEBARS.toc).matches) toggle.checked = false;
    }, { once: true });
  }
  for (const label of all("label[tabindex][id]")) {
    const list = document.querySelector(`[aria-labelledby="${label.id}"]`);
    const toggle = document.getElementById(label.htmlFor);
    toggle?.addEventListener("change", () => list?.setAttribute("aria-expanded", toggle.checked));
  }
  addEventListener("keydown", (event) => {
    const at = document.activeElement;
    if (
      event.metaKey || event.ctrlKey || at.matches("input, select, textarea, [contenteditable]")
    ) {
      return;
    }
    const way = { p: "prev", ",": "prev", n: "next", ".": "next" }[event.key];
    const link = way && document.querySelector(`link[rel=${way}]`);
    if (link) location.assign(link.href);
    if (event.key === "Enter" && at instanceof HTMLLabelElement) at.click();
  });
  document.addEventListener("pointerover", (event) => {
    const words = event.target.closest?.(".md-ellipsis");
    if (words && words.offsetWidth < words.scrollWidth) {
      (words.closest("a") ?? words).title = words.innerText;
    }
  });

  for (const form of parts("palette")) startPalette(form);
  for (const button of topButtons) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      scrollTo({ top: 0 });
    });
  }
  addEventListener("scroll", followSoon, { passive: true });
  new ResizeObserver(followSoon).observe(document.body);
  addEventListener("resize", followSoon);
  follow();
  for (const { bar } of sidebars) all(".md-nav__link--active[href]", bar).forEach(centre);
  reveal();
})();
