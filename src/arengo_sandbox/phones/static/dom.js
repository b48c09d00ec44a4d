/* Building elements without a template language: text is always text, never markup. */

export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const PATHS = {
  back: "M15 5l-7 7 7 7",
  send: "M4 12l16-8-6 16-3-7z",
  attach: "M12 5v14M5 12h14",
  photo: "M4 6h16v13H4zM4 16l5-5 4 4 3-3 4 4M15.5 9.5h.01",
  file: "M6 3h8l4 4v14H6zM14 3v4h4M9 13h6M9 17h6",
  place: "M12 21c4-5 6-8 6-11a6 6 0 1 0-12 0c0 3 2 6 6 11zM12 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 20c1-4 4-6 8-6s7 2 8 6",
  hall: "M3 20h18M5 20v-9M9.5 20v-9M14.5 20v-9M19 20v-9M3 11h18L12 4z",
  more: "M12 5.5h.01M12 12h.01M12 18.5h.01",
  smile: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.5 14.5c1 1.5 2 2 3.5 2s2.5-.5 3.5-2M9 9.5h.01M15 9.5h.01",
  list: "M8 7h12M8 12h12M8 17h12M4 7h.01M4 12h.01M4 17h.01",
  open: "M14 5h5v5M19 5l-8 8M17 14v5H5V7h5",
  reply: "M10 6l-6 5 6 5v-3c5 0 8 1 10 5 0-6-4-9-10-9z",
  phone: "M6 4h4l1.5 4.5L9 10c1 2.5 2.5 4 5 5l1.5-2.5L20 14v4c0 1-1 2-2 2C11 20 4 13 4 6c0-1 1-2 2-2z",
  copy: "M9 9h10v11H9zM5 15V4h10",
  tick: "M4 12.5l4.5 4.5L18 7.5",
  ticks: "M1.5 13l4 4L14 7.5M9.5 15.6l1.5 1.4 8.5-9.5",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 2",
  close: "M6 6l12 12M18 6L6 18",
  offline: "M4 4l16 16M5 12c1-1 2-1.700 3-2.200M12 8c2.5 0 5 1.300 7 4M9 15.500c1.800-1.5 4.200-1.5 6 0M12 19h.01",
  signal: "M5 19v-3M10 19v-7M15 19V8M20 19V4",
  download: "M12 4v11M7 11l5 5 5-5M5 20h14",
};

export function icon(name, label = null) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  if (label) {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
  } else {
    svg.setAttribute("aria-hidden", "true");
  }
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

const clock = new Intl.DateTimeFormat("it", { hour: "2-digit", minute: "2-digit" });
const date = new Intl.DateTimeFormat("it", { weekday: "long", day: "numeric", month: "long" });

export const hour = (seconds) => clock.format(new Date(seconds * 1000));

export function day(seconds) {
  const midnight = new Date().setHours(0, 0, 0, 0);
  const then = new Date(seconds * 1000);
  if (then >= midnight) return "oggi";
  return then >= midnight - 86400000 ? "ieri" : date.format(then);
}

/* +39 333 000 0001: country, then threes, so that it can be read aloud. */
export const spoken = (phone) => `+${phone}`.replace(/^(\+39)(\d{3})(\d{3})(\d+)$/, "$1 $2 $3 $4");
