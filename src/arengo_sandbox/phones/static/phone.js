/* One phone: who holds it, its switches, the list of contacts, the open chat. */

import * as api from "./api.js";
import { Chat } from "./chat.js";
import { summary } from "./bubble.js";
import { el, hour, icon, spoken } from "./dom.js";

const NEW = "new";
let serial = 0;

export class Phone {
  constructor(person, page) {
    this.person = person;
    this.page = page;
    this.messages = new Map();
    this.chat = null;
    this.turn = Promise.resolve();
    this.id = `phone-${(serial += 1)}`;
    this.build();
    this.buildSwitches();
    this.setPerson(person);
  }

  build() {
    this.chooser = el("select", { id: `${this.id}-who`, "data-testid": "who", onchange: () => this.choose() });
    this.panel = el("div", { class: "switches", hidden: true, id: `${this.id}-switches`, "data-testid": "switches" });
    this.gear = el("button", { type: "button", class: "round", "aria-label": "Opzioni del telefono", "aria-expanded": "false",
      "aria-controls": `${this.id}-switches`, "data-testid": "options", onclick: () => this.toggleSwitches() }, icon("more"));
    this.time = el("span", {}, hour(Date.now() / 1000));
    this.signal = el("span", { class: "signal" });
    this.screen = el("div", { class: "screen" });
    this.alert = el("p", { class: "alert", role: "status", hidden: true, "data-testid": "alert" });
    this.root = el("section", { class: "phone", "data-testid": "phone" },
      el("div", { class: "holder" },
        el("div", { class: "holder-who" }, this.label = el("label", { for: `${this.id}-who` }), this.chooser), this.gear),
      this.panel,
      this.body = el("div", { class: "body" },
        el("div", { class: "status-bar", "aria-hidden": "true" }, this.time, this.signal), this.screen, this.alert));
    setInterval(() => { this.time.textContent = hour(Date.now() / 1000); }, 20000);
  }

  get name() { return this.page.numbers()[0]?.verified_name || "Comune"; }

  setPerson(person) {
    this.person = person;
    this.root.dataset.person = person.id;
    this.root.setAttribute("aria-label", `Telefono di ${person.name}`);
    this.root.classList.toggle("no-signal", !person.online);
    this.label.textContent = person.hide_number ? "Chi sei (numero nascosto)" : "Chi sei";
    this.signal.replaceChildren(icon(person.online ? "signal" : "offline"));
    this.listPeople();
    this.drawSwitches();
    if (this.chat) this.chat.draw();
    this.look();
  }

  listPeople() {
    const options = this.page.people().map((person) => el("option", { value: person.id, selected: person.id === this.person.id,
      disabled: person.id !== this.person.id && this.page.taken(person.id) }, person.name));
    this.chooser.replaceChildren(...options, el("option", { value: NEW }, "+ Nuova persona"));
    this.chooser.value = this.person.id;
  }

  async choose() {
    const wanted = this.chooser.value;
    const person = wanted === NEW ? await this.page.newPerson() : await api.person(wanted);
    this.close();
    this.messages.clear();
    this.setPerson(person);
    this.page.changed();
    this.chooser.focus();
  }

  async toggleSwitches() {
    this.panel.hidden = !this.panel.hidden;
    this.gear.setAttribute("aria-expanded", String(!this.panel.hidden));
    if (this.panel.hidden) return;
    // Only this one box is set: drawing all anew would take another from under the finger.
    await this.attempt(async () => {
      this.responder = await api.responder();
      document.getElementById(`${this.id}-second-responder`).checked = this.responder.on;
    });
  }

  /* Made once and changed in place: a switch that is made anew loses the press that is on its way. */
  buildSwitches() {
    this.switches = [
      this.switch("offline", "Senza rete", "I messaggi aspettano, poi arrivano", (person) => !person.online, (on) => this.change({ online: !on })),
      this.switch("hide", "Nascondi il numero", "Il Comune vede solo un identificativo", (person) => person.hide_number, (on) => this.change({ hide_number: on })),
      this.switch("block", "Blocca il Comune", "I suoi messaggi non arrivano più", (person) => person.blocked_business, (on) => this.change({ blocked_business: on })),
      this.switch("stop-marketing", "Stop al marketing", "Rifiuta le comunicazioni promozionali", (person) => person.marketing === "stop",
        async (on) => this.page.personChanged(await api.marketing(this.person.id, on ? "stop" : "resume"))),
      this.switch("second-responder", "Secondo risponditore", "Da ora risponde anche un’altra applicazione, per tutti i telefoni",
        () => Boolean(this.responder?.on), async (on) => { this.responder = await api.setResponder({ on }); }),
    ];
    this.whoId = el("p", { class: "who-id" });
    this.panel.append(this.whoId, ...this.switches.map((one) => one.row),
      el("button", { type: "button", class: "plain", "data-testid": "remove-phone", onclick: () => this.page.remove(this) }, "Togli questo telefono"));
  }

  switch(name, label, hint, isOn, act) {
    const one = { isOn, pending: 0 };
    const press = async () => {
      one.pending += 1;
      await this.attempt(() => act(one.box.checked));
      one.pending -= 1;
      this.drawSwitches();
    };
    one.box = el("input", { type: "checkbox", role: "switch", id: `${this.id}-${name}`, "data-testid": name, onchange: press });
    one.row = el("div", { class: "switch" }, one.box, el("label", { for: one.box.id }, el("b", {}, label), el("span", {}, hint)));
    return one;
  }

  drawSwitches() {
    const { person } = this;
    this.whoId.textContent = person.hide_number ? `Il Comune non vede il numero (nome utente: ${person.username})` : `Numero: ${spoken(person.phone)}`;
    /* What was just pressed is not yet true: its answer says what it has become. */
    for (const one of this.switches) if (!one.pending) one.box.checked = one.isOn(person);
  }

  async change(what) {
    this.page.personChanged(await api.change(this.person.id, what));
  }

  /* Everything that asks the server goes through here, one after the other: who presses a switch and then writes has
     pressed it first. A failure is said on the phone itself. */
  attempt(work) {
    this.turn = this.turn.then(async () => {
      try {
        await work();
        this.alert.hidden = true;
      } catch (problem) {
        this.alert.textContent = `Non è andata: ${problem.message}`;
        this.alert.hidden = false;
      }
    });
    return this.turn;
  }

  async load() {
    const id = this.person.id;
    await this.attempt(async () => {
      const messages = await api.messages(id);
      if (id !== this.person.id) return;
      this.messages = new Map(messages.map((message) => [message.id, message]));
      this.draw();
    });
  }

  hear(change) {
    if (change.change === "typing" && change.who === this.person.id) this.chat?.typing(change.phone_number_id);
    if (change.change !== "message" || change.who !== this.person.id) return;
    this.messages.set(change.message.id, change.message);
    if (change.message.direction === "out") this.chat?.typing(null);
    this.draw();
  }

  /* What a phone shows: all of the citizen's own, and of the Comune's what has arrived. */
  visible(number) {
    return [...this.messages.values()].filter((message) => message.phone_number_id === number && message.type !== "reaction"
      && (message.direction === "in" || ["delivered", "read"].includes(message.status))).sort((a, b) => arrival(a) - arrival(b));
  }

  draw() {
    if (this.chat) this.chat.draw();
    else this.drawList();
    this.look();
  }

  drawList() {
    const rows = this.page.numbers().map((number) => {
      const shown = this.visible(number.id);
      const last = shown.at(-1);
      const unread = shown.filter((message) => message.direction === "out" && message.status === "delivered").length;
      return el("li", {}, el("button", { type: "button", class: "contact", "data-testid": "contact", "data-number": number.id, onclick: () => this.open(number) },
        el("span", { class: "avatar" }, icon("hall")),
        el("span", { class: "contact-words" }, el("span", { class: "contact-name" }, number.verified_name),
          el("span", { class: "contact-last" }, last ? summary(last) : number.display_phone_number)),
        el("span", { class: "contact-side" }, last ? el("time", {}, hour(last.timestamp)) : null,
          unread ? el("span", { class: "unread", "data-testid": "unread" }, String(unread), el("span", { class: "hidden" }, " da leggere")) : null)));
    });
    this.screen.replaceChildren(
      el("div", { class: "top" }, el("h2", {}, "Chat")),
      el("ul", { class: "contacts" }, rows),
      this.messages.size ? "" : el("p", { class: "hint" }, "Apri il Comune e scrivi, per esempio: «Buongiorno, a che ora apre l'anagrafe?»"));
  }

  open(number) {
    this.chat = new Chat(this, number);
    this.screen.replaceChildren(this.chat.root);
    this.draw();
    this.chat.focus();
    /* On a small screen the whole phone must fit, with the line to write on. */
    if (window.innerWidth < 640) this.body.scrollIntoView({ block: "end" });
  }

  close() {
    this.chat = null;
    this.drawList();
    this.screen.querySelector(".contact")?.focus();
  }

  /* Seen means seen: the chat is open, the page in front, the phone has signal. */
  look() {
    if (!this.chat || document.visibilityState !== "visible" || !this.person.online) return;
    const unread = this.visible(this.chat.number.id).some((message) => message.direction === "out" && message.status === "delivered");
    if (unread) this.attempt(() => api.markRead(this.person.id, this.chat.number.id));
  }
}

const arrival = (message) => (message.direction === "out" ? message.delivered_at : message.timestamp);
