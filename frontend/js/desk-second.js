// A colleague answered a moment ago: the question is a dialog of its own beside the desk, so that what comes meanwhile does not
// take it away. Nothing is sent unless the person says so; the words stay in the composer.

import { announce } from "./announce.js";

let mine = "";

document.addEventListener(
  "submit",
  (event) => {
    if (event.target.id !== "composer") return;
    mine = document.getElementById("composer-text")?.value ?? "";
  },
  true,
);

function show() {
  const dialog = document.querySelector("#conversation #second");
  if (!dialog) return;
  document.querySelector("body > #second")?.remove();
  document.body.append(dialog);
  dialog.close();
  dialog.showModal();
  dialog.querySelector("#second-keep").focus();
  announce(dialog.querySelector("h2").textContent.trim());
}

function away() {
  const dialog = document.querySelector("body > #second");
  if (!dialog) return;
  dialog.close();
  dialog.remove();
  document.getElementById("composer-text")?.focus();
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("body > #second #second-keep")) return;
  event.preventDefault();
  away();
});
document.addEventListener("cancel", (event) => {
  if (event.target.id === "second") away();
}, true);

document.addEventListener("htmx:afterRequest", (event) => {
  const { requestConfig, xhr } = event.detail;
  if (requestConfig?.elt?.id !== "second-form" || xhr?.status !== 200) return;
  const box = document.getElementById("composer-text");
  if (box && box.value.trim() === mine.trim()) {
    box.value = "";
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
  away();
});

document.addEventListener("desk:after", (event) => {
  if (event.target.id === "conversation") show();
});
