// htmx sends Django's CSRF token in a header. The token stands in a <meta>, since the cookie is not for scripts.
//
// A new sign-in in another tab changes the token: a page that was open before asks for the present one (core/token_views.py)
// before it sends a form, and when a request of htmx's was refused for that reason. What was typed stays where it is.

import { announce } from "./announce.js";
import { dropAllDrafts, owner } from "./drafts.js";

const FRESH = 5_000; // ms for which a token counts as the present one
const PATIENCE = 4_000; // ms that a form waits for it
const AGAIN_AFTER = 10_000; // ms between two requests that are sent again by themselves
const inConsole = document.body.classList.contains("console");
let checked = Date.now();

const meta = () => document.querySelector('meta[name="csrf-token"]');

document.addEventListener("htmx:configRequest", (event) => {
  const token = meta()?.content;
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token;
});

function say(id) {
  const bar = document.getElementById(id);
  if (!bar?.hidden) return;
  bar.hidden = false;
  announce(bar.textContent.trim());
}

function take(token) {
  checked = Date.now();
  if (meta()) meta().content = token;
  for (const field of document.querySelectorAll('input[name="csrfmiddlewaretoken"]')) field.value = token;
}

// "same", "other" person, "none" is signed in, or "unknown": the server did not say.
export async function renew() {
  let answer;
  try {
    const ask = { headers: { "HX-Request": "true" }, cache: "no-store", signal: AbortSignal.timeout(PATIENCE) };
    answer = await fetch("/console/gettone/", ask);
    if (answer.status === 401) return "none";
    if (!answer.ok) return "unknown";
    answer = await answer.json();
  } catch {
    return "unknown";
  }
  if (answer.person !== owner) {
    dropAllDrafts();
    say("other-person-bar");
    return "other";
  }
  take(answer.token);
  return "same";
}

// --- forms that the browser sends ---

const passing = new WeakSet(); // looked at: this time it may go
const waiting = new WeakSet();

document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    if (!owner || !inConsole || form.getAttribute("method")?.toLowerCase() !== "post" || form.hasAttribute("hx-post")) return;
    if (passing.delete(form)) return;
    // The browser would show a page of its own in place of the form.
    if (!navigator.onLine) {
      event.preventDefault();
      event.stopImmediatePropagation();
      say("offline-bar");
      return;
    }
    if (!waiting.has(form) && Date.now() - checked < FRESH) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (waiting.has(form)) return;
    waiting.add(form);
    const { submitter } = event;
    const state = await renew();
    waiting.delete(form);
    if (state === "other" || !form.isConnected) return;
    passing.add(form);
    form.requestSubmit(submitter?.isConnected ? submitter : null);
    passing.delete(form); // of a form that is not valid nothing went
  },
  true,
);

// --- requests of htmx's ---

const again = new WeakMap(); // element → when it was last sent again

document.addEventListener("htmx:afterRequest", async (event) => {
  const { xhr, elt, requestConfig } = event.detail;
  if (!owner || xhr?.status !== 403 || !xhr.getResponseHeader("X-Arengo-Csrf")) return;
  const before = again.get(elt) ?? 0;
  const { submitter } = requestConfig?.triggeringEvent ?? {};
  const state = await renew();
  if (state === "none") say("signed-out-bar");
  if (state !== "same" || Date.now() - before < AGAIN_AFTER || !elt.isConnected) return;
  again.set(elt, Date.now());
  if (elt.tagName === "FORM") elt.requestSubmit(submitter?.isConnected ? submitter : null);
  else if (elt.matches("button[hx-post]")) elt.click();
});

// A tab to which the person comes back.
document.addEventListener("visibilitychange", () => {
  if (owner && inConsole && document.visibilityState === "visible" && Date.now() - checked > AGAIN_AFTER) renew();
});
