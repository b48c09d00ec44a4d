// The two sides of the foot, mentions put into a note by a press, and mentions that were seen.

const sides = ["reply", "note"];

function show(side, { focus = true } = {}) {
  if (!document.getElementById("note-side")) return;
  for (const each of sides) {
    document.getElementById(`${each}-side`).hidden = each !== side;
    const tab = document.getElementById(`side-${each}`);
    if (each === side) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
  }
  if (!focus) return;
  const wanted = side === "note" ? "#note-text" : "#reply-side textarea, #reply-side button";
  document.querySelector(wanted)?.focus();
}

document.addEventListener("click", (event) => {
  const tab = event.target.closest("[data-side]");
  if (tab && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    show(tab.dataset.side);
  }
  const mention = event.target.closest("[data-mention]");
  if (!mention) return;
  const box = document.getElementById("note-text");
  const before = box.value.slice(0, box.selectionStart);
  const gap = before && !/\s$/.test(before) ? " " : "";
  box.setRangeText(`${gap}${mention.dataset.mention} `, box.selectionStart, box.selectionEnd, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
  document.getElementById("mention-menu").open = false;
  box.focus();
});

const marked = new WeakSet();

function start() {
  const menu = document.getElementById("mention-menu");
  if (menu) menu.hidden = false;
  const seen = document.querySelector("form[data-when-shown]");
  if (!seen || marked.has(seen) || document.visibilityState !== "visible") return;
  marked.add(seen);
  window.htmx?.trigger(seen, "submit");
}

document.addEventListener("visibilitychange", start);
document.addEventListener("desk:after", start);
document.addEventListener("htmx:afterSettle", start);
document.addEventListener("htmx:load", start, { once: true });
start();
