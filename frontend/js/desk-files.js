// The files of an answer: chosen, pasted, taken off again; and judged by the server before they are uploaded, by their names, sizes
// and first bytes (src/arengo/desk/files.py). Each row says its own state. Without an answer they are judged when they are sent.

import { announce } from "./announce.js";

const HEAD = 1024; // bytes
const ALL_BYTES = 200 * 1024 * 1024; // of one answer

const input = () => document.getElementById("composer-files");
const list = () => document.getElementById("chosen-files");
const keyOf = (file) => `${file.name}/${file.size}/${file.lastModified}`;
const judged = new Map(); // by file: what is wrong with it, "" where nothing is
let tooMany = "";

const problemsNow = () => [...(input()?.files ?? [])].map((file) => judged.get(keyOf(file)) ?? "");

export function hasRefused() {
  const wrong = tooMany || problemsNow().find(Boolean);
  if (wrong) announce(wrong);
  return Boolean(wrong);
}

function row(file, position) {
  const line = document.createElement("li");
  const off = document.createElement("button");
  off.type = "button";
  off.className = "btn btn-quiet";
  off.textContent = list().dataset.remove;
  off.setAttribute("aria-label", `${list().dataset.remove} ${file.name}`);
  off.dataset.removeFile = position;
  const name = document.createElement("bdi");
  name.textContent = file.name;
  const problem = judged.get(keyOf(file));
  line.append(name, " ", off);
  if (problem) {
    const words = document.createElement("p");
    words.className = "desk-file-problem";
    words.textContent = problem;
    line.append(words);
    line.className = "desk-file-refused";
  }
  return line;
}

function draw() {
  const lines = [...input().files].map(row);
  if (tooMany) {
    const line = document.createElement("li");
    line.className = "desk-file-refused desk-file-problem";
    line.textContent = tooMany;
    lines.push(line);
  }
  list().replaceChildren(...lines);
  list().hidden = !input().files.length;
}

export function showFiles() {
  if (!list() || !input()) return;
  if (!input().files.length) tooMany = "";
  draw();
  judge();
}

async function judge() {
  const files = [...input().files];
  const form = document.getElementById("composer");
  if (!files.length || !form) return;
  const said = new FormData();
  for (const file of files) {
    said.append("name", file.name);
    said.append("size", file.size);
    said.append("head", new Blob([await file.slice(0, HEAD).arrayBuffer()]), "head");
  }
  let answer;
  try {
    const token = document.querySelector('meta[name="csrf-token"]').content;
    const response = await fetch(form.dataset.judge, { method: "POST", body: said, headers: { "X-CSRFToken": token } });
    if (!response.ok) return;
    answer = await response.json();
  } catch {
    return; // no line: the server judges them when they are sent
  }
  files.forEach((file, position) => judged.set(keyOf(file), answer.files[position] ?? ""));
  if (!input() || files.map(keyOf).join() !== [...input().files].map(keyOf).join()) return; // others were chosen meanwhile
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  tooMany = answer.all || (bytes > ALL_BYTES ? form.dataset.tooLarge : "");
  draw();
  const wrong = [...answer.files, tooMany].filter(Boolean);
  if (wrong.length) announce(wrong.join(" "));
}

export function keepFiles(wanted) {
  if (!input()) return;
  const kept = new DataTransfer();
  for (const file of [...input().files].filter(wanted)) kept.items.add(file);
  input().files = kept.files;
  showFiles();
}

document.addEventListener("change", (event) => {
  if (event.target.id === "composer-files") showFiles();
});

document.addEventListener("click", (event) => {
  const off = event.target.closest("[data-remove-file]");
  if (!off) return;
  keepFiles((_file, position) => position !== Number(off.dataset.removeFile));
  document.getElementById("composer-text")?.focus();
});

document.addEventListener("paste", (event) => {
  if (event.target.id !== "composer-text" || !event.clipboardData?.files.length) return;
  event.preventDefault();
  const all = new DataTransfer();
  for (const file of [...input().files, ...event.clipboardData.files]) all.items.add(file);
  input().files = all.files;
  showFiles();
});
