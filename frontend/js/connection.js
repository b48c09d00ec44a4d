// Says so when the network or the live stream is lost, and takes it back when they are there again. Short gaps pass
// in silence. What a part of the page asked for in the meantime, it asks again.

import { announce } from "./announce.js";

const PATIENCE = 3000; // ms
const PROBE_EVERY = 2000; // ms
let waiting = 0;
let probing = 0;

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

// The stream may have lived through the gap while an answer of ours did not: every live part asks again, once.
function askAgain() {
  for (const part of document.querySelectorAll('[hx-trigger*="sse:"]')) {
    for (const name of part.getAttribute("hx-trigger").match(/sse:[^\s,[]+/g)) window.htmx.trigger(part, name);
  }
}

async function probe() {
  window.clearTimeout(probing);
  try {
    const answer = await fetch("/healthz", { cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
  } catch {
    lost();
    probing = window.setTimeout(probe, PROBE_EVERY);
    return;
  }
  probing = 0;
  back();
  askAgain();
}

// The server closed the stream instead of losing it: too many windows, or nobody is signed in any more.
async function refused(address) {
  let answer;
  try {
    answer = await fetch(address, { method: "HEAD", cache: "no-store" });
  } catch {
    lost();
    return;
  }
  const full = answer.status === 429;
  const bar = document.getElementById("streams-bar");
  if (bar && bar.hidden === full) {
    bar.hidden = !full;
    if (full) announce(bar.textContent.trim());
  }
  if (full) return;
  // 404: nobody is signed in here any more, or the person may not see this any more. Asking for the page tells which.
  const ended = answer.status === 404 ? document.getElementById("signed-out-bar") : null;
  if (ended) {
    ended.hidden = false;
    announce(ended.textContent.trim());
  } else lost();
}

document.addEventListener("htmx:sseError", (event) => {
  const source = event.detail?.source;
  if (source?.readyState === EventSource.CLOSED) refused(source.url);
  else lost();
});
document.addEventListener("htmx:sseOpen", () => {
  const bar = document.getElementById("streams-bar");
  if (bar) bar.hidden = true;
  back();
});
document.addEventListener("htmx:sendError", () => {
  lost();
  if (!probing) probing = window.setTimeout(probe, PROBE_EVERY);
});
window.addEventListener("offline", lost);
window.addEventListener("online", probe);
// A page that is being left closes its stream: that is no loss.
window.addEventListener("pagehide", () => window.clearTimeout(waiting));
