// What somebody was writing, kept for them alone until the server has it: under a name that the page gives (core/drafts.py),
// never shown to anybody else, gone after a week (in a tab that was shut, after twelve hours), after signing out, and as
// soon as another person signs in here. Each draft lies in its tab, and a copy in the browser for when the tab is shut.

const PREFIX = "arengo:draft:";
const LASTS = 7 * 24 * 60 * 60 * 1000; // ms
const COPY_LASTS = 12 * 60 * 60 * 1000; // ms: a session's own length
const MOST = 50; // drafts
const LONGEST = 50_000; // characters of one draft

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

function put(store, key, text) {
  const others = ours(store).filter((other) => other !== key);
  others.sort((one, other) => (read(store, one)?.at ?? 0) - (read(store, other)?.at ?? 0));
  others.slice(0, Math.max(0, others.length - MOST + 1)).forEach((old) => store.removeItem(old));
  try {
    store.setItem(key, text);
  } catch {
    // The browser has no more room: this draft lives only on the page.
  }
}

export function keepDraft(name, value) {
  const text = JSON.stringify({ at: Date.now(), value });
  if (!owner || text.length > LONGEST) return;
  put(sessionStorage, nameOf(name), text);
  put(localStorage, nameOf(name), text);
}

export function draftOf(name) {
  if (!owner) return null;
  const key = nameOf(name);
  return (read(sessionStorage, key) ?? read(localStorage, key))?.value ?? null;
}

export function draftNames() {
  const keys = new Set([...ours(sessionStorage), ...ours(localStorage)]);
  return [...keys].filter((key) => key.startsWith(nameOf(""))).map((key) => key.slice(nameOf("").length));
}

export function dropDraft(name) {
  sessionStorage.removeItem(nameOf(name));
  localStorage.removeItem(nameOf(name));
}

export function dropAllDrafts() {
  for (const store of [sessionStorage, localStorage]) ours(store).forEach((key) => store.removeItem(key));
}

// On a page of somebody who is signed in, only theirs stay.
function clean(store, lasts) {
  for (const key of ours(store)) {
    const at = key.startsWith(nameOf("")) ? read(store, key)?.at : 0;
    if (!(Date.now() - at < lasts)) store.removeItem(key);
  }
}

if (owner) {
  clean(sessionStorage, LASTS);
  clean(localStorage, COPY_LASTS);
}

// Another tab sent it, or threw it away.
window.addEventListener("storage", (event) => {
  if (!owner || event.newValue !== null || !event.key?.startsWith(nameOf(""))) return;
  let value = null;
  try {
    value = JSON.parse(event.oldValue)?.value ?? null;
  } catch {
    // Nothing that we wrote.
  }
  sessionStorage.removeItem(event.key);
  const name = event.key.slice(nameOf("").length);
  document.dispatchEvent(new CustomEvent("arengo:draft-gone", { detail: { name, value } }));
});

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
const tabs = document.body.classList.contains("console") ? new BroadcastChannel("arengo") : null;
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-signs-out]")) return;
  dropAllDrafts();
  localStorage.clear();
  tabs?.postMessage("signed out");
});
tabs?.addEventListener("message", (event) => {
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
