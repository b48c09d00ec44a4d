// Marks of the chat around the selected words, and how the citizen will read them: the server says it, by its own rules.

const AFTER = 350; // ms without a key
const MARKED = /[*_~`]\S[^]*?[*_~`]/;

const box = () => document.getElementById("composer-text");
const shown = () => document.getElementById("formatted");
let timer = null;

function mark(sign) {
  const field = box();
  const { selectionStart: start, selectionEnd: end, value } = field;
  const words = value.slice(start, end);
  const inner = words.trim();
  const before = words.slice(0, words.indexOf(inner));
  const after = words.slice(before.length + inner.length);
  const isMarked = inner.length > 1 && inner.startsWith(sign) && inner.endsWith(sign);
  const wanted = isMarked ? inner.slice(1, -1) : `${sign}${inner}${sign}`;
  field.setRangeText(`${before}${wanted}${after}`, start, end, "end");
  const from = start + before.length;
  if (inner) field.setSelectionRange(from, from + wanted.length);
  else field.setSelectionRange(from + 1, from + 1); // between the two
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

async function draw() {
  const place = shown();
  const text = box()?.value ?? "";
  if (!place) return;
  if (!MARKED.test(text)) {
    place.hidden = true;
    return;
  }
  const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
  try {
    const body = new URLSearchParams({ text });
    const answer = await fetch(place.dataset.from, { method: "POST", body, headers: { "X-CSRFToken": token } });
    if (!answer.ok || box()?.value !== text) return;
    const said = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".desk-text");
    if (!said) return;
    place.querySelector("div").replaceChildren(said);
    place.hidden = false;
  } catch {
    place.hidden = true; // no line: the words are there all the same
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-mark]");
  if (!button) return;
  document.getElementById("format").open = false;
  mark(button.dataset.mark);
});

document.addEventListener("keydown", (event) => {
  if (event.target.id !== "composer-text" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
  const sign = { b: "*", i: "_" }[event.key.toLowerCase()];
  if (!sign) return;
  event.preventDefault();
  mark(sign);
});

document.addEventListener("input", (event) => {
  if (event.target.id !== "composer-text") return;
  window.clearTimeout(timer);
  timer = window.setTimeout(draw, AFTER);
});

function start() {
  const menu = document.getElementById("format");
  if (menu) menu.hidden = false;
}

document.addEventListener("htmx:afterSettle", (event) => event.target.id === "desk" && start());
document.addEventListener("desk:after", start);
start();
