// Live updates of the desk: idiomorph brings an element with data-morph to its new state, so that focus, open menus, scroll,
// what plays and what a screen reader has already said stay as they are. What the person or the page itself changed is kept:
//   data-keep             the element is the page's own: never touched
//   data-keep-attributes  its children follow, its attributes are the page's own

import { Idiomorph } from "./idiomorph.js";

// What a person changes in a control, and as what it came.
const CAME_AS = { value: "defaultValue", checked: "defaultChecked", selected: "defaultSelected" };

const withOwnAttributes = new WeakSet(); // as they are before a new element gets the mark itself

function isKept(name, element) {
  if (withOwnAttributes.has(element)) return true;
  if (name === "tabindex" && element.closest("#thread")) return true; // desk-roving.js
  if (element.tagName === "DETAILS") return name === "open";
  if (element.tagName === "TEXTAREA") return name === "style" || name === "value";
  return CAME_AS[name] in element && element[name] !== element[CAME_AS[name]];
}

const KEEPING = {
  callbacks: {
    beforeNodeMorphed: (current) => {
      if (!(current instanceof Element)) return true;
      if (current.hasAttribute("data-keep-attributes")) withOwnAttributes.add(current);
      return !current.hasAttribute("data-keep");
    },
    beforeAttributeUpdated: (name, element) => !isKept(name, element),
  },
};

// Blanks between blocks are all alike: one that matches further down would take the blocks before it out of the page for a
// moment. They would lose their scroll, and without moveBefore their focus and a voice message that plays.
const OF_BLOCKS = "ol, ul, .desk-bubble, .desk-foot, .desk-scroll, .desk-talk, .desk-thread";

function withoutBlanks(root) {
  for (const parent of [root, ...root.querySelectorAll(OF_BLOCKS)]) {
    for (const node of [...parent.childNodes]) {
      if (node.nodeType === Node.TEXT_NODE && !node.nodeValue.trim()) node.remove();
    }
  }
  return root;
}

export function swapIn(target, html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  const wanted = parsed.getElementById(target.id);
  if (!wanted) return false;
  const tabs = parsed.getElementById("console-tabs");
  const shownTabs = document.getElementById("console-tabs");
  if (tabs && shownTabs) Idiomorph.morph(shownTabs, tabs, KEEPING);
  target.dispatchEvent(new CustomEvent("desk:before", { bubbles: true }));
  Idiomorph.morph(withoutBlanks(target), withoutBlanks(wanted), KEEPING);
  window.htmx.process(target);
  target.dispatchEvent(new CustomEvent("desk:after", { bubbles: true }));
  return true;
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const target = event.detail.target;
  if (!target?.hasAttribute("data-morph")) return;
  // The person went to another conversation while this answer was on its way.
  if (!target.isConnected) {
    event.detail.shouldSwap = false;
    return;
  }
  const status = event.detail.xhr.status;
  if (status !== 200 && status !== 409 && status !== 422) return;
  if (!swapIn(target, event.detail.serverResponse)) return;
  event.detail.shouldSwap = false;
  event.detail.isError = false;
});
