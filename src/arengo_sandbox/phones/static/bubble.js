/* One message as a bubble: whatever its type, from either side. */

import { el, hour, icon } from "./dom.js";
import { formatted } from "./formatting.js";

const NOTES = {
  edit: "Hai modificato un messaggio",
  delete: "Hai eliminato un messaggio",
  unsupported: "Messaggio di un tipo che il Comune non può leggere",
  call: "Hai chiamato: nessuno ha risposto",
  system: "I tuoi dati sono cambiati",
};
const TICKS = {
  waiting: ["clock", "In attesa della rete"],
  sent: ["tick", "Inviato"],
  delivered: ["ticks", "Consegnato"],
  read: ["ticks", "Letto"],
};

const mediaAddress = (message) => {
  const id = message.media || message[message.type]?.id;
  return id ? `/phones/media/${encodeURIComponent(id)}` : null;
};

export function bubble(message, chat) {
  if (message.direction === "in" && NOTES[message.type]) {
    return el("li", { class: "note", "data-id": message.id }, NOTES[message.type]);
  }
  const mine = message.direction === "in";
  const quoted = message.context && chat.find(message.context.id);
  const body = el("div", { class: "bubble" }, quoted ? quote(quoted) : null, content(message, chat), foot(message, chat, mine));
  const pressed = buttons(message, chat);
  const shown = [message.business_reaction, message.citizen_reaction].filter(Boolean);
  return el(
    "li",
    { class: `message ${mine ? "mine" : "theirs"}${pressed ? " with-answers" : ""}`, "data-id": message.id, "data-testid": "message",
      "data-type": message.type, "data-status": message.status },
    el("span", { class: "hidden" }, mine ? "Tu: " : `${chat.name}: `),
    body,
    shown.length ? el("p", { class: "reactions", "data-testid": "reactions" }, el("span", { class: "hidden" }, "Reazioni: "), shown.join(" ")) : null,
    pressed,
    mine ? null : el("button", { type: "button", class: "react", "aria-label": "Reagisci al messaggio", "aria-haspopup": "true",
      "data-testid": "react", onclick: (event) => chat.pickReaction(message, event.currentTarget) }, icon("smile")),
  );
}

function content(message, chat) {
  const part = message[message.type] || {};
  switch (message.type) {
    case "text": return words(part.body);
    case "image": return [picture(message, part.caption || "Foto"), words(part.caption)];
    case "sticker": return picture(message, "Adesivo", "sticker");
    case "video": return [clip(message, "video"), words(part.caption)];
    case "audio": return clip(message, "audio");
    case "document": return [paper(message, part.filename), words(part.caption)];
    case "location": return place(part);
    case "contacts": return cards(Array.isArray(part) ? part : part.contacts || []);
    case "button": return words(part.text);
    case "interactive": return interactive(message, part, chat);
    case "template": return template(message);
    default: return el("p", { class: "words" }, `(${message.type})`);
  }
}

const words = (text) => (text ? el("p", { class: "words" }, formatted(text)) : null);

function picture(message, label, kind = "picture") {
  const address = mediaAddress(message);
  if (!address) return el("p", { class: "missing" }, icon("photo"), "Immagine non disponibile");
  return el("a", { class: kind, href: address, target: "_blank", rel: "noopener" }, el("img", { src: address, alt: label }));
}

function clip(message, tag) {
  const address = mediaAddress(message);
  if (!address) return el("p", { class: "missing" }, icon("file"), "File non disponibile");
  return el(tag, { controls: true, preload: "metadata", src: address, class: "clip" });
}

function paper(message, name = "documento") {
  const address = mediaAddress(message);
  const inside = [icon("file"), el("span", { class: "paper-name" }, name), address ? icon("download") : null];
  return address
    ? el("a", { class: "paper", href: address, download: name, "data-testid": "document" }, inside)
    : el("p", { class: "paper" }, inside);
}

function place(part) {
  return el("div", { class: "place" },
    el("div", { class: "place-map", "aria-hidden": "true" }, icon("place")),
    el("p", { class: "words" }, el("strong", {}, part.name || "Posizione"), el("br"),
      part.address || `${Number(part.latitude).toFixed(5)}, ${Number(part.longitude).toFixed(5)}`));
}

function cards(contacts) {
  return contacts.map((contact) => el("div", { class: "card" }, icon("person"),
    el("p", { class: "words" }, el("strong", {}, contact.name?.formatted_name || "Contatto"),
      ...(contact.phones || []).flatMap((phone) => [el("br"), phone.phone || ""]))));
}

function interactive(message, part) {
  if (part.type === "button_reply") return words(part.button_reply.title);
  if (part.type === "list_reply") {
    return [words(part.list_reply.title), part.list_reply.description ? el("p", { class: "small" }, part.list_reply.description) : null];
  }
  return [heading(message, part.header), words(part.body?.text), part.footer ? el("p", { class: "small" }, part.footer.text) : null];
}

function template(message) {
  const shown = message.rendered;
  if (!shown) return words("(modello non più disponibile)");
  return [heading(message, shown.header), words(shown.body), shown.footer ? el("p", { class: "small" }, shown.footer) : null];
}

function heading(message, header) {
  if (!header) return null;
  if (header.type === "text") return el("p", { class: "words heading" }, header.text);
  if (header.type === "image") return picture(message, "Immagine del messaggio");
  if (header.type === "video") return clip(message, "video");
  if (header.type === "document") return paper(message, header.document?.filename || "documento.pdf");
  return header.type === "location" ? place(header.location) : null;
}

function quote(message) {
  const part = message[message.type] || {};
  const text = message.rendered?.body || part.body?.text || part.body || part.caption || part.filename || part.text || "Messaggio";
  return el("blockquote", { class: "quote" }, el("p", {}, String(text).slice(0, 120)));
}

function foot(message, chat, mine) {
  const time = el("time", { datetime: new Date(message.timestamp * 1000).toISOString() }, hour(message.timestamp));
  if (!mine) return el("p", { class: "foot" }, time);
  const state = message.status === "sent" && !chat.online ? "waiting" : message.status;
  const [name, label] = TICKS[state] || TICKS.sent;
  return el("p", { class: "foot" }, time, el("span", { class: `ticks ticks-${state}`, "data-testid": "ticks", "data-status": state }, icon(name, label)));
}

function buttons(message, chat) {
  if (message.direction === "in") return null;
  const answered = chat.answered(message.id);
  const made = pressable(message, chat).map(({ words: label, sign, press, href }) => href
    ? el("a", { class: "answer", href, target: href.startsWith("http") ? "_blank" : null, rel: "noopener noreferrer", "data-testid": "link-button" }, icon(sign), label)
    : el("button", { type: "button", class: "answer", disabled: answered && sign === "reply", "data-testid": "reply-button", onclick: press }, icon(sign), label));
  return made.length ? el("div", { class: "answers" }, made) : null;
}

function pressable(message, chat) {
  const part = message.interactive;
  if (part?.type === "button") {
    return part.action.buttons.map(({ reply }) => ({ words: reply.title, sign: "reply", press: () => chat.send({
      type: "interactive", interactive: { type: "button_reply", button_reply: reply }, context: { id: message.id } }) }));
  }
  if (part?.type === "list") return [{ words: part.action.button, sign: "list", press: () => chat.openList(message) }];
  if (part?.type === "location_request_message") {
    return [{ words: "Invia la posizione", sign: "reply", press: () => chat.sendPlace({ id: message.id }) }];
  }
  if (part?.type === "request_contact_info") {
    return [{ words: "Condividi il mio numero", sign: "reply", press: () => chat.sendNumber({ id: message.id }) }];
  }
  if (part?.type === "cta_url") {
    return [{ words: part.action.parameters.display_text, sign: "open", href: part.action.parameters.url }];
  }
  return (message.rendered?.buttons || []).map((button) => {
    if (button.type === "URL") return { words: button.text, sign: "open", href: button.url };
    if (button.type === "PHONE_NUMBER") return { words: button.text, sign: "phone", href: `tel:${button.phone_number}` };
    if (button.type === "COPY_CODE") {
      return { words: "Copia il codice", sign: "copy", press: () => navigator.clipboard.writeText(button.code) };
    }
    return { words: button.text, sign: "reply", press: () => chat.send({
      type: "button", button: { payload: button.payload, text: button.text }, context: { id: message.id } }) };
  });
}

export function summary(message) {
  const part = message[message.type] || {};
  const names = { image: "Foto", video: "Video", audio: "Audio", document: part.filename || "Documento", sticker: "Adesivo",
    location: "Posizione", contacts: "Contatto" };
  return part.caption || names[message.type] || message.rendered?.body || part.body?.text || part.body || part.text
    || part.button_reply?.title || part.list_reply?.title || NOTES[message.type] || "Messaggio";
}
