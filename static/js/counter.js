/* The console: tells of what waits where it may not be seen, sends a form with Ctrl+Enter, counts down, and says when a part stays old.
 *
 * Parts say how much waits as `data-counts="due:1 offers:0 …"`; `data-alerts` of the body names the kinds the person wants to be told of:
 * a sound and a number in the title, and a notice of the browser where the person has allowed one. */

import { submitForm } from "./once.js";

let words = document.title;
const wanted = new Set((document.body.dataset.alerts ?? "").split(" ").filter(Boolean));
const served = Date.parse(document.querySelector('meta[name="server-time"]')?.content ?? "");
const offset = Number.isNaN(served) ? 0 : served - Date.now();
let known = counted();
let unseen = 0;
let audio;

function counted() {
  const counts = {};
  for (const element of document.querySelectorAll("[data-counts]")) {
    for (const pair of element.dataset.counts.split(" ")) {
      const [kind, number] = pair.split(":");
      counts[kind] = Number(number);
    }
  }
  return counts;
}

/** Two soft tones; browsers allow them once the person has pressed something on the page. */
function chime() {
  audio ??= new AudioContext();
  if (audio.state !== "running") return;
  for (const [pitch, delay] of [[660, 0], [880, 0.18]]) {
    const [tone, volume, at] = [audio.createOscillator(), audio.createGain(), audio.currentTime + delay];
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.12, at);
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.4);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.4);
  }
}

/** Only out of sight, and only where the person has allowed it; it names nobody. */
function notice() {
  if (!document.hidden || !("Notification" in window) || Notification.permission !== "granted") return;
  new Notification(words, { body: document.body.dataset.notice, tag: "desk-console" }).onclick = () => window.focus();
}

function showTitle(counts) {
  const open = ["offers", "requests", "due"].filter((kind) => wanted.has(kind)).reduce((sum, kind) => sum + (counts[kind] ?? 0), 0);
  const number = open + unseen;
  document.title = number ? `(${number}) ${words}` : words;
}

function tellWaits() {
  const now = counted();
  const more = [...wanted].filter((kind) => (now[kind] ?? 0) > (known[kind] ?? 0));
  if (more.length) {
    if (document.hidden) unseen += more.filter((kind) => kind === "answers" || kind === "waiting").length;
    chime();
    notice();
  }
  known = now;
  showTitle(now);
}

function onSight() {
  if (document.hidden) return;
  unseen = 0;
  showTitle(counted());
}

function onKey(event) {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest?.("form.step-form");
  if (form) submitForm(form);
}

/** Without scripts the hint would promise what does not work. */
function showHints() {
  for (const hint of document.querySelectorAll(".ctrl-enter[hidden]")) hint.hidden = false;
}

/** `<time data-until="…" data-over="selector">` counts down; when it is over, what the selector names goes. */
function countDown() {
  const now = Date.now() + offset;
  for (const time of document.querySelectorAll("time[data-until]")) {
    const left = Math.ceil((Date.parse(time.dataset.until) - now) / 1000);
    const text = `${Math.floor(Math.max(0, left) / 60)}:${String(Math.max(0, left) % 60).padStart(2, "0")}`;
    if (time.textContent !== text) time.textContent = text;
    time.hidden = false;
    if (left <= 0) time.closest(time.dataset.over)?.setAttribute("data-js-over", "");
  }
}

document.documentElement.setAttribute("data-js-on", "");
addEventListener("pointerdown", () => { audio ??= new AudioContext(); audio.resume(); }, { once: true });
addEventListener("keydown", () => { audio ??= new AudioContext(); audio.resume(); }, { once: true });
addEventListener("keydown", onKey);
addEventListener("visibilitychange", onSight);
addEventListener("live:updated", () => { tellWaits(); showHints(); countDown(); });
addEventListener("page:taken", () => { words = document.title; known = counted(); showTitle(known); showHints(); countDown(); });
addEventListener("live:refused", () => { document.querySelector("[data-live-refused]").hidden = false; });
showTitle(known);
showHints();
countDown();
setInterval(countDown, 1000);
