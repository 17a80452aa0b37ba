/* A phone in a pocket: when the number is called the title says so and the phone shakes, at each call anew. */

const PATTERN = [400, 200, 400, 200, 400];
const plain = document.title;

let known;

function notice() {
  const call = document.querySelector("[data-call]");
  const place = call?.querySelector("strong")?.textContent;
  document.title = place ? `● ${place} – ${plain}` : plain;
  const isNew = call && call.dataset.call !== known;
  if (isNew && navigator.userActivation?.hasBeenActive) navigator.vibrate?.(PATTERN); // browsers want a touch before
  known = call?.dataset.call;
}

notice();
document.addEventListener("live:updated", notice);
