// Items change places in the page: by their buttons, with Alt and the arrows, by drag. Without this the buttons save and
// come back with the new order.

import { announce } from "./announce.js";

const slots = [...document.querySelectorAll("form[data-unsaved] [data-slot]")];
const fields = (slot) => [...slot.querySelectorAll("textarea, select, input:not([type=hidden])")];

function changePlaces(one, other) {
  const [mine, theirs] = [fields(one), fields(other)];
  mine.forEach((field, at) => {
    [field.value, theirs[at].value] = [theirs[at].value, field.value];
  });
  for (const slot of [one, other]) {
    slot.querySelector("[data-page]")?.replaceChildren();
    if (slot.matches("details")) slot.open = slot.open || fields(slot).some((field) => field.value);
    fields(slot).forEach((field) => field.dispatchEvent(new Event("input", { bubbles: true })));
  }
}

// Step by step, so that those between keep their order.
function move(from, to) {
  for (let at = from; at !== to; at += Math.sign(to - from)) changePlaces(slots[at], slots[at + Math.sign(to - from)]);
  const words = slots[to].querySelector("[data-moves]")?.dataset.moved ?? "";
  announce(words.replace("{from}", from + 1).replace("{to}", to + 1));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-move]");
  const from = slots.indexOf(button?.closest("[data-slot]"));
  const to = from + Number(button?.dataset.move);
  if (from < 0 || !slots[to]) return;
  event.preventDefault();
  move(from, to);
  const again = slots[to].querySelector(`[data-move="${button.dataset.move}"]`) ?? slots[to].querySelector("[data-move]");
  again.focus();
});

document.addEventListener("keydown", (event) => {
  const from = slots.indexOf(event.target.closest?.("[data-slot]"));
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!event.altKey || from < 0 || !step || !slots[from + step]) return;
  event.preventDefault();
  const at = fields(slots[from]).indexOf(event.target);
  move(from, from + step);
  fields(slots[from + step])[at]?.focus();
});

// An item is one line: Enter goes on to the next.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey || !event.target.matches("textarea")) return;
  const next = slots[slots.indexOf(event.target.closest("[data-slot]")) + 1];
  if (!event.target.closest("[data-slot]")) return;
  event.preventDefault();
  if (!next) return;
  if (next.matches("details")) next.open = true;
  next.querySelector("textarea").focus();
});

let dragged = -1;
for (const [at, slot] of slots.entries()) {
  const grip = slot.querySelector("legend, summary");
  grip.draggable = true;
  grip.addEventListener("dragstart", (event) => {
    dragged = at;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", String(at + 1));
  });
  grip.addEventListener("dragend", () => {
    dragged = -1;
  });
  slot.addEventListener("dragover", (event) => {
    if (dragged < 0 || dragged === at) return;
    event.preventDefault();
    slot.classList.add("slot-over");
  });
  slot.addEventListener("dragleave", () => slot.classList.remove("slot-over"));
  slot.addEventListener("drop", (event) => {
    slot.classList.remove("slot-over");
    if (dragged < 0 || dragged === at) return;
    event.preventDefault();
    move(dragged, at);
  });
}
