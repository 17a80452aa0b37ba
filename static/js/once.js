/* Forms marked `data-once` are sent once: a second press does nothing until the server has answered.
 *
 * A hidden input `name="key"` carries the key of one intention. It is renewed only when some page of ours arrived after the form was
 * sent: then the server has answered, and a form brought back from the history would be a new intention. After a network error it
 * stays, so that a repeat gets the first answer. Pages that cannot tell (500, 503) carry `data-unanswered`. Who goes back from the browser's
 * page of errors may get the form anew from the server, with another key: sent with the same words, it takes the one that had no answer. */

import { freshKey } from "./fresh_key.js";

const SENT = "desk.sent";
const ANSWERED = "desk.answered";
const MARKS = "desk.sent.marks"; // [key, mark of what was sent under it]
const TIMEOUT = 20_000;
const BUTTON = "button:not([type=button])";
const timers = new WeakMap(); // form → when it is given back
let pressed; // the button that was pressed last, for browsers that do not say it of a form (Safari before 15.4)

const isBack = () => performance.getEntriesByType("navigation")[0]?.type === "back_forward"; // an earlier page, no answer

const read = (name) => JSON.parse(sessionStorage.getItem(name) ?? "[]");
const write = (name, keys) => sessionStorage.setItem(name, JSON.stringify(keys.slice(-50)));

/** The button that a form was sent with, if any. */
export const submitterOf = (event) => ("submitter" in event ? event.submitter : pressed?.form === event.target ? pressed : null);

/** What a form says, its button included; `new FormData(form, button)` leaves that out before Chromium 112, Firefox 111 and Safari 16.4. */
export function dataOf(form, submitter) {
  const data = new FormData(form);
  if (submitter?.name) data.append(submitter.name, submitter.value);
  return data;
}

/** Send a form as a press on its first button does, also before Safari 16, which has no `requestSubmit`. */
export function submitForm(form) {
  if (form.requestSubmit) form.requestSubmit();
  else (form.querySelector(BUTTON) ?? form.appendChild(Object.assign(document.createElement("button"), { hidden: true }))).click();
}

/** A short mark of where a form goes and what it says, which does not tell what that is. */
function markOf(form, submitter) {
  const said = [...dataOf(form, submitter)].filter(([name, value]) => name !== "csrf_token" && name !== "key" && typeof value === "string");
  let mark = 0;
  for (const letter of JSON.stringify([form.action, said])) mark = (Math.imul(mark, 31) + letter.codePointAt(0)) | 0;
  return mark;
}

/** Note under which key a form goes: under that of the same form which had no answer, if there is one. */
function noteKey(form, submitter) {
  const key = form.querySelector('input[name="key"]');
  if (!key?.value) return;
  const [unanswered, mark] = [new Set(read(SENT)), markOf(form, submitter)];
  const same = isBack() && read(MARKS).find(([sent, said]) => said === mark && unanswered.has(sent));
  if (same) key.value = same[0];
  write(SENT, [...read(SENT), key.value]);
  write(MARKS, [...read(MARKS), [key.value, mark]]);
}

/** The form can be sent again. */
export function release(form) {
  clearTimeout(timers.get(form));
  delete form.dataset.busy;
  for (const button of form.querySelectorAll("button.is-busy")) {
    button.classList.remove("is-busy");
    button.removeAttribute("aria-disabled");
  }
}

/** The form is on its way: a second press does nothing. */
export function hold(form, button) {
  form.dataset.busy = "yes";
  button?.classList.add("is-busy");
  button?.setAttribute("aria-disabled", "true"); // not `disabled`: that would drop the focus and the button's value
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(release, TIMEOUT, form));
}

function onSubmit(event) {
  const form = event.target;
  if (!form.matches("form[data-once]") || event.defaultPrevented) return;
  if (form.dataset.busy) {
    event.preventDefault();
    return;
  }
  const submitter = submitterOf(event);
  noteKey(form, submitter);
  hold(form, submitter ?? form.querySelector(BUTTON));
}

function noteAnswer() {
  write(ANSWERED, [...read(ANSWERED), ...read(SENT)]);
  write(SENT, []);
}

function onPageShow(event) {
  if (!event.persisted) return;
  const answered = new Set(read(ANSWERED));
  for (const form of document.querySelectorAll("form[data-once]")) {
    release(form);
    const key = form.querySelector('input[name="key"]');
    if (key && answered.has(key.value)) key.value = freshKey();
  }
}

addEventListener("click", (event) => { pressed = event.target.closest?.("button, input"); }, { capture: true });
addEventListener("submit", onSubmit);
addEventListener("pageshow", onPageShow);
addEventListener("page:taken", ({ detail }) => { if (!detail.isUnanswered) noteAnswer(); });
if (!isBack() && !document.body.hasAttribute("data-unanswered")) noteAnswer();
