// The editor of updates saves by itself after a pause, and says so. What cannot be saved stays in the form and in this browser
// (kept.js), and is sent again: after an error, when the network is back, when the person has signed in again. Somebody else's
// text is never written over: then it waits for the button, which shows both.

import { announce } from "./announce.js";
import { renew } from "./csrf.js";

const PAUSE = 1_500; // ms without a key
const LONGEST = 10_000; // ms of writing without a pause
const AGAIN = [3_000, 6_000, 15_000, 30_000, 60_000]; // ms before the next try; the last one for all that follow
const MOST_TRIES = 60; // without a new key: then it waits for one, or for the network

const form = document.getElementById("editor");
const line = document.getElementById("save-state");

let timer = 0;
let since = 0; // when the first unsaved key was pressed
let running = null; // the request that is on its way
let changed = false; // since the last request began
let waits = form?.hasAttribute("data-save-waits") ?? false; // for the person to decide
let tries = 0;
let tried = null; // the picture that was sent already
let unsent = ""; // why the chosen picture is not saved

function show(kind, words) {
  if (line.dataset.kind !== kind && (kind === "failed" || line.dataset.kind === "failed")) announce(kind === "failed" ? words : line.dataset.back);
  line.dataset.kind = kind;
  line.textContent = words;
}

function plan(after) {
  window.clearTimeout(timer);
  timer = window.setTimeout(save, after);
}

function again() {
  changed = true;
  tries += 1;
  if (tries <= MOST_TRIES) plan(AGAIN[Math.min(tries, AGAIN.length) - 1]);
}

function saidOver(id) {
  const bar = document.getElementById(id);
  if (!bar?.hidden) return;
  bar.hidden = false;
  announce(bar.textContent.trim());
}

// --- one request ---

function body() {
  const data = new FormData(form);
  data.delete("remove_image"); // its file would be gone for good: that is for the button
  const file = form.elements.namedItem("image")?.files?.[0];
  if (!file || file === tried) data.delete("image");
  return data;
}

function take(told) {
  for (const field of document.querySelectorAll('input[name="version"]')) field.value = told.version;
  if (!form.elements.namedItem("update")) {
    for (const name of ["kind", "born_as"]) form.elements.namedItem(name)?.remove();
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "update";
    field.value = told.update;
    form.append(field);
    form.setAttribute("action", told.home);
    form.dataset.save = told.save;
    window.history.replaceState(window.history.state, "", told.home);
    window.htmx?.ajax("GET", told.home, { target: "#editor-panes", swap: "innerHTML", select: "#editor-panes > *" });
  }
  if (told.picture) {
    document.getElementById("image-now").innerHTML = told.picture;
    const chooser = form.elements.namedItem("image");
    if (chooser.files[0] === tried) {
      chooser.value = "";
      chooser.dispatchEvent(new Event("change"));
      form.elements.namedItem("image_chosen").value = "";
    }
  }
}

async function send(byPerson) {
  const data = body();
  const file = data.get("image");
  form.dispatchEvent(new Event("arengo:saving", { bubbles: true }));
  changed = false;
  show("saving", line.dataset.saving);
  const headers = { "HX-Request": "true", "X-CSRFToken": document.querySelector('meta[name="csrf-token"]')?.content ?? "" };
  if (byPerson) headers["X-Arengo-Act"] = "person"; // they wrote: their session goes on
  let answer;
  let told;
  try {
    answer = await fetch(form.dataset.save, { method: "POST", body: data, headers, signal: AbortSignal.timeout(30_000) });
    told = answer.status === 204 || !answer.headers.get("Content-Type")?.includes("json") ? {} : await answer.json();
  } catch {
    show("failed", line.dataset.failed);
    return again();
  }
  if (file && (answer.ok || answer.status === 413)) tried = file;
  if (answer.status === 413 && file) unsent = line.dataset.large;
  if (answer.status === 204) return show("", "");
  if (answer.ok) {
    tries = 0;
    take(told);
    form.dispatchEvent(new Event("arengo:saved", { bubbles: true }));
    if (!changed) form.dispatchEvent(new Event("arengo:kept", { bubbles: true }));
    unsent = told.picture_problem || unsent;
    const saved = line.dataset.saved.replace("{time}", told.at);
    return show(unsent ? "picture" : "saved", [saved, unsent].filter(Boolean).join(" · "));
  }
  if (answer.status === 403 && answer.headers.get("X-Arengo-Csrf") && (await renew()) === "same") return again();
  if ([401, 403].includes(answer.status)) {
    saidOver("signed-out-bar");
    show("failed", line.dataset.ended);
    return again();
  }
  if ([404, 409, 410, 422].includes(answer.status)) {
    waits = answer.status !== 422; // what is too long may be shortened
    changed = true;
    return show("failed", told.words ?? line.dataset.gone);
  }
  show("failed", line.dataset.failed);
  return again();
}

function save() {
  window.clearTimeout(timer);
  if (running || waits) return running;
  const byPerson = since > 0;
  since = 0;
  running = send(byPerson).finally(() => {
    running = null;
    if (changed && since) plan(PAUSE);
  });
  return running;
}

// --- when ---

function touched(event) {
  if (event.target.name === "image_chosen") return;
  if (event.target.name === "image") unsent = "";
  changed = true;
  tries = 0;
  since ||= Date.now();
  plan(Math.max(0, Math.min(PAUSE, since + LONGEST - Date.now())));
}

if (form && line) {
  form.addEventListener("input", touched);
  form.addEventListener("change", touched);
  // A text that is on its way arrives before the button's: else it would meet itself as somebody else's.
  document.querySelector("main").addEventListener("submit", async (event) => {
    const { target, submitter } = event;
    const isEditor = target === form;
    if (!isEditor && !target.querySelector('input[name="version"]')) return;
    window.clearTimeout(timer);
    if (!running && (isEditor || !changed || waits)) return;
    event.preventDefault();
    await (running ?? save());
    if (!isEditor && changed && !waits) await save();
    if (target.isConnected) target.requestSubmit(submitter?.isConnected ? submitter : null);
    window.clearTimeout(timer);
  });
  const back = () => {
    if (!changed || waits) return;
    tries = 0;
    plan(300);
  };
  window.addEventListener("online", back);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") back();
  });
}
