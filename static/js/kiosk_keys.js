/* The keyboard of a kiosk that has none: it opens where a field is touched with a finger, below the page and never over the field. A mouse or
 * a real keyboard does not call it, and types as ever while it is open. On a screen of a phone's size that of the system is better. */

const PHONE = 600; // the shorter side of the screen, in px
const REPEAT_AFTER = 450;
const REPEAT_EVERY = 70;
const TYPABLE = 'textarea, input:not([type]), input[type="text"], input[type="email"], input[type="tel"], input[type="search"]';
const UPPER = Object.fromEntries([..."1234567890"].map((digit, place) => [digit, '!"()/%&:;@'[place]]));
const LETTERS = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];
const rows = (...texts) => texts.map((text) => [...text]);
const [top, middle, bottom] = rows(...LETTERS);
const digits = [..."1234567890"];
const LAYOUTS = {
  code: [[..."234567"], top, middle, [...bottom, "backspace"], ["done"]], // the letters and digits of our codes, no others
  number: [digits, ...rows("QWERTYUIOP", "ASDFGHJKL"), [..."ZXCVBNM", "backspace"], ["done"]],
  tel: [...rows("123", "456", "789"), ["+", "0", "backspace"], ["done"]],
  email: [digits, top, middle, [...bottom, "backspace"], ["@", ".", "-", "_", ".com", ".go.id", "done"]],
  text: [digits, top, middle, ["shift", ...bottom, "backspace"], [",", ".", "?", "-", "space", "enter", "done"]],
};

const root = document.documentElement;
const board = document.querySelector("[data-screen-keys]");
let field; // that is typed into
let shift = "off"; // off, once or locked
let isTouched = false; // whether the last press was one of a finger
let pressed; // the key that its press has done
let repeating;

const isTypable = (element) => Boolean(element?.matches?.(TYPABLE)) && !element.readOnly && !element.disabled;
const isFit = () => Math.min(screen.width, screen.height) >= PHONE;
const kindOf = (typed) => typed.dataset.keys ?? (LAYOUTS[typed.type] ? typed.type : "text");

/* -- showing it -------------------------------------------------------------------------------------------------------------- */

function keyFor(name) {
  const key = document.createElement("button");
  const word = /^[a-z]{2}/.test(name) ? board.dataset[`say${name[0].toUpperCase()}${name.slice(1)}`] : undefined;
  key.type = "button";
  key.className = word ? "key key-word" : "key";
  key.dataset.types = name;
  key.textContent = word ?? name;
  if (name === "shift") key.setAttribute("aria-pressed", "false");
  return key;
}

function draw(kind) {
  const names = LAYOUTS[kind].map((row) => (field.tagName === "TEXTAREA" ? row : row.filter((name) => name !== "enter")));
  board.replaceChildren(...names.map((row) => {
    const line = document.createElement("div");
    line.className = "keys-row";
    line.append(...row.map(keyFor));
    return line;
  }));
  board.dataset.kind = kind;
}

/** Letters as the next press writes them; at the begin of a sentence large by themselves. */
function setShift(state) {
  shift = state;
  for (const key of board.querySelectorAll("[data-types]")) {
    const name = key.dataset.types;
    if (name === "shift") key.setAttribute("aria-pressed", String(state !== "off"));
    else if (name.length === 1) key.textContent = written(name);
  }
}

function written(name) {
  if (shift === "off" || board.dataset.kind !== "text") return name;
  return UPPER[name] ?? name.toUpperCase();
}

function shiftBySentence() {
  if (board.dataset.kind !== "text" || shift === "locked") return;
  const before = field.value.slice(0, field.selectionStart ?? 0);
  setShift(/(^|[.!?]\s+|\n)$/.test(before) ? "sentence" : "off");
}

function open(next) {
  const isOther = next !== field;
  field = next;
  field.inputMode = "none"; // the system's own stays away
  if (board.hidden || isOther) {
    draw(kindOf(field));
    shift = "off";
    shiftBySentence();
  }
  board.hidden = false;
  root.classList.add("has-keys");
  root.dataset.keyRows = board.children.length; // how high it is, for the sheet
  const isShort = field.form && field.form.offsetHeight < innerHeight - 1.5 * board.offsetHeight; // then its button is to be seen too
  for (const part of [isShort && field.form, field.closest(".field"), field]) if (part) part.scrollIntoView({ block: "nearest", behavior: "instant" });
}

function close() {
  stopRepeating();
  board.hidden = true;
  root.classList.remove("has-keys");
  field = undefined;
}

/* -- typing ------------------------------------------------------------------------------------------------------------------ */

/* `insertText` keeps the place in a field, also in those of e-mail, which tell it to no script; and the field says itself that it changed. */
const insert = (text) => document.execCommand("insertText", false, text);
const DOES = {
  backspace: () => document.execCommand("delete"),
  enter: () => insert("\n"),
  space: () => insert(" "),
};

function type(name) {
  if (!field?.isConnected) return close();
  const back = document.activeElement;
  if (back !== field) field.focus();
  if (name === "shift") setShift({ off: "once", sentence: "off", once: "locked", locked: "off" }[shift]);
  else if (DOES[name]) DOES[name]();
  else insert(written(name));
  if (name !== "shift") shiftBySentence();
  if (board.contains(back)) back.focus(); // who goes through the keys by Tab stays there
  return undefined;
}

function stopRepeating() {
  clearTimeout(repeating);
  repeating = undefined;
}

function repeat(name) {
  type(name);
  repeating = setTimeout(repeat, REPEAT_EVERY, name);
}

function onPress(event) {
  const key = event.target.closest("[data-types]");
  event.preventDefault(); // the focus stays in the field
  stopRepeating();
  pressed = undefined;
  if (!key || key.dataset.types === "done" || event.button > 0) return;
  pressed = key;
  type(key.dataset.types);
  if (key.dataset.types === "backspace") repeating = setTimeout(repeat, REPEAT_AFTER, "backspace");
}

/* "Done" closes on the release, so that this meets nothing behind it; a click without a press comes from keys or from a screen reader. */
function onKeyClick(event) {
  const key = event.target.closest("[data-types]");
  if (!key) return;
  if (key.dataset.types === "done") {
    const last = field;
    close();
    last?.focus();
  } else if (key !== pressed) type(key.dataset.types);
  pressed = undefined;
}

/* -- when it comes and goes -------------------------------------------------------------------------------------------------- */

function onClick(event) {
  if (board.contains(event.target)) return;
  const touched = event.target;
  if (isTypable(touched)) {
    if (isTouched && isFit()) open(touched);
  } else if (!board.hidden && !isTypable(touched.closest?.("label")?.control)) close(); // after the press: nothing moves from under a finger
}

function onDown(event) {
  isTouched = event.pointerType !== "mouse";
  if (isTouched && isFit() && isTypable(event.target)) event.target.inputMode = "none";
}

if (board) {
  board.addEventListener("pointerdown", onPress);
  board.addEventListener("mousedown", (event) => event.preventDefault());
  for (const kind of ["pointerup", "pointercancel", "pointerleave"]) board.addEventListener(kind, stopRepeating);
  board.addEventListener("contextmenu", (event) => event.preventDefault());
  board.addEventListener("click", onKeyClick);
  addEventListener("pointerdown", onDown, { capture: true });
  document.addEventListener("click", onClick);
  document.addEventListener("focusin", ({ target }) => { if (!board.hidden && target !== field && isTypable(target)) open(target); });
  document.addEventListener("kiosk:home", close);
  addEventListener("keydown", (event) => { if (event.key === "Escape" && !board.hidden) close(); });
  addEventListener("resize", () => { if (!board.hidden) open(field); });
  new MutationObserver(() => { if (field && !field.isConnected) close(); }).observe(document.body, { childList: true, subtree: true });
}
