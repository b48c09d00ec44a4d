// htmx sends Django's CSRF token in a header. The token stands in a <meta>, since the cookie is not for scripts.

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token;
});
