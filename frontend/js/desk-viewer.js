// The photos of a thread, whole: ← → from one to the next, Esc back to where one was. Without this module a photo's link opens it.

const viewer = () => document.getElementById("viewer");
const photos = () => [...document.querySelectorAll("#messages a.desk-photo")];
let shown = ""; // the id of the link whose photo is shown

function show(link) {
  const dialog = viewer();
  const all = photos();
  const place = all.indexOf(link);
  if (!dialog || place < 0) return;
  shown = link.id;
  const picture = dialog.querySelector("img");
  picture.src = link.href;
  picture.alt = link.querySelector("img").alt;
  const words = dialog.querySelector("#viewer-place");
  words.textContent = words.dataset.words.replace("{n}", place + 1).replace("{all}", all.length);
  dialog.querySelector("#viewer-download").href = `${link.href}?scarica=1`;
  dialog.querySelector("#viewer-before").disabled = place === 0;
  dialog.querySelector("#viewer-after").disabled = place === all.length - 1;
  if (!dialog.open) dialog.showModal();
}

function step(by) {
  const all = photos();
  const next = all[all.findIndex((link) => link.id === shown) + by];
  if (next) show(next);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("#messages a.desk-photo");
  if (link && viewer() && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    show(link);
  }
  if (event.target.closest("#viewer-before")) step(-1);
  if (event.target.closest("#viewer-after")) step(1);
});

document.addEventListener("keydown", (event) => {
  if (!viewer()?.open) return;
  if (event.key === "ArrowLeft") step(-1);
  else if (event.key === "ArrowRight") step(1);
  else return;
  event.preventDefault();
});

document.addEventListener(
  "close",
  (event) => {
    if (event.target.id !== "viewer") return;
    event.target.querySelector("img").removeAttribute("src");
    document.getElementById(shown)?.focus();
  },
  true,
);
