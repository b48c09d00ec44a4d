// The composer: Enter sends, drafts survive, a message is on screen at once and the truth follows.

import { announce } from "./announce.js";
import { dropUploads, hasUploads, idsOfUploads, namesOfUploads, randomKey } from "./desk-uploads.js";
import { counted } from "./lengths.js";
import { draftGone, draftOf, dropDraft, keepDraft as keep } from "./drafts.js";

const LIMIT_SHOWN = 0.85; // of the limit: from there on the count is worth showing
const TYPING_EVERY = 20_000; // ms; the platform shows «is typing» for 25 s

const text = () => document.getElementById("composer-text");
const form = () => document.getElementById("composer");
const draftName = () => `conversation:${document.getElementById("conversation")?.dataset.conversation ?? ""}`;
let typedAt = 0;
let sent = null; // what is on its way: { words, uploads: their ids, quoted, key, bubble, draft: the name of its draft }
let tried = null; // what was sent and has had no answer, { words, key, uploads }: it stands in the composer, and may have arrived
let underway = false; // from the press of the button to the answer
let keyed = null; // the field of the message's key that has its draft's key
let impatient = null; // words that were to be sent while something else was on its way

function grow() {
  const box = text();
  if (!box) return;
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight + 2, window.innerHeight * 0.35)}px`;
  const count = document.getElementById("composer-count");
  if (count) count.hidden = counted(box.value, count.dataset.unit) < LIMIT_SHOWN * Number(count.dataset.limit);
}

function write(words) {
  const box = text();
  if (!box) return;
  box.value = words;
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

// What is on its way is kept as well: it is the server's only when the server says so.
function keepDraft() {
  const typed = text()?.value ?? "";
  const short = (one) => (one ? { words: one.words, key: one.key, uploads: one.uploads } : null);
  const key = document.getElementById("composer-key")?.value ?? "";
  if (typed || sent?.words) keep(draftName(), { typed, going: short(sent), tried: short(tried), key, at: Date.now() });
  else dropDraft(draftName());
}

// What had no answer may have arrived: then it is in the thread, and goes out of the composer; what was written since stays.
function takeOutArrived() {
  if (!tried || !document.querySelector(`[data-key="${CSS.escape(tried.key)}"]`)) return;
  const { words, uploads } = tried;
  const now = text()?.value ?? "";
  // Other words under the same key: the server says that the first ones have arrived.
  if (now !== words && !now.startsWith(`${words}\n`)) return;
  tried = null;
  dropUploads(uploads);
  if (form()) document.getElementById("composer-key").value = randomKey();
  document.getElementById("composer-trouble")?.remove();
  write(now.slice(words.length).replace(/^\n/, ""));
}

function sayTyping() {
  const now = Date.now();
  if (now - typedAt < TYPING_EVERY || !text().value.trim()) return;
  typedAt = now;
  window.htmx.ajax("POST", form().dataset.typing, { source: "#composer-text", swap: "none" });
}

document.addEventListener("input", (event) => {
  if (event.target.id !== "composer-text") return;
  grow();
  keepDraft();
  if (event.isTrusted) sayTyping();
});

document.addEventListener("keydown", (event) => {
  if (event.target.id !== "composer-text" || event.key !== "Enter" || event.isComposing) return;
  const byTouch = window.matchMedia("(pointer: coarse)").matches;
  if (event.shiftKey || (byTouch && !event.ctrlKey && !event.metaKey)) return;
  event.preventDefault();
  form().requestSubmit();
});

// --- quoting ---

function quote(id, words, photo = "") {
  const picture = document.getElementById("quote-photo");
  picture.hidden = !photo;
  if (photo) picture.src = photo;
  else picture.removeAttribute("src");
  document.getElementById("reply-to").value = id;
  document.getElementById("quote-text").textContent = words;
  document.getElementById("quote").hidden = !id;
}

document.addEventListener("click", (event) => {
  const quoting = event.target.closest("[data-quote]");
  if (quoting && form()) {
    event.preventDefault();
    const bubble = document.getElementById(`b-${quoting.dataset.quote}`);
    const words = bubble?.querySelector(".desk-text, .desk-file, .desk-gone")?.innerText.trim() || bubble?.dataset.kind || "";
    const photo = bubble?.querySelector(".desk-photo img")?.getAttribute("src") ?? "";
    quote(quoting.dataset.quote, words.slice(0, 140), photo);
    text().focus();
  }
  if (event.target.closest("#quote-off") && form()) {
    event.preventDefault();
    quote("", "");
    text().focus();
  }
});

// --- sending ---

// Its id is its own: nothing that comes meanwhile is taken for it.
function pendingBubble(words, files, key) {
  const line = document.createElement("li");
  line.id = `pending-${key}`;
  line.className = "desk-message desk-out desk-pending";
  const bubble = document.createElement("div");
  bubble.className = "desk-bubble";
  const said = document.createElement("div");
  said.className = "desk-text";
  said.dir = "auto";
  said.textContent = [words, ...files].filter(Boolean).join("\n");
  const meta = document.createElement("p");
  meta.className = "desk-meta";
  meta.textContent = form().dataset.sending;
  bubble.append(said, meta);
  line.append(bubble);
  return line;
}

// What was chosen from a menu is done: the menu closes.
document.addEventListener("htmx:beforeRequest", (event) => {
  const menu = event.target.closest("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// A menu that opens at the edge of the thread comes into view whole.
document.addEventListener(
  "toggle",
  (event) => {
    if (event.target.open && event.target.closest("#thread")) {
      event.target.querySelector(".menu-list")?.scrollIntoView({ block: "nearest" });
    }
  },
  true,
);

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.id !== "composer") return;
  const words = text().value.trim();
  if (!words && !hasUploads()) {
    event.preventDefault();
    underway = false;
    text().focus();
    return;
  }
  const key = document.getElementById("composer-key");
  const bubble = pendingBubble(words, namesOfUploads(), key.value);
  const photo = document.getElementById("quote-photo").getAttribute("src") ?? "";
  const quoted = [document.getElementById("reply-to").value, document.getElementById("quote-text").textContent, photo];
  sent = { words, uploads: idsOfUploads(), quoted, key: key.value, bubble, draft: draftName() };
  tried = null;
  document.getElementById("messages")?.append(bubble);
  bubble.scrollIntoView({ block: "end" });
  // The request holds its own copy: the composer is free for what comes next.
  key.value = randomKey();
  quote("", "");
  write("");
});

// One at a time, in order: who presses again meanwhile is obeyed when the first is through, with the same words only.
document.addEventListener(
  "submit",
  (event) => {
    if (event.target.id !== "composer") return;
    if (!underway) {
      underway = true;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    impatient = text().value;
  },
  true,
);

// Nothing is lost: what did not go stands in the composer again, before what was written since.
function giveBack(refused) {
  if (!sent) return;
  const back = sent;
  sent = null;
  back.bubble.remove();
  tried = refused ? null : back;
  if (!text()) {
    keep(draftName(), { typed: back.words, going: null, tried: refused ? null : { words: back.words, key: back.key, uploads: back.uploads } });
    return;
  }
  // Where nothing can be sent any more the answer itself brings the words.
  const since = text().value.trim() === back.words ? "" : text().value;
  // The same message: it may have arrived after all. What was refused has not: the next one is another.
  if (form()) document.getElementById("composer-key").value = refused ? randomKey() : back.key;
  write([back.words, since].filter(Boolean).join("\n"));
  if (!form()) return;
  quote(...back.quoted);
}

const isOurs = (xhr) => /id="(conversation|desk)"/.test(xhr?.responseText ?? "");

document.addEventListener("htmx:afterRequest", (event) => {
  const { requestConfig, xhr } = event.detail;
  if (requestConfig?.elt?.id !== "composer") return; // the event's own target may be what is left around it
  // Only a conversation is an answer of ours: a proxy or a hotel's network says 200 with a page of its own.
  const ours = isOurs(xhr);
  const status = xhr?.status === 200 && !ours ? 0 : (xhr?.status ?? 0);
  const refused = status === 409 || status === 422;
  if (status === 200) {
    const led = sent && sent.draft !== draftName(); // «Invia e chiudi»: another conversation stands here now
    if (sent?.words) draftGone(sent.draft, { typed: sent.words });
    sent = null;
    if (!led) {
      keepDraft();
      text()?.focus();
    }
  } else {
    giveBack(refused);
    // Of a token that is too old csrf.js gets the present one and sends again.
    if (!refused && form() && !xhr?.getResponseHeader("X-Arengo-Csrf")) announceTrouble(status);
  }
  showKept();
  underway = false;
  const again = status === 200 && impatient !== null && impatient === text()?.value;
  impatient = null;
  if (again) form().requestSubmit();
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, requestConfig } = event.detail;
  if (requestConfig?.elt?.id === "composer" && !isOurs(xhr)) event.detail.shouldSwap = false;
});

function troubleWords(status) {
  const { tooLarge, signedOut, refused, server, notSent } = form().dataset;
  if (status === 413) return tooLarge;
  if (status === 401) return signedOut;
  if (status === 403 || status === 404) return refused;
  return status >= 500 ? server : notSent;
}

function announceTrouble(status) {
  const words = troubleWords(status);
  let line = document.getElementById("composer-trouble");
  if (!line) {
    line = document.createElement("p");
    line.id = "composer-trouble";
    line.className = "desk-failure";
    form().prepend(line);
  }
  line.textContent = words;
  announce(words);
}

// --- arriving ---

function start() {
  const box = text();
  if (!box) return;
  const draft = draftOf(draftName());
  const words = draft ? [draft.going?.words, draft.typed].filter(Boolean).join("\n") : "";
  const key = document.getElementById("composer-key");
  // A composer that comes back finds the words in the box, which has been elsewhere on the page, but brings another key.
  const cameBack = key !== keyed && box.value === words;
  keyed = key;
  // The server's words stand in the box, from whatever device; this browser's count where they are later.
  const later = box.value === box.defaultValue && (draft?.at ?? 0) >= Number(box.dataset.keptAt ?? 0);
  if (!words && key && box.value && box.dataset.keptKey) key.value = box.dataset.keptKey;
  if (words && !sent && (!box.value || cameBack || later)) {
    const before = draft.going ?? draft.tried;
    tried = before ? { ...before, uploads: before.uploads ?? [] } : null;
    // Sent once more, what may have arrived arrives once.
    if (key) key.value = before?.key || draft.key || key.value;
    write(words);
  } else if (draft && !words && !box.value) dropDraft(draftName());
  if (!sent) takeOutArrived();
  showKept();
  grow();
}

// Where nothing can be sent, what was being written is shown, to be copied or used later.
function showKept() {
  const place = document.getElementById("kept");
  if (!place) return;
  document.getElementById("kept-drop").hidden = false;
  const wanted = Boolean(text()?.value);
  if (place.hidden !== wanted) return;
  place.hidden = !wanted;
  if (wanted) announce(place.dataset.said);
}

document.addEventListener("click", (event) => {
  if (event.target.id !== "kept-drop") return;
  draftGone(draftName(), { typed: text().value });
  write("");
  showKept();
});

// Another tab sent it.
document.addEventListener("arengo:draft-gone", (event) => {
  if (event.detail.name === draftName() && text()?.value && !sent && text().value === event.detail.value?.typed) write("");
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "desk") return;
  // Another conversation: the answer to what was on its way in the last one may find nobody here.
  underway = false;
  sent = tried = impatient = null;
  start();
});
document.addEventListener("desk:after", (event) => {
  if (event.target.id === "conversation") start();
});
start();
