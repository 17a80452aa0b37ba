/* Keyboard shortcuts. An element says its key itself: `data-key="n"` on a button, link, field or `<details>`. Single keys count only while
 * nothing is being typed, and can be turned off on this device (WCAG 2.1.4). `?` opens the list of what works on this page. */

const OFF = "desk.keys.off";
/* What is filled in first; the list of ready-made texts is an aid beside its note. */
const FIELD = ".disclosure-body :is(input:not([type=hidden]), select:not([data-snippets-for]), textarea, button)";
const map = document.getElementById("key-map");
const typing = (target) => target.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
/** Within a form a letter or digit belongs to the form, whatever of it has the focus: it is no verb. */
const filling = (target) => typing(target) || target.closest?.("form.step-form");
const visible = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;
const off = () => localStorage.getItem(OFF) === "yes";

function bound() {
  return [...document.querySelectorAll("[data-key]")].filter(visible);
}

function press(element) {
  if (element.getAttribute("aria-disabled") === "true" || element.disabled) return;
  if (element.matches("details")) {
    element.open = true;
    (element.querySelector(FIELD) ?? element.querySelector("summary")).focus();
  } else if (element.matches("input:not([type=submit]), select, textarea")) {
    element.focus();
  } else {
    element.focus({ preventScroll: true });
    element.click();
  }
}

const labelOf = (element) => element.dataset.keyLabel ?? element.getAttribute("aria-label") ?? element.textContent.trim();
const keyOf = (element) => Object.assign(document.createElement("kbd"), { textContent: element.dataset.key.toUpperCase() });

function listKeys() {
  const list = map.querySelector("[data-key-list]");
  const rows = bound().flatMap((element) => {
    const [term, words] = [document.createElement("dt"), document.createElement("dd")];
    term.append(keyOf(element));
    words.textContent = labelOf(element);
    return [term, words];
  });
  list.replaceChildren(...rows);
}

/** The keys that work now, in one line for whoever wants to see them all the time; the same stands at the buttons and behind `?`. */
function showStrip() {
  const strip = document.querySelector("[data-key-strip]:not([hidden])");
  if (!strip) return;
  const parts = off() ? [] : bound().map((element) => {
    const part = document.createElement("span");
    part.append(keyOf(element), ` ${labelOf(element)}`);
    return part;
  });
  if (strip.textContent !== parts.map((part) => part.textContent).join("")) strip.replaceChildren(...parts);
}

function openMap() {
  if (!map || map.open) return;
  listKeys();
  map.querySelector("[data-keys-off]").checked = off();
  map.showModal();
}

function onKey(event) {
  if (event.defaultPrevented || event.repeat || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "Escape") {
    const open = event.target.closest?.("details[data-key][open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    }
    return;
  }
  if (filling(event.target) || document.querySelector("dialog[open]") || off()) return;
  if (event.key === "?") return void (event.preventDefault(), openMap());
  const element = bound().find((candidate) => candidate.dataset.key === event.key.toLowerCase());
  if (!element) return;
  event.preventDefault();
  press(element);
}

addEventListener("keydown", onKey);
addEventListener("live:updated", showStrip);
addEventListener("page:taken", showStrip);
showStrip();

for (const button of document.querySelectorAll("[data-key-map-open]")) {
  button.hidden = false;
  button.addEventListener("click", openMap);
}
map?.querySelector("[data-keys-off]").addEventListener("change", (event) => {
  localStorage.setItem(OFF, event.target.checked ? "yes" : "no");
  showStrip();
});
