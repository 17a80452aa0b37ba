/* A phone in a pocket: when the number is called, the title says so and the phone shakes, once for each call. */

const PATTERN = [400, 200, 400, 200, 400];
const plain = document.title;

let called = false;

function notice() {
  const news = document.querySelector("[data-news]");
  const now = news?.dataset.news === "called";
  document.title = now ? `● ${document.querySelector(".go-to strong")?.textContent ?? ""} – ${plain}` : plain;
  if (now && !called && navigator.userActivation?.hasBeenActive) navigator.vibrate?.(PATTERN); // browsers want a touch before
  called = now;
}

notice();
document.addEventListener("live:updated", notice);
