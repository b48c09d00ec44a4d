// The search of the desk: a hit opens beside the list, arrows go from hit to hit, Enter opens the conversation at the message.

import { announce } from "./announce.js";

const hits = () => [...document.querySelectorAll("a.search-hit")];
const wide = () => window.matchMedia("(min-width: 62rem)").matches;

function mark(hit) {
  for (const one of hits()) one.removeAttribute("aria-current");
  hit.setAttribute("aria-current", "true");
  window.history.replaceState(window.history.state, "", hit.dataset.own);
}

// Enter on the hit that is shown already opens it; on a screen without room for both, the first press does.
document.addEventListener(
  "click",
  (event) => {
    const hit = event.target.closest("a.search-hit");
    if (!hit || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (wide() && !(event.detail === 0 && hit.hasAttribute("aria-current"))) return;
    event.preventDefault();
    event.stopPropagation();
    window.location.assign(hit.dataset.opens);
  },
  true,
);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const box = document.getElementById("search-text");
  const all = hits();
  const here = all.indexOf(document.activeElement);
  if (event.key === "Escape" && here >= 0) {
    box.focus();
    return;
  }
  if ((event.key !== "ArrowDown" && event.key !== "ArrowUp") || !all.length) return;
  if (here < 0 && event.target !== box) return;
  event.preventDefault();
  const next = here + (event.key === "ArrowDown" ? 1 : -1);
  if (next < 0) box.focus();
  else if (next < all.length) {
    all[next].focus();
    if (wide()) all[next].click();
  }
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const hit = event.target.closest("a.search-hit");
  if (hit) mark(hit);
});

// What was found comes into view; the focus stays in the list, and the place is said.
function showFound() {
  document.querySelector("#preview .search-found")?.scrollIntoView({ block: "center" });
}

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "preview" && !event.detail.target?.isSameNode?.(document.getElementById("preview"))) return;
  showFound();
  const title = document.getElementById("preview-title")?.textContent ?? "";
  const place = document.getElementById("preview-place")?.textContent ?? "";
  announce([title, place].filter(Boolean).join(", "));
  if (!document.activeElement || document.activeElement === document.body) {
    (document.getElementById("hit-up") ?? document.getElementById("hit-down") ?? document.getElementById("preview-title"))?.focus();
  }
});

// On a narrow screen the filters begin folded.
if (!wide()) document.getElementById("search-filters")?.removeAttribute("open");
document.getElementById("search-order")?.addEventListener("change", (event) => event.target.form.requestSubmit());
showFound();
if (!new URLSearchParams(window.location.search).get("q")) document.getElementById("search-text")?.focus();
