/* Reaches the server for a page or with a form, again and again until it answers, and says so meanwhile: nobody at a kiosk ever stands
 * before a browser's error page. A form is repeated with the same key, so it gets its first answer. Pages take each other's place: what
 * one visitor saw, the next one cannot go back to. */

import { freshKey } from "./fresh_key.js";
import { dataOf } from "./once.js";

const ANSWER_WITHIN = 10_000;
const BY_US = "answered";
const dialog = document.querySelector("[data-unreachable]");

let running;
let asked; // what the running request is for: "open" or "send"

/** Wait, but no longer than somebody wants it. */
const wait = (milliseconds, signal) => new Promise((resolve) => {
  setTimeout(resolve, milliseconds);
  signal.addEventListener("abort", resolve);
});

/** Whether the server is asked for something just now, be it that it has been found out of reach. */
export const isAsking = () => running !== undefined;

/** Whether a form is on its way that the server has not answered: a number may have been issued, or not. */
export const isSending = () => running !== undefined && asked === "send";

/** Whether something is said that no other dialog may cover. */
export const isTelling = () => Boolean(dialog?.open);

/** Give up what is tried. A number that was given meanwhile is told as soon as its form is sent again: the key is the same. */
export function stop() {
  running?.abort();
  running = undefined;
  if (dialog?.open) dialog.close(BY_US);
}

/** Give up a form that nobody waits for any more, and say so to whoever comes: it stays said until the server answers. */
export function leave(address) {
  running?.abort();
  running = undefined;
  say("unsure", { anew: true });
  return open(address);
}

function say(kind, { anew = false } = {}) {
  if (!dialog || (dialog.open && !anew)) return;
  for (const text of dialog.querySelectorAll("[data-unreachable-for]")) text.hidden = !text.dataset.unreachableFor.split(" ").includes(kind);
  dialog.returnValue = "";
  if (!dialog.open) dialog.showModal?.();
}

async function answerTo(address, options, signal) {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), ANSWER_WITHIN);
  signal.addEventListener("abort", () => limit.abort());
  try {
    const answer = await fetch(address, { ...options, headers: { Accept: "text/html" }, cache: "no-store", signal: limit.signal });
    return answer.status < 500 ? { answer, html: await answer.text() } : undefined;
  } catch {
    return undefined; // no answer: the network is down or the server restarts
  } finally {
    clearTimeout(timer);
  }
}

/** Ask until there is an answer; undefined where something is asked already, or it was given up. */
async function untilAnswered(address, options, kind) {
  if (running) return undefined;
  const mine = (running = new AbortController());
  asked = kind;
  for (let pause = 1000; !mine.signal.aborted; pause = Math.min(pause * 2, 10_000)) {
    const found = await answerTo(address, options, mine.signal);
    if (mine.signal.aborted) return undefined;
    if (found) {
      stop();
      return found;
    }
    say(kind);
    await wait(pause * (0.75 + Math.random() / 2), mine.signal);
  }
  return undefined;
}

/* Errors and forms that came back are shown in the page that stands: it keeps its frame and its return to the start. */
function show(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const [here, there] = [document.querySelector("main"), page.querySelector("main")];
  if (!there) return;
  here.replaceChildren(...document.adoptNode(there).childNodes);
  document.title = page.title;
  document.body.dataset.idleHome ??= location.href;
  document.body.dataset.idleSeconds ??= "60";
  scrollTo(0, 0);
  (here.querySelector("[data-error-summary]") ?? here).focus();
  // Where there is room for little, it is what is to be mended that is seen.
  if (document.documentElement.matches(".is-easy")) here.querySelector(".field-invalid")?.scrollIntoView({ block: "nearest", behavior: "instant" });
}

const says = (html) => /<div role="status" data-flash>\s*<[^/]/.test(html);

/** Open a page in the place of this one; at the start nothing of this visitor is left. */
export async function open(address) {
  const found = await untilAnswered(address, {}, "open");
  if (!found) return;
  if (new URL(address, location.href).pathname.endsWith("/kiosk/start")) sessionStorage.removeItem("desk.kiosk.reading");
  if (found.answer.ok) location.replace(address);
  else show(found.html);
}

/** Send a form, and open what its answer leads to. */
export async function send(form, submitter) {
  if (running || form.dataset.busy) return;
  form.dataset.busy = "yes";
  submitter?.classList.add("is-busy");
  const body = new URLSearchParams(dataOf(form, submitter));
  const found = await untilAnswered(form.action, { method: "POST", body }, "send");
  delete form.dataset.busy;
  submitter?.classList.remove("is-busy");
  if (!found) return;
  const key = form.querySelector('input[name="key"]');
  // A message is told once: it came with this answer.
  if (!found.answer.redirected || !found.answer.ok || says(found.html)) return void show(found.html);
  if (key) key.value = freshKey();
  location.replace(found.answer.url);
}

/* Somebody stopped it. Whether the form arrived cannot be known then, and that is said; its key stays for when it is sent again. */
dialog?.addEventListener("close", () => {
  if (dialog.returnValue === BY_US || dialog.open) return;
  const isUnsure = isSending();
  stop();
  if (isUnsure) say("unsure");
});
