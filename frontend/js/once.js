// A form that the browser sends is sent once: a second press of the same button while its answer is on its way does nothing.

const AGAIN_AFTER = 4_000; // ms; whose answer has not come by then may press again
const sent = new WeakMap(); // form → { at, submitter }

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || form.getAttribute("method")?.toLowerCase() !== "post") return;
  const before = sent.get(form);
  if (before && before.submitter === submitter && Date.now() - before.at < AGAIN_AFTER) {
    event.preventDefault();
    return;
  }
  sent.set(form, { at: Date.now(), submitter });
});
