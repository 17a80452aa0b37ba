/* Holds the lists of a page still while somebody aims at them: what comes meanwhile is kept, counted in `[data-held]`, and shown once the
 * pointer or the focus has gone, at a click or with the key of that notice. Nothing is refused for it: the server decides on what is pressed.
 *
 * `data-live-calm` on a fragment: it is kept while a row of it, or of a fragment that stands after it, is under the mouse or has a focus that
 * was put there by keys; `data-live-calm="follows"` is kept with those after it only. While something is pressed, none of them changes.
 * After twenty seconds without a movement or a key nobody is aiming any more, so that no page stands still for good. */

const PATIENCE = 20_000;
const LONGEST_PRESS = 5000;
const AGAIN = 200;
const ROW = "li, tr, form, details, [data-row]";
const VERB = "a[href], button, summary, input:not([type=hidden]), select, textarea";

const held = new Map(); // fragment → {take, more}
let [acted, pressedAt, byMouse] = [0, 0, false];
let timer;

const isPressing = () => Date.now() - pressedAt < LONGEST_PRESS;
const rowOf = (element) => element?.closest?.(ROW) ?? element;

function aimedAt(fragment) {
  if (fragment.dataset.liveCalm === "follows" || Date.now() - acted > PATIENCE) return false;
  const pointed = byMouse ? [...fragment.querySelectorAll(":hover")].pop() : undefined;
  const row = rowOf(pointed);
  if (row && fragment !== row && fragment.contains(row) && (row.matches(VERB) || row.querySelector(VERB))) return true;
  const focused = document.activeElement;
  return fragment !== focused && fragment.contains(focused) && focused.matches(":focus-visible");
}

/** A fragment moves what stands in it, and what stands after it. */
function isHeld(fragment) {
  if (isPressing()) return true;
  const comesBefore = (other) => fragment === other || fragment.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;
  return [...document.querySelectorAll("[data-live-calm]")].some((other) => comesBefore(other) && aimedAt(other));
}

/** What is read of it; clocks run by themselves. */
function wordsOf(root) {
  const copy = root.cloneNode(true);
  for (const each of copy.querySelectorAll("time")) each.remove();
  return copy.textContent.replace(/\s+/g, " ").trim();
}

const ids = (root) => [...root.querySelectorAll("li[id], tr[id], section[id]")].map((row) => row.id);

function tell() {
  const place = document.querySelector("[data-held]");
  for (const fragment of held.keys()) if (!fragment.isConnected) held.delete(fragment);
  if (!place) return;
  const count = isPressing() ? 0 : [...held.values()].reduce((sum, { more }) => sum + more, 0);
  const said = held.size === 0 || isPressing() ? "" : count === 0 ? place.dataset.changed : (count === 1 ? place.dataset.one : place.dataset.more).replace("#", count);
  for (const each of document.querySelectorAll("[data-held-words], [data-held-said]")) if (each.textContent !== said) each.textContent = said;
  place.hidden = said === "";
}

function release({ all = false } = {}) {
  for (const [fragment, { take }] of [...held]) {
    if (!fragment.isConnected) held.delete(fragment);
    else if (all || !isHeld(fragment)) {
      held.delete(fragment);
      take();
    }
  }
  tell();
  if (!held.size) timer = void clearInterval(timer);
}

function onTaking(event) {
  const fragment = event.target;
  held.delete(fragment); // what came before it is not shown any more
  const { html, take } = event.detail;
  const news = Object.assign(document.createElement("template"), { innerHTML: html }).content;
  if ("liveCalm" in fragment.dataset && html && wordsOf(news) !== wordsOf(fragment) && isHeld(fragment)) {
    event.preventDefault();
    const known = new Set(ids(fragment));
    held.set(fragment, { take, more: ids(news).filter((id) => !known.has(id)).length });
    timer ??= setInterval(release, AGAIN);
  }
  tell();
}

/** The focus goes back to the row that it came from. */
function onShow(event) {
  const place = event.target.closest?.("[data-held]");
  if (!place) return;
  release({ all: true });
  if (cameFrom?.isConnected) cameFrom.focus({ preventScroll: true });
}

/** Say so in place; whoever closes it gives it up, and then it is what the page says. */
function onOvertaken({ target: details }) {
  const words = document.querySelector("[data-meanwhile]");
  if (!words || details.querySelector("[data-js-meanwhile]")) return;
  const said = Object.assign(document.createElement("p"), { className: "message message-warning", textContent: words.textContent });
  said.setAttribute("role", "status");
  said.setAttribute("data-js-meanwhile", "");
  details.querySelector("form").before(said);
  details.addEventListener("toggle", () => {
    if (details.open) return;
    said.remove();
    for (const form of details.querySelectorAll("form")) form.reset();
  });
}

let cameFrom;
addEventListener("focusin", (event) => { if (event.target.closest("[data-held]")) cameFrom = event.relatedTarget; });
addEventListener("live:taking", onTaking);
addEventListener("live:overtaken", onOvertaken);
addEventListener("page:taken", () => release());
addEventListener("click", onShow);
addEventListener("keydown", () => { [acted, byMouse] = [Date.now(), false]; }, true); // a mouse that lies there aims at nothing
addEventListener("pointermove", (event) => { [acted, byMouse] = [Date.now(), event.pointerType !== "touch"]; }, { passive: true });
addEventListener("pointerdown", (event) => { [acted, pressedAt, byMouse] = [Date.now(), Date.now(), event.pointerType !== "touch"]; }, true);
for (const name of ["pointerup", "pointercancel"]) addEventListener(name, () => setTimeout(() => { pressedAt = 0; }), true);
