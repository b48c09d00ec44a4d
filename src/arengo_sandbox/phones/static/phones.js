/* The page: which phones are on it, and the one stream of changes that moves them all. */

import * as api from "./api.js";
import { el } from "./dom.js";
import { Phone } from "./phone.js";

const KEPT = "arengo-sandbox-phones";
const board = document.getElementById("phones");
const state = document.querySelector("[data-testid=connection]");
const phones = [];
let everybody = [];
let numbers = [];
let stream = null;

const page = {
  people: () => everybody,
  numbers: () => numbers,
  taken: (id) => phones.some((phone) => phone.person.id === id),
  async newPerson() {
    const person = await api.makePerson();
    everybody.push(person);
    phones.forEach((phone) => phone.listPeople());
    return person;
  },
  changed() {
    keep();
    listen();
    phones.forEach((phone) => phone.listPeople());
  },
  remove(phone) {
    phones.splice(phones.indexOf(phone), 1);
    phone.root.remove();
    page.changed();
    document.getElementById("add-phone").focus();
    showEmpty();
  },
  personChanged(person) {
    everybody = everybody.map((known) => (known.id === person.id ? person : known));
    phones.filter((phone) => phone.person.id === person.id).forEach((phone) => phone.setPerson(person));
  },
};

function keep() {
  try {
    localStorage.setItem(KEPT, JSON.stringify(phones.map((phone) => phone.person.id)));
  } catch {
    /* A browser that keeps nothing still shows phones; they are only forgotten. */
  }
}

function kept() {
  try {
    const ids = JSON.parse(localStorage.getItem(KEPT));
    return Array.isArray(ids) ? ids : null;
  } catch {
    return null;
  }
}

function showEmpty() {
  board.querySelector(".empty")?.remove();
  if (!phones.length) {
    board.append(el("p", { class: "empty" }, "Nessun telefono. Con «Aggiungi un telefono» scegli chi sei e scrivi al Comune."));
  }
}

async function add(person) {
  const phone = new Phone(person, page);
  phones.push(phone);
  board.append(phone.root);
  showEmpty();
  await phone.load();
  return phone;
}

function listen() {
  stream?.close();
  const ids = [...new Set(phones.map((phone) => phone.person.id))];
  stream = new EventSource(`/phones/events?people=${ids.map(encodeURIComponent).join(",")}`);
  const fresh = stream;
  stream.addEventListener("ready", () => {
    say(true);
    /* Whatever happened while nobody listened is read again, once the stream is open. */
    phones.forEach((phone) => phone.load());
  });
  stream.onmessage = ({ data }) => {
    const change = JSON.parse(data);
    if (change.change === "person") page.personChanged(change.person);
    else phones.forEach((phone) => phone.hear(change));
  };
  stream.onerror = () => {
    say(false);
    if (fresh.readyState === EventSource.CLOSED) setTimeout(() => fresh === stream && listen(), 1000);
  };
}

function say(linked) {
  document.documentElement.dataset.linked = String(linked);
  state.textContent = linked ? "In linea" : "Collegamento interrotto: riprovo…";
}

document.getElementById("add-phone").addEventListener("click", async () => {
  const free = everybody.find((person) => !page.taken(person.id)) || (await page.newPerson());
  const phone = await add(free);
  page.changed();
  phone.root.scrollIntoView({ behavior: "smooth", block: "nearest", inline: "center" });
  phone.chooser.focus();
});
document.addEventListener("visibilitychange", () => phones.forEach((phone) => phone.look()));
window.addEventListener("focus", () => phones.forEach((phone) => phone.look()));

/* As many as fit side by side; the last of three is somebody whose number nobody sees. */
function firstPhones(people) {
  const room = window.innerWidth >= 1160 ? 3 : window.innerWidth >= 780 ? 2 : 1;
  const open = people.filter((person) => !person.hide_number);
  return room < 3 ? open.slice(0, room) : [...open.slice(0, 2), people.find((person) => person.hide_number) || open[2]].filter(Boolean);
}

async function start() {
  const [account, people] = await Promise.all([api.account(), api.people()]);
  numbers = account.phone_numbers;
  everybody = people;
  const wished = kept() || firstPhones(people).map((person) => person.id);
  for (const id of wished) {
    let person = everybody.find((known) => known.id === id);
    if (!person) {
      person = await api.person(id).catch(() => null);
      if (person) everybody.push(person);
    }
    if (person) await add(person);
  }
  showEmpty();
  page.changed();
  await follow();
}

/* A link of the business, followed on a phone: the chat opens with the text written, and the citizen presses Send. */
async function follow() {
  const link = new URLSearchParams(location.search);
  const number = numbers.find((known) => known.wa_id === link.get("numero"));
  if (!number) return;
  const phone = phones[0] || (await add(everybody[0]));
  phone.open(number);
  phone.chat.prepare(link.get("testo") || "");
  history.replaceState(null, "", location.pathname);
}

start().catch(() => {
  state.textContent = "La sandbox non risponde: ricarica la pagina.";
});
