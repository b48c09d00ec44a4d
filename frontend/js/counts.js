// <output data-count-for="id" data-limit="1024" data-unit="utf-16"> shows how many characters are written of how many
// allowed.

import { counted } from "./lengths.js";

const grouped = new Intl.NumberFormat(document.documentElement.lang, { useGrouping: "always" });

function update(output) {
  const control = document.getElementById(output.dataset.countFor);
  if (!control) return;
  const limit = Number(output.dataset.limit);
  const used = counted(control.value, output.dataset.unit);
  output.textContent = `${grouped.format(used)} / ${grouped.format(limit)}`;
  output.toggleAttribute("data-over", used > limit);
}

function all() {
  document.querySelectorAll("[data-count-for]").forEach(update);
}

document.addEventListener("input", (event) => {
  const output = event.target.id && document.querySelector(`[data-count-for="${CSS.escape(event.target.id)}"]`);
  if (output) update(output);
});
document.addEventListener("htmx:load", all);
all();
