/* The page that pairs a device: asks for a code by itself, looks every three seconds whether it was typed or is over, and goes on.
 *
 * A form marked `data-go-on` is sent as soon as the page stands; with the value "here" its answer takes the place of this page's part. */

import { submitForm } from "./once.js";
import { fresh, stale } from "./stale.js";
import { within } from "./within.js";

const EVERY = 3000;
const part = () => document.querySelector("[data-pairing-state]");

async function look() {
  try {
    const answer = await fetch(part().dataset.now, { headers: { Accept: "application/json" }, cache: "no-store", signal: within(10_000) });
    fresh();
    if (answer.ok && (await answer.json()).state !== part().dataset.pairingState) {
      location.replace(location.pathname);
      return;
    }
  } catch {
    stale(); // the network is down or the server restarts: the code stays, and how old it is is said
  }
  setTimeout(look, EVERY * (0.8 + Math.random() * 0.4));
}

async function sendHere(form) {
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin", signal: within(10_000) });
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-pairing-state]");
    if (answer.ok && found) part().replaceWith(document.adoptNode(found));
  } catch {
    return void setTimeout(sendHere, EVERY, form);
  }
  if (part().dataset.pairingState === "waiting") setTimeout(look, EVERY);
}

const form = document.querySelector("form[data-go-on]");
if (form?.dataset.goOn === "here") sendHere(form);
else if (form) submitForm(form);
else if (part()?.dataset.pairingState === "waiting") setTimeout(look, EVERY);
