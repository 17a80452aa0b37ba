/* What does not fit the screen of a kiosk. In the easy view buttons within reach turn the part that is too long, and are called by it. In
 * the ordinary view a button above the bar says what more there is below, and goes there; at the end it goes back up. */

const turn = document.querySelector("[data-turn]");
const more = document.querySelector("[data-more]");
const below = more?.textContent.trim(); // what the button says where nothing more is known
const bar = document.querySelector(".kiosk-bar");
const SLACK = 24; // pixels: less than this below the edge is no line of words
const STEP = 0.75; // of what is seen, so that something of it stays

const ways = () => document.querySelector(".kiosk-do");
const isInUse = () => Boolean(ways()?.querySelector("details[open], .field-invalid"));

/* -- the easy view ------------------------------------------------------------------------------------------------------------ */

const isLong = (part) => Boolean(part) && part.scrollHeight > part.clientHeight + 1;

/** What the buttons turn: the part below where services stand there, or something is opened or to be mended, else the text above. */
function turned() {
  const [text, below] = [document.querySelector(".kiosk-say"), ways()];
  const isFirst = isInUse() || below?.querySelector(".services");
  return [isFirst ? below : text, text, below].find(isLong);
}

/** What a part is called that is turned. */
function kindOf(part) {
  if (part.matches(".kiosk-say")) return "text";
  return part.querySelector(".services") ? "services" : "form";
}

export function offerTurning() {
  if (!turn) return;
  const part = turned();
  turn.hidden = !part;
  if (!part) return;
  const kind = kindOf(part);
  for (const word of turn.querySelectorAll("[data-turn-word]")) word.hidden = word.dataset.turnWord !== kind;
  if (kind !== "text") return;
  part.tabIndex = 0; // by keys it is turned too
  part.setAttribute("role", "region");
  part.setAttribute("aria-label", document.querySelector("h1")?.innerText ?? document.title);
}

/** In the easy view there is little room: what was opened is moved to where it is seen. */
function reveal(opened) {
  if (turn) opened?.querySelector(".disclosure-body")?.scrollIntoView({ block: "nearest", behavior: "instant" });
}

turn?.addEventListener("click", (event) => {
  const by = event.target.closest("[data-turn-by]")?.dataset.turnBy;
  const part = turned();
  if (by) part?.scrollBy({ top: Number(by) * part.clientHeight * 0.6 });
});
reveal(document.querySelector(".kiosk-do details[open]")); // opened before this script had come

/* -- the ordinary view -------------------------------------------------------------------------------------------------------- */

/** Where the screen ends for what is read: at the bar, or at its own edge. */
const edge = () => Math.min(innerHeight, bar.getBoundingClientRect().top);
/** Whether the middle of a part is out of sight, be it under the button itself. */
const isBelow = (part) => part.getBoundingClientRect().top + part.offsetHeight / 2 > edge() - more.offsetHeight;
const found = (parts) => [...document.querySelectorAll(parts)].filter(isBelow);

/** What may be longer than the screen: the services, or what is published about one. */
const content = () => document.querySelector(".services")?.closest(".kiosk-do") ?? document.querySelector(".service-page");

function wordsOf(isAtEnd) {
  const { above, part, services } = more.dataset;
  if (isAtEnd) return above;
  const [tiles, heading] = [found(".services > li").length, found(".service-page .kiosk-say :is(h2, h3)")[0]?.innerText.trim()];
  if (tiles) return services.replace("{count}", tiles);
  return heading ? part.replace("{part}", heading) : below;
}

function offerMore() {
  const bottom = content()?.getBoundingClientRect().bottom ?? 0;
  const isTooLong = bottom + scrollY - edge() > SLACK;
  const isBarInFlow = getComputedStyle(bar).position === "relative" && edge() < innerHeight; // on small screens it ends the page
  const isOffered = isTooLong && !isInUse() && !isBarInFlow;
  if (!isOffered && document.activeElement === more) document.querySelector("main").focus({ preventScroll: true });
  more.hidden = !isOffered;
  if (!isOffered) return;
  const isAtEnd = bottom - (edge() - more.offsetHeight) <= SLACK; // the end of the page has room for the button
  const words = wordsOf(isAtEnd);
  const place = more.querySelector("[data-more-words]");
  if (place.textContent !== words) place.textContent = words;
  more.dataset.goes = isAtEnd ? "up" : "down";
}

function goOn() {
  const top = more.dataset.goes === "up" ? -scrollY : edge() * STEP;
  scrollBy({ top, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth" });
}

if (more) {
  more.addEventListener("click", goOn);
  addEventListener("scroll", offerMore, { passive: true });
  new ResizeObserver(offerMore).observe(document.querySelector("main"));
}

addEventListener("resize", () => { offerTurning(); if (more) offerMore(); });
document.addEventListener("toggle", ({ target }) => {
  offerTurning();
  if (more) offerMore();
  if (target.open) reveal(target);
}, { capture: true });
