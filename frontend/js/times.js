// Keeps "12 min" true while a page stays open. The server writes the first words ({% ago %}); the same steps are here.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const words = {
  it: { now: "adesso", minutes: (n) => `${n} min`, hours: (n) => `${n} h` },
  en: { now: "now", minutes: (n) => `${n} min`, hours: (n) => `${n} h` },
};

function refresh() {
  const language = words[document.documentElement.lang] ?? words.it;
  for (const element of document.querySelectorAll("time[data-ago]")) {
    const age = Date.now() - Date.parse(element.dateTime);
    // Older than half a day the server's words name the day; they are right until the page is asked for again.
    if (age >= 12 * HOUR) continue;
    if (age < MINUTE) element.textContent = language.now;
    else if (age < HOUR) element.textContent = language.minutes(Math.floor(age / MINUTE));
    else element.textContent = language.hours(Math.floor(age / HOUR));
  }
}

window.setInterval(refresh, 20_000);
