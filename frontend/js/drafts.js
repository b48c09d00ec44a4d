// What somebody was writing, kept in this tab for them alone: under a name that the page gives (core/drafts.py), never
// shown to anybody else, gone after a week, after signing out, and as soon as another person signs in here.

const PREFIX = "arengo:draft:";
const LASTS = 7 * 24 * 60 * 60 * 1000; // ms
const MOST = 50; // drafts
const LONGEST = 50_000; // characters of one draft

const owner = document.querySelector('meta[name="arengo-person"]')?.content ?? "";

function ours() {
  return Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
}

function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
}

const nameOf = (name) => `${PREFIX}${owner}:${name}`;

export function keepDraft(name, value) {
  const text = JSON.stringify({ at: Date.now(), value });
  if (!owner || text.length > LONGEST) return;
  const key = nameOf(name);
  const others = ours().filter((other) => other !== key);
  others.sort((one, other) => (read(one)?.at ?? 0) - (read(other)?.at ?? 0));
  others.slice(0, Math.max(0, others.length - MOST + 1)).forEach((old) => sessionStorage.removeItem(old));
  try {
    sessionStorage.setItem(key, text);
  } catch {
    // The browser has no more room: this draft lives only on the page.
  }
}

export function draftOf(name) {
  return owner ? (read(nameOf(name))?.value ?? null) : null;
}

export function dropDraft(name) {
  sessionStorage.removeItem(nameOf(name));
}

export function dropAllDrafts() {
  ours().forEach((key) => sessionStorage.removeItem(key));
}

// On a page of somebody who is signed in, only theirs stay.
if (owner) {
  for (const key of ours()) {
    const at = key.startsWith(nameOf("")) ? read(key)?.at : 0;
    if (!(Date.now() - at < LASTS)) sessionStorage.removeItem(key);
  }
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
