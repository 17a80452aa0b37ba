/* The board makes each call noticed: its row flashes, a chime sounds, a voice says it; one call after the other in the order they were made,
 * so that simultaneous calls never talk over each other and none is lost. The calls stand in `[data-sounds]` as `data-announce="<mark>"`, the
 * oldest first: `data-words` for whoever has it read, `data-number` and `data-place` for the wall, `data-audio` with what is said, by language.
 *
 * A mark is announced once. Those announced are kept for this tab, so that neither a reload nor a restart of the server says a call again, and
 * one that was made meanwhile or was cut off is said. A trial (`data-ends`: in so many seconds) goes by itself.
 *
 * The more calls wait behind one, the shorter it is: over two, each is said once; over five, in short and in the first language only. */

import { isOn, load, onSound, play, startSound } from "./sound.js";

const [HOLD, HURRIED_HOLD] = [4500, 2500]; // a call is shown at least so long
const [MANY, CROWD] = [2, 5];
const REMEMBERED = 300;
const AWAKE = 20_000;
const MEMORY = `desk.announced:${location.pathname}`;

const [region, spotlight, mute, hush] = ["announcement", "spotlight", "mute", "hush"].map((name) => document.querySelector(`[data-${name}]`));
const trial = document.querySelector("[data-try]");
const number = Number(document.querySelector("[data-live][data-number]")?.dataset.number ?? 0);

const announced = new Set();
const waiting = [];
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

/* -- one after the other ----------------------------------------------------------------------------------------------------- */

async function announceAll() {
  while (waiting.length) {
    current = waiting.shift();
    const call = current.mark === null ? current : find(current.mark) && described(find(current.mark));
    if (call) await announce(call, waiting.length); // else the visitor is there already
    if (current.mark !== null) remember(current.mark);
  }
  current = null;
}

const described = ({ dataset }) => ({ mark: dataset.announce, number: dataset.number, place: dataset.place, words: dataset.words, audio: addresses(dataset.audio), ends: dataset.ends });

async function announce(call, behind) {
  const isCrowd = behind > CROWD;
  if (call.ends) setTimeout(() => rowOf(call.mark)?.remove(), call.ends * 1000); // a trial: nothing else would take it away
  show(call);
  await Promise.all([pause(isCrowd ? HURRIED_HOLD : HOLD), say(call, behind)]);
  unshow(call);
}

async function say(call, behind) {
  if (!isOn() || (!wantsSound() && call.mark !== null)) return; // a press on the display itself is heard at any hour
  const isHurried = behind > CROWD && !call.ends;
  const said = isHurried ? call.audio.slice(0, 1).map((url) => `${url}?short`) : call.audio;
  const { volume, times } = settings();
  try {
    await play(load(said), { volume: Number(volume ?? 80), times: behind > MANY ? 1 : Number(times ?? 1), isHurried });
  } catch {
    // no sound just now: the call is shown
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
  const queued = new Set([current?.mark, ...waiting.map(({ mark }) => mark)]);
  for (const { dataset } of calls()) {
    if (!announced.has(dataset.announce) && !queued.has(dataset.announce)) waiting.push({ mark: dataset.announce });
  }
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
  waiting.push({ mark: null, words: trial.dataset.try, audio: addresses(settings().sample) });
  if (!current) announceAll();
});
for (const type of ["click", "keydown", "pointermove"]) document.addEventListener(type, onPresence, { passive: true });

onSound(showSound);
for (const mark of recall() ?? calls().map((call) => call.dataset.announce)) remember(mark); // what hangs there on a new display was announced before
document.addEventListener("live:updated", notice);
allowSound().then(notice); // where the browser allows it, sound is there before the first call is said
