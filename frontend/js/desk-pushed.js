// The list as the server pushes it when something changed: drawn once for all who look at the same, instead of being asked for by each
// (desk/lists/pushing.py). It holds the rows and the numbers; what is this screen's own stays as it is. Where it does not fit what
// stands here, the list is asked for.

import { fit } from "./desk-list.js";
import { swapIn } from "./desk-swap.js";

function number(tab, words) {
  let count = tab.querySelector(".desk-count");
  if (!words) {
    count?.remove();
    return;
  }
  if (!count) {
    count = document.createElement("span");
    count.className = "desk-count";
    tab.append(count);
  }
  count.textContent = words;
}

// The list with what came, as an answer to its own question would have it; null where it has to be asked for.
function brought(list, news) {
  if (list.dataset.shown !== news.shown || document.getElementById("rows-kept")) return null;
  const fresh = list.cloneNode(true);
  fresh.querySelector("#rows").innerHTML = news.rows;
  const more = fresh.querySelector("#more-next");
  if (Boolean(more) !== Boolean(news.next)) return null;
  more?.setAttribute("href", news.next);
  const { opened } = list.dataset;
  if (opened) {
    const link = fresh.querySelector(`#open-${opened}`);
    // It left the list while it is open: its row says what became of it.
    if (!link && list.querySelector(`#open-${opened}`)) return null;
    link?.setAttribute("aria-current", "true");
  }
  fresh.dataset.waiting = String(news.waiting);
  fresh.dataset.latest = String(news.latest);
  fresh.querySelector("#inbox-changed").hidden = true;
  news.tabs.forEach((words, at) => {
    const tab = fresh.querySelector(`#tab-${at + 1}`);
    if (tab) number(tab, words);
  });
  return fresh.outerHTML;
}

// The number on the console's tab. Where it comes or goes, the tabs are asked for.
function badge(news) {
  const tabs = document.getElementById("console-tabs");
  if (!tabs || !news.badge) return;
  const count = tabs.querySelector("[aria-current=page] .count");
  if (count && news.waiting) count.firstChild.textContent = news.badge;
  else if (Boolean(count) !== Boolean(news.waiting)) {
    window.htmx.ajax("GET", tabs.getAttribute("hx-get"), { source: tabs, target: tabs, swap: "outerHTML" });
  }
}

function hear(event) {
  const list = document.getElementById("inbox");
  if (!list) return;
  const news = JSON.parse(event.data);
  const html = brought(list, news);
  if (html === null) {
    window.htmx.trigger(list, "refresh");
    return;
  }
  swapIn(list, fit(html));
  badge(news);
}

document.addEventListener("htmx:sseOpen", (event) => {
  const source = event.detail.source;
  source.removeEventListener("inbox-pushed", hear);
  source.addEventListener("inbox-pushed", hear);
});
