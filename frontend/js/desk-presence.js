// Who looks at a conversation and who has unsent words there. Each screen says what its person does, hears what the others do,
// and forgets it after a while; nothing is stored. It knows at most MOST conversations at a time.

const EVERY = 15_000; // ms between two words about the same
const LASTS = 40_000; // ms for which a word holds
const AGAIN = 4_000; // ms at least between two answers to newcomers
const MOST = 500;

const heard = new Map(); // conversation → Map(person → { name, doing, until })
let told = { path: "", doing: "", at: 0 };
let answeredAt = 0;

const words = () => document.getElementById("presence-words")?.dataset;
const line = () => document.getElementById("presence");

function unsent() {
  const fields = [document.getElementById("composer-text"), document.getElementById("note-text")];
  return fields.some((field) => field?.value.trim());
}

function tell(again = false) {
  const path = line()?.dataset.tell;
  if (!path) return;
  const doing = unsent() ? "writes" : "looks";
  if (doing === "looks" && document.visibilityState !== "visible") return;
  const now = Date.now();
  if (!again && told.path === path && told.doing === doing && now - told.at < EVERY - 1_000) return;
  if (told.path && told.path !== path) leave();
  told = { path, doing, at: now };
  window.htmx?.ajax("POST", path, { source: line(), swap: "none", values: { doing } });
}

function leave() {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value;
  if (!told.path || !token) return;
  const form = new FormData();
  form.append("doing", "leaves");
  form.append("csrfmiddlewaretoken", token);
  navigator.sendBeacon(told.path, form);
  told = { path: "", doing: "", at: 0 };
}

function said(conversation, exceptDoing) {
  const now = Date.now();
  const people = [...(heard.get(conversation)?.values() ?? [])].filter((one) => one.until > now && one.doing !== exceptDoing);
  people.sort((one, other) => other.doing.localeCompare(one.doing) || one.name.localeCompare(other.name));
  return people.map((one) => words()[one.doing].replace("…", () => `\u2068${one.name}\u2069`)).join(", ");
}

function put(place, text) {
  if (place.textContent === text && place.hidden === !text) return;
  place.textContent = text;
  place.hidden = !text;
}

function show() {
  if (!words()) return;
  for (const place of document.querySelectorAll("[data-presence]")) put(place, said(Number(place.dataset.presence)));
  const here = line();
  if (here) put(here, said(Number(here.dataset.conversation)));
}

function hear(event) {
  let news;
  try {
    news = JSON.parse(event.data);
  } catch {
    return;
  }
  if (!words() || news.person === Number(words().person)) return;
  const people = heard.get(news.conversation) ?? new Map();
  const isNew = !people.has(news.person);
  if (news.doing === "leaves") people.delete(news.person);
  else people.set(news.person, { name: news.name, doing: news.doing, until: Date.now() + LASTS });
  heard.delete(news.conversation);
  if (people.size) heard.set(news.conversation, people);
  if (heard.size > MOST) heard.delete(heard.keys().next().value);
  show();
  // Who has just come does not know of us yet.
  if (isNew && news.doing !== "leaves" && Date.now() - answeredAt > AGAIN) {
    answeredAt = Date.now();
    window.setTimeout(() => tell(true), 200 + Math.random() * 800);
  }
}

function forget() {
  const now = Date.now();
  for (const [conversation, people] of heard) {
    for (const [person, one] of people) if (one.until <= now) people.delete(person);
    if (!people.size) heard.delete(conversation);
  }
  show();
}

document.addEventListener("htmx:sseOpen", (event) => {
  const source = event.detail.source;
  source.removeEventListener("presence", hear);
  source.addEventListener("presence", hear);
  tell(true);
});
document.addEventListener("input", (event) => {
  if (event.target.id === "composer-text" || event.target.id === "note-text") tell();
});
document.addEventListener("visibilitychange", () => tell());
document.addEventListener("desk:after", () => {
  show();
  tell();
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "desk") {
    show();
    if (!line()) leave();
    tell();
  }
});
window.addEventListener("pagehide", leave);
window.setInterval(() => {
  forget();
  tell();
}, EVERY);
