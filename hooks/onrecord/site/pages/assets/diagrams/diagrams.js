/* Diagrams that people wrote as Mermaid's code, drawn where the code is.

   A frame without rights draws them (frame.html) and gives back a picture, which can run nothing
   and load nothing. The code stays, below the picture. Without scripts, or where Mermaid can't
   read it, the code is what a reader sees. A plain script, so that it also runs on a site opened
   from a disk. */
(() => {
  const FRAME = new URL("frame.html", document.currentScript.src).href;
  const isDark = () => document.body.dataset.mdColorScheme === "slate";

  /** What draws: one frame for a page, which answers in the order in which it was asked. */
  class Drawer {
    constructor() {
      this.asked = new Map();
      this.frame = document.createElement("iframe");
      // On a disk each file is a host of its own already, and a sandbox could load none.
      if (location.protocol !== "file:") this.frame.setAttribute("sandbox", "allow-scripts");
      this.frame.className = "or-drawer";
      this.frame.tabIndex = -1;
      this.frame.setAttribute("aria-hidden", "true");
      this.isThere = new Promise((done) => (this.arrived = done));
      addEventListener("message", ({ source, data }) => {
        if (source !== this.frame.contentWindow) return;
        if (data === "ready") this.arrived();
        else this.asked.get(data.number)?.(data);
      });
      this.frame.src = FRAME;
      document.body.append(this.frame);
    }

    /** The answer to one code: {svg, width, height, title}, or {fault}. */
    async draw(code, dark) {
      await this.isThere;
      const number = this.asked.size;
      const answer = new Promise((done) => this.asked.set(number, done));
      this.frame.contentWindow.postMessage({ number, code, dark }, "*");
      return answer;
    }
  }

  function make(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  }

  /** One diagram: its code, and the figure that takes its place. */
  class Diagram {
    constructor(block) {
      this.block = block;
      this.code = (block.querySelector("code") ?? block).textContent;
    }

    async show(drawer) {
      const dark = isDark();
      const { svg, width, height, title, fault } = await drawer.draw(this.code, dark);
      if (fault !== undefined) {
        this.block.before(make("p", { class: "or-diagram__fault" }, fault));
        return;
      }
      if (!this.figure) {
        this.picture = make("img", { decoding: "async" });
        const code = make("details", {}, make("summary", {}, "Code of this diagram"));
        const view = make("div", { class: "or-scroll" }, this.picture);
        // On a phone a wide picture keeps a size that can be read; whoever has but keys scrolls too.
        this.picture.onload = () => (view.tabIndex = view.scrollWidth > view.clientWidth ? 0 : -1);
        this.figure = make("figure", { class: "or-diagram" }, view, code);
        this.block.replaceWith(this.figure);
        code.append(this.block);
      }
      this.picture.width = width;
      this.picture.height = height;
      this.picture.alt = title || "Diagram; its code is below";
      this.picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
      this.picture.dataset.orDark = dark;
    }
  }

  async function start() {
    const blocks = [...document.querySelectorAll(".language-mermaid:not([data-or-ready])")];
    if (!blocks.length) return;
    for (const block of blocks) block.dataset.orReady = "";
    document.querySelector(".or-drawer")?.remove(); // that of the page before
    const drawer = new Drawer();
    const diagrams = blocks.map((block) => new Diagram(block));
    const all = async () => {
      for (const one of diagrams) await one.show(drawer);
    };
    await all();
    const shown = diagrams.filter((one) => one.figure);
    diagrams.splice(0, diagrams.length, ...shown);
    // Day and night: the same pictures in the other colours.
    let was = isDark();
    new MutationObserver(() => {
      if (isDark() === was || !document.contains(drawer.frame)) return;
      was = isDark();
      all();
    }).observe(document.body, { attributes: true, attributeFilter: ["data-md-color-scheme"] });
  }

  // Material with instant navigation runs this again for each page that has a diagram.
  start();
})();
