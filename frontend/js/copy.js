// A button with data-copy="text" copies the text, with data-copy-from="id" what that element shows.

import { announce } from "./announce.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-copy-from]");
  if (!button) return;
  const source = button.dataset.copyFrom ? document.getElementById(button.dataset.copyFrom) : null;
  const text = source ? (source.value ?? source.innerText) : button.dataset.copy;
  const label = button.querySelector("[data-copy-label]") ?? button;
  button.dataset.idle ??= label.textContent;
  try {
    await navigator.clipboard.writeText(text);
    label.textContent = button.dataset.done;
    button.dataset.copied = "";
    announce(button.dataset.done);
  } catch {
    // Without https browsers refuse the clipboard: select the words, so that the person can copy them.
    if (source) window.getSelection().selectAllChildren(source);
    label.textContent = button.dataset.failed;
    announce(button.dataset.failed);
  }
  window.setTimeout(() => {
    label.textContent = button.dataset.idle;
    delete button.dataset.copied;
  }, 3000);
});
