// Who looks at something and who has unsent words there. Each screen says what its person does, hears what the others do, and
// forgets it after a while; nothing is stored (core/presence.py). It knows at most MOST things at a time.
//
//   const here = meet({ topic, thing, place, self, doing, show });
//
// topic: of the stream; thing: the name in the message of what it is about; place(): the element whose data-tell says where to tell
// it, or null; self(): the own person's id; doing(): "looks" or "writes"; show(): others came or went.

const EVERY = 15_000; // ms between two words about the same
const LASTS = 40_000; // ms for which a word holds
const AGAIN = 4_000; // ms at least between two answers to newcomers
const MOST = 500;

export function meet({ topic, thing, place, self, doing, show }) {
  const heard = new Map(); // thing → Map(person → { name, doing, until })
  let told = { path: "", doing: "", at: 0 };
  let answeredAt = 0;

  function tell(again = false) {
    const where = place()?.dataset.tell;
    if (!where) return;
    const now = Date.now();
    const what = doing();
    if (what === "looks" && document.visibilityState !== "visible") return;
    if (!again && told.path === where && told.doing === what && now - told.at < EVERY - 1_000) return;
    if (told.path && told.path !== where) leave();
    told = { path: where, doing: what, at: now };
    window.htmx?.ajax("POST", where, { source: place(), swap: "none", values: { doing: what } });
  }

  function leave() {
    const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value;
    if (!told.path || !token) return;
    const form = new FormData();
    form.append("doing", "leaves");
    form.append("csrfmiddlewaretoken", token);
    navigator.sendBeacon(told.path, form);
    told = { path: "", doing: "", at: 0 };
  }

  // Who is there, those who write first.
  function people(which) {
    const now = Date.now();
    const found = [...(heard.get(which)?.values() ?? [])].filter((one) => one.until > now);
    return found.sort((one, other) => other.doing.localeCompare(one.doing) || one.name.localeCompare(other.name));
  }

  function hear(event) {
    let news;
    try {
      news = JSON.parse(event.data);
    } catch {
      return;
    }
    if (!self() || news.person === self()) return;
    const which = news[thing];
    const there = heard.get(which) ?? new Map();
    const isNew = !there.has(news.person);
    if (news.doing === "leaves") there.delete(news.person);
    else there.set(news.person, { name: news.name, doing: news.doing, until: Date.now() + LASTS });
    heard.delete(which);
    if (there.size) heard.set(which, there);
    if (heard.size > MOST) heard.delete(heard.keys().next().value);
    show();
    // Who has just come does not know of us yet.
    if (isNew && news.doing !== "leaves" && Date.now() - answeredAt > AGAIN) {
      answeredAt = Date.now();
      window.setTimeout(() => tell(true), 200 + Math.random() * 800);
    }
  }

  function forget() {
    const now = Date.now();
    for (const [which, there] of heard) {
      for (const [person, one] of there) if (one.until <= now) there.delete(person);
      if (!there.size) heard.delete(which);
    }
    show();
  }

  document.addEventListener("htmx:sseOpen", (event) => {
    const source = event.detail.source;
    source.removeEventListener(topic, hear);
    source.addEventListener(topic, hear);
    tell(true);
  });
  document.addEventListener("visibilitychange", () => tell());
  window.addEventListener("pagehide", leave);
  window.setInterval(() => {
    forget();
    tell();
  }, EVERY);
  return { tell, leave, people };
}

// The sentence of who is there, from the words of a template: «… guarda».
export function said(people, words) {
  return people.map((one) => words[one.doing].replace("…", () => `\u2068${one.name}\u2069`)).join(", ");
}

export function put(place, text) {
  if (place.textContent === text && place.hidden === !text) return;
  place.textContent = text;
  place.hidden = !text;
}
