/* Forms marked `data-once` are sent once: a second press does nothing until the server has answered.
 *
 * A hidden input `name="key"` carries the key of one intention. It is renewed only when some page of ours arrived after the form was
 * sent: then the server has answered, and a form brought back from the history would be a new intention. After a network error it
 * stays, so that a repeat gets the first answer. Pages that cannot tell (500, 503) carry `data-unanswered`. */

import { freshKey } from "./fresh_key.js";

const SENT = "desk.sent";
const ANSWERED = "desk.answered";
const TIMEOUT = 20_000;

const read = (name) => JSON.parse(sessionStorage.getItem(name) ?? "[]");
const write = (name, keys) => sessionStorage.setItem(name, JSON.stringify(keys.slice(-50)));

function release(form) {
  delete form.dataset.busy;
  for (const button of form.querySelectorAll("button.is-busy")) {
    button.classList.remove("is-busy");
    button.removeAttribute("aria-disabled");
  }
}

function hold(form, button) {
  form.dataset.busy = "yes";
  button?.classList.add("is-busy");
  button?.setAttribute("aria-disabled", "true"); // not `disabled`: that would drop the focus and the button's value
  setTimeout(() => release(form), TIMEOUT);
}

function onSubmit(event) {
  const form = event.target;
  if (!form.matches("form[data-once]") || event.defaultPrevented) return;
  if (form.dataset.busy) {
    event.preventDefault();
    return;
  }
  const key = form.querySelector('input[name="key"]')?.value;
  if (key) write(SENT, [...read(SENT), key]);
  hold(form, event.submitter ?? form.querySelector("button:not([type=button])"));
}

function noteAnswer() {
  if (document.body.hasAttribute("data-unanswered")) return;
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

addEventListener("submit", onSubmit);
addEventListener("pageshow", onPageShow);
noteAnswer();
