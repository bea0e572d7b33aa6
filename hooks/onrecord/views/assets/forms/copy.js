// Copying. A click on anything with `data-copy` copies that text and says so beside it; where the
// browser refuses, the text is shown and selected, to be copied by hand.

/** True when the text is in the clipboard now. */
export async function copied(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

/** Show a text in a field, all of it selected. */
export function selected(field, text) {
  field.value = text
  field.hidden = false
  field.focus()
  field.select()
}

document.addEventListener('click', async (event) => {
  const button = event.target.closest?.('button[data-copy]')
  if (!button) return
  const said = button.parentElement.querySelector('[role=status]')
  if (await copied(button.dataset.copy)) {
    said.textContent = 'Copied.'
    return
  }
  const line = button.parentElement.querySelector('code')
  getSelection().selectAllChildren(line)
  said.textContent = 'Selected: copy it by hand.'
})
