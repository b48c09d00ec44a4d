// The list of the desk. Its rows stay where they are while the pointer or the focus is among them: what came meanwhile is one
// line above it. The conversation that is open keeps its row, marked with what became of it, until it is left. A long list is read
// in pages as it is scrolled: the rows at the other end go, so that ten thousand conversations never stand on a page at once.

import { announce } from "./announce.js";

const PAGE = 30; // rows; lists/queries.py

const inbox = () => document.getElementById("inbox");
const rowsOf = (root) => [...root.querySelectorAll("#rows .desk-item")];
const idsOf = (root) => rowsOf(root).map((row) => row.id);

let pointed = false; // the mouse is among the rows
let moving = false; // the person asked for what comes now
let stale = false; // something came that is not shown
let starts = []; // where the pages above begin

function isHeld() {
  return pointed || document.getElementById("inbox-scroll")?.contains(document.activeElement) === true;
}

document.addEventListener("pointerover", (event) => {
  pointed = event.pointerType === "mouse" && event.target.closest?.("#inbox-scroll") !== null;
  if (!pointed) settle();
});
document.documentElement.addEventListener("pointerleave", () => {
  pointed = false;
  settle();
});
document.addEventListener("focusout", () => window.setTimeout(settle));

// Nobody is among the rows any more: what has changed is shown.
function settle() {
  if (stale && !isHeld()) again();
}

function again() {
  const list = inbox();
  if (!list) return;
  moving = true;
  window.htmx.trigger(list, "refresh");
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("#inbox-again")) return;
  document.getElementById("inbox-scroll").focus({ preventScroll: true });
  again();
  announce(event.target.textContent.trim());
});

// --- what an answer brings, made fit for what stands here ---

// The row of the open conversation goes back to the place that it had.
function keepPlace(doc) {
  const list = doc.getElementById("rows-kept");
  const row = list?.querySelector(".desk-item");
  if (!row) return;
  const here = document.getElementById(row.id);
  list.remove();
  if (!here?.closest("#rows")) return;
  const before = rowsOf(document).slice(0, rowsOf(document).indexOf(here)).reverse();
  const neighbour = before.map((one) => doc.getElementById(one.id)).find((one) => one);
  const first = doc.querySelector("#rows .desk-rows");
  if (neighbour) neighbour.after(row);
  else if (first) first.prepend(row);
  else {
    list.id = "rows-all"; // nothing else is left
    doc.getElementById("rows").replaceChildren(list);
  }
}

// The rows that stand here, in their places, with their new words. False: nothing has to move for the new ones.
function holdStill(doc) {
  const [now, next] = [idsOf(document), idsOf(doc)];
  if (now.length === 0 || now.every((id, at) => next[at] === id)) return false;
  const held = document.getElementById("rows").cloneNode(true);
  for (const row of held.querySelectorAll(".desk-item")) {
    const fresh = doc.getElementById(row.id);
    if (fresh) row.replaceWith(fresh);
    else row.querySelector("[aria-current]")?.removeAttribute("aria-current");
  }
  doc.getElementById("rows").replaceWith(held);
  doc.getElementById("inbox-changed")?.removeAttribute("hidden");
  return true;
}

// ``asked``: the person asked for it; then nothing is held in its place.
export function fit(html, asked = false) {
  const doc = new DOMParser().parseFromString(html, "text/html");
  if (!doc.getElementById("rows")) return html;
  keepPlace(doc);
  stale = !asked && isHeld() && holdStill(doc);
  // What stands outside of the list (a title, the console's tabs) is in the answer too.
  return doc.head.innerHTML + doc.body.innerHTML;
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, xhr } = event.detail;
  if (target?.id !== "inbox" && target?.id !== "desk") return;
  if (xhr.status !== 200 || !document.getElementById("rows")) return;
  event.detail.serverResponse = fit(event.detail.serverResponse, moving);
  moving = false;
});

for (const kind of ["htmx:sendError", "htmx:responseError"]) {
  document.addEventListener(kind, (event) => {
    if (event.detail.target?.id === "inbox") moving = false;
  });
}

// --- the first row in view stays where it is, whatever comes or goes above it ---

let anchor = null;

document.addEventListener("desk:before", (event) => {
  if (event.target.id !== "inbox") return;
  const top = document.getElementById("inbox-scroll").getBoundingClientRect().top;
  const row = rowsOf(document).find((one) => one.getBoundingClientRect().bottom > top);
  anchor = row && { id: row.id, top: row.getBoundingClientRect().top };
});

document.addEventListener("desk:after", (event) => {
  if (event.target.id !== "inbox") return;
  const row = anchor && document.getElementById(anchor.id);
  if (row) document.getElementById("inbox-scroll").scrollTop += row.getBoundingClientRect().top - anchor.top;
  look();
});

// --- pages ---

function ask(start, pages) {
  const list = inbox();
  const address = new URL(list.getAttribute("hx-get"), window.location.href);
  for (const [name, value] of [["dopo", start], ["pagine", pages > 1 ? String(pages) : ""]]) {
    if (value) address.searchParams.set(name, value);
    else address.searchParams.delete(name);
  }
  moving = true;
  window.htmx.ajax("GET", address.pathname + address.search, { source: list, target: list, swap: "outerHTML" });
}

function startNow() {
  return new URL(inbox().getAttribute("hx-get"), window.location.href).searchParams.get("dopo") ?? "";
}

function further() {
  const { pages, mostPages } = inbox().dataset;
  if (Number(pages) < Number(mostPages)) {
    ask(startNow(), Number(pages) + 1);
    return;
  }
  const last = rowsOf(document)[PAGE - 1];
  if (!last) return;
  starts.push(startNow());
  ask(last.dataset.key, Number(mostPages));
}

const watcher = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting || moving) continue;
      if (target.id === "more-next") further();
      else if (starts.length) ask(starts.pop(), Number(inbox().dataset.mostPages));
    }
  },
  { rootMargin: "300px 0px" },
);

// What is in view now; an element that stays is told of again only when it is observed anew.
function look() {
  watcher.disconnect();
  for (const id of ["more-next", "more-top"]) {
    const link = document.getElementById(id);
    if (link) watcher.observe(link);
  }
}

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "desk") look();
});
look();

// --- choosing several ---

const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable]";

function count() {
  const said = document.getElementById("chosen-count");
  if (!said) return;
  const number = document.querySelectorAll(".desk-choose:checked").length;
  const { none, one, many } = said.dataset;
  said.textContent = number === 0 ? none : number === 1 ? one : many.replace("{}", String(number));
}

function choose(row) {
  const box = row?.querySelector(".desk-choose");
  if (!box) return;
  box.checked = !box.checked;
  count();
}

document.addEventListener("change", (event) => {
  if (event.target.classList.contains("desk-choose")) count();
});
document.addEventListener("desk:after", count);

let chosenFirst = ""; // the row at which «x» was pressed

document.addEventListener("keydown", (event) => {
  if (event.key !== "x" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest(TYPING) || document.querySelector("dialog[open], details.menu[open]")) return;
  const row = event.target.closest(".desk-item") ?? document.querySelector(".desk-row[aria-current]")?.closest(".desk-item");
  if (!row) return;
  event.preventDefault();
  if (document.getElementById("choose-form")) {
    choose(row);
    return;
  }
  const address = new URL(inbox().getAttribute("hx-get"), window.location.href);
  address.searchParams.set("scegli", "1");
  chosenFirst = row.id;
  moving = true;
  window.htmx.ajax("GET", address.pathname + address.search, { source: inbox(), target: inbox(), swap: "outerHTML" });
});

document.addEventListener("desk:after", (event) => {
  if (event.target.id !== "inbox" || !chosenFirst) return;
  choose(document.getElementById(chosenFirst));
  document.querySelector(`#${chosenFirst} .desk-row`)?.focus();
  chosenFirst = "";
  announce(document.getElementById("chosen-count")?.textContent ?? "");
});
count();
