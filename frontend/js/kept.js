// What is typed into any form of the console stays in this browser until the server has it: it outlives a session that
// ended, a refusal, a network that is away, a reload, a tab that was shut. It is put back when the same person is here
// again and the page is as it was; offered when the page has changed since. Passwords, secrets, hidden fields and files
// are never kept. form[data-no-draft] is left alone.

import { draftGone, draftNames, draftOf, dropDraft, keepDraft, letGo, owner } from "./drafts.js";

const FIELD = "_draft"; // core/drafts.py
// Hidden fields that differ from one opening of a page to the next. A visible field of the same name is somebody's words.
const OURS = new Set(["csrfmiddlewaretoken", FIELD, "version", "update", "image_chosen", "born_as"]);
const TYPED = new Set(["text", "textarea", "search", "url", "email", "tel", "number", "date", "time", "datetime-local", "month", "week"]);
const NEVER = new Set(["password", "file", "hidden", "submit", "button", "reset", "image"]);

const metaWords = (name) => (document.querySelector(`meta[name="${name}"]`)?.content ?? "").split(" ").filter(Boolean);
const arrived = new Set(metaWords("arengo-drafts-arrived")); // the server has these
const answered = new Set(metaWords("arengo-draft-answered")); // this page is the answer to these

const known = new Map(); // form → { name, number, base }

function isKept(control) {
  if (!control.name || NEVER.has(control.type)) return false;
  return !/password|one-time-code|cc-/.test(control.getAttribute("autocomplete") ?? "") && !control.closest("[data-secret]");
}

function isOurs(form) {
  if (!owner || form.getAttribute("method")?.toLowerCase() !== "post" || form.getAttribute("id") === "composer" || form.hasAttribute("data-no-draft")) return false;
  return [...form.elements].some((control) => TYPED.has(control.type) && isKept(control));
}

function fieldsOf(form) {
  return [...form.elements]
    .filter(isKept)
    .flatMap((control) => {
      if (["checkbox", "radio"].includes(control.type)) return control.checked ? [[control.name, control.value]] : [];
      if (control.type === "select-multiple") return [...control.selectedOptions].map((one) => [control.name, one.value]);
      return [[control.name, control.value.replaceAll("\r\n", "\n")]];
    });
}

function fill(form, fields) {
  const left = new Map();
  for (const [name, value] of fields) left.set(name, [...(left.get(name) ?? []), value]);
  for (const control of [...form.elements].filter(isKept)) {
    const values = left.get(control.name) ?? [];
    if (["checkbox", "radio"].includes(control.type)) control.checked = values.includes(control.value);
    else if (control.type === "select-multiple") for (const one of control.options) one.selected = values.includes(one.value);
    else if (values.length) control.value = values.shift();
    if (control.value && control.closest("details")) control.closest("details").open = true;
  }
}

// The same form on the same page: where it goes, what it asks, and which of several alike it is.
function nameOf(form) {
  const path = new URL(form.getAttribute("action") || window.location.href, window.location.href).pathname;
  const parts = [...form.elements]
    .filter((control) => control.name && !(control.type === "hidden" && OURS.has(control.name)) && control.type !== "submit")
    .map((control) => (control.type === "hidden" ? `${control.name}=${control.value}` : control.name));
  let hash = 0;
  for (const letter of parts.join("&")) hash = (Math.imul(hash, 31) + letter.codePointAt(0)) | 0;
  return `form:${path}:${hash >>> 0}`;
}

function newNumber() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function keep(form, sent = false) {
  const { name, number, base } = known.get(form);
  const fields = fieldsOf(form);
  if (JSON.stringify(fields) === base && !sent) dropDraft(name);
  else keepDraft(name, { number, base, fields, sent });
}

// --- arriving ---

// For all tabs: the server has it, or it was thrown away.
function dropEverywhere(name) {
  const value = draftOf(name);
  dropDraft(name);
  if (value) draftGone(name, value);
}

function notice(form, words, actions) {
  const box = document.createElement("div");
  box.className = "kept-notice stack";
  box.dataset.keptNotice = "";
  box.append(words.content.cloneNode(true), document.getElementById("kept-actions").content.cloneNode(true));
  for (const button of box.querySelectorAll("[data-kept]")) {
    const action = actions[button.dataset.kept];
    if (!action) button.remove();
    else button.addEventListener("click", () => {
      box.remove();
      action();
    });
  }
  // A line of its own: within a page of columns it would be one of them.
  (form.closest("[data-kept-above]") ?? form).before(box);
}

function touch(form) {
  form.setAttribute("data-dirty", "");
  // The preview asks for itself as after a key press, once htmx is there.
  const tell = () => form.dispatchEvent(new Event("input", { bubbles: true }));
  if (document.readyState === "complete") tell();
  else window.addEventListener("load", tell);
}

function putBack(form, kept) {
  fill(form, kept.fields);
  touch(form);
}

function drop(form) {
  const { name, base } = known.get(form);
  fill(form, JSON.parse(base));
  dropEverywhere(name);
  form.removeAttribute("data-dirty");
  form.dispatchEvent(new Event("arengo:kept", { bubbles: true }));
}

function start(form) {
  if (known.has(form) || !isOurs(form)) return;
  const name = nameOf(form);
  const base = JSON.stringify(fieldsOf(form));
  const kept = draftOf(name);
  known.set(form, { name, base, number: kept?.number ?? newNumber() });
  if (!kept?.fields) return;
  if (arrived.has(kept.number)) {
    dropEverywhere(name);
    known.get(form).number = newNumber();
    return;
  }
  // The page is the answer: what was sent stands in the form, with what is wrong about it.
  const bound = answered.has(kept.number) || form.hasAttribute("data-dirty") || form.querySelector('[aria-invalid="true"]');
  if (bound) {
    known.get(form).base = kept.base;
    return;
  }
  if (JSON.stringify(kept.fields) === base) {
    dropDraft(name);
    return;
  }
  const discard = () => drop(form);
  if (kept.base === base) {
    putBack(form, kept);
    const own = kept.sent ? document.querySelector("template[data-kept-notice]") : null;
    notice(form, own ?? document.getElementById("kept-notice"), { drop: discard });
  } else {
    notice(form, document.getElementById("offered-notice"), { fill: () => putBack(form, kept), drop: discard });
  }
}

function startAll(within) {
  if (!document.getElementById("kept-actions")) return; // the pages of signing in and of errors: there it waits
  for (const form of within.querySelectorAll("form")) start(form);
}

// A draft that was sent, and whose form is not on the page that answers: the server has it.
function forgetAnswered() {
  if (!document.querySelector(".console-tabs")) return;
  for (const name of draftNames()) {
    const number = draftOf(name)?.number;
    const shown = [...known.values()].some((form) => form.name === name);
    if (arrived.has(number) || (answered.has(number) && !shown)) dropEverywhere(name);
  }
}

startAll(document);
forgetAnswered();
document.addEventListener("htmx:load", (event) => startAll(event.detail.elt.parentElement ?? document));

// --- typing and sending ---

function typed(event) {
  const form = event.target.form ?? event.target;
  if (!(form instanceof HTMLFormElement)) return;
  start(form);
  if (known.has(form)) keep(form);
}
document.addEventListener("input", typed);
document.addEventListener("change", typed);

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!known.has(form) || event.defaultPrevented) return;
  const { number, base } = known.get(form);
  if (JSON.stringify(fieldsOf(form)) === base && !draftOf(known.get(form).name)) return;
  keep(form, true);
  letGo(known.get(form).name);
  let field = form.elements.namedItem(FIELD);
  if (!field) {
    field = document.createElement("input");
    field.type = "hidden";
    field.name = FIELD;
    form.append(field);
  }
  field.value = number;
});

// A page that saves by itself (newsroom-saving.js): what was sent is what the server has; what came since is kept.
document.addEventListener("arengo:saving", ({ target: form }) => {
  if (known.has(form)) known.get(form).going = JSON.stringify(fieldsOf(form));
});
document.addEventListener("arengo:saved", ({ target: form }) => {
  const mine = known.get(form);
  if (!mine?.going) return;
  dropDraft(mine.name);
  Object.assign(mine, { name: nameOf(form), base: mine.going, number: newNumber(), going: "" });
  keep(form);
  const words = document.querySelector("template[data-saved-notice]");
  if (words) document.querySelector(".kept-notice")?.replaceChildren(words.content.cloneNode(true));
});

// Before the answer takes its place: the form that it brings would be filled again with what was sent.
document.addEventListener("htmx:beforeSwap", ({ detail: { requestConfig, xhr } }) => {
  const form = requestConfig?.elt;
  if (known.has(form) && xhr.status < 300) dropEverywhere(known.get(form).name);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target;
  if (known.has(form) && event.detail.successful && event.detail.requestConfig.elt === form) dropEverywhere(known.get(form).name);
});

document.addEventListener("arengo:draft-gone", (event) => {
  for (const [form, { name }] of known) {
    const same = name === event.detail.name && JSON.stringify(event.detail.value?.fields) === JSON.stringify(fieldsOf(form));
    if (same) {
      form.reset();
      dropDraft(name);
    }
  }
});

// --- a session that ended ---

// htmx asked for something and the session had ended (core/access.py): the page says so and nothing of it goes away.
document.addEventListener("htmx:responseError", (event) => {
  const bar = document.getElementById("signed-out-bar");
  if (event.detail.xhr.status !== 401 || !bar) return;
  bar.hidden = false;
});
document.querySelector("#signed-out-bar a")?.addEventListener("click", (event) => {
  event.currentTarget.search = `?next=${encodeURIComponent(window.location.pathname + window.location.search)}`;
  for (const form of known.keys()) {
    if (draftOf(known.get(form).name)) keep(form, true);
    form.dispatchEvent(new Event("arengo:kept", { bubbles: true }));
  }
});
