/* Reads the page aloud, where the machine has a voice of its own for the language: nothing is sent anywhere to be spoken. Without one
 * the button stays hidden. Once pressed, the pages of this visitor are read until it is pressed again or the kiosk starts anew. */

const button = document.querySelector("[data-read]");
const speech = window.speechSynthesis;
const READING = "desk.kiosk.reading";
const SPOKEN = "h1, h2, h3, p, li, dt, dd, summary, legend, .service, .btn, .ticket-number, .choice";
const language = document.documentElement.lang || "id";

const isReading = () => sessionStorage.getItem(READING) === "yes";
const voice = () => speech?.getVoices().find((each) => each.localService && each.lang.toLowerCase().replace("_", "-").split("-")[0] === language);
const isShown = (element) => element.checkVisibility?.({ visibilityProperty: true }) ?? element.offsetParent !== null;

/** What there is to be read, from top to bottom as it stands on the screen, nothing twice. */
function parts() {
  const found = [...document.querySelectorAll(["main", "dialog[open]"].flatMap((place) => SPOKEN.split(", ").map((each) => `${place} ${each}`)).join(", "))];
  const outer = found.filter((element) => isShown(element) && !found.some((other) => other !== element && other.contains(element) && isShown(other)));
  const said = (element) => (element.closest(".kiosk-say") ? 0 : 1);
  return outer.sort((one, other) => said(one) - said(other)).filter((element) => wordsOf(element));
}

/** The words of a part; a number is said letter by letter. */
function wordsOf(element) {
  const words = element.innerText.replace(/\s*\n\s*/g, ". ").replace(/\s+/g, " ").trim();
  return words.replace(/\b([A-Z])(\d{3,})\b/g, (_, letter, digits) => [letter, ...digits].join(" "));
}

function say(element, text = wordsOf(element)) {
  const spoken = new SpeechSynthesisUtterance(text);
  spoken.voice = voice();
  spoken.lang = spoken.voice?.lang ?? language;
  spoken.rate = 0.9;
  spoken.addEventListener("start", () => mark(element));
  spoken.addEventListener("end", () => mark(undefined));
  speech.speak(spoken);
}

function mark(element) {
  for (const each of document.querySelectorAll(".is-read")) each.classList.remove("is-read");
  element?.classList.add("is-read");
  if (element?.closest(".kiosk-say")) element.scrollIntoView({ block: "nearest" });
}

function read() {
  speech.cancel();
  for (const element of parts()) say(element);
}

function quiet() {
  speech.cancel();
  mark(undefined);
}

function press() {
  sessionStorage.setItem(READING, isReading() ? "no" : "yes");
  button.setAttribute("aria-pressed", String(isReading()));
  if (isReading()) read();
  else quiet();
}

/* Who goes on by keys hears where they are. */
function onFocus(event) {
  if (!isReading() || !event.target.matches(":focus-visible") || event.target === button) return;
  const part = event.target.closest("label, a, button, summary") ?? event.target.labels?.[0] ?? event.target;
  const text = wordsOf(part) || event.target.getAttribute("aria-label");
  if (!text) return;
  speech.cancel();
  say(part, text);
}

let isOffered = false;

function offer() {
  if (isOffered || !voice()) return;
  isOffered = true;
  button.hidden = false;
  button.setAttribute("aria-pressed", String(isReading()));
  button.addEventListener("click", press);
  document.addEventListener("focusin", onFocus);
  addEventListener("pagehide", quiet);
  if (isReading()) read();
}

if (button && speech) {
  offer();
  speech.addEventListener?.("voiceschanged", offer); // Chromium knows its voices only after a while
}
