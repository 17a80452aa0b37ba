/* A form is not given to a browser that cannot reach the server: it would show its own page of errors in the place of what was typed.
 * The form waits on its page, which says so, and is sent by itself, once and under its key, as soon as the server answers; a link that is
 * followed meanwhile waits the same way. Who is in doubt asks first: without a network, on a page that has lost contact, and where
 * the page stood so long that there is much to lose. The console, devices nobody attends and surveys have ways of their own.
 * A browser without `requestSubmit` (Safari before 16) sends its forms itself. */

import { hold, release } from "./once.js";
import { within } from "./within.js";

const OWN_WAY = "form[data-survey], form[method=dialog], [target]";
const SURE_FOR = 20_000; // so long a page that came, or an answer, tells that the server is there
const ASK_WITHIN = 5000;
const AGAIN_AFTER = 2000;
const bar = document.querySelector("[data-unreached]");
const said = bar?.querySelector("[data-unreached-words]");
const isOther = document.querySelector("[data-unsent], [data-unreachable]") !== null;
const canSend = "requestSubmit" in HTMLFormElement.prototype;

let last = Date.now();
let waiting; // {form, submitter} or {link}
let passing;
let asking = false;
let timer;

const isLost = () => navigator.onLine === false || document.documentElement.classList.contains("is-stale");
const isDoubtful = () => isLost() || Date.now() - last > SURE_FOR;

function say() {
  said.textContent = waiting.form ? said.dataset.send : said.dataset.open;
  bar.hidden = false;
}

function stop() {
  clearTimeout(timer);
  if (waiting?.form) release(waiting.form);
  waiting = undefined;
  bar.hidden = true;
  said.textContent = "";
}

function goOn() {
  const { form, submitter, link } = waiting;
  last = Date.now();
  stop();
  if (link) return location.assign(link);
  passing = form;
  form.requestSubmit(submitter?.form === form ? submitter : null);
  passing = undefined;
}

/** Tell whether our server answers, not a proxy in its place. */
async function isThere() {
  try {
    const answer = await fetch("/healthz", { cache: "no-store", signal: within(ASK_WITHIN) });
    return answer.ok && /json/.test(answer.headers.get("Content-Type"));
  } catch {
    return false;
  }
}

async function attempt() {
  clearTimeout(timer);
  if (!waiting || asking) return;
  asking = true;
  const tried = waiting;
  const found = await isThere();
  asking = false;
  if (!waiting) return;
  if (waiting !== tried) return attempt();
  if (found) return goOn();
  if (waiting.form) hold(waiting.form, waiting.submitter);
  say();
  timer = setTimeout(attempt, AGAIN_AFTER * (1 + Math.random() / 2));
}

function wait(event, wish) {
  event.preventDefault();
  if (waiting?.form) return; // first that one; it says so
  waiting = wish;
  if (wish.form) hold(wish.form, wish.submitter);
  if (navigator.onLine === false) say();
  attempt();
}

function onSubmit(event) {
  const form = event.target;
  if (event.defaultPrevented || form === passing || form.matches(OWN_WAY)) return;
  if (waiting?.form) event.preventDefault();
  else if (form.method === "post" ? isDoubtful() : isLost()) wait(event, { form, submitter: event.submitter });
}

function onClick(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  if (link.matches(OWN_WAY) || link.hasAttribute("download") || link.origin !== location.origin) return;
  if (link.hash && link.href.split("#")[0] === location.href.split("#")[0]) return;
  if (isLost()) wait(event, { link: link.href });
}

if (bar && canSend && !isOther) {
  addEventListener("submit", onSubmit, { capture: true });
  addEventListener("click", onClick, { capture: true });
  addEventListener("online", attempt);
  addEventListener("beforeunload", (event) => { if (waiting?.form) event.preventDefault(); });
  bar.querySelector("[data-unreached-stop]").addEventListener("click", stop);
}
