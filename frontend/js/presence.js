// The server ends a session an hour after somebody last did something themselves (core/sessions.py). What this page asks
// for by itself says so; the minutes before the end a bar says what will happen.

import { ofBrowser } from "./stores.js";

const LIMIT = Number(document.querySelector('meta[name="arengo-idle"]')?.content ?? 0) * 1000; // ms; 0: nobody is signed in
const LEFT = Number(document.querySelector('meta[name="arengo-left"]')?.content ?? 0) * 1000; // ms until it ends in any case
const BEGAN = Date.now();
const NOTICE = 5 * 60_000; // ms before the end
const SHARED = "arengo:acted"; // the time of the last act in any tab
const TOLD_EVERY = 10_000; // ms between two writes of it

let acted = false; // since the last request that told the server
let last = Date.now();

function share(at) {
  try {
    ofBrowser.setItem(SHARED, String(at));
  } catch {
    // No room: the other tabs do not hear of it.
  }
}

function note(event) {
  if (!event.isTrusted) return;
  acted = true;
  const now = Date.now();
  if (now - last < TOLD_EVERY) return;
  last = now;
  share(now);
}

// Moving the pointer is no act: a cat on the table would keep the console open.
if (LIMIT) for (const kind of ["keydown", "pointerdown", "wheel", "touchstart"]) {
  document.addEventListener(kind, note, { capture: true, passive: true });
}

document.addEventListener("htmx:configRequest", (event) => {
  if (!acted) return;
  event.detail.headers["X-Arengo-Act"] = "person";
  acted = false;
});

// A bar is shown in the last minutes before something ends; then the server says that it has ended.
function show(id, left) {
  const bar = document.getElementById(id);
  const soon = left > 0 && left <= NOTICE;
  if (bar && bar.hidden === soon) bar.hidden = !soon;
  return soon;
}

function look() {
  const ends = show("end-bar", LEFT - (Date.now() - BEGAN));
  const idle = LIMIT - (Date.now() - Math.max(last, Number(ofBrowser.getItem(SHARED) ?? 0)));
  show("idle-bar", ends ? 0 : idle);
}

if (LIMIT) {
  share(last);
  window.setInterval(look, 15_000);
  look();
  document.addEventListener("pointerdown", () => window.setTimeout(look), { passive: true });
  document.addEventListener("keydown", () => window.setTimeout(look));
}
