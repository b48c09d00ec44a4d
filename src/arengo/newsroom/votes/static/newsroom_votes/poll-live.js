// SPDX-FileCopyrightText: 2026 Arengo contributors
// SPDX-License-Identifier: AGPL-3.0-or-later
// New votes of an open poll are said aloud at most once a minute, whatever else moves on the page.

import { announce } from "../arengo/js/announce.js";

const EVERY = 60_000; // milliseconds
const votes = () => document.getElementById("poll")?.dataset.pollVotes ?? "";

let said = votes();
let last = 0;
let waiting = 0;

function say() {
  waiting = 0;
  const now = votes();
  if (now === said) return;
  said = now;
  last = Date.now();
  announce(now);
}

document.addEventListener("htmx:afterSettle", () => {
  if (votes() === said || waiting) return;
  waiting = window.setTimeout(say, Math.max(0, last + EVERY - Date.now()));
});
