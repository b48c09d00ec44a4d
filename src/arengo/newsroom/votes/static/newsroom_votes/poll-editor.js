// SPDX-FileCopyrightText: 2026 Arengo contributors
// SPDX-License-Identifier: AGPL-3.0-or-later
// The answers of a poll: moved and taken away by buttons; empty places beyond the first two wait until one asks for them.
// Without this script all ten places are there to be filled.

import { announce } from "../arengo/js/announce.js";

const LEAST = 2;
const group = document.querySelector("[data-poll-options]");
const rows = [...(group?.querySelectorAll("[data-poll-option]") ?? [])];
const input = (row) => row.querySelector("input");
const words = (name, n) => group.dataset[name].replace("{n}", String(n));

let shown = Math.max(LEAST, ...rows.map((row, at) => (input(row).value ? at + 1 : 0)));

function button(sign, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-quiet poll-move";
  made.textContent = sign;
  made.addEventListener("click", act);
  return made;
}

function changed(row) {
  input(row).dispatchEvent(new Event("input", { bubbles: true }));
}

function move(from, to) {
  const [a, b] = [input(rows[from]), input(rows[to])];
  [a.value, b.value] = [b.value, a.value];
  changed(rows[from]);
  changed(rows[to]);
  const kept = to < from ? "[data-up]" : "[data-down]";
  const next = rows[to].querySelector(kept);
  (next.disabled ? b : next).focus();
  announce(words("moved", to + 1));
}

function remove(at) {
  for (let row = at; row < shown - 1; row += 1) input(rows[row]).value = input(rows[row + 1]).value;
  input(rows[shown - 1]).value = "";
  shown = Math.max(LEAST, shown - 1);
  draw();
  rows.forEach(changed);
  input(rows[Math.min(at, shown - 1)]).focus();
  announce(group.dataset.removed);
}

function draw() {
  rows.forEach((row, at) => {
    row.hidden = at >= shown;
    row.querySelector("[data-up]").disabled = at === 0;
    row.querySelector("[data-down]").disabled = at >= shown - 1;
  });
  add.hidden = shown >= rows.length;
}

const add = button("", () => {
  shown += 1;
  draw();
  input(rows[shown - 1]).focus();
});

if (group) {
  add.textContent = `+ ${group.dataset.add}`;
  group.append(add);
  rows.forEach((row, at) => {
    const tools = document.createElement("div");
    tools.className = "poll-moves";
    const controls = [
      ["up", "↑", () => move(at, at - 1)],
      ["down", "↓", () => move(at, at + 1)],
      ["remove", "×", () => remove(at)],
    ];
    for (const [name, sign, act] of controls) {
      const made = button(sign, act);
      made.setAttribute(`data-${name}`, "");
      made.setAttribute("aria-label", words(name, at + 1));
      tools.append(made);
    }
    row.append(tools);
  });
  draw();
}
