/* Reads the page aloud: each part in the voice of the server (`data-aloud` is where it is heard), else in one that the machine itself
 * has for the language; nothing is sent elsewhere to be spoken. Where neither can, the button says so. Once pressed, the pages of this
 * visitor are read until it is pressed again or the kiosk starts anew. Escape ends it too. */

const button = document.querySelector("[data-read]");
const mute = document.querySelector("[data-read-mute]");
const speech = window.speechSynthesis;
const READING = "desk.kiosk.reading";
const VOICES_WITHIN = 2000; // Chromium knows the voices of the machine only after a while
const AGAIN_AFTER = 2000; // while the server is speaking for others
const TRIES = 3;
const language = document.documentElement.lang || "id";

const isWanted = () => sessionStorage.getItem(READING) === "yes";
const voice = () => speech?.getVoices().find((each) => each.localService && each.lang.toLowerCase().replace("_", "-").split("-")[0] === language);
const isShown = (element) => element.isConnected && (element.checkVisibility?.({ visibilityProperty: true }) ?? element.offsetParent !== null);
const isSayable = (element) => Boolean(element.dataset.aloud || voice());
/** Whether the server says a part: where it can say but some of the page (numbers), a voice of the machine says all of it. */
const isByServer = (element) => Boolean(element?.dataset.aloud) && (!voice() || !document.querySelector('[data-aloud=""]'));

let reading = 0; // which reading holds; an earlier one ends where it is
let isReading = false;
let end = () => {}; // ends what is heard now
let audio;
const fetched = new Map(); // address → its samples, fetched ahead of their turn

/* -- what there is to be read ------------------------------------------------------------------------------------------------ */

/** The parts of the page in the order of reading: what it is about, what is said, what can be done, the bar. A dialog stands alone. */
function parts() {
  const dialog = document.querySelector("dialog[open]");
  const found = [...(dialog ?? document).querySelectorAll(dialog ? "[data-aloud]" : "main [data-aloud], .kiosk-bar [data-aloud]")];
  const rank = (element) => (element.matches("h1") ? 0 : element.closest(".kiosk-say") ? 1 : element.closest(".kiosk-bar") ? 3 : 2);
  return found.filter(isShown).sort((one, other) => rank(one) - rank(other));
}

/** The words of a part for a voice of the machine; a number is said letter by letter. */
function wordsOf(element) {
  const words = element.innerText.replace(/\s*\n\s*/g, ". ").replace(/\s+/g, " ").trim();
  return words.replace(/\b([A-Z]{1,3})(\d{3,6})\b/g, (_, letters, digits) => [...letters, ...digits].join(" "));
}

/* -- saying it --------------------------------------------------------------------------------------------------------------- */

async function samplesOf(address) {
  for (let left = TRIES; left; left -= 1) {
    const answer = await fetch(address).catch(() => undefined);
    if (answer?.ok) return audio.decodeAudioData(await answer.arrayBuffer()).catch(() => undefined);
    if (answer?.status !== 503) return undefined;
    await new Promise((resolve) => { setTimeout(resolve, AGAIN_AFTER); });
  }
  return undefined;
}

function fetchAhead(element) {
  if (!isByServer(element)) return undefined;
  const address = element.dataset.aloud;
  if (!fetched.has(address)) fetched.set(address, samplesOf(address));
  return fetched.get(address);
}

/** Whether the browser lets the page sound; it does once somebody has pressed something here or on the page before. */
async function isAllowed() {
  await Promise.race([audio.resume(), new Promise((resolve) => { setTimeout(resolve, 500); })]);
  return audio.state === "running";
}

function hear(samples) {
  const source = new AudioBufferSourceNode(audio, { buffer: samples });
  source.connect(audio.destination);
  return new Promise((resolve) => {
    source.addEventListener("ended", resolve);
    end = () => source.stop();
    source.start();
  });
}

function speak(words) {
  const spoken = new SpeechSynthesisUtterance(words);
  spoken.voice = voice();
  spoken.lang = spoken.voice?.lang ?? language;
  spoken.rate = 0.9;
  return new Promise((resolve) => {
    for (const kind of ["end", "error"]) spoken.addEventListener(kind, resolve);
    end = () => { speech.cancel(); resolve(); };
    speech.speak(spoken);
  });
}

/** Say a part, by the server or by the machine, and whether that could be done; nothing once another reading has begun. */
async function say(element, mine) {
  mark(element);
  document.dispatchEvent(new Event("kiosk:reading"));
  if (isByServer(element)) audio ??= new AudioContext();
  const loading = fetchAhead(element);
  const samples = loading && (await isAllowed()) ? await loading : undefined;
  if (mine !== reading) return false;
  if (samples) await hear(samples);
  else if (voice()) await speak(wordsOf(element));
  else return false;
  return true;
}

function mark(element) {
  for (const each of document.querySelectorAll(".is-read")) each.classList.remove("is-read");
  element?.classList.add("is-read");
  if (element?.closest(".kiosk-say")) element.scrollIntoView({ block: "nearest" }); // what is to be touched never moves under a finger
}

async function read(wanted = parts()) {
  quiet();
  const mine = reading;
  const list = wanted.filter(isSayable);
  let isHeard = false;
  show(true);
  for (const [place, element] of list.entries()) {
    if (!isShown(element)) continue;
    const saying = say(element, mine);
    if (audio) fetchAhead(list[place + 1]); // while this one is heard
    isHeard = (await saying) || isHeard;
    if (mine !== reading) return;
  }
  quiet();
  if (list.length && !isHeard && audio?.state !== "suspended") showMute();
}

function quiet() {
  reading += 1;
  end();
  end = () => {};
  fetched.clear();
  mark(undefined);
  show(false);
}

/* -- the button -------------------------------------------------------------------------------------------------------------- */

function show(isNow) {
  isReading = isNow;
  const word = isNow ? "on" : parts().some(isSayable) ? "off" : "none";
  for (const each of button.querySelectorAll("[data-read-word]")) each.hidden = each.dataset.readWord !== word;
}

function showMute() {
  mute.hidden = false;
}

function press() {
  mute.hidden = true;
  const goesOn = !isReading;
  sessionStorage.setItem(READING, goesOn ? "yes" : "no");
  if (!goesOn) quiet();
  else if (parts().some(isSayable)) read();
  else showMute();
}

/* Who goes on by keys hears where they are. */
function onFocus(event) {
  const { target } = event;
  if (!isWanted() || !target.matches(":focus-visible") || target === button) return;
  const part = target.closest("[data-aloud]") ?? target.labels?.[0]?.closest("[data-aloud]");
  if (part && isSayable(part)) read([part]);
}

/* A warning that covers the page is heard in its place. */
function onDialog(changes) {
  if (isWanted() && changes.some(({ target }) => target.open)) read();
}

let isOffered = false;

function offer() {
  if (isOffered) return;
  isOffered = true;
  button.hidden = false;
  show(false);
  button.addEventListener("click", press);
  document.addEventListener("focusin", onFocus);
  document.addEventListener("kiosk:home", quiet);
  addEventListener("keydown", (event) => { if (event.key === "Escape" && isReading) press(); });
  addEventListener("pagehide", quiet);
  for (const dialog of document.querySelectorAll("dialog")) new MutationObserver(onDialog).observe(dialog, { attributeFilter: ["open"] });
  if (isWanted() && parts().some(isSayable)) read();
}

if (button && parts().some(isSayable)) offer();
else if (button) {
  speech?.addEventListener?.("voiceschanged", () => { if (voice()) offer(); });
  setTimeout(offer, speech ? VOICES_WITHIN : 0);
}
// Where the voices of the machine come late, what the button says is no longer true.
speech?.addEventListener?.("voiceschanged", () => { if (isOffered && !isReading) show(false); });
