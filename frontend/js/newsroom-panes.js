// Beside the text: the preview, or one of the other panes in its place (newsroom/panes.py). Without this each is a page of its own.

const panel = document.getElementById("panel");
const pane = document.getElementById("pane");

// What cannot be taken comes back with its words.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.xhr.status === 422 && detail.target.closest("#pane-content")) detail.shouldSwap = true;
});

document.addEventListener("click", (event) => {
  const tab = event.target.closest?.("[data-pane]");
  if (!tab || !panel || !pane || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const isPreview = tab.dataset.pane === "panel";
  if (isPreview) event.preventDefault();
  for (const other of document.querySelectorAll("[data-pane]")) other.toggleAttribute("aria-current", false);
  tab.setAttribute("aria-current", "true");
  panel.hidden = !isPreview;
  pane.hidden = isPreview;
});
