/* Ticks: `<time data-since="…" data-format="elapsed|minutes">` counts up, `<time data-clock="Asia/Jakarta">` shows the hour.
 * Times are the server's: `<meta name="server-time">` tells how far this machine's clock is off. Only text nodes change. */

const served = Date.parse(document.querySelector('meta[name="server-time"]')?.content ?? "");
const offset = Number.isNaN(served) ? 0 : served - Date.now();
const language = document.documentElement.lang || "id";
const MINUTES = { id: (n) => `${n} menit`, en: (n) => `${n} min` };
const two = (n) => String(n).padStart(2, "0");

function elapsed(seconds) {
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

const FORMATS = {
  elapsed,
  minutes: (seconds) => (MINUTES[language] ?? MINUTES.en)(Math.floor(seconds / 60)),
};

function show(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function hour(zone) {
  const parts = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const now = new Date(Date.now() + offset);
  try {
    return now.toLocaleTimeString(language, { ...parts, timeZone: zone || undefined }); // Indonesian writes 08.00 by itself
  } catch {
    return now.toLocaleTimeString(language, parts); // a zone this browser does not know: the hour of the machine
  }
}

function tick() {
  const now = Date.now() + offset;
  for (const element of document.querySelectorAll("time[data-since]")) {
    const seconds = Math.max(0, Math.floor((now - Date.parse(element.dataset.since)) / 1000));
    show(element, (FORMATS[element.dataset.format] ?? elapsed)(seconds));
  }
  for (const element of document.querySelectorAll("time[data-clock]")) {
    element.hidden = false;
    show(element, hour(element.dataset.clock));
  }
  setTimeout(tick, 1000 - ((Date.now() + offset) % 1000));
}

tick();
