/* On a phone the second row of the navigation is wider than the screen: where one is in it is brought into view, and the page stays. */

for (const row of document.querySelectorAll(".nav-sub")) {
  const current = row.querySelector("[aria-current]")?.getBoundingClientRect();
  if (!current) continue;
  const shown = row.getBoundingClientRect();
  row.scrollLeft += current.left + current.width / 2 - (shown.left + shown.width / 2);
}
