// A colleague answered a moment ago: the question is a dialog of its own beside the desk, so that what comes meanwhile does not
// take it away. Nothing is sent unless the person says so; the words stay in the composer.

import { announce } from "./announce.js";

let files = []; // of the answer that was not sent
let mine = "";

document.addEventListener(
  "submit",
  (event) => {
    if (event.target.id !== "composer") return;
    files = [...(document.getElementById("composer-files")?.files ?? [])];
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
  const held = new DataTransfer();
  for (const file of files) held.items.add(file);
  dialog.querySelector('input[type="file"]').files = held.files;
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
  for (const off of document.querySelectorAll("#chosen-files [data-remove-file]")) off.click();
  files = [];
  away();
});

document.addEventListener("desk:after", (event) => {
  if (event.target.id === "conversation") show();
});
