// An answer to a part of the page says which invisible characters the server took out of what was typed.

import { announce } from "./announce.js";

const SHOWN = 20_000; // milliseconds
let hiding = 0;

document.addEventListener("arengo:removed", (event) => {
  const bar = document.getElementById("removed-bar");
  const words = event.detail?.words ?? "";
  if (!bar || !words) return;
  window.clearTimeout(hiding);
  hiding = window.setTimeout(() => {
    bar.hidden = true;
  }, SHOWN);
  if (!bar.hidden && bar.textContent === words) return; // a preview asks with every key
  bar.textContent = words;
  bar.hidden = false;
  announce(words);
});
