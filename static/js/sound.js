/* What is heard at a display: one audio context, a chime of its own, and announcements after it. The samples of an announcement come joined
 * from the server; here they are only put on the clock of the audio, so that nothing ever overlaps. */

const NOTES = [[659.3, 0], [523.3, 0.28], [784, 0.56]]; // e″ c″ g″: Hz, start in seconds
const RINGS = 1.1; // a note, in seconds
const REST = 0.55; // between languages, and before a call is said again
const LATE = 3; // so many seconds after its time an announcement is taken as over, should the audio have stopped meanwhile
const TRIES = 3;

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

/** Return the samples behind these addresses; what cannot be had after some tries is left out. */
export async function load(urls) {
  const found = await Promise.all(urls.map(fetchSamples));
  return found.filter(Boolean);
}

async function fetchSamples(url) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await fetch(url, { credentials: "same-origin" });
      if (answer.ok) return await audio.decodeAudioData(await answer.arrayBuffer());
      if (answer.status < 500) return null;
    } catch {
      // the network is away
    }
    if (attempt === TRIES) return null;
    await new Promise((resolve) => setTimeout(resolve, 800));
  }
}

/** Chime, then say what is being loaded, so many times; settle when it has been said. `volume` is in per cent. */
export async function play(loading, { volume, times, isHurried }) {
  const out = audio.createGain();
  out.gain.value = (volume / 100) ** 2; // as loudness is felt
  out.connect(audio.destination);
  const rung = chime(out, isHurried ? NOTES.slice(0, 1) : NOTES);
  const samples = await loading;
  const end = speak(out, samples, times, Math.max(rung, audio.currentTime + 0.05));
  await end;
  out.disconnect();
}

function chime(out, notes) {
  const start = audio.currentTime + 0.02;
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
  return start + notes[notes.length - 1][1] + RINGS * 0.8;
}

/** Put the samples one after the other; the promise settles when the last has ended. */
function speak(out, samples, times, start) {
  let at = start;
  let last = null;
  for (let time = 0; time < times; time += 1) {
    for (const each of samples) {
      last = audio.createBufferSource();
      last.buffer = each;
      last.connect(out);
      last.start(at);
      at += each.duration + REST;
    }
  }
  const seconds = Math.max(0, at - audio.currentTime);
  return new Promise((resolve) => {
    if (last) last.onended = resolve;
    setTimeout(resolve, (last ? seconds + LATE : seconds) * 1000);
  });
}
