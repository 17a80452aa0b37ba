/* A page that waits for paper asks every second whether it came out, until it knows. Its sentences stand on the page; nothing else moves.
 * Without this script all that is known when the page comes is shown. */

const EVERY = 1000;
const TRIES = 60;
const FINAL = ["printed", "sent", "none"];

for (const region of document.querySelectorAll("[data-paper]")) {
  if (!FINAL.includes(region.dataset.paperState)) follow(region, TRIES);
}

function follow(region, left) {
  if (left > 0) setTimeout(ask, EVERY, region, left);
}

async function ask(region, left) {
  try {
    const answer = await fetch(region.dataset.paper, { headers: { Accept: "application/json" }, cache: "no-store", credentials: "same-origin" });
    if (answer.ok && !answer.redirected) show(region, await answer.json());
  } catch {
    // the server is away for a moment: the number on the page is valid all the same
  }
  if (!FINAL.includes(region.dataset.paperState)) follow(region, left - 1);
}

function show(region, { state, trouble }) {
  region.dataset.paperState = state;
  const said = region.querySelector("[data-paper-trouble]");
  said.textContent = trouble || "";
  said.hidden = !trouble;
  for (const sentence of region.querySelectorAll("[data-paper-when]")) sentence.hidden = sentence.dataset.paperWhen !== state;
}
