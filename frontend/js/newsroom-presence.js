// Who else has this update open, and who is writing in it.

import { meet, put, said } from "./here.js";

const WRITES = 30_000; // ms after the last key for which somebody writes

const line = document.getElementById("newsroom-presence");
let typedAt = 0;

if (line) {
  const here = meet({
    topic: "newsroom-presence",
    thing: "update",
    place: () => line,
    self: () => Number(line.dataset.person),
    doing: () => (Date.now() - typedAt < WRITES ? "writes" : "looks"),
    show: () => put(line, said(here.people(Number(line.dataset.update)), line.dataset)),
  });
  document.getElementById("editor")?.addEventListener("input", (event) => {
    if (!event.isTrusted) return;
    typedAt = Date.now();
    here.tell();
  });
}
