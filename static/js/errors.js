/* Moves the focus to the error summary of a page that came back with errors, and from its links to the fields they name. */

document.querySelector("[data-error-summary]")?.focus();

document.addEventListener("click", (event) => {
  const link = event.target.closest?.('[data-error-summary] a[href^="#"]');
  const input = link && document.getElementById(link.hash.slice(1));
  if (!input) return;
  event.preventDefault();
  const label = input.closest("fieldset")?.querySelector("legend") ?? input.labels?.[0] ?? input;
  label.scrollIntoView({ block: "start" });
  input.focus({ preventScroll: true });
});
