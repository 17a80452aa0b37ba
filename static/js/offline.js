/* No network: shows what was last known of this visit, with its hour, and goes back to the page as soon as there is network again. */

import { find, sweep } from "./last_known.js";

const AGAIN_AFTER = 4000;
const kept = document.querySelector("[data-last-known]");
const nothing = document.querySelector("[data-nothing-known]");

function digest(words) {
  if (!crypto.subtle) return Promise.reject(new Error("plain http")); // then nothing was kept either
  return crypto.subtle.digest("SHA-256", new TextEncoder().encode(words)).then((bytes) =>
    Array.from(new Uint8Array(bytes), (each) => each.toString(16).padStart(2, "0")).join("").slice(0, 32));
}

function show(known) {
  if (!known) {
    nothing.hidden = false;
    return;
  }
  const at = new Date(known.at);
  kept.querySelector("[data-number]").textContent = known.number;
  kept.querySelector("[data-words]").textContent = known.words;
  const hour = kept.querySelector("time");
  hour.dateTime = at.toISOString();
  hour.textContent = at.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false });
  kept.hidden = false;
}

sweep();
digest(`visit|${(location.pathname.split("/")[2] || "").toLowerCase()}`).then((store) => show(find(store)), () => show(null));

/* Back as soon as our server answers: the phone's own word for "online" says nothing of that, nor does the page of a proxy before it. */
function lookAgain() {
  fetch("/v/worker.js", { cache: "no-store" })
    .then((answer) => {
      if (!answer.ok || !/javascript/.test(answer.headers.get("Content-Type"))) throw new Error(`worker: ${answer.status}`);
      location.reload();
    })
    .catch(() => setTimeout(lookAgain, AGAIN_AFTER));
}

addEventListener("online", lookAgain);
setTimeout(lookAgain, AGAIN_AFTER);
for (const press of document.querySelectorAll("[data-again]")) press.addEventListener("click", () => location.reload());
