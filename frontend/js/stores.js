// What the browser keeps for us: for the tab, and for all of its tabs. Where it may keep nothing (forbidden, or a private
// window of some browsers) the page works all the same, and what is kept lives as long as the page.

const onThePage = {
  getItem(key) {
    return this[key] ?? null;
  },
  setItem(key, value) {
    this[key] = String(value);
  },
  removeItem(key) {
    delete this[key];
  },
  clear() {
    for (const key of Object.keys(this)) delete this[key];
  },
};

function storeOf(name) {
  try {
    Object.keys(window[name]); // forbidden: it throws, or there is none
    return window[name];
  } catch {
    return Object.create(onThePage);
  }
}

export const ofTab = storeOf("sessionStorage");
export const ofBrowser = storeOf("localStorage");
export const outlivesPage = !Object.prototype.isPrototypeOf.call(onThePage, ofTab);
