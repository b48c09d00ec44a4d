// The page of the house rules: of the messages that a warning may be, the one of the chosen rule is shown.
// Without this module all of them stand there, each under its rule.

const form = document.getElementById("rules-form");
const words = document.getElementById("words");

function chosen() {
  const rule = form.querySelector("input[name=rule]:checked")?.value;
  return [...form.querySelectorAll(".rules-preview")].find((each) => each.dataset.rule === rule);
}

function show() {
  const current = chosen();
  for (const each of form.querySelectorAll(".rules-preview")) each.hidden = each !== current;
  form.querySelector("#no-rule")?.toggleAttribute("hidden", Boolean(current));
}

if (form) {
  for (const each of form.querySelectorAll("[data-alone]")) each.hidden = true;
  form.addEventListener("change", (event) => {
    if (event.target.name === "rule") show();
    if (event.target.id === "until-day") form.querySelector("#until-other").checked = true;
  });
  // To change the words one begins with those that are there.
  document.getElementById("words-fold")?.addEventListener("toggle", (event) => {
    const text = chosen()?.querySelector("template")?.content.textContent;
    if (event.target.open && !words.value && text) words.value = text;
  });
  show();
}
