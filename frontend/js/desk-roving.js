// The thread is one stop of the Tab key: ↑ ↓ go from message to message, Enter to what can be done with one (← → between them),
// Esc back to the message and from there to the text. Without this module every control is a stop by itself.

const LINES = "#earlier, #earlier-talk, #messages > [data-line], #newest";
const STOPS = "a[href], button, summary, audio, video";
const BY = { ArrowDown: 1, ArrowUp: -1 };

let current = ""; // the id of the line that Tab reaches
let entered = ""; // the id of the line whose controls may be reached

const lines = () => [...document.querySelectorAll(LINES)];
const stopsOf = (line) => [...line.querySelectorAll(STOPS)].filter((stop) => stop.checkVisibility());

export function arrange() {
  const thread = document.getElementById("thread");
  if (!thread) return;
  const all = lines();
  const here = all.find((line) => line.id === current) ?? firstOf(all);
  current = here?.id ?? "";
  thread.tabIndex = all.length ? -1 : 0;
  for (const line of all) {
    line.tabIndex = line === here ? 0 : -1;
    for (const stop of line.querySelectorAll(STOPS)) stop.tabIndex = line.id === entered ? 0 : -1;
  }
}

// Where reading begins: at the first new message, else at the latest.
function firstOf(all) {
  const fresh = document.getElementById("new-line")?.nextElementSibling;
  return all.find((line) => line === fresh) ?? all.filter((line) => line.id !== "newest").at(-1);
}

function goTo(line) {
  if (!line) return;
  current = line.id;
  entered = "";
  arrange();
  line.focus();
  line.scrollIntoView({ block: "nearest" });
}

function enter(line) {
  const [first] = stopsOf(line);
  if (!first) return;
  entered = line.id;
  arrange();
  first.focus();
}

function toText() {
  const places = ["composer-text", "conversation-title"].map((id) => document.getElementById(id));
  places.find((place) => place?.checkVisibility())?.focus();
}

function onLine(event, line) {
  const all = lines();
  const here = all.indexOf(line);
  if (event.key in BY) goTo(all[here + BY[event.key]]);
  else if (event.key === "Home") goTo(all[0]);
  else if (event.key === "End") goTo(all.at(-1));
  else if (event.key === "Enter" && !line.matches("a")) enter(line);
  else if (event.key === "Escape") toText();
  else return;
  event.preventDefault();
}

function within(event, line) {
  if (event.key === "Escape") goTo(line);
  else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
    if (event.target.matches("audio, video")) return; // its own keys
    const stops = stopsOf(line);
    const next = stops[stops.indexOf(event.target) + (event.key === "ArrowRight" ? 1 : -1)];
    next?.focus();
  } else return;
  event.preventDefault();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const line = event.target.closest(LINES);
  if (line) (line === event.target ? onLine : within)(event, line);
  else if (event.target.id === "thread" && event.key in BY) goTo(document.getElementById(current));
});

// Whoever comes with the pointer finds the keys where they pressed.
document.addEventListener("focusin", (event) => {
  const line = event.target.closest(LINES);
  if (!line) return;
  current = line.id;
  if (event.target !== line) entered = line.id;
  arrange();
});

document.addEventListener("focusout", (event) => {
  const line = entered && event.target.closest(LINES);
  if (!line || line.contains(event.relatedTarget) || !event.relatedTarget) return;
  entered = "";
  arrange();
});

document.addEventListener("desk:after", arrange);
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "desk") return;
  current = entered = "";
  arrange();
});
arrange();
