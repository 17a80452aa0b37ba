/* The kiosk, which nobody attends: back to the start after a while without a touch, with a warning; links and forms that survive a lost
 * network (`kiosk_reach.js`); a scanner that types what it read (`form[data-scan]`); buttons for what does not fit the screen
 * (`kiosk_turn.js`); and, on a paired device, nothing that leads away. */

import { isAsking, isSending, isTelling, leave, open, send, stop } from "./kiosk_reach.js";
import { offerTurning } from "./kiosk_turn.js";
import { submitForm, submitterOf } from "./once.js";

const WARNING_SECONDS = 15;
const RENEW_AFTER = 6 * 3600 * 1000;
const UNTOUCHED = 120_000;
const LEFT_AFTER = 180_000; // so long somebody waits untouching for a number; after that it is nobody's who comes next
const { body } = document;
const dialog = document.querySelector("[data-idle-warning]");
const began = Date.now();

let touched = began;
let handled = began; // the last touch, whatever is open
let returning = false;

/* -- back to the start ------------------------------------------------------------------------------------------------------ */

async function goHome(address) {
  if (returning) return;
  returning = true;
  document.dispatchEvent(new Event("kiosk:home")); // nothing more is read aloud
  stop();
  if (dialog?.open) dialog.close();
  await open(address);
  returning = false;
  touched = Date.now(); // reached, or somebody stopped it
}

function warn(left) {
  if (dialog && !dialog.open) dialog.showModal?.();
  const count = dialog?.querySelector("[data-idle-count]");
  if (count) count.textContent = String(Math.ceil(left));
}

function watchIdle() {
  const { idleHome, idleSeconds } = body.dataset;
  const left = Number(idleSeconds) - (Date.now() - touched) / 1000;
  if (isAsking()) touched = Date.now(); // nobody is sent away who waits for an answer
  if (isSending() && idleHome && Date.now() - handled > LEFT_AFTER) leave(idleHome);
  else if (isAsking()) return void setTimeout(watchIdle, 500);
  else if (idleHome && left <= 0) goHome(idleHome);
  else if (idleHome && left <= WARNING_SECONDS && !returning && !isTelling()) warn(left);
  else if (!idleHome && Date.now() - began > RENEW_AFTER && Date.now() - touched > UNTOUCHED) goHome(location.href);
  setTimeout(watchIdle, 500);
}

/* While the warning is open, only its own click counts: closing it on the press would let the release hit a tile behind it. */
function touch() {
  handled = Date.now();
  if (!dialog?.open) touched = Date.now();
}

dialog?.addEventListener("click", () => dialog.close());
dialog?.addEventListener("close", () => {
  touched = Date.now();
});

/* -- double taps ------------------------------------------------------------------------------------------------------------ */

/* The second of two quick taps may meet the next page: at the same place, before anybody can have seen that page, it is none of its own. A
 * page stands when it was painted, and this script has run; from then on a tap is meant, and counts. */
const TAP = "desk.kiosk.tap";
const SAME_PLACE = 60;
const SEEN_AFTER = 300;
const TOGETHER = 1000;
let stands = Infinity;

requestAnimationFrame(() => setTimeout(() => { stands = Date.now(); }));

function isEcho(event) {
  const last = JSON.parse(sessionStorage.getItem(TAP) ?? "null");
  const isPointed = event.detail > 0 && event.isTrusted;
  if (isPointed) sessionStorage.setItem(TAP, JSON.stringify({ x: event.clientX, y: event.clientY, at: Date.now(), began }));
  return isPointed && last && last.began !== began && Date.now() - stands < SEEN_AFTER && Date.now() - last.at < TOGETHER && Math.hypot(last.x - event.clientX, last.y - event.clientY) < SAME_PLACE;
}

/* -- links and forms -------------------------------------------------------------------------------------------------------- */

function onClick(event) {
  if (isEcho(event)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  const link = event.target.closest?.("a[href]");
  if (!link || link.getAttribute("href").startsWith("#")) return;
  const isOurs = link.origin === location.origin;
  if (!isOurs && !("locked" in body.dataset)) return;
  event.preventDefault();
  if (isOurs) open(link.href);
}

function onSubmit(event) {
  const form = event.target;
  if (form.method !== "post") return;
  event.preventDefault();
  send(form, submitterOf(event));
}

addEventListener("click", onClick, { capture: true });
addEventListener("submit", onSubmit, { capture: true });
addEventListener("pageshow", (event) => {
  if (event.persisted) location.replace(body.dataset.idleHome ?? location.href);
});

/* -- the office is closed for good: its page says so ---------------------------------------------------------------------------- */

document.addEventListener("live:refused", ({ detail }) => {
  if (detail.status === 410) location.reload();
});

/* -- the scanner ------------------------------------------------------------------------------------------------------------ */

const BETWEEN_KEYS = 100; // a scanner types faster than anybody
const SHORTEST = 20;
const LONGEST = 400;
let [read, readAt] = ["", 0];

function onKey(event) {
  const form = document.querySelector("form[data-scan]");
  if (!form || event.target.matches?.("input, textarea, select")) return;
  if (event.timeStamp - readAt > BETWEEN_KEYS) read = "";
  readAt = event.timeStamp;
  if (event.key.length === 1 && read.length < LONGEST) read += event.key;
  if (event.key !== "Enter") return;
  if (read.length >= SHORTEST) {
    event.preventDefault();
    event.stopImmediatePropagation();
    form.elements.code.value = read;
    submitForm(form);
  }
  read = "";
}

addEventListener("keydown", onKey, { capture: true });

/* -- a paired device stays at its face ---------------------------------------------------------------------------------------- */

const isTyped = (target) => target.matches?.("input, textarea");

if ("locked" in body.dataset) {
  for (const kind of ["contextmenu", "dragstart", "auxclick"]) {
    addEventListener(kind, (event) => {
      if (!isTyped(event.target)) event.preventDefault();
    });
  }
  addEventListener("wheel", (event) => {
    if (event.ctrlKey) event.preventDefault();
  }, { passive: false });
}

/* -- a keyboard, where there is something to type ------------------------------------------------------------------------------- */

let keys;

function bringKeys() {
  if (document.querySelector("input.input, textarea.input")) keys ??= import("./kiosk_keys.js").catch(() => { keys = undefined; });
}

addEventListener("focusin", bringKeys);

/* Forms that came back take the place of the page's own. */
function onContent() {
  offerTurning();
  bringKeys();
}

new MutationObserver(onContent).observe(document.querySelector("main"), { childList: true });
onContent();

document.addEventListener("kiosk:reading", touch); // who listens does not touch: a reading ends by itself
for (const kind of ["pointerdown", "keydown", "input", "scroll"]) addEventListener(kind, touch, { passive: true, capture: true });
watchIdle();
