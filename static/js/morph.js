/* Morphs a fragment and leaves alone what a person is using: the node with the focus, a form in use, an opened disclosure, and regions that
 * are read aloud, of which only the text changes. Attributes `data-js-…` belong to scripts and are never taken away. */

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
        if (old.matches("form") && inUse(old)) return spare();
        if (old.matches(LIVE_REGION)) {
          speak(old, wanted);
          return false;
        }
        return true;
      },
      beforeNodeRemoved(node) {
        if (!(node instanceof Element)) return true;
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
