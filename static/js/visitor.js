/* The visitor's page on a phone. When the number is called the title says so; after one tap, which browsers demand, the phone also rings and
 * shakes, and its screen stays on while the page is open. That wish is of the visit and lasts as long as the tab; the sound needs a touch on
 * every page. Written without what phones of 2018 cannot read. */

import { drop, keep, sweep } from "./last_known.js";

const PATTERN = [400, 200, 400, 200, 400];
const STROKES = [[659, 0], [523, 0.35], [659, 0.9], [523, 1.25]]; // hertz, seconds
const RELOAD_AFTER = 30000;
const ALLOWED_WITHIN = 500; // where a touch on the page before is enough, sound comes within that
const plain = document.title;
const panel = document.querySelector("[data-alert]");
const press = panel && panel.querySelector("[data-alert-press]");
const says = panel && panel.querySelector("[data-alert-says]");
const silent = document.querySelector("[data-alert-silent]");
const standing = () => document.querySelector("[data-standing]");

let known;
let wanted = false;
let audio = null;
let lock = null;

/* -- ringing, shaking, staying on ---------------------------------------------------------------------------------------------- */

function ring() {
  if (!audio) return;
  for (const stroke of STROKES) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    const begins = audio.currentTime + stroke[1];
    tone.frequency.value = stroke[0];
    volume.gain.setValueAtTime(0.0001, begins);
    volume.gain.exponentialRampToValueAtTime(0.6, begins + 0.03);
    volume.gain.exponentialRampToValueAtTime(0.0001, begins + 0.5);
    tone.connect(volume).connect(audio.destination);
    tone.start(begins);
    tone.stop(begins + 0.55);
  }
}

function shake(pattern) {
  const isTouched = navigator.userActivation ? navigator.userActivation.hasBeenActive : wanted;
  if (isTouched && navigator.vibrate) navigator.vibrate(pattern);
}

function stayOn() {
  if (!wanted || lock || document.hidden || !navigator.wakeLock) return;
  navigator.wakeLock.request("screen").then((given) => {
    lock = given;
    lock.addEventListener("release", () => { lock = null; });
  }, () => { /* low battery: the screen goes dark, as the page says it may */ });
}

const isSilent = () => wanted && audio !== null && audio.state !== "running";

/* Said at the top too where a touch is missing, whatever part of the page is in sight. */
function tellSound() {
  silent.hidden = !isSilent();
  says.textContent = wanted ? (silent.hidden ? says.dataset.on : silent.textContent) : says.dataset.off;
}

function tellState() {
  press.setAttribute("aria-pressed", String(wanted));
  document.documentElement.classList.toggle("alerts", wanted);
  if (isSilent()) setTimeout(tellSound, ALLOWED_WITHIN);
  else tellSound();
}

function wake() {
  const Audio = window.AudioContext || window.webkitAudioContext;
  if (!audio && Audio) {
    audio = new Audio();
    audio.onstatechange = tellSound;
  }
  if (audio) audio.resume();
  stayOn();
}

/* -- the wish, which outlives the page ------------------------------------------------------------------------------------------- */

const WISH = "desk.alert.";

function wish(isKept) {
  wanted = isKept;
  try {
    if (isKept) sessionStorage.setItem(WISH + standing().dataset.store, "yes");
    else sessionStorage.removeItem(WISH + standing().dataset.store);
  } catch (nothing) {
    /* no storage here: then it is of this page only */
  }
}

function wasWished() {
  try {
    return sessionStorage.getItem(WISH + standing().dataset.store) === "yes";
  } catch (nothing) {
    return false;
  }
}

function turnOff() {
  wish(false);
  if (lock) lock.release();
  if (navigator.vibrate) navigator.vibrate(0);
  tellState();
}

/* A press while the sound waits for a touch is that touch: nobody turns off what has just been said to be on. */
function onPress() {
  if (wanted && !isSilent()) return turnOff();
  wish(true);
  wake();
  ring();
  shake(200);
  tellState();
}

function onTouch(event) {
  if (isSilent() && !press.contains(event.target)) wake();
}

function offerAlert() {
  for (const each of panel.querySelectorAll("[data-lacks]")) {
    const has = each.dataset.lacks === "vibrate" ? Boolean(navigator.vibrate) : Boolean(navigator.wakeLock);
    each.hidden = has;
  }
  press.addEventListener("click", onPress);
  document.addEventListener("visibilitychange", () => {
    stayOn();
    if (wanted && audio && !document.hidden) audio.resume();
  });
  for (const kind of ["click", "touchend", "keydown"]) document.addEventListener(kind, onTouch, { passive: true });
  wanted = wasWished();
  if (wanted) wake();
  tellState();
}

/* -- the news is seen, wherever somebody has scrolled to ------------------------------------------------------------------------- */

const NEWS = /^(called|next)-/;
let told;
let unseen;

const isTyping = () => Boolean(document.activeElement && document.activeElement.matches("input, textarea, select"));
const isCall = (news) => news.startsWith("called-");

/* The bar stands over the page while what it is about does not; a call as long as it stands, other news until it was seen. */
function placeNews() {
  const bar = document.querySelector("[data-news]");
  if (!bar) return;
  const box = (document.querySelector(".go-to") || document.querySelector("#my-number")).getBoundingClientRect();
  const isInSight = box.top >= 0 && box.bottom <= window.innerHeight;
  if (isInSight) unseen = undefined;
  bar.hidden = isInSight || !(isCall(bar.dataset.news) || unseen === bar.dataset.news);
}

function tellNews() {
  const bar = document.querySelector("[data-news]");
  const news = bar ? bar.dataset.news : "";
  const isNew = told !== undefined && news !== told && (NEWS.test(news) || (news === "stay" && told === "away"));
  told = news;
  if (isNew) unseen = news;
  placeNews();
  if (!isNew || bar.hidden || isTyping()) return;
  const isStill = document.hidden || window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  (document.querySelector(".go-to") || document.querySelector("#my-number")).scrollIntoView({ behavior: isStill ? "auto" : "smooth", block: "center" });
}

/* What to bring is no question any more once it is over; put back in the queue, it is one again. */
function tellWhatToBring() {
  for (const each of document.querySelectorAll("[data-bring]")) {
    const matter = document.querySelector(`#matter-${each.dataset.bring}`);
    each.hidden = !matter || matter.dataset.over !== undefined;
  }
}

/* -- what changed -------------------------------------------------------------------------------------------------------------- */

function notice() {
  const call = document.querySelector("[data-call]");
  const place = call && call.querySelector("strong");
  const mark = call ? call.dataset.call : undefined;
  document.title = place ? `● ${place.textContent} – ${plain}` : plain;
  if (mark && mark !== known) {
    if (wanted) ring();
    shake(PATTERN);
  }
  known = mark;
  remember();
  tellWhatToBring();
  tellNews();
}

/* Only one sentence, and only while the visit goes on. */
function remember() {
  const visit = standing();
  if (!visit) return;
  const isOver = visit.dataset.standing === "over";
  if (panel) panel.hidden = isOver;
  if (isOver && wanted) turnOff();
  if (isOver) return drop(visit.dataset.store);
  const words = visit.textContent.replace(/\s+/g, " ").trim();
  keep(visit.dataset.store, { number: visit.dataset.number, office: visit.dataset.office, words });
}

/* -- the page as an app -------------------------------------------------------------------------------------------------------- */

function install() {
  const worker = panel && panel.dataset.worker;
  if (!worker || !navigator.serviceWorker || !window.caches) return;
  navigator.serviceWorker.register(worker).catch(() => { /* private mode: the page works without */ });
  caches.open("desk-language").then((cache) => cache.put("/v/language", new Response(document.documentElement.lang))).catch(() => {});
}

sweep();
document.documentElement.classList.add("has-script");
if (panel) offerAlert();
notice();
document.addEventListener("live:updated", notice);
for (const type of ["scroll", "resize"]) addEventListener(type, placeNews, { passive: true });
addEventListener("load", () => setTimeout(install, 1000));
// A browser that cannot read the script that keeps the page fresh gets it fresh by loading it anew.
import("./live.js").catch(() => setTimeout(() => location.reload(), RELOAD_AFTER));
