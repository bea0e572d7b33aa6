// Copying. A click on anything with `data-copy` copies that text and says so beside it; where the
// browser refuses, the text is shown and selected, to be copied by hand.

/** True when the text is in the clipboard now. */
export async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** Show a text in a field, all of it selected. */
export function selected(field, text) {
  field.value = text;
  field.hidden = false;
  field.focus();
  field.select();
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("button[data-copy]");
  if (!button) return;
  const said = button.parentElement.querySelector("[role=status]");
  if (await copied(button.dataset.copy)) {
    said.textContent = "Copied.";
    return;
  }
  const line = button.parentElement.querySelector("code");
  getSelection().selectAllChildren(line);
  said.textContent = "Selected: copy it by hand.";
});

/** Lines made on the day of the build get the day on which they are read. */
function freshen() {
  const now = new Date();
  const today = new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
  for (const line of document.querySelectorAll(".or-line[data-day]")) {
    const built = line.dataset.day;
    if (today <= built) continue;
    const code = line.querySelector("code");
    const button = line.querySelector("button");
    code.textContent = code.textContent.replaceAll(built, today);
    button.dataset.copy = button.dataset.copy.replaceAll(built, today);
    line.dataset.day = today;
  }
}

// Material swaps pages without loading them anew, where its owner wants so.
if (window.document$) window.document$.subscribe(freshen);
else freshen();
