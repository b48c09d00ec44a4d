// The thread: at its foot while it was there, a button to new messages when it was not; seen when it really is.

const NEAR = 60; // px from the foot that count as being there

const thread = () => document.getElementById("thread");
let atFoot = true;
let lastId = "";
let listTop = 0;

function isAtFoot(box) {
  return box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
}

function newestId() {
  return [...document.querySelectorAll("#messages > [data-id]")].at(-1)?.dataset.id ?? "";
}

function toFoot() {
  const box = thread();
  if (box) box.scrollTop = box.scrollHeight;
  const jump = document.getElementById("jump");
  if (jump) jump.hidden = true;
}

// The page says that it was read once the foot of its newest message is on a screen that a person can see. The form holds
// how far the page goes: what comes later is not marked. It stays until the server has it, so that what a lost connection
// or a session that ended kept back is said afterwards.
let telling = "";

const seenForm = () => document.getElementById("seen-form");
const seenUpTo = (form) => (form ? `${form.getAttribute("action")} ${form.elements.shown.value}` : "");

function newestIsShown() {
  const last = [...document.querySelectorAll("#messages > [data-id]")].at(-1);
  const box = thread()?.getBoundingClientRect();
  if (!last || !box) return false;
  const foot = last.getBoundingClientRect().bottom;
  return foot - NEAR <= Math.min(box.bottom, window.innerHeight) && foot > Math.max(box.top, 0);
}

function tellSeen() {
  const form = seenForm();
  if (!form || telling || !window.htmx || document.visibilityState !== "visible" || !newestIsShown()) return;
  telling = seenUpTo(form);
  window.htmx.trigger(form, "submit");
}

document.addEventListener("htmx:afterRequest", (event) => {
  const { requestConfig, xhr } = event.detail;
  if (requestConfig?.elt?.id !== "seen-form") return;
  const told = `${requestConfig.path} ${requestConfig.parameters.shown}`;
  // The person may be in another conversation by now, or more may have come.
  if (telling === told) telling = "";
  if (xhr?.status !== 204) return;
  const form = seenForm();
  if (form && seenUpTo(form) === told) form.remove();
  else tellSeen();
});

document.addEventListener("desk:before", () => {
  const box = thread();
  if (box) atFoot = isAtFoot(box);
});

document.addEventListener("desk:after", (event) => {
  if (event.target.id !== "conversation") return;
  const newest = newestId();
  const jump = document.getElementById("jump");
  if (atFoot) toFoot();
  else if (jump && newest !== lastId) jump.hidden = false;
  lastId = newest;
  tellSeen();
});

for (const kind of ["visibilitychange", "htmx:load", "htmx:historyRestore"]) document.addEventListener(kind, tellSeen);
for (const kind of ["pageshow", "online", "resize"]) window.addEventListener(kind, tellSeen);

document.addEventListener("click", (event) => {
  if (event.target.closest("#jump")) toFoot();
});

document.addEventListener(
  "scroll",
  (event) => {
    const jump = document.getElementById("jump");
    if (event.target.id !== "thread") return;
    if (jump && isAtFoot(event.target)) jump.hidden = true;
    tellSeen();
  },
  true,
);

// A live update keeps what the person has scrolled back to.
document.addEventListener("htmx:configRequest", (event) => {
  const first = document.querySelector("#messages > [data-id]:not([data-past])")?.dataset.id;
  if (event.detail.target?.id !== "conversation" || !first) return;
  // The line above what was new when the conversation was opened stays there until it is left.
  const fresh = document.getElementById("new-line")?.dataset.first;
  if (fresh) event.detail.parameters.nuovi = fresh;
  const asked = new URLSearchParams(window.location.search);
  // Who was opened at a found message and writes wants to see what they wrote.
  const kept = asked.has("prima") ? "prima" : asked.has("messaggio") && event.detail.verb === "get" ? "messaggio" : "";
  event.detail.parameters[kept || "dal"] = kept ? asked.get(kept) : first;
});

// Another conversation: the list stays where it was, the thread starts at its foot, the focus goes to its name.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id === "desk") listTop = document.getElementById("inbox-scroll")?.scrollTop ?? 0;
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "desk" && !document.getElementById("desk")?.isSameNode(event.target)) return;
  const list = document.getElementById("inbox-scroll");
  if (list) list.scrollTop = listTop;
  telling = "";
  start();
  tellSeen();
  const place = document.getElementById("conversation-title") ?? document.getElementById("inbox-scroll");
  place?.focus({ preventScroll: true });
});

// Opened from a hit of the search: at that message.
function showFound(id) {
  const found = document.getElementById(`m-${id}`);
  if (!found) return;
  atFoot = false;
  found.scrollIntoView({ block: "center" });
}

// At the message that was asked for; at the first new one, with a little of what stood before it; else at the foot.
function start() {
  lastId = newestId();
  const asked = new URLSearchParams(window.location.search);
  if (asked.has("messaggio")) return showFound(asked.get("messaggio"));
  if (asked.has("prima")) return;
  toFoot();
  const box = thread();
  const fresh = document.getElementById("new-line");
  if (!box || !fresh) return;
  const above = fresh.getBoundingClientRect().top - box.getBoundingClientRect().top;
  if (above < 0) box.scrollTop += above - NEAR;
  atFoot = isAtFoot(box);
}

// Pictures arrive after the words and push the foot down.
document.addEventListener(
  "load",
  (event) => {
    const box = thread();
    if (event.target.tagName === "IMG" && box?.contains(event.target) && atFoot) toFoot();
  },
  true,
);

start();
