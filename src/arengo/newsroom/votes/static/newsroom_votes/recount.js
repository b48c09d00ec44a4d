// SPDX-FileCopyrightText: 2026 Arengo contributors
// SPDX-License-Identifier: AGPL-3.0-or-later
// Recounts a poll: reads the register, counts it line by line, and compares it with what was published and signed.

const place = document.getElementById("recount");
const verdict = document.getElementById("recount-verdict");
const number = new Intl.NumberFormat(document.documentElement.lang || "it");
const words = (name) => place.querySelector(`[data-word="${name}"]`).textContent;

function bytesOf(hex) {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

function fromBase64(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

// Each line is 24 hexadecimal digits, a comma, the number of an answer.
function count(register, answers) {
  const counts = new Array(answers).fill(0);
  const receipts = new Set();
  let votes = 0;
  let odd = 0;
  for (const line of register.split("\n")) {
    if (line === "") continue;
    votes += 1;
    const found = /^([0-9a-f]{24}),([1-9][0-9]?)$/.exec(line);
    if (!found || Number(found[2]) > answers) {
      odd += 1;
      continue;
    }
    receipts.add(found[1]);
    counts[Number(found[2]) - 1] += 1;
  }
  return { counts, votes, unique: odd === 0 && receipts.size === votes };
}

async function fingerprint(text) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function signed(statement, signature, point) {
  const how = { name: "ECDSA", namedCurve: "P-256" };
  const key = await crypto.subtle.importKey("raw", bytesOf(point), how, false, ["verify"]);
  return crypto.subtle.verify(
    { name: "ECDSA", hash: "SHA-256" },
    key,
    fromBase64(signature),
    new TextEncoder().encode(statement),
  );
}

// null: the browser has no cryptography here (a page without https).
async function sure(question) {
  if (!globalThis.crypto?.subtle) return null;
  try {
    return await question();
  } catch {
    return false;
  }
}

// What was signed; nothing that agrees with anything where it was changed to what is no statement.
function read(statement) {
  try {
    const { counts, register } = JSON.parse(statement);
    return { counts: Array.isArray(counts) ? counts : [], register };
  } catch {
    return { counts: [], register: "" };
  }
}

function mark(name, result) {
  const line = place.querySelector(`[data-check="${name}"]`);
  const state = result === null ? "unknown" : result ? "yes" : "no";
  line.dataset.state = state;
  line.querySelector("[data-mark]").textContent = words(state);
}

function say(kind, head, more) {
  verdict.className = `notice notice-${kind}`;
  verdict.querySelector("[data-verdict]").textContent = head;
  verdict.querySelector("[data-verdict-more]").textContent = more;
}

async function recount() {
  const { statement, signature, point, counts: published } = place.dataset;
  say("info", place.dataset.counting, "");
  let register;
  try {
    const answer = await fetch(place.dataset.register, { cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    register = await answer.text();
  } catch {
    say("warning", place.dataset.failed, "");
    return;
  }
  const said = read(statement);
  const shown = published.split(",").map(Number);
  const found = count(register, shown.length);
  const agrees = (others) =>
    others.length === found.counts.length && others.every((votes, at) => votes === found.counts[at]);
  const checks = {
    read: agrees(shown) && agrees(said.counts),
    unique: found.unique,
    same: await sure(async () => (await fingerprint(register)) === said.register),
    signed: await sure(() => signed(statement, signature, point)),
  };
  for (const [name, result] of Object.entries(checks)) mark(name, result);
  const title = place.querySelector("[data-check-title]");
  title.textContent = title.dataset.done.replace("{n}", number.format(found.votes));
  if (!checks.read || !checks.unique) {
    const total = shown.reduce((sum, votes) => sum + votes, 0);
    const more = place.dataset.differsMore
      .replace("{published}", number.format(total))
      .replace("{counted}", number.format(found.votes));
    say("danger", place.dataset.differs, more);
  } else if (checks.same === false || checks.signed === false) {
    const more = place.dataset.changedMore.replace("{counted}", number.format(found.votes));
    say("danger", place.dataset.differs, more);
  } else {
    const more = place.dataset.agreesMore.replace("{votes}", number.format(found.votes));
    say("success", place.dataset.agrees, more);
  }
}

if (place) {
  place.querySelector("[data-again]").hidden = false;
  document.getElementById("recount-again").addEventListener("click", recount);
  recount();
}
