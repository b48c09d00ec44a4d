// Says something to screen readers without moving the focus: announce("Copiato").

export function announce(text) {
  const region = document.getElementById("live-region");
  if (!region) return;
  region.textContent = "";
  // Emptied first and filled a moment later, so that the same words twice are said twice.
  window.setTimeout(() => {
    region.textContent = text;
  }, 60);
}
