// Keys for who answers all day. Never while typing, never together with Ctrl, Alt or Cmd. A control says by data-shortcut which key
// is its own; a field is focused, all else is pressed.

const TYPING = "input, textarea, select, [contenteditable]";
const rows = () => [...document.querySelectorAll("a.desk-row")];
const isShown = (element) => element?.checkVisibility();

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

// Out of the innermost thing: a field, then the conversation.
function leave(field) {
  const title = document.getElementById("conversation-title");
  if (field && isShown(title)) return title.focus();
  if (field) return field.blur();
  const row = document.querySelector("a.desk-row[aria-current]") ?? rows()[0];
  if (isShown(row)) return row.focus();
  return document.getElementById("back")?.click();
}

function ownerOf(key) {
  const all = [...document.querySelectorAll(`[data-shortcut~="${CSS.escape(key)}"]`)];
  return all.find(isShown) ?? all.find((element) => !element.matches(TYPING));
}

function showKeys() {
  const dialog = document.getElementById("keys");
  for (const part of dialog?.querySelectorAll("[data-key-of]") ?? []) part.hidden = !ownerOf(part.dataset.keyOf);
  dialog?.showModal();
}

const ACTIONS = { j: () => step(1), k: () => step(-1), "?": showKeys };

document.addEventListener("click", (event) => {
  if (!event.target.closest('[data-dialog="keys"]')) return;
  document.getElementById("keys")?.close();
  showKeys();
});

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (document.querySelector("dialog[open], details.menu[open], [popover]:popover-open")) return;
  const typing = event.target.closest(TYPING);
  if (event.key === "Escape") {
    leave(typing);
    return;
  }
  if (typing || event.key.length !== 1) return;
  if (event.key in ACTIONS) {
    event.preventDefault();
    ACTIONS[event.key]();
    return;
  }
  const owner = ownerOf(event.key);
  if (!owner) return;
  if (event.key !== "/") event.preventDefault(); // the stroke itself is typed: it opens the ready answers
  if (owner.matches(TYPING)) owner.focus();
  else owner.click();
});
