// Says so when the live stream is lost, and takes it back when it is there again. Short gaps pass in silence.

import { announce } from "./announce.js";

const PATIENCE = 3000; // ms
let waiting = 0;

function show(lost) {
  const bar = document.getElementById("offline-bar");
  if (!bar || bar.hidden === !lost) return;
  bar.hidden = !lost;
  announce(lost ? bar.textContent.trim() : bar.dataset.back);
}

function lost() {
  if (!waiting) waiting = window.setTimeout(() => show(true), PATIENCE);
}

function back() {
  window.clearTimeout(waiting);
  waiting = 0;
  show(false);
}

document.addEventListener("htmx:sseError", lost);
document.addEventListener("htmx:sseOpen", back);
window.addEventListener("offline", lost);
window.addEventListener("online", () => {
  if (!document.querySelector("[sse-connect]")) back();
});
// A page that is being left closes its stream: that is no loss.
window.addEventListener("pagehide", () => window.clearTimeout(waiting));
