/* What changes on the board of the lobby by the clock alone: the languages and the messages take turns, lists with more than fits go page
 * by page, the mark of a lost connection tells how old the board is, and a new version of the program starts the page anew.
 *
 * `data-board` says how: `data-languages="id en"`, `data-turn="10"` (seconds a language stands), `data-program` (the version). Nothing
 * moves: texts change in their places. The key P holds everything still, and lets it go on. */

import { within } from "./within.js";

const KEPT = 2; // lines of what was called before that always stay
const RENEWED = "desk.display.renewed";
const RENEW_WITHIN = 5000; // displays of a house do not all load at the same moment
const RENEW_APART = 60_000; // where servers of two versions answer in turn, a display does not load without end

const root = document.documentElement;
const told = () => document.querySelector("[data-board]")?.dataset ?? {};
const program = told().program;

let spoken = 0;
let message = 0;
let timer;
let seconds;
let isHeld = false;
let isRenewing = false;

const languages = () => (told().languages ?? root.lang).split(" ");

/* -- taking turns ------------------------------------------------------------------------------------------------------------ */

function showLanguage() {
  spoken %= languages().length;
  const wanted = languages()[spoken];
  if (root.dataset.jsTongue !== wanted) root.dataset.jsTongue = wanted;
}

function showMessage() {
  const list = document.querySelector("[data-messages]");
  if (!list) return;
  message %= Math.max(1, list.children.length);
  list.toggleAttribute("data-js-turning", true);
  [...list.children].forEach((each, place) => each.toggleAttribute("data-js-on", place === message));
}

/** A message and a page stand until every language had its turn. */
function turn() {
  if (isHeld) return;
  root.toggleAttribute("data-js-turned", true); // what comes in turn fades in; what stands there from the start does not
  spoken = (spoken + 1) % languages().length;
  if (spoken === 0) {
    message += 1;
    for (const list of document.querySelectorAll("[data-paged]")) list.dataset.jsPage = Number(list.dataset.jsPage ?? 0) + 1;
  }
  show();
}

/* -- lists page by page ------------------------------------------------------------------------------------------------------ */

function pagesOf(list) {
  const pages = [[]];
  let [top] = [list.firstElementChild?.offsetTop ?? 0];
  for (const item of list.children) {
    const [page] = pages.slice(-1);
    if (page.length && item.offsetTop + item.offsetHeight - top > list.clientHeight + 1) {
      top = item.offsetTop;
      pages.push([item]);
    } else page.push(item);
  }
  return pages;
}

function showPage(list) {
  for (const item of list.children) item.removeAttribute("data-js-off");
  const pages = pagesOf(list);
  const place = Number(list.dataset.jsPage ?? 0) % pages.length;
  list.dataset.jsPage = place;
  pages.forEach((page, number) => page.forEach((item) => item.toggleAttribute("data-js-off", number !== place)));
  const mark = list.closest("section")?.querySelector("[data-page-mark]");
  const words = pages.length > 1 ? `${place + 1}/${pages.length}` : "";
  if (mark && mark.textContent !== words) mark.textContent = words;
}

/** What was called before gives up some of its lines where those who wait then need fewer pages. */
function giveRoom() {
  const [list, giver] = [document.querySelector(".board-waiting [data-paged]"), document.querySelector("[data-gives]")];
  if (!list || !giver) return;
  for (const item of list.children) item.removeAttribute("data-js-off");
  const keep = (count) => [...giver.children].forEach((item, place) => item.toggleAttribute("data-js-off", place >= count));
  const most = giver.children.length;
  let [best, fewest] = [most, Infinity];
  for (let count = most; count >= Math.min(most, KEPT); count -= 1) {
    keep(count);
    const pages = pagesOf(list).length;
    if (pages < fewest) [best, fewest] = [count, pages];
  }
  keep(best);
}

function show() {
  showLanguage();
  showMessage();
  giveRoom();
  for (const list of document.querySelectorAll("[data-paged]")) showPage(list);
}

function keepTime() {
  const wanted = Number(told().turn ?? 10);
  if (wanted === seconds) return;
  clearInterval(timer);
  seconds = wanted;
  timer = setInterval(turn, seconds * 1000);
}

/* -- how old the board is ---------------------------------------------------------------------------------------------------- */

const two = (n) => String(n).padStart(2, "0");

function showAge() {
  const age = document.querySelector("[data-stale-age]");
  const since = document.querySelector("[data-stale-since]")?.dateTime;
  if (!age || !since || !root.classList.contains("is-stale")) return;
  const whole = Math.max(0, Math.floor((Date.now() - Date.parse(since)) / 1000));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  age.textContent = h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/* -- a new version of the program -------------------------------------------------------------------------------------------- */

/** Fetch sheets and scripts past the browser's cache, then load the page; only while the server answers, else it would be lost. */
async function renew() {
  const ours = performance.getEntriesByType("resource").map((each) => each.name).filter((name) => name.startsWith(`${location.origin}/static/`));
  try {
    await Promise.all([...new Set(ours)].map((name) => fetch(name, { cache: "reload" })));
    const answer = await fetch(location.href, { cache: "no-store", credentials: "same-origin", signal: within(10_000) });
    if (!answer.ok) throw new Error(`page: ${answer.status}`);
    sessionStorage.setItem(RENEWED, String(Date.now()));
    location.reload();
  } catch {
    isRenewing = false; // the next news of the board tries again
  }
}

function noticeProgram() {
  const last = Number(sessionStorage.getItem(RENEWED) ?? 0);
  if (isRenewing || !program || !told().program || told().program === program || Date.now() - last < RENEW_APART) return;
  isRenewing = true;
  setTimeout(renew, Math.random() * RENEW_WITHIN);
}

/* ---------------------------------------------------------------------------------------------------------------------------- */

function onKey(event) {
  if (event.key.toLowerCase() !== "p" || event.ctrlKey || event.altKey || event.metaKey) return;
  isHeld = !isHeld;
  root.classList.toggle("is-held", isHeld);
}

if (document.querySelector("[data-board]")) {
  show();
  keepTime();
  setInterval(showAge, 1000);
  document.addEventListener("live:updated", () => { keepTime(); show(); noticeProgram(); });
  document.addEventListener("live:refused", ({ target, detail }) => {
    if (target.querySelector("[data-board]") && [401, 403, 410].includes(detail.status)) location.reload(); // only paired displays may now, or the office is closed for good
  });
  document.addEventListener("keydown", onKey);
  new ResizeObserver(show).observe(document.querySelector("main")); // the window, or a bar that comes and goes beside the board
}
