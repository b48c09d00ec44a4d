// A press of the pointer that was meant for what stood there a moment ago does nothing, and says so. Held back is, within
// 0.8 seconds after a change and close to the press before it, a control that
//   changed since: it was not there, stood elsewhere, or says or does something else;
//   is the one that was pressed before: the second press of a double click.
// Whatever else stands there is what it was, and works. Who typed something or chose a file since the last press is not pressing
// twice: from then on every control works.

import { announce } from "./announce.js";

const SETTLES = 800; // ms after a change in which a press may still belong to what stood there before
const NEAR = 48; // px around a press: what comes there next was meant for what stood there
const MOVED = 8; // px
const BESIDE = 32; // px between the pointer and the words
const EDGE = 8; // px between the words and the window's edge
const SHOWN = 4_000; // ms for which the words stand there
const PLACES = ".desk-actions, .desk-undo, #close-question, #foot";
const CONTROLS = "a, button, summary, input, select, label, dialog"; // beside a dialog a press closes it

let changedAt = -SETTLES;
let words = ""; // what was said of the change
const NONE = { x: -NEAR, y: -NEAR, control: null, before: new Map() };
let press = NONE; // the last one that counted, and what stood there then
let held = false; // whether the press that is going on is held back
let hiding = 0;

export function changed(said = "") {
  changedAt = performance.now();
  words = said;
}

// What was to be settled is: a question that was answered.
export function settled() {
  changedAt = -SETTLES;
}

// The person did something else since the last press.
export function acted() {
  press = NONE;
}

const placeOf = (control) => {
  const { left, top } = control.getBoundingClientRect();
  return { left, top };
};

// What it says, and where it leads.
const meaningOf = (control) =>
  [
    control.textContent,
    control.ariaLabel,
    control.value,
    control.href,
    control.formAction,
    control.form?.getAttribute("action"),
    control.form?.getAttribute("hx-post"),
  ].join("\n");

function remember(event) {
  const controls = [...document.querySelectorAll(PLACES)].flatMap((place) => [...place.querySelectorAll(CONTROLS)]);
  const shown = controls.filter((control) => control.checkVisibility());
  return {
    x: event.clientX,
    y: event.clientY,
    control: event.target.closest(CONTROLS),
    before: new Map(shown.map((control) => [control, { meaning: meaningOf(control), ...placeOf(control) }])),
  };
}

function isSame(control) {
  const before = press.before.get(control);
  if (!before || before.meaning !== meaningOf(control)) return false;
  const now = placeOf(control);
  return Math.hypot(now.left - before.left, now.top - before.top) <= MOVED;
}

function isLate(event) {
  if (performance.now() - changedAt >= SETTLES) return false;
  if (Math.hypot(event.clientX - press.x, event.clientY - press.y) > NEAR) return false;
  const control = event.target.closest(PLACES) && event.target.closest(CONTROLS);
  return Boolean(control) && (control === press.control || !isSame(control));
}

function stop(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

// Beside the pointer and above all else, also above the question. The words of the change are said once more, since these come
// over them.
function say(event) {
  const hint = document.getElementById("too-soon");
  if (!hint) return;
  announce(`${words} ${hint.textContent}`.trim());
  hint.hidePopover();
  hint.showPopover();
  const { width, height } = hint.getBoundingClientRect();
  const above = event.clientY > window.innerHeight / 2;
  const left = Math.min(event.clientX - width / 2, window.innerWidth - width - EDGE);
  hint.style.left = `${Math.max(EDGE, left)}px`;
  hint.style.top = `${event.clientY + (above ? -BESIDE - height : BESIDE)}px`;
  window.clearTimeout(hiding);
  hiding = window.setTimeout(() => hint.isConnected && hint.hidePopover(), SHOWN);
}

document.addEventListener(
  "mousedown",
  (event) => {
    held = isLate(event);
    if (held) stop(event);
    else press = remember(event);
  },
  true,
);
document.addEventListener(
  "click",
  (event) => {
    if (event.detail === 0) return; // by a key
    if (held) {
      stop(event);
      say(event);
    } else if (event.target.closest('[data-dialog="close-question"]')) changed();
  },
  true,
);
for (const name of ["keydown", "input", "paste", "drop"]) {
  document.addEventListener(
    name,
    (event) => {
      // A script that empties the box says «input» as well, and who holds a key down may press twice.
      if (event.isTrusted && !["Shift", "Control", "Alt", "AltGraph", "Meta"].includes(event.key)) acted();
    },
    true,
  );
}
