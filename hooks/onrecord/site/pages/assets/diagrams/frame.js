/* What draws diagrams, in a frame that has no rights: no origin, no other host, no inline script.

   In comes {number, code, dark}; out goes {number, svg, width, height, title}, or {number, fault}
   with the first line of what Mermaid says. */
(() => {
  // What the code of a diagram may not set for itself.
  const KEPT = [
    "secure",
    "securityLevel",
    "startOnLoad",
    "maxTextSize",
    "suppressErrorRendering",
    "maxEdges",
    "dompurifyConfig",
    "themeCSS",
  ];

  async function drawn(number, code, dark) {
    globalThis.mermaid.initialize({
      startOnLoad: false,
      securityLevel: "strict",
      suppressErrorRendering: true,
      secure: KEPT,
      theme: dark ? "dark" : "default",
      fontFamily: "system-ui, sans-serif",
    });
    const { svg } = await globalThis.mermaid.render(`drawing-${number}`, code);
    const place = document.createElement("div");
    place.innerHTML = svg;
    const picture = place.querySelector("svg");
    const { width, height } = picture.viewBox.baseVal;
    // A picture has a size of its own, where a drawing in a page takes the width it finds.
    picture.setAttribute("width", width);
    picture.setAttribute("height", height);
    const title = ["title", "desc"].map((one) =>
      picture.querySelector(`:scope > ${one}`)?.textContent.trim()
    );
    return {
      svg: new XMLSerializer().serializeToString(picture),
      width: Math.ceil(width),
      height: Math.ceil(height),
      title: title.filter(Boolean).join(": "),
    };
  }

  let before = Promise.resolve();
  addEventListener("message", ({ source, data: { number, code, dark } }) => {
    if (source !== parent) return;
    const answer = (made) => parent.postMessage({ number, ...made }, "*");
    const failed = (error) => {
      const [first] = String(error?.message ?? error).split("\n");
      answer({ fault: `Mermaid can’t draw this: ${first}` });
    };
    before = before.then(() => drawn(number, code, dark)).then(answer, failed);
  });
  parent.postMessage("ready", "*");
})();
