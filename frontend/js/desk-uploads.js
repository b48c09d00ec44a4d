// The files of the composer go up in pieces while somebody writes: chosen, pasted, dropped, taken with the camera. After a
// drop of the line they go on where they stopped. A press while some are not up waits for them, and blocks nothing.

import { announce } from "./announce.js";
import { acted } from "./desk-late.js";

const HEAD = 1024; // bytes that tell what a file is
const PAUSES = [1, 2, 4, 8, 15, 30]; // s between tries, the last one again
const MOST_TRIES = 40; // in a row, then a person has to choose it again

const list = () => document.getElementById("uploads");
const form = () => document.getElementById("composer");
const conversation = () => document.getElementById("conversation")?.dataset.conversation ?? "";
const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";
const part = (row, name) => row.querySelector(name);
let jobs = []; // { file, conversation, row, told, state: up | ready | refused | lost, problem }
let batches = []; // { conversation, address, data, words, jobs, line }

const here = () => jobs.filter((job) => job.conversation === conversation());

export const hasUploads = () => Boolean(list()?.querySelector("[name=upload]"));
export const namesOfUploads = () => [...(list()?.querySelectorAll("li .desk-upload-name") ?? [])].map((name) => name.textContent.trim());
export const idsOfUploads = () => [...(list()?.querySelectorAll("[name=upload]") ?? [])].map((field) => field.value);
export const queuedWords = () => batches.filter((batch) => batch.conversation === conversation()).map((batch) => batch.words).filter(Boolean).join("\n");

function post(address, body) {
  return fetch(address, { method: "POST", body, headers: { "X-CSRFToken": token() } });
}

const inMB = (bytes) => (bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1_000_000).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} MB`);

// --- one file -------------------------------------------------------------------------------------------------

function draw(job, words = "") {
  const { row, file, told, state } = job;
  const share = told ? told.offset / Math.max(told.size, 1) : 0;
  const bar = part(row, "progress");
  bar.hidden = state !== "up";
  bar.value = share;
  const whole = job.data.ready;
  part(row, ".desk-upload-state").textContent =
    state === "up" ? `${inMB(share * file.size)} / ${inMB(file.size)} · ${words || (share >= 1 ? job.data.checking : `${Math.floor(share * 100)} %`)}` : state === "ready" ? `${inMB(told.size)} · ${whole}` : job.data.refused;
  const problem = part(row, ".desk-file-problem");
  problem.hidden = !job.problem;
  problem.textContent = job.problem;
  row.classList.toggle("desk-file-refused", Boolean(job.problem));
  drawButton();
  batches.filter((batch) => batch.jobs.includes(job)).forEach(drawBatch);
}

function ready(job) {
  job.state = "ready";
  job.row.dataset.upload = job.told.id;
  const caption = part(job.row, "input[type=text]");
  caption.name = `caption-${job.told.id}`;
  caption.hidden = false;
  const id = document.createElement("input");
  id.type = "hidden";
  id.name = "upload";
  id.value = job.told.id;
  job.row.prepend(id);
  part(job.row, ".desk-upload-name").textContent = job.told.name;
  if (job.told.thumbnail) {
    const image = document.createElement("img");
    image.src = job.told.thumbnail;
    image.alt = "";
    id.after(image);
  }
  draw(job);
  announce(`${job.told.name}: ${job.data.ready}`);
  batches.filter((batch) => batch.jobs.includes(job)).forEach(send);
}

function fails(job, state, problem) {
  job.state = state;
  job.problem = problem;
  draw(job);
  announce(problem);
  batches.filter((batch) => batch.jobs.includes(job)).forEach((batch) => giveBack(batch, problem));
}

async function ask(job) {
  if (job.told) {
    const { offset, to } = job.told;
    return post(`${to}?da=${offset}`, job.file.slice(offset, offset + Number(job.data.piece)));
  }
  const body = new FormData();
  body.append("name", job.file.name);
  body.append("size", job.file.size);
  body.append("stamp", job.file.lastModified);
  body.append("head", new Blob([await job.file.slice(0, HEAD).arrayBuffer()]), "head");
  return post(job.data.begin, body);
}

function pause(seconds) {
  return new Promise((resolve) => {
    window.setTimeout(resolve, seconds * 1000);
    window.addEventListener("online", resolve, { once: true });
  });
}

async function carry(job) {
  let tries = 0;
  while (jobs.includes(job)) {
    let answer = null;
    let said = null;
    try {
      answer = await ask(job);
      said = await answer.json();
    } catch {
      // no line, or no answer of ours
    }
    if (answer?.ok && said?.id) {
      tries = 0;
      job.told = said;
      if (said.ready) return ready(job);
      draw(job);
    } else if (answer?.status === 409 && said) job.told.offset = said.offset;
    else if (answer?.status === 422 && said) return fails(job, "refused", said.problem);
    else if ([401, 403, 404].includes(answer?.status) || tries >= MOST_TRIES) return fails(job, "lost", job.data.lost);
    else {
      draw(job, job.data.dropped);
      if (!tries) announce(job.data.dropped);
      await pause(PAUSES[Math.min(tries, PAUSES.length - 1)]);
      tries += 1;
    }
  }
  return undefined;
}

function take(files) {
  acted();
  for (const file of files) {
    const row = document.getElementById("upload-row").content.firstElementChild.cloneNode(true);
    part(row, ".desk-upload-name").textContent = file.name;
    const job = { file, conversation: conversation(), row, told: null, state: "up", problem: "", data: { ...list().dataset } };
    jobs.push(job);
    list().append(row);
    list().hidden = false;
    draw(job);
    carry(job);
  }
}

// --- choosing -------------------------------------------------------------------------------------------------

document.addEventListener(
  "change",
  (event) => {
    if (!["composer-files", "composer-camera"].includes(event.target.id) || !list() || !event.target.files.length) return;
    event.stopImmediatePropagation();
    const files = [...event.target.files];
    event.target.value = "";
    take(files);
  },
  true,
);

document.addEventListener(
  "paste",
  (event) => {
    if (event.target.id !== "composer-text" || !list() || !event.clipboardData?.files.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    take([...event.clipboardData.files]);
  },
  true,
);

const carriesFiles = (event) => list() && event.dataTransfer?.types.includes("Files") && event.target.closest?.("#talk");

document.addEventListener("dragover", (event) => {
  if (carriesFiles(event)) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  take([...event.dataTransfer.files]);
});

document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-upload-off]")?.closest("li");
  if (!row) return;
  const job = jobs.find((one) => one.row === row);
  jobs = jobs.filter((one) => one !== job);
  const address = job?.told?.off ?? row.dataset.off;
  if (address) post(address).catch(() => {}); // it ends by itself after a day
  row.remove();
  list().hidden = !list().children.length;
  drawButton();
  document.getElementById("composer-text")?.focus();
});

// --- a press before all are up --------------------------------------------------------------------------------

function drawButton() {
  const button = document.getElementById("send");
  const words = [...(button?.childNodes ?? [])].findLast((node) => node.nodeType === Node.TEXT_NODE && node.nodeValue.trim());
  if (!words || !list()) return;
  const waits = here().some((job) => job.state === "up");
  const count = list().children.length;
  words.nodeValue = ` ${waits ? list().dataset.sendWhen.replace("{n}", count) : list().dataset.send} `;
}

function drawBatch(batch) {
  const sizes = batch.jobs.reduce((sum, job) => sum + job.file.size, 0);
  const there = batch.jobs.reduce((sum, job) => sum + (job.state === "ready" ? job.file.size : (job.told?.offset ?? 0)), 0);
  batch.line.textContent = [batch.words.slice(0, 80), `${batch.jobs.length} file · ${Math.floor((100 * there) / Math.max(sizes, 1))} %`, batch.waits].filter(Boolean).join(" · ");
}

function showBatches() {
  const place = document.getElementById("queued");
  if (!place) return;
  const lines = batches.filter((batch) => batch.conversation === conversation()).map((batch) => batch.line);
  place.replaceChildren(...lines);
  place.hidden = !lines.length;
}

export function randomKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

document.addEventListener(
  "submit",
  (event) => {
    if (event.target.id !== "composer") return;
    const wrong = here().find((job) => job.problem);
    const waits = here().some((job) => job.state === "up");
    if (!wrong && !waits) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (wrong) announce(wrong.problem);
    else queue();
  },
  true,
);

function queue() {
  const text = document.getElementById("composer-text");
  const data = new FormData(form());
  data.delete("files");
  const mine = here();
  for (const row of list().querySelectorAll("li")) row.remove();
  const line = document.createElement("li");
  line.dir = "auto";
  const batch = { conversation: conversation(), address: form().getAttribute("hx-post"), data, words: text.value.trim(), jobs: mine, line, waits: list().dataset.waits };
  for (const job of mine) job.conversation = ""; // no longer the composer's
  batches.push(batch);
  list().hidden = true;
  document.getElementById("composer-key").value = randomKey();
  text.value = "";
  text.dispatchEvent(new Event("input", { bubbles: true }));
  drawBatch(batch);
  showBatches();
  drawButton();
  announce(batch.waits);
  text.focus();
}

async function send(batch) {
  if (batch.jobs.some((job) => job.state !== "ready") || batch.going) return;
  batch.going = true;
  for (const job of batch.jobs) {
    const { id } = job.told;
    if (!batch.data.getAll("upload").includes(String(id))) batch.data.append("upload", id);
    batch.data.set(`caption-${id}`, part(job.row, "input[type=text]").value);
  }
  let answer = null;
  let page = "";
  try {
    answer = await fetch(batch.address, { method: "POST", body: batch.data, headers: { "X-CSRFToken": token(), "HX-Request": "true" } });
    page = await answer.text();
  } catch {
    // no line: below
  }
  const said = new DOMParser().parseFromString(page, "text/html");
  if (answer?.status === 200 && said.getElementById("conversation")) {
    jobs = jobs.filter((job) => !batch.jobs.includes(job));
    batches = batches.filter((one) => one !== batch);
    showBatches();
    if (conversation() === batch.conversation) document.getElementById("conversation").dispatchEvent(new Event("refresh"));
    return;
  }
  giveBack(batch, said.getElementById("refused")?.textContent.trim() || form()?.dataset.notSent || "");
}

// Nothing is lost: words and files stand in the composer again, if it is there; else they wait for its return.
function giveBack(batch, problem) {
  batches = batches.filter((one) => one !== batch);
  for (const job of batch.jobs) job.conversation = batch.conversation;
  announce(problem);
  if (conversation() !== batch.conversation || !list()) {
    returning.push(batch);
    return;
  }
  putBack(batch);
}

const returning = [];

function putBack(batch) {
  const text = document.getElementById("composer-text");
  text.value = [batch.words, text.value.trim() === batch.words ? "" : text.value].filter(Boolean).join("\n");
  text.dispatchEvent(new Event("input", { bubbles: true }));
  start();
}

// --- the composer comes back ----------------------------------------------------------------------------------

function start() {
  if (!list()) return;
  for (const batch of returning.splice(0)) {
    if (batch.conversation === conversation()) putBack(batch);
    else returning.push(batch);
  }
  for (const job of here()) {
    if (job.told) list().querySelector(`li[data-upload="${job.told.id}"]`)?.remove();
    list().append(job.row);
  }
  list().hidden = !list().children.length;
  showBatches();
  drawButton();
}

// They went with an answer.
document.addEventListener("htmx:afterRequest", (event) => {
  if (!["composer", "second-form"].includes(event.detail.requestConfig?.elt?.id) || event.detail.xhr?.status !== 200 || !list()) return;
  dropUploads(event.detail.requestConfig.formData?.getAll("upload") ?? []);
});

export function dropUploads(ids) {
  const went = new Set(ids.map(String));
  jobs = jobs.filter((job) => !went.has(String(job.told?.id)));
  for (const row of list()?.querySelectorAll("li") ?? []) if (went.has(row.dataset.upload)) row.remove();
  if (list()) list().hidden = !list().children.length;
}

window.addEventListener("beforeunload", (event) => {
  if (batches.length || jobs.some((job) => job.state === "up")) event.preventDefault();
});
document.addEventListener("htmx:afterSettle", (event) => event.target.id === "desk" && start());
document.addEventListener("desk:after", (event) => event.target.id === "conversation" && start());
start();
