// Working together: after a small action in the desk focus goes on and a polite word is said.
//   form[data-then]  the id of what is focused once the answer is on the page
//   form[data-said]  the words

import { announce } from "./announce.js";

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.requestConfig?.elt;
  if (!form?.dataset?.then || event.detail.xhr?.status !== 200) return;
  const { then, said } = form.dataset;
  if (form instanceof HTMLFormElement) form.reset();
  window.setTimeout(() => {
    document.getElementById(then)?.focus();
    if (said) announce(said);
  });
});
