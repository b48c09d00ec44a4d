// A link that is pasted beside an empty item becomes an item: its page is asked for its title. What somebody wrote is never
// replaced unless they press «Usa …».

import { announce } from "./announce.js";

const boxes = (element) => {
  const slot = element.closest("[data-slot]");
  return { slot, text: slot?.querySelector("textarea"), link: slot?.querySelector("input"), ask: slot?.querySelector("[data-read-page]") };
};

function write(box, words) {
  box.value = words;
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("paste", (event) => {
  const { text, link, ask } = boxes(event.target);
  if (!ask || event.target !== link) return;
  // The words stand in the field once the event is over.
  window.setTimeout(() => {
    if (/^\S+\.\S+$/.test(link.value.trim()) && !text.value.trim()) ask.click();
  });
});

document.addEventListener("htmx:afterSwap", (event) => {
  const { slot, text, link } = boxes(event.target);
  if (!slot || !event.target.matches("[data-page]")) return;
  const problem = event.target.querySelector("[data-page-problem]");
  const about = event.target.querySelector("[data-line]");
  if (problem) announce(problem.textContent.trim());
  if (!about) return;
  const { line } = about.dataset;
  if (line && !text.value.trim()) {
    write(text, line);
    announce(event.target.dataset.taken.replace("{line}", line));
  } else announce(about.querySelector(".page-says").textContent.trim());
  link.dataset.read = link.value;
});

// It says nothing of another address.
document.addEventListener("input", (event) => {
  const { slot, link } = boxes(event.target);
  if (!slot || event.target !== link || link.dataset.read === undefined || link.dataset.read === link.value) return;
  slot.querySelector("[data-page]").replaceChildren();
  delete link.dataset.read;
});

document.addEventListener("click", (event) => {
  const use = event.target.closest("[data-use-line]");
  if (!use) return;
  const { text } = boxes(use);
  write(text, use.dataset.words);
  text.focus();
});
