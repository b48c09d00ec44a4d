// Opening hours: more intervals in a day, days of the calendar by arrow keys, the words of the emergency button.
import { announce } from "../arengo/js/announce.js";

// --- the week ---

function tidy(day) {
  const most = Number(day.dataset.most);
  const rows = [...day.querySelectorAll("[data-hours-interval]")];
  const filled = (row) => [...row.querySelectorAll("input")].some((input) => input.value);
  for (const row of rows) {
    row.hidden = !filled(row) && !row.dataset.asked;
    row.querySelector("[data-hours-remove]").hidden = false;
  }
  day.querySelector("[data-hours-add]").hidden =
    rows.filter((row) => !row.hidden).length >= most;
}

function another(day, rows) {
  const last = rows.at(-1);
  const [weekday, place] = last.querySelector("input").name.split("-").map(Number);
  const row = last.cloneNode(true);
  for (const part of row.querySelectorAll("[id], [name], [for], [aria-describedby]")) {
    for (const name of ["id", "name", "for", "aria-describedby"]) {
      const value = part.getAttribute(name);
      if (value)
        part.setAttribute(
          name,
          value.replace(`${weekday}-${place}`, `${weekday}-${place + 1}`),
        );
    }
  }
  for (const input of row.querySelectorAll("input")) input.value = "";
  row.setAttribute(
    "aria-label",
    row.getAttribute("aria-label").replace(/\d+$/, place + 2),
  );
  row.querySelector(".hours-problem").textContent = "";
  last.after(row);
  return row;
}

function typed(day) {
  day.closest("form").dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const day = event.target.closest("[data-hours-day]");
  if (!day) return;
  if (event.target.closest("[data-hours-add]")) {
    const rows = [...day.querySelectorAll("[data-hours-interval]")];
    const row = rows.find((each) => each.hidden) ?? another(day, rows);
    row.dataset.asked = "1";
    tidy(day);
    row.querySelector("input").focus();
  } else if (event.target.closest("[data-hours-remove]")) {
    const row = event.target.closest("[data-hours-interval]");
    for (const input of row.querySelectorAll("input")) input.value = "";
    delete row.dataset.asked;
    tidy(day);
    announce(row.getAttribute("aria-label"));
    day.querySelector("[data-hours-add]").focus();
    typed(day);
  } else if (event.target.closest("[data-hours-swap]")) {
    const [opens, closes] = event.target
      .closest("[data-hours-interval]")
      .querySelectorAll("input");
    [opens.value, closes.value] = [closes.value, opens.value];
    opens.focus();
    typed(day);
  }
});

function showSwaps() {
  for (const button of document.querySelectorAll("[data-hours-swap]")) button.hidden = false;
}

// --- the year ---

function days() {
  return [...document.querySelectorAll("[data-hours-months] [data-day]")];
}

function oneStop(current) {
  for (const day of days()) day.tabIndex = day === current ? 0 : -1;
}

function startCalendar() {
  const all = days();
  const chosen =
    all.find((day) => day.classList.contains("hours-day-chosen")) ??
    all.find((day) => day.getAttribute("aria-current")) ??
    all[0];
  if (chosen) oneStop(chosen);
}

function monthsAway(iso, step) {
  const [year, month, day] = iso.split("-").map(Number);
  const last = new Date(Date.UTC(year, month - 1 + step + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + step, Math.min(day, last)));
}

const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

document.addEventListener("keydown", (event) => {
  const day = event.target.closest("[data-hours-months] [data-day]");
  if (!day) return;
  let wanted;
  if (event.key in STEPS) {
    wanted = new Date(`${day.dataset.day}T00:00Z`);
    wanted.setUTCDate(wanted.getUTCDate() + STEPS[event.key]);
  } else if (event.key === "PageUp" || event.key === "PageDown") {
    wanted = monthsAway(day.dataset.day, event.key === "PageUp" ? -1 : 1);
  } else return;
  event.preventDefault();
  const iso = wanted.toISOString().slice(0, 10);
  const next = days().find((each) => each.dataset.day === iso);
  if (!next) return;
  oneStop(next);
  next.focus();
});

document.addEventListener("htmx:afterSettle", () => {
  showSwaps();
  if (!document.activeElement.closest("[data-hours-months]")) startCalendar();
});

// --- an emergency opening ---

const form = document.querySelector("[data-emergency]");

function emergencyWords() {
  const picked = (name) => form.querySelector(`[name="${name}"]:checked`);
  const words = (input) => input?.closest("label")?.textContent.trim() ?? "";
  const until =
    picked("until")?.value === "other"
      ? form.querySelector('[name="clock"]').value
      : words(picked("until"));
  const button = form.querySelector("[data-emergency-button]");
  if (!until) return;
  button.textContent = button.dataset.words
    .replace("%(desk)s", words(picked("desk")))
    .replace("%(until)s", until);
  const shown = document.querySelector("[data-emergency-until]");
  shown.textContent = shown.dataset.words.replace("%(until)s", until);
}

if (form) {
  form.addEventListener("input", emergencyWords);
  emergencyWords();
}
for (const day of document.querySelectorAll("[data-hours-day]")) tidy(day);
showSwaps();
startCalendar();
if (location.hash === "#day") document.getElementById("day")?.focus();
