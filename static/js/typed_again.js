/* What was typed into a form of staff comes back where it could not be taken: the session was over, or they had to show first that it is
 * them. It is kept in this tab from the sending until the next page tells what became of it, and shown to nobody else who signs in here. */

const KEPT = "desk.typed";
const FOR = 30 * 60_000; // after that it is forgotten wherever it was left
const FIELDS = "textarea, select, input:not([type=hidden], [type=password], [type=file], [type=submit])";
const SECRET = ["current-password", "new-password", "one-time-code", "username"];
const person = document.querySelector("meta[name=person]")?.content;
const pathOf = (form) => new URL(form.action).pathname;
const fieldsOf = (form) => [...form.querySelectorAll(FIELDS)].filter((field) => field.name && !SECRET.includes(field.autocomplete));

function read() {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  return kept && Date.now() - kept.at < FOR ? kept : null;
}

function keep(event) {
  const form = event.target;
  if (form.closest(".person")) return sessionStorage.removeItem(KEPT); // signing out
  const fields = event.defaultPrevented || form.method !== "post" ? [] : fieldsOf(form);
  if (!fields.length) return;
  const typed = fields.map((field) => [field.name, field.type, field.value, field.checked ?? false, field.selectedOptions ? [...field.selectedOptions].map((each) => each.value) : []]);
  const here = location.pathname + location.search;
  sessionStorage.setItem(KEPT, JSON.stringify({ person, at: Date.now(), here, path: pathOf(form), typed }));
}

/** It was not taken: whoever signs in again is led to where it was typed. */
function refuse(kept) {
  sessionStorage.setItem(KEPT, JSON.stringify({ ...kept, isRefused: true }));
  for (const link of document.querySelectorAll("a[data-sign-in]")) link.href = `${link.pathname}?next=${encodeURIComponent(kept.here)}`;
  const next = document.querySelector("[data-not-taken] input[name=next]");
  if (next) next.value = kept.here;
}

function fill(field, [, , value, checked, chosen]) {
  if (field.options) for (const option of field.options) option.selected = chosen.includes(option.value);
  else if (["checkbox", "radio"].includes(field.type)) field.checked = checked;
  else field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function restore(form, { typed }) {
  const left = [...typed];
  for (const field of fieldsOf(form)) {
    const isChoice = ["checkbox", "radio"].includes(field.type);
    const at = left.findIndex(([name, type, value]) => name === field.name && type === field.type && (!isChoice || value === field.value));
    if (at !== -1) fill(field, left.splice(at, 1)[0]);
  }
  for (let around = form.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
  form.before(document.querySelector("template[data-typed-again]").content.cloneNode(true));
  form.previousElementSibling.scrollIntoView({ block: "center" });
}

const kept = read();
if (!kept) sessionStorage.removeItem(KEPT);
else if (document.querySelector("[data-not-taken]")) refuse(kept);
else if (person && (kept.person !== person || !kept.isRefused)) sessionStorage.removeItem(KEPT);
else if (person) {
  const form = [...document.forms].find((each) => each.method === "post" && pathOf(each) === kept.path);
  if (form) {
    restore(form, kept);
    sessionStorage.removeItem(KEPT);
  }
}
if (person) addEventListener("submit", keep);
