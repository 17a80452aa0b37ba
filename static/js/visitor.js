/* The visitor's page on a phone. When the number is called the title says so; after one tap, which browsers demand, the phone also rings and
 * shakes, and its screen stays on while the page is open. Written without what phones of 2018 cannot read. */

import { drop, keep, sweep } from "./last_known.js";

const PATTERN = [400, 200, 400, 200, 400];
const STROKES = [[659, 0], [523, 0.35], [659, 0.9], [523, 1.25]]; // hertz, seconds
const RELOAD_AFTER = 30000;
const plain = document.title;
const panel = document.querySelector("[data-alert]");
const press = panel && panel.querySelector("[data-alert-press]");
const says = panel && panel.querySelector("[data-alert-says]");

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

function tellState() {
  press.setAttribute("aria-pressed", String(wanted));
  says.textContent = wanted ? says.dataset.on : says.dataset.off;
  document.documentElement.classList.toggle("alerts", wanted);
}

function onPress() {
  wanted = !wanted;
  if (wanted) {
    const Audio = window.AudioContext || window.webkitAudioContext;
    if (!audio && Audio) audio = new Audio();
    if (audio) audio.resume();
    ring();
    shake(200);
    stayOn();
  } else {
    if (lock) lock.release();
    if (navigator.vibrate) navigator.vibrate(0);
  }
  tellState();
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
  const standing = document.querySelector("[data-standing]");
  if (!standing) return;
  const isOver = standing.dataset.standing === "over";
  if (panel) panel.hidden = isOver;
  if (isOver && wanted) onPress();
  if (isOver) return drop(standing.dataset.store);
  const words = standing.textContent.replace(/\s+/g, " ").trim();
  keep(standing.dataset.store, { number: standing.dataset.number, office: standing.dataset.office, words });
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
