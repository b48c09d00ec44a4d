// Emoji in the composer: a picker that is searched by words. It loads when it is first opened; where it cannot, a few signs stay.

import { announce } from "./announce.js";

const NEWEST = 13; // of the Unicode version of 2020: what is newer the citizen's phone may not be able to show
const STEPS = { ArrowRight: () => 1, ArrowLeft: () => -1, ArrowDown: (columns) => columns, ArrowUp: (columns) => -columns };

const menu = () => document.getElementById("emoji");
const place = () => document.getElementById("emoji-place");

function insert(sign, name) {
  const box = document.getElementById("composer-text");
  if (!box) return;
  box.setRangeText(sign, box.selectionStart, box.selectionEnd, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
  menu().open = false;
  box.focus();
  announce(`${place().dataset.inserted} ${name}`);
}

// Each group of emoji is one stop of the Tab key, the arrows move inside of it: there are hundreds.
function rove(root) {
  const only = (chosen) => {
    for (const button of chosen.parentElement.children) button.tabIndex = button === chosen ? 0 : -1;
  };
  const watch = new MutationObserver(() => {
    for (const group of root.querySelectorAll(".emoji-menu")) {
      const chosen = group.querySelector(':scope > [tabindex="0"]') ?? group.firstElementChild;
      if (chosen) only(chosen);
    }
  });
  watch.observe(root, { childList: true, subtree: true });
  root.addEventListener("focusin", (event) => event.target.matches(".emoji-menu > .emoji") && only(event.target));
  root.addEventListener("keydown", (event) => {
    if (!event.target.matches(".emoji-menu > .emoji")) return;
    const all = [...event.target.parentElement.children];
    const columns = all.filter((button) => button.offsetTop === all[0].offsetTop).length;
    const step = STEPS[event.key]?.(columns);
    const ends = { Home: 0, End: all.length - 1 };
    const next = all[step ? all.indexOf(event.target) + step : ends[event.key]];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
}

async function load(into) {
  const { language, source } = into.dataset;
  const [{ default: Picker }, words] = await Promise.all([
    import("./emoji/picker.js"),
    language === "it" ? import("./emoji/it.js") : {},
  ]);
  const picker = new Picker({ locale: language, dataSource: source, emojiVersion: NEWEST, ...(words.default && { i18n: words.default }) });
  await picker.database.ready();
  rove(picker.shadowRoot);
  into.querySelector("p").hidden = true;
  into.append(picker);
  return picker;
}

async function opened() {
  const into = place();
  let picker = into.querySelector("emoji-picker");
  if (!picker && into.dataset.state === "loading") return;
  try {
    into.dataset.state = "loading";
    picker ??= await load(into);
    into.dataset.state = "";
  } catch {
    into.dataset.state = "";
    into.querySelector("p").textContent = into.dataset.failed;
    into.querySelector(".desk-emoji-list").hidden = false;
    announce(into.dataset.failed);
    return;
  }
  // On a touch screen the keys would come up over what one wants to see.
  if (menu().open && !window.matchMedia("(pointer: coarse)").matches) picker.shadowRoot.querySelector("input").focus();
}

document.addEventListener("toggle", (event) => event.target.id === "emoji" && event.target.open && opened(), true);
document.addEventListener("emoji-click", (event) => {
  if (event.target.closest("#emoji")) insert(event.detail.unicode, event.detail.emoji.annotation);
});
document.addEventListener("click", (event) => {
  const few = event.target.closest("[data-emoji]");
  if (few) insert(few.dataset.emoji, few.dataset.emoji);
});

function start() {
  if (menu()) menu().hidden = false;
}

document.addEventListener("htmx:afterSettle", (event) => event.target.id === "desk" && start());
document.addEventListener("desk:after", start);
start();
