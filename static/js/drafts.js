/* Words typed into a form of the console that are not sent yet outlive a reload: they stand in the storage of this tab until they are sent.
 * Signing out removes them, and another person finds none. */

const PREFIX = "desk.draft.";
const own = `${PREFIX}${document.body.dataset.person}.`;
const AREAS = "form[data-once] textarea[name]";
const nameOf = (area) => `${own}${new URL(area.form.action).pathname}.${area.name}`;

function forget(isMeant) {
  for (const name of Object.keys(sessionStorage)) if (name.startsWith(PREFIX) && isMeant(name)) sessionStorage.removeItem(name);
}

function keep(event) {
  const area = event.target;
  if (!area.matches?.(AREAS)) return;
  if (area.value.trim()) sessionStorage.setItem(nameOf(area), area.value);
  else sessionStorage.removeItem(nameOf(area));
}

/** What was typed stands where it was, and can be seen. */
function restore() {
  for (const area of document.querySelectorAll(AREAS)) {
    const words = sessionStorage.getItem(nameOf(area));
    if (!words || area.value) continue;
    area.value = words;
    for (let around = area.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
  }
}

forget((name) => !name.startsWith(own));
restore();
addEventListener("input", keep);
addEventListener("page:taken", restore);
addEventListener("form:sent", (event) => {
  for (const area of event.target.querySelectorAll("textarea[name]")) sessionStorage.removeItem(nameOf(area));
});
addEventListener("submit", (event) => {
  if (event.target.closest(".person")) forget(() => true);
});
