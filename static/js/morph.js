/* Morphs a fragment and leaves alone what a person is using: the node with the focus, a form in use, an opened disclosure, and regions that
 * are read aloud, of which only the text changes. A form in use keeps the heading it was opened under; where that has become another one,
 * `live:overtaken` tells of it (`calm.js`). Attributes `data-js-…` belong to scripts and are never taken away. */

const LIVE_REGION = '[aria-live], [role="status"], [role="alert"], [role="log"]';
const INPUTS = "input:not([type=hidden]), select, textarea";

/** Whether somebody has changed what an input began with. */
export function isChanged(input) {
  if (input.matches("select")) return [...input.options].some((option) => option.selected !== option.defaultSelected && !isImplicit(input, option));
  if (input.matches("[type=checkbox], [type=radio]")) return input.checked !== input.defaultChecked;
  return input.value !== input.defaultValue;
}

/** A drop-down with no default selects its first option by itself; that is not a person's doing. */
function isImplicit(select, option) {
  return !select.multiple && option.index === 0 && ![...select.options].some((other) => other.defaultSelected);
}

const holdsFocus = (element) => document.activeElement !== document.body && element.contains(document.activeElement);
const inUse = (form) => holdsFocus(form) || "busy" in form.dataset || [...form.querySelectorAll(INPUTS)].some(isChanged);
const formsInUse = (element) => [element, ...element.querySelectorAll("form")].some((each) => each.matches("form") && inUse(each));

/** The region stays, or its words would not be read aloud; what scripts read of it (`data-…`) is renewed with them. */
function speak(region, words) {
  Object.assign(region.dataset, words.dataset);
  if (region.textContent.trim() !== words.textContent.trim()) region.textContent = words.textContent.trim();
}

const actionOf = (details) => details.querySelector("form")?.getAttribute("action");

/** Whether somebody is at a form that the page would give another meaning. */
const isOvertaken = (details, wanted) => details.open && formsInUse(details) && actionOf(details) !== actionOf(wanted);

const tellOvertaken = (details) => details.dispatchEvent(new CustomEvent("live:overtaken", { bubbles: true }));

/** Morph the inside of `element` to `html`. Return whether all of it was taken; false means that something in use was spared. */
export function morph(element, html) {
  let complete = true;
  const spare = () => {
    complete = false;
    return false;
  };

  window.Idiomorph.morph(element, html, {
    morphStyle: "innerHTML",
    ignoreActiveValue: true,
    callbacks: {
      beforeNodeMorphed(old, wanted) {
        if (!(old instanceof Element)) return true;
        if (old.matches("details") && isOvertaken(old, wanted)) return tellOvertaken(old), spare();
        if (old.matches("form") && inUse(old)) return spare();
        if (old === document.activeElement && !old.matches(INPUTS) && old.textContent.trim() !== wanted.textContent.trim()) {
          old.replaceChildren(...wanted.cloneNode(true).childNodes); // or where it leads would be new, and its words the old ones
        }
        if (old.matches(LIVE_REGION)) {
          speak(old, wanted);
          return false;
        }
        return true;
      },
      beforeNodeRemoved(node) {
        if (!(node instanceof Element)) return true;
        for (const details of [node, ...node.querySelectorAll("details")]) if (details.matches("details[open]") && formsInUse(details)) tellOvertaken(details);
        if (holdsFocus(node) || formsInUse(node)) return spare();
        return !node.matches(LIVE_REGION);
      },
      beforeAttributeUpdated(name, node) {
        return !name.startsWith("data-js-") && !(name === "open" && node.matches("details, dialog"));
      },
    },
  });
  return complete;
}
