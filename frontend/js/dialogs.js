// A button with data-dialog="id" opens that <dialog>; data-dialog-close inside of it, or a press beside it, closes it.
// The browser itself keeps the focus inside and gives it back. Without this module the button sends its form, which leads to
// the same question on a page of its own.

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    const asked = document.getElementById(opener.dataset.dialog);
    if (!asked) return;
    event.preventDefault();
    asked.showModal();
    return;
  }
  const dialog = event.target.closest("dialog");
  if (!dialog) return;
  if (event.target.closest("[data-dialog-close]") || event.target === dialog) dialog.close();
});
