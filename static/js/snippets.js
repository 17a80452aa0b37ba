/* Ready-made texts: chosen from the list below a note, or typed as / and a short word, then a space. */

const lists = () => document.querySelectorAll("select[data-snippets-for]");

function insert(area, from, to, words) {
  area.focus();
  area.setRangeText(words, from, to, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

addEventListener("change", (event) => {
  const list = event.target.closest?.("select[data-snippets-for]");
  const area = list && document.getElementById(list.dataset.snippetsFor);
  if (!area || !list.value) return;
  const before = area.value.slice(0, area.selectionStart);
  insert(area, area.selectionStart, area.selectionEnd, `${before && !/\s$/.test(before) ? " " : ""}${list.value} `);
  list.selectedIndex = 0;
});

addEventListener("input", (event) => {
  const area = event.target;
  if (!area.matches?.("textarea")) return;
  const found = /(?:^|\s)\/([a-z0-9]{1,12})[ \n]$/i.exec(area.value.slice(0, area.selectionStart));
  if (!found) return;
  const code = found[1].toLowerCase();
  const option = [...lists()].flatMap((list) => [...list.options]).find((each) => each.dataset.code === code);
  if (!option) return;
  const start = area.selectionStart - found[1].length - 2;
  insert(area, start, area.selectionStart, `${option.value} `);
});
