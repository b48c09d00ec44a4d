// <output data-count-for="id" data-limit="1024"> shows how many characters are written of how many allowed.

const grouped = new Intl.NumberFormat(document.documentElement.lang, { useGrouping: "always" });

function update(output) {
  const control = document.getElementById(output.dataset.countFor);
  if (!control) return;
  const limit = Number(output.dataset.limit);
  // UTF-16 units, as the server and phones count: most emoji are two.
  const used = control.value.replaceAll("\r\n", "\n").length;
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
