/* The idle page of a tablet: as soon as somebody is to be asked, it opens their first question. Nothing else happens by itself. */

document.addEventListener("live:updated", () => {
  if (document.querySelector("[data-ready]")) location.reload();
});
