/* Asks the browser to allow notices, only when the person presses the button; hidden where there are none (as on plain http). */

const part = document.querySelector("[data-notices]");
const said = document.querySelector("[data-notices-said]");

function show(permission) {
  if (permission !== "default") said.textContent = said.dataset[permission === "granted" ? "allowed" : "refused"];
}

if (part && "Notification" in window && isSecureContext) {
  part.hidden = false;
  show(Notification.permission);
  document.querySelector("[data-allow-notices]").addEventListener("click", async () => show(await Notification.requestPermission()));
}
