// What was being written in a form[data-unsaved] outlives a session that ended meanwhile: kept in this tab as the form is
// sent, put back when the same person has signed in again. Any other page of the console means that it arrived.

import { draftOf, dropDraft, keepDraft } from "./drafts.js";

const NAME = "unsaved";
const OURS = new Set(["csrfmiddlewaretoken", "version", "update", "image_chosen"]);

const form = document.querySelector("form[data-unsaved]");

function pathOf(written) {
  return new URL(written.getAttribute("action"), window.location.href).pathname;
}

function versionOf(written) {
  return written.elements.namedItem("version")?.value ?? "";
}

function keep() {
  const fields = [...new FormData(form)].filter(([name, value]) => !OURS.has(name) && typeof value === "string");
  const kept = { path: pathOf(form), version: versionOf(form), fields };
  keepDraft(NAME, kept);
}

function take() {
  const kept = draftOf(NAME);
  dropDraft(NAME);
  return kept;
}

function fill(fields) {
  for (const control of form.elements) {
    if (!control.name || OURS.has(control.name) || ["file", "submit", "button"].includes(control.type)) continue;
    const values = fields.filter(([name]) => name === control.name).map(([, value]) => value);
    if (["checkbox", "radio"].includes(control.type)) control.checked = values.includes(control.value);
    else if (values.length) control.value = values[0];
    if (control.value && control.closest("details")) control.closest("details").open = true;
  }
}

function putBack(kept) {
  fill(kept.fields);
  form.setAttribute("data-dirty", "");
  const words = document.querySelector("template[data-kept-notice]");
  if (words) form.before(words.content.cloneNode(true));
  // The preview asks for itself as after a key press, once htmx is there.
  window.addEventListener("load", () => form.dispatchEvent(new Event("input", { bubbles: true })));
}

// The pages of signing in have no tabs, those of errors neither: there it waits.
if (form || document.querySelector(".console-tabs")) {
  const kept = take();
  const same = form && kept && kept.path === pathOf(form) && kept.version === versionOf(form);
  if (same && !form.hasAttribute("data-dirty")) putBack(kept);
}
form?.addEventListener("submit", keep);

// htmx asked for something and the session had ended (core/access.py): the page says so and nothing of it goes away.
document.addEventListener("htmx:responseError", (event) => {
  const bar = document.getElementById("signed-out-bar");
  if (event.detail.xhr.status !== 401 || !bar) return;
  bar.hidden = false;
  if (form) keep();
});
document.querySelector("#signed-out-bar a")?.addEventListener("click", (event) => {
  event.currentTarget.search = `?next=${encodeURIComponent(window.location.pathname + window.location.search)}`;
  if (!form) return;
  keep();
  form.dispatchEvent(new Event("arengo:kept", { bubbles: true }));
});
