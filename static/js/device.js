/* A paired device says once a minute that it is there. It starts anew when it is set otherwise, and leaves its face when it is unpaired:
 * then it has no version any more, and the answer to a beat leads elsewhere. */

import { within } from "./within.js";

const place = document.querySelector("[data-beat]");

const version = () => place?.querySelector("[data-device-version]")?.dataset.deviceVersion;
const first = version();

async function beat() {
  try {
    const answer = await fetch(place.dataset.beat, { method: "POST", headers: { "X-CSRFToken": place.dataset.token }, cache: "no-store", credentials: "same-origin", signal: within(10_000) });
    if (answer.redirected) location.replace(place.dataset.pairing);
  } catch {
    // no answer: the page itself says how old it is
  }
}

if (place) {
  place.addEventListener("live:updated", () => {
    if (version() !== first) location.replace(version() ? place.dataset.home : place.dataset.pairing);
  });
  beat();
  setInterval(beat, Number(place.dataset.seconds) * 1000);
}
