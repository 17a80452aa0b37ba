/* Buttons that print the page; without JavaScript they stay hidden, and the browser's own menu prints. What is marked `data-print-once`
 * prints by itself: once under this mark, for the browser keeps which it printed last, through reloads, going back and a crash. */

const PRINTED = "desk.kiosk.printed";

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

/** Note that a mark is printed now, and whether it was not before; a browser that keeps nothing prints nothing by itself. */
function isFirst(mark) {
  try {
    if (localStorage.getItem(PRINTED) === mark) return false;
    localStorage.setItem(PRINTED, mark);
    return localStorage.getItem(PRINTED) === mark;
  } catch {
    return false;
  }
}

const own = document.querySelector("[data-print-once]");
if (own && isFirst(own.dataset.printOnce)) addEventListener("load", () => window.print());
