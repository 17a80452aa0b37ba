/* Keeps fragments of the page fresh without ever disturbing the person at it.
 *
 *   <section data-live="/offices/3/stream" data-topics="board queue" data-src="/counters/7/queue" data-number="812">
 *
 * One EventSource per page says that something changed; a fragment whose topics are meant fetches its inner HTML from `data-src` (with its
 * ETag) and is morphed. A stream that cannot be had is replaced by polling `/offices/3/changes?since=N`. `data-number` is the office's event
 * number the page was made from, so that nothing between rendering and connecting is missed.
 *
 * `data-spread="1"` fetches within so many seconds: phones of a full hall leave the displays the first moment after a call.
 * `data-every="60"` fetches a fragment so many seconds apart besides, where the clock alone changes what it says.
 *
 * Stream: `hello` {"number", "beat"?: seconds}, `changed` {"number", "topics"}, `reset`, and `beat` if hello promised it.
 * Events on fragments: `live:taking` (cancelable; detail.html, "" for nothing new, and detail.take, which does it later), `live:updated`, and `live:refused` (detail.status) when the server will not give it any more. */

import { morph } from "./morph.js";
import { fresh, stale } from "./stale.js";
import { within } from "./within.js";

const HELLO_WITHIN = 4000;
const LEAVE_WITHIN = 5000;
const HIDDEN_PAUSE = 60_000;
const RETRY_STREAM = 60_000;
const [POLL_MIN, POLL_IDLE, POLL_MAX] = [2000, 5000, 15_000];

const fragments = () => document.querySelectorAll("[data-live][data-src]");
const first = fragments()[0];
const streamUrl = first?.dataset.live;
const changesUrl = first?.dataset.changes ?? streamUrl?.replace(/\/stream$/, "/changes");
const staysOn = document.querySelector("[data-live-background]") !== null;

let number = Number(first?.dataset.number ?? 0);
let source = null;
let helloTimer, beatTimer, beatSeconds, pollTimer, retryTimer, hiddenTimer;
let pollPause = POLL_MIN;

/* -- fragments ------------------------------------------------------------------------------------------------------------- */

const states = new WeakMap(); // element → {etag, running, again, retry}
const failing = new Set(); // fragments that could not be had: however lively the stream, what they show is old

const stateOf = (element) => states.get(element) ?? states.set(element, {}).get(element);

/** Fetch one fragment; while that runs, further wishes are joined into one more fetch. */
async function refresh(element, { force = false } = {}) {
  const state = stateOf(element);
  if (force) state.etag = undefined;
  if (state.running) return void (state.again = true);
  state.running = true;
  try {
    await take(element, state);
    failing.delete(element);
  } catch {
    state.again = false;
    failing.add(element);
    stale();
    clearTimeout(state.retry); // one attempt waits at a time, however often a fragment that comes by the clock fails
    state.retry = setTimeout(() => refresh(element), pollPause * (1 + Math.random()));
  } finally {
    state.running = false;
  }
  if (state.again) {
    state.again = false;
    await refresh(element);
  }
}

async function take(element, state) {
  const headers = { Accept: "text/html", "X-Desk-Live": "1", ...(state.etag && { "If-None-Match": state.etag }) };
  const answer = await fetch(element.dataset.src, { headers, cache: "no-store", credentials: "same-origin", signal: within(10_000) });
  if (answer.status >= 500 || answer.status === 429) throw new Error(`fragment: ${answer.status}`);
  failing.delete(element);
  heard();
  if (answer.status === 304) return void isTaken(element, "");
  if (!answer.ok || answer.redirected) { // signed out, ended or gone: never morph another page into this one
    element.dispatchEvent(new CustomEvent("live:refused", { bubbles: true, detail: { status: answer.redirected ? 401 : answer.status } }));
    return;
  }
  const [html, etag] = [await answer.text(), answer.headers.get("ETag") ?? undefined];
  const put = () => show(element, state, { html, etag });
  if (isTaken(element, html, put)) put();
}

/** Whether nobody wants to have it held back (`calm.js`). */
const isTaken = (element, html, take) => element.dispatchEvent(new CustomEvent("live:taking", { bubbles: true, cancelable: true, detail: { html, take } }));

function show(element, state, { html, etag }) {
  const complete = morph(element, html);
  state.etag = complete ? etag : undefined;
  element.dispatchEvent(new CustomEvent("live:updated", { bubbles: true }));
  if (!complete) element.addEventListener("focusout", () => setTimeout(refresh, 250, element), { once: true });
}

function refreshAll() {
  for (const element of fragments()) refresh(element);
}

/** `data-every`, counted for each fragment since it came onto the page. */
function refreshByClock() {
  for (const element of fragments()) {
    const [state, every] = [stateOf(element), Number(element.dataset.every ?? 0) * 1000];
    state.due ??= Date.now() + every;
    if (!every || Date.now() < state.due) continue;
    state.due = Date.now() + every;
    refresh(element);
  }
}

/* A form is on its way and its answer is a whole page: what changes meanwhile is not fetched into the page that goes. */
let leaving;

function onSubmit(event) {
  if (event.defaultPrevented) return;
  clearTimeout(leaving);
  leaving = setTimeout(() => { leaving = undefined; refreshAll(); }, LEAVE_WITHIN);
}

/** Another page stands here: what became known since it was made is fetched. */
function onTaken() {
  clearTimeout(leaving);
  leaving = undefined;
  const made = Number(fragments()[0]?.dataset.number ?? number);
  if (number > made) refreshAll();
  number = Math.max(number, made);
}

function changed({ number: reached, topics }) {
  number = Math.max(number, reached);
  if (leaving) return;
  for (const element of fragments()) {
    const wanted = (element.dataset.topics ?? "").split(/\s+/).filter(Boolean);
    if (!wanted.length || topics.includes("everything") || wanted.some((topic) => topics.includes(topic))) refreshSoon(element);
  }
}

function refreshSoon(element) {
  const most = Number(element.dataset.spread ?? 0) * 1000;
  if (!most) return refresh(element);
  const state = stateOf(element);
  state.soon ??= setTimeout(() => { state.soon = undefined; refresh(element); }, Math.random() * most);
}

/* -- the stream ------------------------------------------------------------------------------------------------------------ */

function heard() {
  if (![...failing].some((element) => element.isConnected)) fresh();
}

function contact() {
  heard();
  clearTimeout(beatTimer);
  if (beatSeconds) beatTimer = setTimeout(reconnect, beatSeconds * 2500);
}

function hello(event) {
  const { number: reached, beat } = JSON.parse(event.data);
  clearTimeout(helloTimer);
  stopPolling();
  beatSeconds = beat;
  contact();
  if (reached !== number) refreshAll(); // lower means another database: look anew as well
  number = reached;
}

function connect() {
  clearTimeout(retryTimer);
  if (source) return;
  if (!window.EventSource) return startPolling();
  source = new EventSource(streamUrl);
  source.addEventListener("hello", hello);
  source.addEventListener("changed", (event) => { contact(); changed(JSON.parse(event.data)); });
  source.addEventListener("reset", () => { contact(); refreshAll(); });
  source.addEventListener("beat", contact);
  source.addEventListener("error", lost);
  helloTimer = setTimeout(startPolling, HELLO_WITHIN);
}

function lost() {
  stale();
  clearTimeout(beatTimer);
  startPolling();
  if (source?.readyState !== EventSource.CLOSED) return; // the browser connects again by itself
  disconnect();
  retryTimer = setTimeout(connect, RETRY_STREAM * (0.5 + Math.random()));
}

function disconnect() {
  clearTimeout(helloTimer);
  clearTimeout(beatTimer);
  source?.close();
  source = null;
}

function reconnect() {
  stale();
  disconnect();
  connect();
}

/* -- polling instead ------------------------------------------------------------------------------------------------------- */

function startPolling() {
  if (pollTimer) return;
  pollPause = POLL_MIN;
  pollTimer = setTimeout(poll, Math.random() * POLL_MIN);
}

function stopPolling() {
  clearTimeout(pollTimer);
  pollTimer = undefined;
  pollPause = POLL_MIN;
}

async function poll() {
  try {
    const answer = await fetch(`${changesUrl}?since=${number}`, { headers: { Accept: "application/json" }, cache: "no-store", signal: within(10_000) });
    if (!answer.ok) throw new Error(`changes: ${answer.status}`);
    const news = await answer.json();
    heard();
    const isNew = news.number !== number;
    if (news.number < number) refreshAll();
    else if (isNew) changed(news);
    number = news.number;
    pollPause = isNew ? POLL_MIN : Math.min(pollPause * 1.3, POLL_IDLE);
  } catch {
    stale();
    pollPause = Math.min(pollPause * 1.7, POLL_MAX);
  }
  if (pollTimer) pollTimer = setTimeout(poll, pollPause * (0.8 + Math.random() * 0.4));
}

/* -- a tab nobody looks at gives its connection back: browsers allow six per server ------------------------------------------- */

function onVisibility() {
  clearTimeout(hiddenTimer);
  if (document.hidden && !staysOn) hiddenTimer = setTimeout(() => { disconnect(); stopPolling(); clearTimeout(retryTimer); }, HIDDEN_PAUSE);
  else if (!document.hidden && !source && !pollTimer) connect();
}

if (first) {
  connect();
  setInterval(refreshByClock, 1000);
  document.addEventListener("visibilitychange", onVisibility);
  addEventListener("online", () => { stopPolling(); reconnect(); }); // not when the next poll would have come
  addEventListener("submit", onSubmit);
  addEventListener("page:taken", onTaken);
  addEventListener("pagehide", () => { clearTimeout(leaving); leaving = undefined; disconnect(); stopPolling(); });
  addEventListener("pageshow", (event) => { if (event.persisted) { connect(); refreshAll(); } });
}
