// Who looks at a conversation and who has unsent words there: in the list, and above the open conversation.

import { meet, put, said } from "./here.js";

const words = () => document.getElementById("presence-words")?.dataset;
const line = () => document.getElementById("presence");

function unsent() {
  const fields = [document.getElementById("composer-text"), document.getElementById("note-text")];
  return fields.some((field) => field?.value.trim());
}

function show() {
  if (!words()) return;
  const of = (conversation) => said(here.people(Number(conversation)), words());
  for (const place of document.querySelectorAll("[data-presence]")) put(place, of(place.dataset.presence));
  if (line()) put(line(), of(line().dataset.conversation));
}

const here = meet({
  topic: "presence",
  thing: "conversation",
  place: line,
  self: () => Number(words()?.person ?? 0),
  doing: () => (unsent() ? "writes" : "looks"),
  show,
});

document.addEventListener("input", (event) => {
  if (event.target.id === "composer-text" || event.target.id === "note-text") here.tell();
});
document.addEventListener("desk:after", () => {
  show();
  here.tell();
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "desk") {
    show();
    if (!line()) here.leave();
    here.tell();
  }
});
