// Asks for the conversation again in the minute in which the window shuts: «rispondi entro mer 10:06» is over then.

const MINUTE = 60_000;

function refresh() {
  for (const words of document.querySelectorAll("[data-window-until]")) {
    const left = Math.floor((Date.parse(words.dataset.windowUntil) - Date.now()) / MINUTE);
    if (left < 0) {
      delete words.dataset.windowUntil;
      document.getElementById("conversation")?.dispatchEvent(new Event("refresh"));
    }
  }
}

window.setInterval(refresh, 20_000);
