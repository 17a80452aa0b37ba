/* The console when the network is gone: what was typed stays on the page, says so, and is sent by itself under the same key, so that it
 * is done once whatever was lost on the way. Links do not lead to the browser's page of errors. Who is signed out signs in
 * beside this page, which goes on by itself.
 *
 * Forms marked `data-once` are sent here instead of by the browser; the server says where to go on (X-Desk-Go-On). Any other page of ours (a
 * form with errors, a refusal) is shown in the page that stands, so that a network that goes just then takes nothing away. */

import { isChanged } from "./morph.js";

const TIMEOUT = 15_000;
const STAYED = 5000;
const TEXTS = "form[data-once] :is(textarea, input:not([type=hidden], [type=radio], [type=checkbox]))";
const [RETRY_MIN, RETRY_MAX] = [1500, 6000];
const HELD = ["[data-unsent]", "[data-stale-words]"]; // scripts write into these: they stay when the page around them is another
const bar = document.querySelector("[data-unsent]");
const said = document.querySelector("[data-unsent-words]");
const signIn = document.querySelector("[data-unsent-sign-in]");
const here = document.querySelector("[data-here]")?.dataset.here;
const changes = document.body.dataset.changes;
const number = document.querySelector("[data-number]")?.dataset.number ?? 0;

let waiting; // {form, submitter, doubted} or {link}
let sent; // the form whose answer is a whole page, which is on its way
let timer;
let pause = RETRY_MIN;
let trying = false;

function say(words) {
  if (said.textContent !== said.dataset[words]) said.textContent = said.dataset[words];
  signIn.hidden = words !== "signedOut";
  bar.hidden = false;
}

function release(form) {
  delete form.dataset.busy;
  for (const button of form.querySelectorAll("button.is-busy")) {
    button.classList.remove("is-busy");
    button.removeAttribute("aria-disabled");
  }
}

/** It stays busy, so that no news changes the form meanwhile. */
function hold(words) {
  if (waiting.form) waiting.form.dataset.busy = "yes";
  say(words);
  clearTimeout(timer);
  timer = setTimeout(attempt, pause);
  pause = Math.min(pause * 1.5, RETRY_MAX);
}

function stop() {
  clearTimeout(timer);
  if (waiting?.form) release(waiting.form);
  waiting = undefined;
  bar.hidden = true;
}

async function attempt() {
  if (!waiting || trying) return;
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
  const { form, submitter } = waiting;
  if (waiting.doubted && (await waitsForSession())) return;
  const headers = { Accept: "text/html", "X-Desk-Sent": "1" };
  const body = new URLSearchParams(new FormData(form, submitter));
  const answer = await fetch(form.action, { method: "POST", headers, body, signal: AbortSignal.timeout(TIMEOUT) });
  if (waiting?.form !== form) return;
  if (answer.status === 204 && answer.headers.has("X-Desk-Go-On")) return go(answer.headers.get("X-Desk-Go-On"));
  if ((answer.status === 401 || answer.status === 400) && (await waitsForSession())) return;
  if (answer.status >= 502 && answer.status <= 504) return hold("waiting");
  if (answer.redirected) return submitted(form, submitter); // done; told to the browser itself
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (waiting?.form !== form) return;
  if (page.querySelector("main#main")) show(page);
  else hold("waiting"); // of something between us and the server
}

function show(page) {
  const [here, there] = [document.querySelector("main"), page.querySelector("main")];
  stop();
  if (there.querySelector("[data-unsent]")) for (const each of HELD) there.querySelector(each)?.replaceWith(document.querySelector(each));
  else leaveBehind(here);
  here.replaceChildren(...document.adoptNode(there).childNodes);
  document.title = page.title;
  scrollTo(0, 0);
  (here.querySelector("[data-error-summary]") ?? here).focus();
  dispatchEvent(new Event("page:taken"));
}

/** A page that is not the console again has what was typed behind it: going back shows it, as between pages of their own. */
function leaveBehind(here) {
  const [left, title] = [[...here.childNodes], document.title];
  history.replaceState({ left: true }, "");
  history.pushState(null, "");
  addEventListener("popstate", function back({ state }) {
    if (!state?.left) return;
    removeEventListener("popstate", back);
    here.replaceChildren(...left);
    document.title = title;
  });
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
  sent = waiting?.form;
  sent?.dispatchEvent(new Event("form:sent", { bubbles: true }));
  if (sent) setTimeout(stop, STAYED); // who is asked because of another form, and stays, goes on with this page
  const next = new URL(url, location.href);
  if (next.href.split("#")[0] === location.href.split("#")[0]) next.hash = ""; // a hash alone would load nothing
  location.assign(next.href);
}

/** A session that has ended is waited for, and its successor taken; false where the answer has another cause. */
async function waitsForSession() {
  const answer = await fetch(here, { headers: { Accept: "text/html" }, cache: "no-store", signal: AbortSignal.timeout(TIMEOUT) });
  if (!answer.ok || answer.redirected) return hold("signedOut"), true;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  waiting.doubted = page.body.dataset.person !== document.body.dataset.person;
  if (waiting.doubted) return hold("somebodyElse"), true;
  const token = page.querySelector('meta[name="csrf-token"]').content;
  const known = document.querySelector('meta[name="csrf-token"]');
  if (known.content === token) return false;
  known.content = token;
  for (const input of document.querySelectorAll('input[name="csrf_token"]')) input.value = token;
  pause = RETRY_MIN;
  return hold("waiting"), true;
}

async function follow() {
  const { link, form } = waiting;
  await fetch(`${changes}?since=${number}`, { method: "GET", cache: "no-store", signal: AbortSignal.timeout(TIMEOUT) });
  if (waiting?.link !== link || form) return;
  waiting = undefined;
  go(link);
}

function onSubmit(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.target || !bar.isConnected) return;
  if (!form.matches("form[data-once]") || !here) return;
  event.preventDefault();
  if (waiting?.form && waiting.form !== form) {
    release(form);
    return say("first");
  }
  clearTimeout(timer);
  waiting = { form, submitter: event.submitter };
  pause = RETRY_MIN;
  attempt();
}

function onClick(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || !bar.isConnected || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const url = new URL(link.href, location.href);
  if (link.target || link.hasAttribute("download") || url.origin !== location.origin) return;
  if (url.hash && url.href.split("#")[0] === location.href.split("#")[0]) return;
  if (waiting?.form) {
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
  document.querySelector("[data-unsent-stop]").addEventListener("click", stop);
}
