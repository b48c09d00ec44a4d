// What follows an action at the desk: a polite word, the focus where the next thing is done, ten seconds to undo a closing.
// The server says both in a header of its answer (src/arengo/desk/doing.py).

import { announce } from "./announce.js";
import { changed, settled } from "./desk-late.js";

const UNDO = 10_000; // ms for which the way back is offered
const STEP = 250; // ms

let hadFocus = false;

const title = () => document.getElementById("conversation-title") ?? document.getElementById("inbox-scroll");
const isShown = (element) => element?.checkVisibility();

function focusOn(id) {
  const wanted = document.getElementById(id);
  // A place that holds one control: the control.
  const control = wanted?.matches(".desk-slot") ? wanted.querySelector("button, summary") : wanted;
  const found = [control, title()].find(isShown);
  found?.focus({ preventScroll: !found.matches("li") });
}

document.addEventListener("htmx:afterRequest", (event) => {
  const told = event.detail.xhr?.getResponseHeader("X-Arengo-Done");
  if (!told) return;
  const { words, focus } = JSON.parse(told);
  if (words) announce(words);
  if (focus) focusOn(focus);
  changed(words);
});

// Whoever had the focus in what a live update took away gets it at the conversation's name, never nowhere.
document.addEventListener("desk:before", () => {
  hadFocus = document.activeElement !== document.body;
});
document.addEventListener("desk:after", () => {
  if (hadFocus && document.activeElement === document.body) title()?.focus({ preventScroll: true });
});

// --- closing ---

// Which conversation stands below the open one: the next, once that is closed.
document.addEventListener(
  "submit",
  (event) => {
    const next = event.target.querySelector("[data-next]");
    if (!next) return;
    const rows = [...document.querySelectorAll("a.desk-row")];
    const here = rows.findIndex((row) => row.hasAttribute("aria-current"));
    const following = here < 0 ? null : (rows[here + 1] ?? rows[here - 1]);
    next.value = following?.id.replace("open-", "") ?? "";
  },
  true,
);

function askNow() {
  const question = document.getElementById("close-question");
  if (!question || !document.getElementById("asks-close")) return;
  question.close();
  question.showModal();
}

document.addEventListener(
  "close",
  (event) => {
    if (event.target.id !== "close-question") return;
    settled();
    if (event.target.returnValue !== "answer") return;
    event.target.returnValue = "";
    focusOn("composer-text");
  },
  true,
);

function offerUndo() {
  const bar = document.getElementById("undo");
  if (!bar || bar.dataset.left) return;
  bar.dataset.left = UNDO;
  const clock = window.setInterval(() => {
    if (!bar.isConnected) return window.clearInterval(clock);
    if (bar.matches(":hover, :focus-within") || document.hidden) return undefined;
    bar.dataset.left -= STEP;
    if (bar.dataset.left > 0) return undefined;
    window.clearInterval(clock);
    return bar.remove();
  }, STEP);
}

document.addEventListener("desk:after", askNow);
document.addEventListener("htmx:afterSettle", offerUndo);
askNow();
offerUndo();
