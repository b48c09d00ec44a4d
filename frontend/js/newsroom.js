// The editor of updates: warns before unsaved words are lost, and shows the image just chosen in the previews.

const form = document.querySelector("form[data-unsaved]");
let dirty = form?.hasAttribute("data-dirty") ?? false;

// A new draft that was saved but may not go yet is shown at the address of «new»: loading that again would save it twice.
// (form.action would be the button of that name.)
const home = form?.getAttribute("action");
if (home && home !== window.location.pathname) window.history.replaceState(null, "", home);

form?.addEventListener("input", () => {
  dirty = true;
});
// Whatever is submitted from this page is what the person wants: saving, sending, or throwing away.
document.addEventListener("submit", () => {
  dirty = false;
});
form?.addEventListener("arengo:kept", () => {
  dirty = false;
});
document.addEventListener("arengo:signed-out", () => {
  dirty = false;
});
window.addEventListener("beforeunload", (event) => {
  if (dirty) event.preventDefault();
});

const panel = document.querySelector("[data-image-target]");
const chooser = form?.elements.namedItem("image");
const chosenFlag = form?.elements.namedItem("image_chosen");
let address = "";

function put(holder, className) {
  let image = holder.querySelector(`img.${className}`);
  if (!image) {
    image = document.createElement("img");
    image.className = className;
    // Not every browser shows what Arengo takes, HEIC for one: rather none than the sign of a broken image.
    image.addEventListener("error", () => image.remove());
    holder.prepend(image);
  }
  image.src = address;
  image.alt = form.elements.namedItem("image_alt").value;
}

function showChosen() {
  if (!address || !panel) return;
  panel.querySelectorAll(".bubble").forEach((bubble) => put(bubble, "bubble-image"));
  panel.querySelectorAll(".post-preview").forEach((post) => put(post, "post-image"));
}

// In the capturing phase: the flag is set before htmx asks for the preview.
chooser?.addEventListener(
  "change",
  () => {
    if (address) URL.revokeObjectURL(address);
    const file = chooser.files[0];
    address = file ? URL.createObjectURL(file) : "";
    chosenFlag.value = file ? "on" : "";
    showChosen();
  },
  true,
);
panel?.addEventListener("htmx:afterSwap", showChosen);
// The network was away: what is written is shown once it is back.
panel?.addEventListener("htmx:sendError", () => {
  window.setTimeout(() => form.dispatchEvent(new Event("input", { bubbles: true })), 3000);
});
// A page that comes back with the «Back» button may hold an old answer: start from what the form says.
chosenFlag?.setAttribute("value", "");
