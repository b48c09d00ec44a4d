// What somebody was writing, kept for them alone until the server has it: under a name that the page gives (core/drafts.py),
// never shown to anybody else, gone after a week (in a tab that was shut, after twelve hours), after signing out, and as
// soon as another person signs in here. Each draft lies in its tab, and a copy in the browser for when the tab is shut.
// Words that the browser cannot keep (too long, no room, forbidden) stand on the page alone: then it asks before it leaves.

import { ofBrowser, ofTab, outlivesPage } from "./stores.js";

const PREFIX = "arengo:draft:";
const LASTS = 7 * 24 * 60 * 60 * 1000; // ms
const COPY_LASTS = 12 * 60 * 60 * 1000; // ms: a session's own length
const MOST = 50; // drafts
const LONGEST = 50_000; // characters of one draft

const tabs = document.body.classList.contains("console") ? new BroadcastChannel("arengo") : null;
export const owner = document.querySelector('meta[name="arengo-person"]')?.content ?? "";

function ours(store) {
  return Object.keys(store).filter((key) => key.startsWith(PREFIX));
}

function read(store, key) {
  try {
    return JSON.parse(store.getItem(key));
  } catch {
    return null;
  }
}

const nameOf = (name) => `${PREFIX}${owner}:${name}`;

// Whether it is kept. Without room the oldest ones make some.
function put(store, key, text) {
  const others = ours(store).filter((other) => other !== key);
  others.sort((one, other) => (read(store, one)?.at ?? 0) - (read(store, other)?.at ?? 0));
  others.splice(0, Math.max(0, others.length - MOST + 1)).forEach((old) => store.removeItem(old));
  for (;;) {
    try {
      store.setItem(key, text);
      return true;
    } catch {
      if (!others.length) return false;
      store.removeItem(others.shift());
    }
  }
}

const onlyHere = new Set(); // names of what the browser could not keep

export function keepDraft(name, value) {
  if (!owner) return;
  const text = JSON.stringify({ at: Date.now(), value });
  const kept = text.length <= LONGEST && put(ofTab, nameOf(name), text) && outlivesPage;
  if (text.length <= LONGEST) put(ofBrowser, nameOf(name), text);
  if (kept) onlyHere.delete(name);
  else onlyHere.add(name);
}

// They are on their way to the server: the page may go.
export function letGo(name) {
  onlyHere.delete(name);
}

window.addEventListener("beforeunload", (event) => {
  if (onlyHere.size) event.preventDefault();
});

export function draftOf(name) {
  if (!owner) return null;
  const key = nameOf(name);
  return (read(ofTab, key) ?? read(ofBrowser, key))?.value ?? null;
}

export function draftNames() {
  const keys = new Set([...ours(ofTab), ...ours(ofBrowser)]);
  return [...keys].filter((key) => key.startsWith(nameOf(""))).map((key) => key.slice(nameOf("").length));
}

// Of this tab. The browser's copy may be that of another tab by now, in which the person writes as well: then it stays.
export function dropDraft(name) {
  onlyHere.delete(name);
  const own = ofTab.getItem(nameOf(name));
  if (own === null || ofBrowser.getItem(nameOf(name)) === own) ofBrowser.removeItem(nameOf(name));
  ofTab.removeItem(nameOf(name));
}

const wordsOf = (value) => JSON.stringify(value?.fields ?? [value?.going?.words, value?.typed].filter(Boolean).join("\n"));

// The server has them, or the person threw them away: the other tabs, too, forget these words, and no others.
export function draftGone(name, value) {
  tabs?.postMessage({ gone: name, owner, value });
}

function forgetGone({ gone: name, owner: theirs, value }) {
  if (!owner || theirs !== owner) return;
  const same = (store) => store.getItem(nameOf(name)) !== null && wordsOf(read(store, nameOf(name))?.value) === wordsOf(value);
  for (const store of [ofTab, ofBrowser].filter(same)) store.removeItem(nameOf(name));
  document.dispatchEvent(new CustomEvent("arengo:draft-gone", { detail: { name, value } }));
}

export function dropAllDrafts() {
  onlyHere.clear();
  for (const store of [ofTab, ofBrowser]) ours(store).forEach((key) => store.removeItem(key));
}

// On a page of somebody who is signed in, only theirs stay.
function clean(store, lasts) {
  for (const key of ours(store)) {
    const at = key.startsWith(nameOf("")) ? read(store, key)?.at : 0;
    if (!(Date.now() - at < lasts)) store.removeItem(key);
  }
}

if (owner) {
  clean(ofTab, LASTS);
  clean(ofBrowser, COPY_LASTS);
}

// The browser fills fields anew when it comes back to a page («Back» after a session that ended by itself): with what was
// typed there by whoever was signed in then. Each entry of its history says who that was.
const ENTRY = "arengo-person";

function signEntry() {
  if (owner && history.state?.[ENTRY] !== owner) history.replaceState({ ...history.state, [ENTRY]: owner }, "");
}

if (owner && history.state?.[ENTRY] && history.state[ENTRY] !== owner) {
  const empty = () => document.querySelectorAll("form").forEach((form) => form.reset());
  empty();
  // The browser may fill them later than the page's scripts run.
  window.addEventListener("pageshow", () => window.setTimeout(empty));
}
signEntry();
document.addEventListener("htmx:pushedIntoHistory", signEntry);
document.addEventListener("htmx:replacedInHistory", signEntry);

// Signing out on purpose leaves nothing, in no tab. (Clear-Site-Data says the same over https: core/sessions.py.)
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-signs-out]")) return;
  dropAllDrafts();
  ofBrowser.clear();
  tabs?.postMessage("signed out");
});
tabs?.addEventListener("message", (event) => {
  if (event.data?.gone) forgetGone(event.data);
  if (event.data !== "signed out") return;
  dropAllDrafts();
  document.querySelectorAll("form").forEach((form) => form.reset());
  document.dispatchEvent(new Event("arengo:signed-out"));
  // By then the server knows as well: this page becomes that of signing in.
  if (owner) window.setTimeout(() => window.location.reload(), 1500);
});

// A page that comes back with «Back» may be another person's by now: it asks the server again.
window.addEventListener("pageshow", (event) => {
  if (event.persisted && document.body.classList.contains("console")) window.location.reload();
});
