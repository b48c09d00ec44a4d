// Posting by hand: one press copies the text, saves the picture, opens the channel; each press is saved at once, so that it
// outlives the trip to WhatsApp. Without this module the links work, the text is read and selected, and the form is sent.

import { announce } from "./announce.js";

const hand = document.querySelector("[data-hand]");
for (const button of document.querySelectorAll("[data-hand-scripted]")) button.hidden = false;
for (const button of document.querySelectorAll("[data-hand-paste]")) button.hidden = !navigator.clipboard?.readText;

const selected = new WeakSet(); // the browser refused to copy: the text is selected, and the next press only notes it

async function copy(button) {
  if (selected.has(button)) return true;
  const text = document.getElementById(button.dataset.handCopies);
  try {
    await navigator.clipboard.writeText(text.value);
    return true;
  } catch {
    text.closest("details").open = true;
    text.focus();
    text.select();
    selected.add(button);
    say(button.dataset.failed);
    return false;
  }
}

function say(words) {
  const line = hand.querySelector("[data-hand-words]") ?? document.createElement("p");
  line.dataset.handWords = "";
  line.textContent = words;
  hand.querySelector("#hand-steps").after(line);
  announce(words);
}

async function note(step) {
  const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
  const answer = await fetch(hand.dataset.hand, {
    method: "POST",
    headers: { "HX-Request": "true", "X-CSRFToken": token },
    body: new URLSearchParams({ step }),
    keepalive: true, // the page may be on its way to the background
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.text();
}

// The steps as the server knows them. The focus stays on the step that was pressed.
function show(html, id) {
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("hand-steps");
  const held = document.activeElement?.id === id;
  hand.querySelector("#hand-steps").replaceWith(fresh);
  hand.querySelector("[data-hand-words]")?.remove();
  if (held) document.getElementById(id)?.focus();
  const opened = fresh.lastElementChild.classList.contains("is-done");
  const finish = document.getElementById("hand-finish");
  finish.classList.toggle("btn-primary", opened);
  finish.classList.toggle("btn-outline-primary", !opened);
}

hand?.addEventListener("click", async (event) => {
  const pressed = event.target.closest("[data-hand-step]");
  if (!pressed) return;
  if (pressed.dataset.handCopies) event.preventDefault();
  if (pressed.dataset.handCopies && !(await copy(pressed))) return;
  try {
    show(await note(pressed.dataset.handStep), pressed.id);
    announce(pressed.dataset.done);
  } catch {
    say(hand.dataset.offline);
  }
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-hand-paste]");
  if (!button) return;
  try {
    const field = document.getElementById(button.dataset.handPaste);
    field.value = (await navigator.clipboard.readText()).trim();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  } catch {
    say(button.dataset.failed);
  }
});
