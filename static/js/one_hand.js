/* Forms of the console with one hand: a digit chooses, Enter goes on to the next choice that is missing and then sends, Backspace closes.
 * Typing words stays as it is everywhere. A form that is opened with the mouse takes the focus, so that both work together; in lists marked
 * `data-arrows` the arrows go from row to row. */

import { submitForm } from "./once.js";

const CHOICES = "select, input[type=radio], input[type=checkbox]";
const WORD = "textarea, input:not([type=radio]):not([type=checkbox])";
const off = () => localStorage.getItem("desk.keys.off") === "yes";
let typed = 0; // when somebody last typed a letter into a list, which looks for a beginning such as "A012"

function choose(element, digit) {
  if (element.matches("select")) {
    const option = [...element.options].filter((each) => each.value && !each.disabled)[digit - 1];
    if (!option) return false;
    element.value = option.value;
    element.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  }
  const found = [...element.form.querySelectorAll(`input[name="${CSS.escape(element.name)}"]`)][digit - 1];
  if (!found) return false;
  found.focus();
  found.click();
  return true;
}

/** The next choice of the form that is demanded and has no answer yet. */
function missing(form, from) {
  const all = [...form.querySelectorAll("select[aria-required=true], fieldset")].filter((each) => each.matches("select") || each.querySelector("input[type=radio]"));
  const empty = all.filter((each) => (each.matches("select") ? !each.value : !each.querySelector("input:checked")));
  const after = empty.find((each) => from.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING);
  const next = after ?? empty.find((each) => !each.contains(from));
  return next?.matches("fieldset") ? next.querySelector("input") : next;
}

function onKey(event) {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || off()) return;
  const target = event.target;
  const form = target.closest?.("form.step-form");
  if (event.key === "Backspace" && !target.closest?.(WORD)) return close(event, target);
  if (!form || form.dataset.busy || !target.matches(CHOICES) || "snippetsFor" in target.dataset) return;
  if (/^[1-9]$/.test(event.key) && Date.now() - typed > 1000) {
    event.preventDefault(); // also beyond the choices: there it does nothing
    choose(target, Number(event.key));
  } else if (event.key === "Enter") {
    event.preventDefault();
    const next = missing(form, target);
    if (next) next.focus();
    else submitForm(form);
  } else if (event.key.length === 1 && event.key !== " ") {
    typed = Date.now();
  }
}

function close(event, target) {
  const open = target.closest?.("details[open]");
  if (!open?.closest(".console, .duty-bar")) return;
  event.preventDefault();
  open.open = false;
  open.querySelector("summary").focus();
}

const FIRST = ".disclosure-body :is(input:not([type=hidden]), select:not([data-snippets-for]), textarea)";

function onOpened(event) {
  const opened = event.target.closest?.(".console summary, .duty-bar summary")?.parentElement;
  if (!opened || opened.open || event.pointerType === "touch" || !event.detail) return; // still as it was before the click; by a key it has no detail
  opened.addEventListener("toggle", () => { if (opened.open) opened.querySelector(FIRST)?.focus(); }, { once: true });
}

function onArrow(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const list = step && !event.ctrlKey && !event.altKey && !event.metaKey ? event.target.closest?.("[data-arrows]") : null;
  if (!list || !event.target.matches("a[href]")) return;
  const links = [...list.querySelectorAll("a[href]")];
  const next = links[links.indexOf(event.target) + step];
  event.preventDefault();
  next?.focus();
}

addEventListener("click", onOpened);
addEventListener("keydown", onArrow);
addEventListener("keydown", onKey);
