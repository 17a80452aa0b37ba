/* Another page of ours shown in the one that stands, without loading anything: its scripts go on, no key is lost between two pages. */

const HELD = ["[data-unsent]", "[data-ahead]", "[data-stale-words]"]; // scripts write into these: they stay when the page around them is another

/** Show what stands in the main part of another page instead of what stands here. */
export function showInPlace(page) {
  const [here, there] = [document.querySelector("main"), page.querySelector("main")];
  if (there.querySelector("[data-unsent]")) for (const each of HELD) there.querySelector(each)?.replaceWith(document.querySelector(each));
  else leaveBehind(here);
  here.replaceChildren(...document.adoptNode(there).childNodes);
  document.title = page.title;
  scrollTo(0, 0);
  (here.querySelector("[data-error-summary]") ?? here).focus({ preventScroll: true });
  readOut(here.querySelector("[data-flash]"));
}

/** Words are read aloud where they come into a region that stands already. */
function readOut(region) {
  const words = [...(region?.childNodes ?? [])];
  region?.replaceChildren();
  setTimeout(() => region?.append(...words), 50);
}

/** A page that is not the console again has what was typed behind it: going back shows it, as between pages of their own. */
function leaveBehind(here) {
  const [left, title] = [[...here.childNodes], document.title];
  history.replaceState({ left: true }, "");
  history.pushState(null, "");
  addEventListener("popstate", function back({ state }) {
    if (!state?.left) return;
    removeEventListener("popstate", back);
    here.replaceChildren(...left);
    document.title = title;
  });
}

const loadedBy = (page) => [...page.querySelectorAll("script[src], link[rel=stylesheet]")].map((each) => each.getAttribute(each.src ? "src" : "href")).join();

/** Tell whether a page is the console of the same person and program, so that its scripts are those that run. */
export const isSame = (page) => page.querySelector("[data-unsent]") !== null && page.body.dataset.person === document.body.dataset.person && loadedBy(page) === loadedBy(document);
