/* Keeps the static files and the page that says there is no network; nothing of any visit. Everything is asked of the network first. */
const CACHE = "desk-static-" + {{ version|tojson }};
const FILES = {{ files|tojson }};
const PAGES = {{ pages|tojson }};

self.addEventListener("install", (event) => {
  const all = FILES.concat(Object.keys(PAGES).map((each) => PAGES[each]));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(all)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const isOld = (name) => name.startsWith("desk-static-") && name !== CACHE;
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter(isOld).map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});

function offline() {
  return caches.match("/v/language")
    .then((found) => (found ? found.text() : "id"))
    .then((language) => caches.match(PAGES[language] || PAGES.id));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(offline));
  else if (FILES.includes(new URL(request.url).pathname)) event.respondWith(fetch(request).catch(() => caches.match(request)));
});
