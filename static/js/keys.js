/* Keyboard shortcuts. An element says its key itself: `data-key="n"` on a button, link, field or `<details>`. Single keys count only while
 * nothing is being typed, and can be turned off on this device (WCAG 2.1.4). `?` opens the list of what works on this page.
 * On every page: `/` goes to its filters, and `g` and a letter to a place of the masthead (`data-go`), where the page has no `g` of its own. */

const OFF = "desk.keys.off";
/* What is filled in first; the list of ready-made texts is an aid beside its note. */
const FIELD = ".disclosure-body :is(input:not([type=hidden]), select:not([data-snippets-for]), textarea, button)";
const map = document.getElementById("key-map");
const typing = (target) => !target.form?.dataset.busy && target.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
/** Within a form a letter or digit belongs to the form, whatever of it has the focus: it is no verb. */
const filling = (target) => typing(target) || target.closest?.("form.step-form:not([data-busy])");
const visible = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;
const off = () => localStorage.getItem(OFF) === "yes";

function bound() {
  return [...document.querySelectorAll("[data-key]")].filter(visible);
}

/** The element of a key on this page, undefined where it has none. */
export const find = (key) => bound().find((element) => element.dataset.key === key);

const GO = "g";
const PATIENCE_MS = 3000;
let wentAt = -PATIENCE_MS;
const places = () => (find(GO) ? [] : [...document.querySelectorAll("a[data-go]")]);

/** The second key of two: the place that the first one asked for; the first itself waits for it. */
function goes(key) {
  const isSecond = performance.now() - wentAt < PATIENCE_MS;
  wentAt = -PATIENCE_MS;
  const place = isSecond && places().find((each) => each.dataset.go === key);
  if (place) place.click();
  else if (key === GO && !isSecond && places().length) wentAt = performance.now();
  else return false;
  return true;
}

/** What `/` opens or goes to: filters behind their words, or the first field of those that stand open. */
function bindFilters() {
  const filters = document.querySelector("main .filters-folded, main .filters :is(input:not([type=hidden]), select)");
  if (!filters || !map || document.querySelector("[data-key='/']")) return;
  filters.dataset.key = "/";
  filters.dataset.keyLabel = map.dataset.filters;
}

/** Do what an element is for. */
export function press(element) {
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
const capOf = (key) => Object.assign(document.createElement("kbd"), { textContent: key.toUpperCase() });
const keyOf = (element) => capOf(element.dataset.key);

function listKeys() {
  const list = map.querySelector("[data-key-list]");
  const rows = bound().flatMap((element) => {
    const [term, words] = [document.createElement("dt"), document.createElement("dd")];
    term.append(keyOf(element));
    words.textContent = labelOf(element);
    return [term, words];
  });
  list.replaceChildren(...rows, ...places().flatMap((place) => {
    const [term, words] = [document.createElement("dt"), document.createElement("dd")];
    term.append(capOf(GO), " ", capOf(place.dataset.go));
    words.textContent = labelOf(place);
    return [term, words];
  }));
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
  map.showModal?.();
}

const isChord = (event) => event.defaultPrevented || event.repeat || event.isComposing || event.ctrlKey || event.altKey || event.metaKey;
const isElsewhere = (event) => filling(event.target) || document.querySelector("dialog[open]") !== null || off();

/** Whether a key is one of the page: nothing is typed, no dialog stands before it. */
export const isOfThePage = (event) => !isChord(event) && !isElsewhere(event);

function onKey(event) {
  if (isChord(event)) return;
  if (event.key === "Escape") {
    const open = event.target.closest?.("details[data-key][open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    }
    return;
  }
  if (isElsewhere(event)) return;
  if (event.key === "?") return void (event.preventDefault(), openMap());
  const key = event.key.toLowerCase();
  if (goes(key)) return void event.preventDefault();
  const element = find(key);
  if (!element) return;
  event.preventDefault();
  press(element);
}

addEventListener("keydown", onKey);
addEventListener("live:updated", showStrip);
addEventListener("page:taken", showStrip);
bindFilters();
showStrip();

for (const button of document.querySelectorAll("[data-key-map-open]")) {
  button.hidden = !bound().length && !places().length;
  button.addEventListener("click", openMap);
}
map?.querySelector("[data-keys-off]").addEventListener("change", (event) => {
  localStorage.setItem(OFF, event.target.checked ? "yes" : "no");
  showStrip();
});
