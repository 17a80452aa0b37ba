/* The console when the network is gone: what was typed stays on the page, says so, and is sent by itself under the same key, so that it
 * is done once whatever was lost on the way. What calls or starts without any words goes by itself for some seconds only, and is asked for again
 * after that. Links do not lead to the browser's page of errors. Who is signed out signs in
 * beside this page, which goes on by itself.
 *
 * Forms marked `data-once` are sent here instead of by the browser; the server says where to go on (X-Desk-Go-On). The console that follows, and
 * any other page of ours (a form with errors, a refusal), is shown in the page that stands: a network that goes just then takes nothing away,
 * and no key is lost between two pages (`ahead.js`). */

import { isChanged } from "./morph.js";
import { dataOf, hold as holdForm, release, submitterOf } from "./once.js";
import { isSame, showInPlace } from "./in_place.js";
import { within } from "./within.js";

const TIMEOUT = 15_000;
const STAYED = 5000;
const TEXTS = "form[data-once] :is(textarea, input:not([type=hidden], [type=radio], [type=checkbox]))";
const BY_ITSELF = 10_000; // an order to the floor is not carried out later than this after the press
const [RETRY_MIN, RETRY_MAX] = [1500, 6000];
const WORDS = "textarea, input:not([type=hidden], [type=radio], [type=checkbox])";
const bar = document.querySelector("[data-unsent]");
const said = document.querySelector("[data-unsent-words]");
const signIn = document.querySelector("[data-unsent-sign-in]");
const here = document.querySelector("[data-here]")?.dataset.here;
const changes = document.body.dataset.changes;
const number = document.querySelector("[data-number]")?.dataset.number ?? 0;

let waiting; // {form, submitter, body, doubted}, or {link}, with `isDone` for the page that follows a form
let sent; // the form whose answer is a whole page, which is on its way
let timer;
let pause = RETRY_MIN;
let trying = false;

function say(words) {
  if (said.textContent !== said.dataset[words]) said.textContent = said.dataset[words];
  signIn.hidden = words !== "signedOut";
  bar.hidden = false;
}

/** What is on its way can be read, not changed: keys pressed in it mean the console again. */
function freeze(form, isFrozen) {
  for (const field of form.querySelectorAll(WORDS)) field.readOnly = isFrozen;
}

/** Whether it calls somebody, or says nothing that was typed: whoever pressed it may be away when the network returns. */
const isOrder = (form) => /\/calls$/.test(form.action) || ![...form.querySelectorAll(WORDS)].some((field) => field.value.trim() && (field.matches("textarea") || isChanged(field)));

/** It stays busy, so that no news changes the form meanwhile. */
function hold(words) {
  const order = waiting.form && isOrder(waiting.form);
  if (order && Date.now() - waiting.since > BY_ITSELF) return letGo(words);
  if (waiting.form) holdForm(waiting.form, waiting.submitter);
  say(order && words === "waiting" ? "waitingOrder" : words);
  clearTimeout(timer);
  timer = setTimeout(attempt, pause);
  pause = Math.min(pause * 1.5, RETRY_MAX);
}

function stop() {
  clearTimeout(timer);
  if (waiting?.form) {
    release(waiting.form);
    freeze(waiting.form, false);
  }
  waiting = undefined;
  delete document.body.dataset.sending;
  bar.hidden = true;
  said.textContent = ""; // the same words are read aloud again the next time
}

/** Too late to be meant as it was: it is asked for again, under the same key. */
function letGo(words) {
  onStop();
  say("late");
  signIn.hidden = words !== "signedOut";
}

function onStop() {
  stop();
  dispatchEvent(new Event("page:stopped"));
}

async function attempt() {
  if (!waiting || trying) return;
  if (waiting.form && timer && isOrder(waiting.form) && Date.now() - waiting.since > BY_ITSELF) return letGo("waiting");
  trying = true;
  try {
    await (waiting.form ? deliver() : follow());
  } catch {
    if (waiting) hold(waiting.form ? "waiting" : "going");
  } finally {
    trying = false;
  }
}

async function deliver() {
  const { form, submitter, body } = waiting;
  if (waiting.doubted && (await waitsForSession())) return;
  const headers = { Accept: "text/html", "X-Desk-Sent": "1" };
  const answer = await fetch(form.action, { method: "POST", headers, body, signal: within(TIMEOUT) });
  if (waiting?.form !== form) return;
  if (answer.status === 204 && answer.headers.has("X-Desk-Go-On")) return goOn(form, answer.headers.get("X-Desk-Go-On"));
  if ((answer.status === 401 || answer.status === 400) && (await waitsForSession())) return;
  if (answer.status >= 502 && answer.status <= 504) return hold("waiting");
  if (answer.redirected) return submitted(form, submitter); // done; told to the browser itself
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (waiting?.form !== form) return;
  if (page.querySelector("main#main")) show(page);
  else hold("waiting"); // of something between us and the server
}

function show(page, { isDone = false } = {}) {
  stop();
  showInPlace(page);
  setTimeout(() => dispatchEvent(new CustomEvent("page:taken", { detail: { isDone, isUnanswered: page.body.hasAttribute("data-unanswered") } })));
}

function submitted(form, submitter) {
  sent = form;
  form.dispatchEvent(new Event("form:sent", { bubbles: true }));
  HTMLFormElement.prototype.submit.call(withSubmitter(form, submitter));
}

/** `submit()` leaves out the button that was pressed. */
function withSubmitter(form, submitter) {
  if (submitter?.name) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: submitter.name, value: submitter.value }));
  return form;
}

function go(url) {
  sent = waiting?.form ?? sent;
  waiting?.form?.dispatchEvent(new Event("form:sent", { bubbles: true }));
  if (sent) setTimeout(stop, STAYED); // who is asked because of another form, and stays, goes on with this page
  const next = new URL(url, location.href);
  if (next.href.split("#")[0] === location.href.split("#")[0]) next.hash = ""; // a hash alone would load nothing
  location.assign(next.href);
}

/** The form is done: the console that follows takes the place of this one, unless that would take away words of another form. */
function goOn(form, url) {
  sent = form;
  const next = new URL(url, location.href);
  const isHere = next.pathname === new URL(here, location.href).pathname && ![...document.querySelectorAll(TEXTS)].some(isUnsent);
  if (!isHere) return go(url);
  form.dispatchEvent(new Event("form:sent", { bubbles: true }));
  waiting = { link: next.href, isDone: true };
  return follow();
}

async function takeIn(link) {
  const answer = await fetch(link, { headers: { Accept: "text/html" }, cache: "no-store", signal: within(TIMEOUT) });
  if (answer.status >= 500) return hold("going");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (waiting?.link !== link) return;
  if (!answer.ok || answer.redirected || !isSame(page)) {
    waiting = undefined;
    return go(link);
  }
  document.querySelector(".masthead").replaceWith(document.adoptNode(page.querySelector(".masthead")));
  history.replaceState(null, "", link);
  show(page, { isDone: true });
}

/** A session that has ended is waited for, and its successor taken; false where the answer has another cause. */
async function waitsForSession() {
  const answer = await fetch(here, { headers: { Accept: "text/html" }, cache: "no-store", signal: within(TIMEOUT) });
  if (!answer.ok || answer.redirected) return hold("signedOut"), true;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  waiting.doubted = page.body.dataset.person !== document.body.dataset.person;
  if (waiting.doubted) return hold("somebodyElse"), true;
  const token = page.querySelector('meta[name="csrf-token"]').content;
  const known = document.querySelector('meta[name="csrf-token"]');
  if (known.content === token) return false;
  known.content = token;
  for (const input of document.querySelectorAll('input[name="csrf_token"]')) input.value = token;
  waiting.body.set("csrf_token", token);
  pause = RETRY_MIN;
  return hold("waiting"), true;
}

async function follow() {
  const { link, isDone } = waiting;
  if (isDone) return takeIn(link);
  await fetch(`${changes}?since=${number}`, { method: "GET", cache: "no-store", signal: within(TIMEOUT) });
  if (waiting?.link !== link) return;
  waiting = undefined;
  go(link);
}

/** Whether another step is on its way, or was done and its page is still to come. */
const isTaken = (form) => waiting?.isDone || (waiting?.form && waiting.form !== form);

function onSubmit(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.target || !bar.isConnected) return;
  if (!form.matches("form[data-once]") || !here) return;
  event.preventDefault();
  if (isTaken(form)) {
    release(form);
    return say("first");
  }
  clearTimeout(timer);
  const submitter = submitterOf(event);
  waiting = { form, submitter, body: new URLSearchParams(dataOf(form, submitter)), since: Date.now() };
  freeze(form, true);
  document.body.dataset.sending = "yes";
  pause = RETRY_MIN;
  attempt();
}

function onClick(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || !bar.isConnected || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const url = new URL(link.href, location.href);
  if (link.target || link.hasAttribute("download") || url.origin !== location.origin) return;
  if (url.hash && url.href.split("#")[0] === location.href.split("#")[0]) return;
  if (isTaken()) {
    event.preventDefault();
    return say("first");
  }
  event.preventDefault();
  waiting = { link: link.href };
  pause = RETRY_MIN;
  attempt();
}

/** Words that somebody typed, or that came back with errors, and that are not on their way. */
function isUnsent(input) {
  if (!input.value.trim() || input.form === sent) return false;
  return isChanged(input) || input.form.querySelector(".field-error") !== null;
}

/** Whoever leaves the page while something is unsent is asked, also while a request still hangs. */
function onLeave(event) {
  if ((waiting?.form && waiting.form !== sent) || [...document.querySelectorAll(TEXTS)].some(isUnsent)) event.preventDefault();
}

if (bar && here) {
  addEventListener("submit", onSubmit);
  addEventListener("click", onClick);
  addEventListener("online", () => { if (waiting) attempt(); });
  addEventListener("focus", () => { if (waiting?.form && !bar.hidden) attempt(); });
  addEventListener("beforeunload", onLeave);
  document.querySelector("[data-unsent-stop]").addEventListener("click", onStop);
}
