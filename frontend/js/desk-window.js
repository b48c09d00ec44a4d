// Keeps «finestra 3 min» true, and asks for the conversation again in the minute in which the window shuts.

const MINUTE = 60_000;

function refresh() {
  for (const words of document.querySelectorAll("[data-window-until]")) {
    const left = Math.floor((Date.parse(words.dataset.windowUntil) - Date.now()) / MINUTE);
    if (left < 0) {
      delete words.dataset.windowUntil;
      document.getElementById("conversation")?.dispatchEvent(new Event("refresh"));
    } else words.textContent = left >= 60 ? `${Math.floor(left / 60)} h` : `${Math.max(left, 1)} min`;
  }
}

window.setInterval(refresh, 20_000);
