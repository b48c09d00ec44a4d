// Keys for who answers all day. Never while typing, never together with Ctrl, Alt or Cmd.

const TYPING = "input, textarea, select, [contenteditable]";
const rows = () => [...document.querySelectorAll("a.desk-row")];

function step(by) {
  const all = rows();
  if (!all.length) return;
  const here = all.indexOf(document.activeElement);
  const opened = all.findIndex((row) => row.hasAttribute("aria-current"));
  const from = here >= 0 ? here : opened;
  const next = from < 0 ? 0 : Math.min(Math.max(from + by, 0), all.length - 1);
  all[next].focus();
  all[next].scrollIntoView({ block: "nearest" });
}

function back() {
  const row = document.querySelector("a.desk-row[aria-current]") ?? rows()[0];
  if (row?.checkVisibility()) row.focus();
  else document.getElementById("back")?.click();
}

const ACTIONS = {
  j: () => step(1),
  k: () => step(-1),
  r: () => document.getElementById("composer-text")?.focus(),
  a: () => document.getElementById("take")?.click(),
  c: () => document.getElementById("search-text")?.focus(),
  "?": () => document.getElementById("keys")?.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (document.querySelector("dialog[open], details.menu[open], [popover]:popover-open")) return;
  const typing = event.target.closest(TYPING);
  if (event.key === "Escape") {
    if (typing) typing.blur();
    else back();
    return;
  }
  const action = !typing && ACTIONS[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});
