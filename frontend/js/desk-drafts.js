// What stands in the composer is kept by the server as well: it outlives this browser, and waits on every other device.

import { queuedWords } from "./desk-uploads.js";

const AFTER = 1_000; // ms without a key

const box = () => document.getElementById("composer-text");
let timer = null;
let last = null; // { address, text }: what the server was told

function tell() {
  window.clearTimeout(timer);
  timer = null;
  const field = box();
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  if (!field?.dataset.keepAt || !token) return;
  const text = [queuedWords(), field.value].filter(Boolean).join("\n");
  const address = field.dataset.keepAt;
  if (last?.address === address && last.text === text) return;
  last = { address, text };
  const body = new URLSearchParams({ text, key: document.getElementById("composer-key")?.value ?? "" });
  // keepalive: the page may go meanwhile. What does not arrive stays in this browser (drafts.js), and is told with the next key.
  fetch(address, { method: "POST", body, headers: { "X-CSRFToken": token }, keepalive: text.length < 16_000 }).then(
    (answer) => {
      if (!answer.ok) last = null;
    },
    () => {
      last = null;
    },
  );
}

const tellNow = () => {
  if (timer !== null) tell();
};

document.addEventListener("input", (event) => {
  if (event.target.id !== "composer-text") return;
  window.clearTimeout(timer);
  timer = window.setTimeout(tell, AFTER);
});
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && tellNow());
window.addEventListener("pagehide", tellNow);
document.addEventListener("submit", (event) => event.target.matches("form[data-signs-out]") && tellNow(), true);
// Another conversation takes this one's place.
document.addEventListener("htmx:beforeSwap", (event) => event.detail.target?.id === "desk" && tellNow());
