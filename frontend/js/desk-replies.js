// Canned replies: "/" in the composer offers them, the arrows choose, Enter inserts at the cursor. Nothing is sent by itself.
//
// The focus stays in the text: a list box that the text points at with aria-activedescendant, and words for the ear.

import { announce } from "./announce.js";

const SLASH = /(?:^|\s)\/([^\n/]{0,40})$/; // never within an address or a date
const WAIT = 150; // ms after a key
const text = () => document.getElementById("composer-text");
const panel = () => document.getElementById("replies");
const part = (name) => document.getElementById(`replies-${name}`);

let options = [];
let chosen = -1;
let filled = {}; // what was typed into the blanks of the one that is chosen
let asked = 0; // the number of the latest question: answers to earlier ones are too late
let timer = 0;
let pending = false; // the list is on its way: Enter does not send what was meant as a question to it
let dismissed = null; // the words at which the list was closed by Esc

function element(name, words = "", className = "") {
  const made = document.createElement(name);
  made.textContent = words;
  if (className) made.className = className;
  return made;
}

function marked(pieces, into) {
  for (const [words, isMarked] of pieces) into.append(isMarked ? element("mark", words) : words);
  return into;
}

// The words after the "/" in front of the cursor; null where there is none.
function typed() {
  const box = text();
  if (!box || box.selectionStart !== box.selectionEnd) return null;
  const found = SLASH.exec(box.value.slice(0, box.selectionStart));
  return found ? found[1] : null;
}

const isOpen = () => Boolean(panel() && !panel().hidden);

function close() {
  window.clearTimeout(timer);
  asked += 1;
  pending = false;
  if (!panel()) return;
  panel().hidden = true;
  part("list").replaceChildren();
  options = [];
  chosen = -1;
  text()?.removeAttribute("aria-activedescendant");
  text()?.removeAttribute("aria-controls");
}

async function load(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!answer.ok || !answer.headers.get("Content-Type")?.startsWith("application/json")) throw new Error(`${answer.status}`);
  return answer.json();
}

function ask() {
  const words = typed();
  window.clearTimeout(timer);
  if (words === null || words === dismissed) {
    if (words === null) dismissed = null;
    close();
    return;
  }
  dismissed = null;
  pending = true;
  timer = window.setTimeout(async () => {
    const own = (asked += 1);
    try {
      const found = await load(`${panel().dataset.offered}?q=${encodeURIComponent(words)}`);
      if (own === asked && panel()) show(found);
    } catch {
      if (own === asked && panel()) show({ said: panel().dataset.failed, options: [] });
    }
  }, WAIT);
}

function show(found) {
  pending = false;
  // Words that nothing has: the person writes a sentence with a slash in it.
  if (!found.options.length && /\s/.test(typed() ?? "")) {
    close();
    return;
  }
  options = found.options;
  panel().hidden = false;
  part("said").textContent = found.said;
  part("list").replaceChildren(
    ...options.map((option, position) => {
      const line = element("li");
      line.id = `reply-option-${position}`;
      line.setAttribute("role", "option");
      line.dataset.option = position;
      const title = marked(option.title, element("strong"));
      title.dir = "auto";
      line.append(title, element("span", option.meta, "replies-meta"));
      if (option.overdue) line.append(element("span", option.overdue, "replies-overdue"));
      return line;
    }),
  );
  choose(options.length ? 0 : -1);
  announce(found.said);
}

function choose(position) {
  chosen = position;
  filled = {};
  const box = text();
  for (const line of part("list").children) line.setAttribute("aria-selected", String(Number(line.dataset.option) === chosen));
  part("preview").hidden = chosen < 0;
  if (chosen < 0) {
    box?.removeAttribute("aria-activedescendant");
    return;
  }
  box?.setAttribute("aria-controls", "replies-list");
  box?.setAttribute("aria-activedescendant", `reply-option-${chosen}`);
  part("list").children[chosen].scrollIntoView({ block: "nearest" });
  const option = options[chosen];
  part("blanks").replaceChildren(...option.blanks.map(blankField));
  part("files").textContent = option.files.map((file) => file.name).join(", ");
  part("checked").textContent = option.overdue || option.checked;
  part("checked").classList.toggle("replies-overdue", Boolean(option.overdue));
  preview();
}

function blankField(name, position) {
  const field = element("label", "", "replies-blank");
  const input = element("input", "", "control");
  input.type = "text";
  input.maxLength = 200;
  input.dir = "auto";
  input.autocomplete = "off";
  input.dataset.blank = name;
  input.id = `reply-blank-${position}`;
  field.append(element("span", name), input);
  return field;
}

// The text in pieces: what is written, and each blank with what was typed for it.
function pieces(option) {
  return option.text.split(/(\[[^[\]\n]{1,40}\])/).map((words) => {
    const name = words.slice(1, -1);
    return words.startsWith("[") && option.blanks.includes(name) ? { name, words: filled[name]?.trim() ?? "" } : { words };
  });
}

function preview() {
  part("text").replaceChildren(
    ...pieces(options[chosen]).map(({ name, words }) => (name ? element("mark", words || `[${name}]`, "replies-gap") : document.createTextNode(words))),
  );
}

// Inserts, or goes to the first blank that is still empty.
function insert() {
  const option = options[chosen];
  if (!option) return;
  const empty = [...part("blanks").querySelectorAll("input")].find((input) => !input.value.trim());
  if (empty) {
    empty.focus();
    announce(`${panel().dataset.fill} ${empty.dataset.blank}`);
    return;
  }
  const words = pieces(option)
    .map((piece) => piece.words)
    .join("");
  const box = text();
  const before = box.value.slice(0, box.selectionStart);
  const slash = SLASH.exec(before);
  const from = slash ? before.length - slash[1].length - 1 : box.selectionStart;
  box.setRangeText(words, from, box.selectionEnd, "end");
  const { inserted, used } = panel().dataset;
  attach(option.files);
  close();
  box.focus();
  box.dispatchEvent(new Event("input", { bubbles: true }));
  announce(`${inserted} ${option.title.map(([piece]) => piece).join("")}`);
  window.htmx.ajax("POST", used.replace("KEY", option.key), { source: "#replies", swap: "none" });
}

// The reply's files join those that the person chose, and are sent as theirs.
async function attach(files) {
  const input = document.getElementById("composer-files");
  if (!files.length || !input) return;
  try {
    const fetched = await Promise.all(
      files.map(async (file) => {
        const answer = await fetch(file.url, { credentials: "same-origin" });
        if (!answer.ok) throw new Error(`${answer.status}`);
        return new File([await answer.blob()], file.name, { type: file.mime_type });
      }),
    );
    if (!input.isConnected) return;
    const all = new DataTransfer();
    for (const file of [...input.files, ...fetched]) all.items.add(file);
    input.files = all.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  } catch {
    announce(panel()?.dataset.noFile ?? "");
    const line = element("p", panel()?.dataset.noFile ?? "", "desk-failure");
    document.getElementById("uploads")?.after(line);
  }
}

document.addEventListener("input", (event) => {
  if (event.target.id === "composer-text") ask();
  if (event.target.dataset?.blank && chosen >= 0) {
    filled[event.target.dataset.blank] = event.target.value;
    preview();
  }
});

// Before the composer's own keys: Enter inserts and does not send, Esc closes the list and nothing else.
document.addEventListener(
  "keydown",
  (event) => {
    const inText = event.target.id === "composer-text";
    if (event.key === "Enter" && !event.shiftKey && inText && pending && panel()) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    if (!isOpen() || event.isComposing) return;
    const inPanel = panel().contains(event.target);
    if (!inText && !inPanel) return;
    const take = () => {
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    if (event.key === "Escape") {
      take();
      dismissed = typed();
      close();
      text().focus();
    } else if (event.key === "Enter" && chosen >= 0 && !event.shiftKey && event.target.tagName !== "BUTTON") {
      take();
      insert();
    } else if (inText && (event.key === "ArrowDown" || event.key === "ArrowUp") && options.length) {
      take();
      const by = event.key === "ArrowDown" ? 1 : -1;
      choose((chosen + by + options.length) % options.length);
    } else if (inText && event.key === "Tab" && !event.shiftKey && chosen >= 0) {
      const blank = part("blanks").querySelector("input");
      if (!blank) return;
      take();
      blank.focus();
    }
  },
  true,
);

document.addEventListener("click", (event) => {
  const line = event.target.closest("[data-option]");
  if (line && panel()?.contains(line)) {
    choose(Number(line.dataset.option));
    if (options[chosen].blanks.length) part("blanks").querySelector("input").focus();
    else text().focus();
    return;
  }
  if (event.target.closest("#replies-insert")) {
    insert();
    return;
  }
  if (event.target.closest("#replies-button")) {
    const box = text();
    const before = box.value.slice(0, box.selectionStart);
    box.focus();
    if (typed() === null) box.setRangeText(!before || /\s$/.test(before) ? "/" : " /", box.selectionStart, box.selectionEnd, "end");
    dismissed = null;
    ask();
    return;
  }
  const maybe = event.target.closest("[data-maybe]");
  if (maybe) useSuggestion(Number(maybe.dataset.maybe));
  else if (isOpen() && !panel().contains(event.target) && event.target.id !== "composer-text") close();
});

// --- what might be useful, only when it is asked for ---

let suggestions = [];

document.addEventListener(
  "toggle",
  async (event) => {
    if (event.target.id !== "replies-maybe" || !event.target.open) return;
    const said = part("maybe-said");
    const list = part("maybe-list");
    try {
      const found = await load(panel().dataset.suggested);
      if (!event.target.isConnected) return;
      suggestions = found.options;
      said.textContent = suggestions.length ? "" : found.said;
      list.replaceChildren(...suggestions.map(suggestion));
      announce(found.said);
    } catch {
      said.textContent = panel()?.dataset.failed ?? "";
      announce(said.textContent);
    }
  },
  true,
);

function suggestion(option, position) {
  const line = element("li");
  const words = element("div");
  const title = marked(option.title, element("strong"));
  title.dir = "auto";
  const excerpt = marked(option.excerpt, element("span", "", "replies-excerpt"));
  excerpt.dir = "auto";
  words.append(title, excerpt, element("span", [option.meta, option.overdue || option.checked].filter(Boolean).join(" · "), "replies-meta"));
  const button = element("button", panel().dataset.insert, "btn btn-outline-primary");
  button.type = "button";
  button.dataset.maybe = position;
  button.setAttribute("aria-keyshortcuts", `Alt+${position + 1}`);
  button.append(" ", element("kbd", `Alt ${position + 1}`));
  line.append(words, button);
  return line;
}

function useSuggestion(position) {
  const option = suggestions[position];
  if (!option || !panel()) return;
  options = [option];
  part("maybe").open = false;
  show({ said: option.title.map(([piece]) => piece).join(""), options });
  insert();
}

document.addEventListener("keydown", (event) => {
  const number = /^Digit([1-3])$/.exec(event.code);
  if (!number || !event.altKey || event.ctrlKey || event.metaKey || !part("maybe")?.open) return;
  event.preventDefault();
  useSuggestion(Number(number[1]) - 1);
});

// --- arriving ---

function start() {
  if (part("button")) part("button").hidden = false;
  if (part("maybe")) part("maybe").hidden = false;
}

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "desk") {
    options = suggestions = [];
    chosen = -1;
  }
  start();
});
document.addEventListener("desk:after", start);
start();
