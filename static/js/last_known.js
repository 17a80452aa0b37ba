/* What was last known of a visit, on this device only: one sentence with its hour, under a digest that the server gives, never under the
 * token of the link. It goes when the visit is over, and after twelve hours in any case. */

const PREFIX = "desk.visit.";
const KEPT_FOR = 12 * 60 * 60 * 1000;

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch (nothing) {
    return null; // no storage here (private mode), or none of ours
  }
}

/** Keep what is known now. */
export function keep(store, known) {
  try {
    localStorage.setItem(PREFIX + store, JSON.stringify(Object.assign({ at: Date.now() }, known)));
  } catch (full) {
    /* full or forbidden: then nothing is known without network */
  }
}

/** Forget a visit. */
export function drop(store) {
  try {
    localStorage.removeItem(PREFIX + store);
  } catch (nothing) {
    /* then there is nothing to forget */
  }
}

/** Return what was last known, null where that is nothing or too old. */
export function find(store) {
  const known = read(PREFIX + store);
  const age = known ? Date.now() - known.at : -1;
  return age >= 0 && age < KEPT_FOR ? known : null;
}

/** Forget every visit that is too old. */
export function sweep() {
  try {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith(PREFIX) && !find(name.slice(PREFIX.length))) localStorage.removeItem(name);
    }
  } catch (nothing) {
    /* no storage */
  }
}
