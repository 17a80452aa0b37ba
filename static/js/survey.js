/* The survey on the way to Send: answers are kept on this device at every step, and pages turn without a reload, so that the browser's own
 * Back works too. Without this script the same form does the same, page by page. Nothing moves on by itself.
 *
 * What is kept lies under a digest that the server gives, never under the token of the link; it goes once the answer was sent, or
 * after 24 hours. */

const PREFIX = "desk.survey.";
const KEPT_FOR = 24 * 60 * 60 * 1000;
const ANSWERS = /^(q\d+|p)-/;
// A browser that does not say which button was pressed turns its pages itself.
const CAN_TURN =
  typeof SubmitEvent === "function" && "submitter" in SubmitEvent.prototype && "replaceChildren" in Element.prototype;
const NOT_KEPT = new Set(["csrf_token", "key", "go"]);

let turning = false;
let unsent = null; // {go, step} of what did not get through

const theForm = () => document.querySelector("form[data-survey]");

// -- what this device keeps ------------------------------------------------------------------------------------------------------

function stored(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null; // no storage here (private mode), or none of ours
  }
}

function drop(name) {
  try {
    localStorage.removeItem(name);
  } catch {
    /* then there is nothing to drop */
  }
}

function dropOld() {
  try {
    for (const name of Object.keys(localStorage).filter((each) => each.startsWith(PREFIX))) {
      const age = Date.now() - stored(name)?.at;
      if (!(age >= 0 && age < KEPT_FOR)) drop(name);
    }
  } catch {
    /* no storage */
  }
}

function keep() {
  const form = theForm();
  if (!form || form.elements.correcting) return;
  const fields = [...new FormData(form)].filter(([name]) => !NOT_KEPT.has(name));
  if (!fields.some(([name, value]) => ANSWERS.test(name) && value)) return;
  try {
    localStorage.setItem(PREFIX + form.dataset.survey, JSON.stringify({ at: Date.now(), fields }));
  } catch {
    /* full or forbidden: the form itself still carries everything */
  }
}

// -- turning pages ---------------------------------------------------------------------------------------------------------------

function bodyOf(form, go) {
  const body = new URLSearchParams([...new FormData(form)]);
  body.set("go", go);
  return body;
}

function show(page) {
  const main = page.getElementById("main");
  document.title = page.title;
  document.documentElement.lang = page.documentElement.lang;
  document.documentElement.className = page.documentElement.className;
  for (const part of [".masthead", ".footer", ".skip-link"]) {
    document.querySelector(part).replaceWith(document.adoptNode(page.querySelector(part)));
  }
  document.getElementById("main").replaceChildren(...[...main.childNodes].map((node) => document.adoptNode(node)));
  arrived();
}

function say(offline) {
  document.querySelector("[data-offline] p")?.toggleAttribute("hidden", !offline);
}

function mark(busy) {
  turning = busy;
  for (const button of document.querySelectorAll("button[name=go]")) {
    if (busy) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

/** Send what the form says and show what comes back; where nothing fit to show comes, the form stays as it is. */
async function turn(body, { step = true } = {}) {
  if (turning) return;
  const form = theForm();
  mark(true);
  unsent = null;
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
    if (answer.redirected) return location.assign(answer.url);
    if (answer.status === 429 || answer.status >= 500) throw new TypeError("not now");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!page.getElementById("main")) throw new TypeError("no page");
    const before = form.dataset.page;
    show(page);
    const now = theForm()?.dataset.page;
    if (step && now && now !== before) history.pushState({ page: now }, "");
  } catch {
    unsent = { go: body.get("go"), step };
    say(true);
  } finally {
    mark(false);
  }
}

/** The network is back: what did not get through goes again by itself, with what was chosen meanwhile, under the same key. */
function onOnline() {
  if (!unsent || !theForm()) return;
  if (unsent.go === "resume") return resume();
  turn(bodyOf(theForm(), unsent.go), { step: unsent.step });
}

function onSubmit(event) {
  const form = event.target;
  if (!form.matches("form[data-survey]") || event.defaultPrevented) return;
  if (!CAN_TURN) return keep();
  event.preventDefault();
  const go = event.submitter?.value || "next";
  if (go === "restart") drop(PREFIX + form.dataset.survey);
  else keep();
  turn(bodyOf(form, go));
}

function resume() {
  const form = theForm();
  if (!CAN_TURN) return resumeByForm(form);
  const body = new URLSearchParams(stored(PREFIX + form.dataset.survey)?.fields ?? []);
  for (const name of ["csrf_token", "key"]) body.set(name, form.elements[name].value);
  body.set("go", "resume");
  turn(body);
}

/** The same without a script that turns pages: the form itself takes what was kept, and is sent. */
function resumeByForm(form) {
  for (const [name, value] of [...(stored(PREFIX + form.dataset.survey)?.fields ?? []), ["go", "resume"]]) {
    for (const each of [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)]) each.remove();
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  form.submit();
}

// -- arriving at a page ----------------------------------------------------------------------------------------------------------

function arrived({ first = false } = {}) {
  dropOld();
  for (const each of document.querySelectorAll("[data-forget]")) drop(PREFIX + each.dataset.forget);
  const form = theForm();
  if (form?.hasAttribute("data-opened")) {
    document.querySelector("[data-kept]").hidden = stored(PREFIX + form.dataset.survey) === null;
  } else {
    keep();
  }
  if (first && (!form || form.hasAttribute("data-opened"))) return;
  scrollTo(0, 0);
  const target = document.querySelector("[data-error-summary]") ?? document.querySelector("[data-heading], main h1");
  if (target && !target.hasAttribute("tabindex")) target.tabIndex = -1;
  target?.focus();
}

document.addEventListener("submit", onSubmit);
document.addEventListener("input", keep);
document.addEventListener("click", (event) => event.target.closest?.("[data-resume]") && resume());
addEventListener("online", onOnline);
addEventListener("popstate", (event) => {
  const form = theForm();
  if (!form || !event.state?.page || event.state.page === form.dataset.page) return;
  keep();
  turn(bodyOf(form, `to:${event.state.page}`), { step: false });
});
if (theForm()) history.replaceState({ page: theForm().dataset.page }, "");
arrived({ first: true });
