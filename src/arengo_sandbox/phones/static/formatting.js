/* The chat's own markup: *bold* _italic_ ~struck~ ```code``` and addresses that can be pressed. */

import { el } from "./dom.js";

const RULES = [
  [/```([\s\S]+?)```/, (inner) => el("code", {}, inner)],
  [/https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]'*_~]/, (_inner, whole) => link(whole, whole)],
  [/(?<![\w/])www\.[^\s<>"]+[^\s<>".,;:!?)\]'*_~]/, (_inner, whole) => link(`https://${whole}`, whole)],
  [/(?<!\w)\*(\S(?:[^*\n]*\S)?)\*(?!\w)/, (inner) => el("strong", {}, formatted(inner))],
  [/(?<!\w)_(\S(?:[^_\n]*\S)?)_(?!\w)/, (inner) => el("em", {}, formatted(inner))],
  [/(?<!\w)~(\S(?:[^~\n]*\S)?)~(?!\w)/, (inner) => el("s", {}, formatted(inner))],
];

function link(address, words) {
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, words);
}

export function formatted(text) {
  let first = null;
  for (const [pattern, make] of RULES) {
    const found = pattern.exec(text);
    if (found && (first === null || found.index < first.found.index)) first = { found, make };
  }
  if (first === null) return text ? [text] : [];
  const { found, make } = first;
  return [
    ...(found.index ? [text.slice(0, found.index)] : []),
    make(found[1], found[0]),
    ...formatted(text.slice(found.index + found[0].length)),
  ];
}
