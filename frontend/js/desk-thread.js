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

// The server clears the unread mark only for messages that were on a screen that a person could see.
function tellSeen() {
  const talk = document.getElementById("talk");
  const address = talk?.dataset.seen;
  if (!address || document.visibilityState !== "visible") return;
  delete talk.dataset.seen;
  // Asked for by an element of its own: htmx keeps one request in the queue of each, and the conversation's may be
  // the live update that came while the last one was on its way.
  window.htmx.ajax("POST", address, { source: "#talk", swap: "none" });
}

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

document.addEventListener("visibilitychange", tellSeen);

document.addEventListener("click", (event) => {
  if (event.target.closest("#jump")) toFoot();
});

document.addEventListener(
  "scroll",
  (event) => {
    const jump = document.getElementById("jump");
    if (event.target.id === "thread" && jump && isAtFoot(event.target)) jump.hidden = true;
  },
  true,
);

// A live update keeps what the person has scrolled back to.
document.addEventListener("htmx:configRequest", (event) => {
  const first = document.querySelector("#messages > [data-id]")?.dataset.id;
  if (event.detail.target?.id !== "conversation" || !first) return;
  const before = new URLSearchParams(window.location.search).get("prima");
  event.detail.parameters[before ? "prima" : "dal"] = before ?? first;
});

// Another conversation: the list stays where it was, the thread starts at its foot, the focus goes to its name.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id === "desk") listTop = document.getElementById("inbox-scroll")?.scrollTop ?? 0;
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "desk" && !document.getElementById("desk")?.isSameNode(event.target)) return;
  const list = document.getElementById("inbox-scroll");
  if (list) list.scrollTop = listTop;
  start();
  document.getElementById("conversation-title")?.focus({ preventScroll: true });
});

function start() {
  lastId = newestId();
  if (!new URLSearchParams(window.location.search).has("prima")) toFoot();
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
