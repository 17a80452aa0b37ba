/* The console: tells of a new offer where it may not be seen, sends a form with Ctrl+Enter, and says when a part stays old. */

const words = document.title;
let offers = counted();
let audio;

function counted() {
  return Number(document.querySelector("[data-offers]")?.dataset.offers ?? 0);
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

function tellOffers() {
  const now = counted();
  document.title = now ? `(${now}) ${words}` : words;
  if (now > offers) chime();
  offers = now;
}

function onKey(event) {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest?.("form.step-form");
  if (form) form.requestSubmit();
}

/** Without scripts the hint would promise what does not work. */
function showHints() {
  for (const hint of document.querySelectorAll(".ctrl-enter[hidden]")) hint.hidden = false;
}

addEventListener("pointerdown", () => { audio ??= new AudioContext(); audio.resume(); }, { once: true });
addEventListener("keydown", onKey);
addEventListener("live:updated", () => { tellOffers(); showHints(); });
addEventListener("live:refused", () => { document.querySelector("[data-live-refused]").hidden = false; });
tellOffers();
showHints();
