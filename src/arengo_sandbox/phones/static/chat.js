/* The open chat: its messages, what is being written, the sheets that come up from below. */

import * as api from "./api.js";
import { bubble } from "./bubble.js";
import { day, el, icon } from "./dom.js";
import { Sheet } from "./sheet.js";

const EMOJI = [["👍", "Pollice in su"], ["❤️", "Cuore"], ["😂", "Risata"], ["😮", "Stupore"], ["😢", "Lacrima"], ["🙏", "Grazie"]];
const TYPING_MS = 25000;

export class Chat {
  constructor(phone, number) {
    this.phone = phone;
    this.number = number;
    this.name = number.verified_name;
    this.drawn = new Map();
    this.build();
  }

  get online() { return this.phone.person.online; }

  /* Written, not sent. */
  prepare(text) {
    this.field.value = text;
    this.fit();
  }

  build() {
    this.sheet = new Sheet();
    this.subtitle = el("p", { class: "subtitle", "data-testid": "subtitle", "aria-live": "polite" });
    this.list = el("ul", { class: "messages" });
    this.log = el("div", { class: "log", role: "log", tabindex: "0", "aria-label": `Messaggi con ${this.name}`, "data-testid": "log" }, this.list);
    this.field = el("textarea", { rows: "1", "aria-label": "Scrivi un messaggio", placeholder: "Scrivi un messaggio", "data-testid": "composer",
      maxlength: "4096", oninput: () => this.fit(), onkeydown: (event) => this.key(event) });
    this.files = el("input", { type: "file", class: "hidden", tabindex: "-1", "aria-label": "File da inviare", "data-testid": "file",
      onchange: () => this.sendFile() });
    this.root = el("div", { class: "chat", "data-testid": "chat" },
      el("div", { class: "top" },
        el("button", { type: "button", class: "round", "aria-label": "Torna alle chat", "data-testid": "back", onclick: () => this.phone.close() }, icon("back")),
        el("span", { class: "avatar" }, icon("hall")),
        el("div", { class: "top-words" }, el("h2", {}, this.name), this.subtitle)),
      this.log,
      el("form", { class: "composer", onsubmit: (event) => { event.preventDefault(); this.sendText(); } },
        el("button", { type: "button", class: "round", "aria-label": "Allega", "aria-haspopup": "dialog", "data-testid": "attach", onclick: (event) => this.attach(event.currentTarget) }, icon("attach")),
        this.field, this.files,
        el("button", { type: "submit", class: "round send", "aria-label": "Invia", "data-testid": "send" }, icon("send"))),
      this.sheet.root);
    this.typing(null);
  }

  focus() { this.field.focus({ preventScroll: true }); }

  find(id) { return this.phone.messages.get(id); }

  answered(id) {
    return [...this.phone.messages.values()].some((message) => message.direction === "in" && message.context?.id === id
      && ["button", "interactive", "location", "contacts"].includes(message.type));
  }

  /* Only what changed is built again: a focused button must not vanish under the finger. */
  draw() {
    const atEnd = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 60;
    const wanted = [];
    let lastDay = null;
    for (const message of this.phone.visible(this.number.id)) {
      const today = day(message.timestamp);
      if (today !== lastDay) wanted.push(this.piece(`day-${today}`, today, () => el("li", { class: "day" }, el("span", {}, today))));
      lastDay = today;
      const look = JSON.stringify([message, this.online, this.answered(message.id)]);
      wanted.push(this.piece(message.id, look, () => bubble(message, this)));
    }
    if (!wanted.length) wanted.push(this.piece("start", "", () => el("li", { class: "note" }, "Scrivi il primo messaggio: il Comune lo riceve subito.")));
    wanted.forEach((piece, position) => {
      if (this.list.children[position] !== piece) this.list.insertBefore(piece, this.list.children[position] || null);
    });
    while (this.list.children.length > wanted.length) this.list.lastElementChild.remove();
    if (atEnd) this.toEnd();
    this.log.querySelectorAll("img").forEach((image) => { if (!image.complete && atEnd) image.addEventListener("load", () => this.toEnd(), { once: true }); });
  }

  piece(key, look, make) {
    const known = this.drawn.get(key);
    if (known?.look === look) return known.element;
    const element = make();
    if (known) known.element.replaceWith(element);
    this.drawn.set(key, { look, element });
    return element;
  }

  toEnd() { this.log.scrollTop = this.log.scrollHeight; }

  typing(number) {
    clearTimeout(this.typingEnds);
    const writing = number === this.number.id;
    this.subtitle.textContent = writing ? "sta scrivendo…" : "Ente pubblico";
    this.subtitle.classList.toggle("writing", writing);
    if (writing) this.typingEnds = setTimeout(() => this.typing(null), TYPING_MS);
  }

  send(message) {
    return this.phone.attempt(() => this.write(message));
  }

  async write(message) {
    const { message: written } = await api.write(this.phone.person.id, { ...message, to: this.number.id });
    this.phone.messages.set(written.id, this.phone.messages.get(written.id) || written);
    this.phone.draw();
    this.toEnd();
  }

  async sendText() {
    const text = this.field.value.trim();
    if (!text) return;
    this.field.value = "";
    this.fit();
    await this.send({ type: "text", text });
    this.focus();
  }

  key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.sendText();
    }
  }

  fit() {
    this.field.rows = Math.min(5, Math.max(1, this.field.value.split("\n").length, Math.ceil(this.field.value.length / 30)));
  }

  attach(opener) {
    const pick = (accept, kind) => () => {
      this.files.accept = accept;
      this.files.dataset.kind = kind;
      this.sheet.close();
      this.files.click();
    };
    this.sheet.open("Allega", [
      this.row("photo", "Foto", "attach-photo", pick("image/jpeg,image/png", "image")),
      this.row("file", "Documento", "attach-document", pick("", "document")),
      this.row("place", "Posizione", "attach-location", () => {
        this.sheet.close();
        this.sendPlace();
      }),
    ], opener);
  }

  sendPlace(context) {
    return this.send({ type: "location", location: { latitude: 43.7696, longitude: 11.2558, name: "Piazza di Esempio", address: "Piazza di Esempio 1" }, context });
  }

  /* The business asked for the number: Meta says of the card that it is the sender's own. */
  sendNumber(context) {
    const { name, phone } = this.phone.person;
    const card = { name: { formatted_name: name }, phones: [{ phone: `+${phone}`, wa_id: phone }], origin: "contact_request" };
    return this.send({ type: "contacts", contacts: [card], context });
  }

  row(sign, label, testid, press) {
    return el("button", { type: "button", class: "sheet-row", "data-testid": testid, onclick: press }, icon(sign), el("span", {}, label));
  }

  sendFile() {
    const [file] = this.files.files;
    const kind = this.files.dataset.kind;
    if (!file) return undefined;
    const form = file;
    return this.phone.attempt(async () => {
      const kept = await api.keepFile(this.phone.person.id, form);
      this.files.value = "";
      const isImage = kind === "image" && ["image/jpeg", "image/png"].includes(kept.mime_type);
      await this.write(isImage ? { type: "image", image: { id: kept.id } } : { type: "document", document: { id: kept.id, filename: file.name } });
    });
  }

  openList(message) {
    const rows = message.interactive.action.sections.flatMap((section) => [
      section.title ? el("p", { class: "sheet-section" }, section.title) : null,
      ...section.rows.map((row) => el("button", { type: "button", class: "sheet-row", "data-testid": "list-row", onclick: () => {
        this.sheet.close();
        const reply = { id: row.id, title: row.title, ...(row.description ? { description: row.description } : {}) };
        this.send({ type: "interactive", interactive: { type: "list_reply", list_reply: reply }, context: { id: message.id } });
      } }, el("span", {}, el("b", {}, row.title), row.description ? el("small", {}, row.description) : null))),
    ]);
    this.sheet.open(message.interactive.action.button, rows, document.activeElement);
  }

  pickReaction(message, opener) {
    const react = (emoji) => () => {
      this.sheet.close();
      this.send({ type: "reaction", reaction: { message_id: message.id, emoji } });
    };
    const faces = EMOJI.map(([emoji, label]) => el("button", { type: "button", class: "face", "aria-label": label, "data-emoji": emoji, "data-testid": "emoji",
      "aria-pressed": String(message.citizen_reaction === emoji), onclick: react(message.citizen_reaction === emoji ? "" : emoji) }, emoji));
    this.sheet.open("Reazione", [el("div", { class: "faces" }, faces)], opener);
  }
}
