// Who waits stands in the title of the tab. A sound and a notification say it too, where this browser was told so: both are off
// until somebody switches them on, here, for this browser alone. They say that somebody waits, never who or what.

import { ofBrowser } from "./stores.js";

const SOUND = "arengo:desk-sound";
const NOTICE = "arengo:desk-notice";
const SAID = "arengo:desk-said"; // up to which message some tab of this browser has said it

const inbox = () => document.getElementById("inbox");
const QUIET = 10_000; // ms at least between two of them, however often somebody writes
let lastAt = -QUIET;
let known = Number(inbox()?.dataset.latest ?? 0);

function title() {
  const number = Number(inbox()?.dataset.waiting ?? 0);
  const words = document.title.replace(/^\([\d.,+]+\)\s/, "");
  document.title = number ? `(${number > 999 ? "999+" : number}) ${words}` : words;
}

function beep() {
  const context = new AudioContext();
  const [tone, volume] = [context.createOscillator(), context.createGain()];
  tone.frequency.value = 660;
  volume.gain.setValueAtTime(0.12, context.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, context.currentTime + 0.4);
  tone.connect(volume).connect(context.destination);
  tone.addEventListener("ended", () => context.close());
  tone.start();
  tone.stop(context.currentTime + 0.4);
}

function notify() {
  if (!("Notification" in window) || Notification.permission !== "granted" || document.visibilityState === "visible") return;
  const words = document.getElementById("alert-notice")?.dataset.words ?? "";
  const shown = new Notification(words, { tag: "arengo-desk" });
  shown.addEventListener("click", () => {
    window.focus();
    shown.close();
  });
}

function tell() {
  const latest = Number(inbox()?.dataset.latest ?? 0);
  if (latest <= known) return;
  known = latest;
  if (latest <= Number(ofBrowser.getItem(SAID) ?? 0)) return; // another tab has
  ofBrowser.setItem(SAID, String(latest));
  if (performance.now() - lastAt < QUIET) return;
  lastAt = performance.now();
  if (ofBrowser.getItem(SOUND) === "1") beep();
  if (ofBrowser.getItem(NOTICE) === "1") notify();
}

function show() {
  title();
  tell();
  for (const one of document.querySelectorAll("#inbox [data-needs-script]")) one.hidden = false;
  for (const [id, key] of [["alert-sound", SOUND], ["alert-notice", NOTICE]]) {
    const box = document.getElementById(id);
    if (box) box.checked = ofBrowser.getItem(key) === "1";
  }
}

document.addEventListener("change", async (event) => {
  if (event.target.id === "alert-sound") {
    ofBrowser.setItem(SOUND, event.target.checked ? "1" : "0");
    if (event.target.checked) beep();
  } else if (event.target.id === "alert-notice") {
    const box = event.target;
    const granted = box.checked && "Notification" in window && (await Notification.requestPermission()) === "granted";
    box.checked = granted;
    ofBrowser.setItem(NOTICE, granted ? "1" : "0");
  }
});

document.addEventListener("desk:after", (event) => {
  if (event.target.id === "inbox") show();
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "desk") show();
});
show();
