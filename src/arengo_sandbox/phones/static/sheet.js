/* A sheet that comes up from below inside a phone: one at a time, closed with Esc, focus kept and given back. */

import { el, icon } from "./dom.js";

let serial = 0;

export class Sheet {
  constructor() {
    const id = `sheet-${(serial += 1)}`;
    this.title = el("h3", { id });
    this.content = el("div", { class: "sheet-rows" });
    this.panel = el("div", { class: "sheet", role: "dialog", "aria-modal": "true", "aria-labelledby": id, "data-testid": "sheet" },
      el("div", { class: "sheet-top" }, this.title,
        el("button", { type: "button", class: "round", "aria-label": "Chiudi", onclick: () => this.close() }, icon("close"))),
      this.content);
    this.root = el("div", { class: "sheet-shade", hidden: true, onclick: (event) => event.target === this.root && this.close(),
      onkeydown: (event) => this.key(event) }, this.panel);
  }

  open(title, rows, opener) {
    this.opener = opener;
    this.title.textContent = title;
    this.content.replaceChildren(...rows.filter(Boolean));
    this.root.hidden = false;
    this.content.querySelector("button")?.focus();
  }

  close() {
    if (this.root.hidden) return;
    this.root.hidden = true;
    if (this.opener?.isConnected) this.opener.focus();
  }

  key(event) {
    if (event.key === "Escape") this.close();
    if (event.key !== "Tab") return;
    const stops = [...this.panel.querySelectorAll("button, a[href]")];
    const edge = event.shiftKey ? stops[0] : stops.at(-1);
    if (document.activeElement === edge) {
      event.preventDefault();
      (event.shiftKey ? stops.at(-1) : stops[0]).focus();
    }
  }
}
