/* Says honestly how old the page is: after ten seconds without contact the mark `data-stale` appears with the hour of the last contact. */

const PATIENCE = 10_000;
const mark = document.querySelector("[data-stale-words]");
const since = document.querySelector("[data-stale-since]");
const zone = document.querySelector('meta[name="time-zone"]')?.content || undefined; // of the office: a phone may be set to another
const served = Date.parse(document.querySelector('meta[name="server-time"]')?.content ?? "");
const offset = Number.isNaN(served) ? 0 : served - Date.now();

let last = Date.now();
let timer;

function hour(at) {
  const parts = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
  const language = document.documentElement.lang;
  try {
    return at.toLocaleTimeString(language, { ...parts, timeZone: zone });
  } catch {
    return at.toLocaleTimeString(language, parts); // a zone this browser does not know
  }
}

function show() {
  if (since) {
    since.dateTime = new Date(last).toISOString();
    since.textContent = hour(new Date(last + offset));
  }
  if (mark) mark.hidden = false;
  document.documentElement.classList.add("is-stale");
}

/** Contact was lost; the mark appears unless `fresh` is called in time. */
export function stale() {
  timer ??= setTimeout(show, Math.max(0, last + PATIENCE - Date.now()));
}

/** There was contact just now. */
export function fresh() {
  last = Date.now();
  clearTimeout(timer);
  timer = undefined;
  if (mark) mark.hidden = true;
  document.documentElement.classList.remove("is-stale");
}
