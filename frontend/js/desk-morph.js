// Live updates change only what differs: focus, open menus, scroll, half-written words and what a screen reader has
// already said stay as they are. An element with data-morph is brought to its new state instead of being replaced.
//   data-keep             the element is the page's own: never touched
//   data-keep-attributes  its children follow, its attributes are the page's own

const OWN_ATTRIBUTES = { DETAILS: ["open"], TEXTAREA: ["style"] };

function syncAttributes(current, wanted) {
  if (current.hasAttribute("data-keep-attributes")) return;
  const kept = OWN_ATTRIBUTES[current.tagName] ?? [];
  for (const { name } of [...current.attributes]) {
    if (!wanted.hasAttribute(name) && !kept.includes(name)) current.removeAttribute(name);
  }
  for (const { name, value } of wanted.attributes) {
    if (current.getAttribute(name) !== value) current.setAttribute(name, value);
  }
}

function sameThing(one, other) {
  return one.nodeType === other.nodeType && one.nodeName === other.nodeName && (one.id ?? "") === (other.id ?? "");
}

// What stands now for a wanted child: the one of its id, wherever it is, or the next one if that is alike.
function counterpart(parent, next, wanted) {
  if (wanted.id) return [...parent.children].find((child) => child.id === wanted.id && sameThing(child, wanted));
  return next && sameThing(next, wanted) ? next : null;
}

function syncChildren(current, wanted) {
  let next = current.firstChild;
  for (const child of [...wanted.childNodes]) {
    const found = counterpart(current, next, child);
    if (!found) {
      current.insertBefore(child, next);
      continue;
    }
    if (found === next) next = next.nextSibling;
    else current.insertBefore(found, next);
    morph(found, child);
  }
  while (next) {
    const gone = next;
    next = next.nextSibling;
    gone.remove();
  }
}

export function morph(current, wanted) {
  if (current.isEqualNode(wanted)) return;
  if (current.nodeType !== Node.ELEMENT_NODE) {
    current.nodeValue = wanted.nodeValue;
    return;
  }
  if (current.hasAttribute("data-keep")) return;
  syncAttributes(current, wanted);
  syncChildren(current, wanted);
}

function swapIn(target, html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  const wanted = parsed.getElementById(target.id);
  if (!wanted) return false;
  const tabs = parsed.getElementById("console-tabs");
  const shownTabs = document.getElementById("console-tabs");
  if (tabs && shownTabs) morph(shownTabs, tabs);
  target.dispatchEvent(new CustomEvent("desk:before", { bubbles: true }));
  morph(target, wanted);
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
  if (!swapIn(target, event.detail.xhr.responseText)) return;
  event.detail.shouldSwap = false;
  event.detail.isError = false;
});
