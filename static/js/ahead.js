/* Keys of the console that are pressed while a step is on its way. They are remembered, said in `[data-ahead]`, and carried out one after
 * the other once the page that answers stands, so that an officer may call and start in one go. None of them may meet another transaction:
 * a key that had its element on the page must find it again, for the same thing; one that had none is taken for the likely next step, or to
 * open a form. Anything else, a refusal above all, forgets them, and says so. */

import { find, isOfThePage, press } from "./keys.js";

const MOST = 3;
const NEXT = ".verb-first, .card-idle";
const place = () => document.querySelector("[data-ahead]");

let keys = []; // {key, about, words}

const aboutOf = (element) => (element?.form ?? element?.querySelector("form"))?.getAttribute("action") ?? element?.getAttribute("href");

function tell(said, list) {
  const region = place();
  if (!region) return;
  region.textContent = list.length ? `${region.dataset[said]} ${list.map(({ key }) => key.toUpperCase()).join(", ")}` : "";
  region.hidden = !list.length;
}

/** Whether a step is on its way whose answer is a page. */
const isAwaited = () => "sending" in document.body.dataset;

/** Remember a key; `element` is what it belongs to on the page that goes. */
function remember(key, element) {
  if (element?.form?.dataset.busy || keys[keys.length - 1]?.key === key || keys.length === MOST) return; // impatient, or beyond what one has in mind
  keys.push({ key, about: aboutOf(element) });
  tell("then", keys);
}

/** Forget what was typed ahead; `isLost` where somebody counts on it. */
function forget({ isLost = false } = {}) {
  const lost = isLost ? keys : [];
  keys = [];
  tell("lost", lost);
}

const isMeant = (element, { about }) => (about ? aboutOf(element) === about : element.matches("details") || element.closest(NEXT) !== null);

/** The page stands: carry out the next key. */
function carryOut() {
  if (!keys.length) return forget();
  const element = find(keys[0].key);
  if (!element || element.getAttribute("aria-disabled") === "true" || !isMeant(element, keys[0])) return forget({ isLost: true });
  keys.shift();
  press(element);
  if (isAwaited()) tell("then", keys);
  else forget({ isLost: true });
}

/** Before the keys of the page: while a step is on its way, none of them means what stands there. */
function onKey(event) {
  if (event.key === "Escape") return forget();
  if (!isAwaited() || !isOfThePage(event) || !/^[^\s?]$/.test(event.key)) return;
  event.preventDefault();
  remember(event.key.toLowerCase(), find(event.key.toLowerCase()));
}

addEventListener("keydown", onKey, { capture: true });
addEventListener("page:taken", ({ detail }) => (detail.isDone ? carryOut() : forget({ isLost: true })));
addEventListener("page:stopped", () => forget());
