/* Says honestly how old the page is: after ten seconds without contact the mark `data-stale` appears with the hour of the last contact. */

const PATIENCE = 10_000;
const mark = document.querySelector("[data-stale-words]");
const since = document.querySelector("[data-stale-since]");

let last = Date.now();
let timer;

function show() {
  if (since) {
    since.dateTime = new Date(last).toISOString();
    since.textContent = new Date(last).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
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
