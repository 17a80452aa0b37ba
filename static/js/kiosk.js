/* The kiosk: back to the start after a while without a touch, with a warning; and forms marked `data-retry` that keep trying under the
 * same key while the server cannot be reached, so that a visitor gets one number and never a browser's error page. */

import { freshKey } from "./fresh_key.js";

const WARNING_SECONDS = 15;
const { idleHome, idleSeconds } = document.body.dataset;
const dialog = document.querySelector("[data-idle-warning]");
const unreachable = document.querySelector("[data-unreachable]");

let touched = Date.now();

function watchIdle() {
  const left = Number(idleSeconds) - (Date.now() - touched) / 1000;
  if (document.querySelector("form[data-busy]")) touched = Date.now();
  else if (left <= 0) location.replace(idleHome);
  else if (left <= WARNING_SECONDS) {
    if (dialog && !dialog.open) dialog.showModal();
    const count = dialog?.querySelector("[data-idle-count]");
    if (count) count.textContent = String(Math.ceil(left));
  }
  setTimeout(watchIdle, 500);
}

/* While the warning is open, only its own click counts: closing it on the press would let the release hit a tile behind it. */
function touch() {
  if (!dialog?.open) touched = Date.now();
}

dialog?.addEventListener("click", () => {
  dialog.close();
  touch();
});

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Post until the server answers; a repeat carries the same key, so it gets the first answer. */
async function postUntilAnswered(form, body) {
  for (let pause = 1000; ; pause = Math.min(pause * 2, 10_000)) {
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" }, cache: "no-store", signal: AbortSignal.timeout(10_000) });
      if (answer.status < 500) return answer;
    } catch {
      // no answer: the network is down or the server restarts
    }
    unreachable.hidden = false;
    await wait(pause * (0.75 + Math.random() / 2));
  }
}

async function onSubmit(event) {
  const form = event.target;
  if (!form.matches("form[data-retry]") || !unreachable) return;
  event.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  const body = new URLSearchParams(new FormData(form, event.submitter));
  const answer = await postUntilAnswered(form, body);
  unreachable.hidden = true;
  if (!answer.redirected) return void HTMLFormElement.prototype.submit.call(form); // the same key gives the same answer, now as a page
  const key = form.querySelector('input[name="key"]');
  if (key) key.value = freshKey();
  location.assign(answer.url);
}

addEventListener("submit", onSubmit, { capture: true });
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  dialog?.close();
  touch();
  for (const form of document.querySelectorAll("form[data-busy]")) delete form.dataset.busy;
});

if (idleHome) {
  for (const kind of ["pointerdown", "keydown", "input", "scroll"]) addEventListener(kind, touch, { passive: true });
  watchIdle();
}
