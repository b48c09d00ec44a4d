// Keeps "12 min" true while a page stays open. The server writes the first words ({% ago %}); the same steps are here.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const NOW = { it: "adesso", en: "now" };

function refresh() {
  const now = NOW[document.documentElement.lang] ?? NOW.it;
  for (const words of document.querySelectorAll("time [data-ago]")) {
    const age = Date.now() - Date.parse(words.parentElement.dateTime);
    // Older than half a day, or still to come: the server's words name the day, and stay right.
    if (age < 0 || age >= 12 * HOUR) continue;
    if (age < MINUTE) words.textContent = now;
    else if (age < HOUR) words.textContent = `${Math.floor(age / MINUTE)} min`;
    else words.textContent = `${Math.floor(age / HOUR)} h`;
  }
}

window.setInterval(refresh, 20_000);
