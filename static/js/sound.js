/* What is heard at a display: one audio context, a chime of its own, and announcements after it. The samples of an announcement come joined
 * from the server; here they are only put on the clock of the audio, so that nothing ever overlaps. */

import { within } from "./within.js";

const NOTES = [[659.3, 0], [523.3, 0.28], [784, 0.56]]; // e″ c″ g″: Hz, start in seconds
const RINGS = 1.1; // a note, in seconds
const REST = 0.55; // between languages, and before a call is said again
const [RUNG, RUNG_SHORT] = [0.88, 0.4]; // so long after its last note the words may begin
const LATE = 3; // so many seconds after its time an announcement is taken as over, should the audio have stopped meanwhile
const AGAIN = 1000; // milliseconds until a recording that could not be had is asked for anew
const BROKEN = 3; // answers that are no recording, until it is done without

let audio = null;
let tell = () => {};

export const isOn = () => audio?.state === "running";

/** Call `listener` whenever sound comes or goes. */
export function onSound(listener) {
  tell = listener;
}

/** Try to have sound; without a permission of the browser it stays off until somebody presses something. */
export async function startSound() {
  audio ??= new AudioContext();
  audio.onstatechange = () => tell();
  await Promise.race([audio.resume(), new Promise((resolve) => setTimeout(resolve, 500))]); // without permission it never settles
  tell();
}

export const isThere = () => audio !== null;

/** Return the samples behind these addresses, asked for until they are had or `isWanted` says no; what the server has not is left out. */
export async function load(urls, isWanted) {
  const found = await Promise.all(urls.map((url) => fetchSamples(url, isWanted)));
  return found.filter(Boolean);
}

async function fetchSamples(url, isWanted) {
  for (let broken = 0; broken < BROKEN && isWanted();) {
    try {
      const answer = await fetch(url, { credentials: "same-origin", signal: within(10_000) });
      if (answer.ok) {
        const recording = await answer.arrayBuffer();
        broken += 1; // unless it can be read
        return await audio.decodeAudioData(recording);
      }
      if (answer.status < 500 && answer.status !== 429) return null;
    } catch {
      // the network is away
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN));
  }
  return null;
}

/** Chime, wait for the samples and play them; settle when they have been heard. `volume` is in per cent, `ring` is full, short or none.
 * Return whether there was anything to play. */
export async function play(loading, { volume, ring }) {
  const out = audio.createGain();
  out.gain.value = (volume / 100) ** 2; // as loudness is felt
  out.connect(audio.destination);
  const rung = chime(out, ring);
  const samples = await loading;
  if (samples?.length) await speak(out, samples, Math.max(rung, audio.currentTime + 0.05));
  out.disconnect();
  return Boolean(samples?.length);
}

function chime(out, ring) {
  const start = audio.currentTime + 0.02;
  if (ring === "none") return start + REST;
  const notes = ring === "short" ? NOTES.slice(0, 1) : NOTES;
  for (const [frequency, delay] of notes) {
    const [tone, volume] = [audio.createOscillator(), audio.createGain()];
    tone.type = "sine";
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0.0001, start + delay);
    volume.gain.linearRampToValueAtTime(0.4, start + delay + 0.03);
    volume.gain.exponentialRampToValueAtTime(0.001, start + delay + RINGS);
    tone.connect(volume).connect(out);
    tone.start(start + delay);
    tone.stop(start + delay + RINGS);
  }
  return start + notes[notes.length - 1][1] + (ring === "short" ? RUNG_SHORT : RUNG);
}

/** Put the samples one after the other; the promise settles when the last has ended. */
function speak(out, samples, start) {
  let at = start;
  let last = null;
  for (const each of samples) {
    last = audio.createBufferSource();
    last.buffer = each;
    last.connect(out);
    last.start(at);
    at += each.duration + REST;
  }
  return new Promise((resolve) => {
    last.onended = resolve;
    setTimeout(resolve, (Math.max(0, at - audio.currentTime) + LATE) * 1000);
  });
}
