/* The board makes each call noticed: its row flashes, a chime sounds, a voice says it; one call after the other in the order they were made,
 * so that simultaneous calls never talk over each other and none is lost. The calls stand in `[data-sounds]` as `data-announce="<mark>"`, the
 * oldest first: `data-words` for whoever has it read, `data-number` and `data-place` for the wall, `data-audio` with what is said, by language.
 *
 * A mark is announced once. Those announced are kept for this tab, so that neither a reload nor a restart of the server says a call again, and
 * one that was made meanwhile or was cut off is said. A trial (`data-ends`: in so many seconds) goes by itself.
 *
 * Recordings are fetched as soon as a call is there, not when its turn comes. One that cannot be had (no network) is asked for as long as the
 * call stands: the call is shown and chimes in its turn, counts as announced only once its words were heard, and has its turn again when they
 * are there and the server says that it still stands. After `TOO_OLD` it is let be: an officer who still waits has called again.
 *
 * While others wait, a call is short: one note, without the phrases, once; over five, in the first language only. What `data-times` asks for
 * beyond that is said in full when nobody waits any more. */

import { isOn, isThere, load, onSound, play, startSound } from "./sound.js";
import { within } from "./within.js";

const [HOLD, HURRIED_HOLD] = [4500, 2500]; // a call is shown at least so long
const CROWD = 5;
const PATIENCE = 2500; // so long after the chime its words are waited for; then the next call has its turn
const AGAIN = 1000;
const TOO_OLD = 10 * 60_000;
const REMEMBERED = 300;
const AWAKE = 20_000;
const MEMORY = `desk.announced:${location.pathname}`;

const [region, spotlight, mute, hush] = ["announcement", "spotlight", "mute", "hush"].map((name) => document.querySelector(`[data-${name}]`));
const trial = document.querySelector("[data-try]");
const number = Number(document.querySelector("[data-live][data-number]")?.dataset.number ?? 0);

const announced = new Set();
const waiting = []; // {mark, since, full?, short?}: with what is said, as soon as it is fetched
const late = new Set(); // marks whose words could not be had in their turn
const repeats = []; // calls that were cut short, while they stand
let current = null;

const settings = () => document.querySelector("[data-sounds]")?.dataset ?? {};
const calls = () => [...document.querySelectorAll("[data-announce]")];
const find = (mark) => calls().find((call) => call.dataset.announce === mark);
const rowOf = (mark) => [...document.querySelectorAll("[data-call]")].find((row) => row.dataset.call === mark);
const wantsSound = () => !("silent" in settings()) && !("quiet" in settings());
const addresses = (text) => (text ?? "").split(/\s+/).filter(Boolean);
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/* -- what was announced ---------------------------------------------------------------------------------------------------- */

/** Return the marks that this tab has announced, null for a display that is new, or whose server has another past. */
function recall() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(MEMORY));
    return kept && kept.number <= number ? kept.marks : null;
  } catch {
    return null;
  }
}

function remember(mark) {
  announced.add(mark);
  if (announced.size > REMEMBERED) announced.delete(announced.values().next().value);
  try {
    sessionStorage.setItem(MEMORY, JSON.stringify({ number, marks: [...announced] }));
  } catch {
    // the browser keeps nothing: it is known until the next reload
  }
}

/* -- what is said -------------------------------------------------------------------------------------------------------------- */

const isWanted = ({ mark, since }) => (mark === null || Boolean(find(mark))) && Date.now() - since < TOO_OLD;
const isHeard = ({ mark }) => isOn() && (wantsSound() || mark === null); // a press on the display itself is heard at any hour

/** Fetch what is said of a call, and its short form as soon as it is one of several. */
function fetchWords(turn, { isShort = false } = {}) {
  if (!isThere() || (!wantsSound() && turn.mark !== null)) return;
  const urls = turn.mark === null ? addresses(settings().sample) : addresses(find(turn.mark)?.dataset.audio);
  turn.full ??= noted(urls, turn);
  if (isShort && turn.mark !== null && !find(turn.mark)?.dataset.ends) turn.short ??= noted(urls.map((url) => `${url}?short`), turn);
}

/** A promise of recordings that can be asked what it holds so far. */
function noted(urls, turn) {
  const words = { found: null };
  words.loading = load(urls, () => isWanted(turn)).then((found) => (words.found = found));
  return words;
}

/** Say a call once; return whether its words were heard, or cannot be. */
async function say(turn, behind, ring) {
  if (!isHeard(turn)) return true;
  fetchWords(turn);
  const isShort = behind > 0 && Boolean(turn.short?.found?.length);
  const words = isShort ? turn.short : turn.full;
  const wanted = Promise.race([words.loading, pause(PATIENCE)]).then((found) => (behind > CROWD ? found?.slice(0, 1) : found));
  try {
    return (await play(wanted, { volume: Number(settings().volume ?? 80), ring })) || words.found?.length === 0;
  } catch {
    return true; // no sound at this machine: the call is shown
  }
}

/** Say a call as often as it is set, once while others wait: the rest is left for when nobody does. */
async function sayAll(turn) {
  const times = turn.isRepeat || turn.mark === null ? 1 : Number(settings().times ?? 1);
  if (!(await say(turn, waiting.length, waiting.length ? "short" : "full"))) return false;
  for (let time = 1; time < times; time += 1) {
    if (waiting.length) repeats.push({ ...turn, isRepeat: true });
    else await say(turn, 0, "none");
  }
  return true;
}

/* -- one after the other ----------------------------------------------------------------------------------------------------- */

async function announceAll() {
  while (waiting.length || repeats.length) {
    current = waiting.shift() ?? repeats.shift();
    const call = current.mark === null ? current : find(current.mark) && described(find(current.mark));
    const isDone = call ? await announce(call, current) : true; // else the visitor is there already
    if (current.mark === null) continue;
    if (isDone) remember(current.mark);
    else sayLater(current);
  }
  current = null;
}

const described = ({ dataset }) => ({ mark: dataset.announce, number: dataset.number, place: dataset.place, words: dataset.words, ends: dataset.ends });

async function announce(call, turn) {
  if (call.ends) setTimeout(() => rowOf(call.mark)?.remove(), call.ends * 1000); // a trial: nothing else would take it away
  show(call);
  const [isSaid] = await Promise.all([sayAll(turn), pause(waiting.length ? HURRIED_HOLD : HOLD)]);
  unshow(call);
  return isSaid;
}

/** The words of a call could not be had: it has its turn again with them, if it still stands then. */
async function sayLater(turn) {
  late.add(turn.mark);
  await turn.full.loading;
  while (isWanted(turn)) {
    const stands = await stillStands(turn.mark);
    if (stands) waiting.push(turn);
    if (stands !== null) break;
    await pause(AGAIN);
  }
  late.delete(turn.mark);
  if (!waiting.includes(turn)) remember(turn.mark);
  if (!current && waiting.length) announceAll();
}

/** Ask the server, for what hangs here is from before the network went; null where it does not answer. */
async function stillStands(mark) {
  try {
    const answer = await fetch(document.querySelector("[data-live][data-src]").dataset.src, { cache: "no-store", signal: within(10_000) });
    return answer.ok ? (await answer.text()).includes(`data-announce="${mark}"`) : null;
  } catch {
    return null;
  }
}

function show(call) {
  const row = rowOf(call.mark);
  row?.setAttribute("data-js-new", "");
  if (region) region.textContent = call.words;
  if (!spotlight || row || !call.number) return;
  spotlight.querySelector("[data-spotlight-number]").textContent = call.number;
  spotlight.querySelector("[data-spotlight-place]").textContent = call.place;
  spotlight.hidden = false;
}

function unshow(call) {
  rowOf(call.mark)?.removeAttribute("data-js-new");
  if (spotlight) spotlight.hidden = true;
}

function notice() {
  const queued = new Set([current?.mark, ...late, ...waiting.map(({ mark }) => mark)]);
  for (const { dataset } of calls()) {
    if (!announced.has(dataset.announce) && !queued.has(dataset.announce)) waiting.push({ mark: dataset.announce, since: Date.now() });
  }
  for (const turn of waiting) fetchWords(turn, { isShort: Boolean(current) || waiting.length > 1 });
  showSound();
  if (!current && waiting.length) announceAll();
}

/* -- whether there is sound -------------------------------------------------------------------------------------------------- */

function showSound() {
  const on = isOn();
  if (mute) mute.hidden = on || !wantsSound();
  if (hush) hush.hidden = !("quiet" in settings()) || "silent" in settings();
  if (!on && trial) trial.hidden = true;
  document.documentElement.classList.toggle("has-sound", on);
}

async function allowSound() {
  if (isOn() || "silent" in settings()) return;
  await startSound();
}

let asleep;

/** Somebody is at the screen: sound may start now, and can be tried. */
async function onPresence(event) {
  if (event.type !== "pointermove") await allowSound();
  if (!trial || !isOn()) return;
  trial.hidden = false;
  clearTimeout(asleep);
  asleep = setTimeout(() => { trial.hidden = true; }, AWAKE);
}

trial?.addEventListener("click", () => {
  if (waiting.some(({ mark }) => mark === null)) return;
  waiting.push({ mark: null, words: trial.dataset.try, since: Date.now() });
  if (!current) announceAll();
});
for (const type of ["click", "keydown", "pointermove"]) document.addEventListener(type, onPresence, { passive: true });

onSound(showSound);
for (const mark of recall() ?? calls().map((call) => call.dataset.announce)) remember(mark); // what hangs there on a new display was announced before
document.addEventListener("live:updated", notice);
allowSound().then(notice); // where the browser allows it, sound is there before the first call is said
