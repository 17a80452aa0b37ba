/* The board makes a new call noticed: its row flashes, a chime sounds, one call after the other, so that simultaneous calls never talk over
 * each other. A call is an element `data-call="<id of the call, and how often repeated>"`, with its words in `data-call-words`. Each id is
 * announced once, also after a reconnect. A trial (`data-call-ends`: in so many seconds) goes by itself. */

const HOLD = 4500;
const REMEMBERED = 300;
const SOUND = "desk.display.sound";
const NOTES = [[659.3, 0], [523.3, 0.28], [784, 0.56]]; // e″ c″ g″: Hz, start in seconds

const button = document.querySelector("[data-sound]");
const region = document.querySelector("[data-announcement]");
const seen = new Set();
const waiting = [];

let audio = null;
let busy = false;

const calls = () => [...document.querySelectorAll("[data-call]")];
const find = (id) => calls().find((call) => call.dataset.call === id);

function remember(id) {
  seen.add(id);
  if (seen.size > REMEMBERED) seen.delete(seen.values().next().value);
}

function chime() {
  if (audio?.state !== "running") return;
  for (const [frequency, delay] of NOTES) {
    const [tone, volume, start] = [audio.createOscillator(), audio.createGain(), audio.currentTime + delay];
    tone.type = "sine";
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(0.35, start + 0.03);
    volume.gain.exponentialRampToValueAtTime(0.001, start + 1.1);
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + 1.2);
  }
}

function announceNext() {
  const id = waiting.shift();
  busy = id !== undefined;
  if (!busy) return;
  const call = find(id);
  if (call) {
    call.setAttribute("data-js-new", "");
    if (call.dataset.callEnds) setTimeout(() => find(id)?.remove(), call.dataset.callEnds * 1000); // a trial: nothing else would take it away
    if (region) region.textContent = call.dataset.callWords ?? call.textContent.trim();
    chime();
  }
  setTimeout(() => {
    find(id)?.removeAttribute("data-js-new");
    announceNext();
  }, call ? HOLD : 0);
}

function notice() {
  for (const call of calls().reverse()) { // the board lists the newest first; they are announced in the order they were made
    const id = call.dataset.call;
    if (seen.has(id)) continue;
    remember(id);
    waiting.push(id);
  }
  if (!busy) announceNext();
}

function showSound() {
  const on = audio?.state === "running";
  if (button) button.hidden = on;
  document.documentElement.classList.toggle("has-sound", on);
}

async function startSound() {
  audio ??= new AudioContext();
  audio.onstatechange = showSound;
  await Promise.race([audio.resume(), new Promise((resolve) => setTimeout(resolve, 500))]); // without permission it never settles
  if (audio.state === "running") localStorage.setItem(SOUND, "on");
  showSound();
}

button?.addEventListener("click", async () => {
  await startSound();
  chime();
});
showSound();
if (button && localStorage.getItem(SOUND) === "on") startSound(); // a display that is set to be silent has no button

for (const call of calls()) remember(call.dataset.call); // what hangs there already was announced before
document.addEventListener("live:updated", notice);
