/* A file that is too large is said so beside the field before it is sent: the answer of a server that does not take it would be a page
 * without the form, and what was typed with it. `data-most-bytes` on the field says how much is taken, `data-too-large` what to say. */

for (const input of document.querySelectorAll("input[type=file][data-most-bytes]")) {
  const note = document.createElement("p");
  note.className = "field-error";
  note.id = `${input.id}-size`;
  note.setAttribute("role", "alert");
  input.before(note);
  input.addEventListener("change", () => {
    const isTooLarge = [...input.files].some((file) => file.size > Number(input.dataset.mostBytes));
    note.textContent = isTooLarge ? (input.dataset.tooLarge ?? "") : "";
    input.toggleAttribute("aria-invalid", isTooLarge);
    if (isTooLarge) input.value = "";
    delete input.dataset.saidAgain;
  });
  /* Sent without another file it is said once more; where a file may be left out, a second press sends without one. */
  input.form?.addEventListener("submit", (event) => {
    const isNeeded = input.getAttribute("aria-required") === "true";
    if (!note.textContent || (input.dataset.saidAgain && !isNeeded)) return;
    event.preventDefault();
    input.dataset.saidAgain = "yes";
    const words = note.textContent;
    note.textContent = ""; // said anew, it is read out anew
    setTimeout(() => { note.textContent = words; });
    input.focus();
  });
}
