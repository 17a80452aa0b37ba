"""The sheets that visitors load ask nothing of a phone that came after 2018 without saying what else will do."""

import re
from pathlib import Path

import pytest

from tests.fixtures.old_browser import LATER_VALUES, Block, aged, blocks, lines

CSS = Path(__file__).parents[2] / "static" / "css"
VISITORS = ("public", "tokens", "dark", "contrast", "base", "components", "forms")
VISITORS += ("survey", "visitor", "kiosk", "voices", "publication")
NEVER = re.compile(r":(is|where)\(|@layer|@container|@scope")
NEVER_PROPERTY = re.compile(r"inset|(margin|padding|border)-(inline|block)")
# What is merely less fine where it is missing: one column, a line broken elsewhere, a box in the browser's color.
FINE_WITHOUT = {"grid-template-columns", "text-wrap", "accent-color"}


def rules_of(css: str) -> list[Block]:
    """Return every rule, those within `@media` too; what stands behind `@supports` has its other half elsewhere."""
    found = []
    for block in blocks(css):
        if block.head.startswith("@media"):
            found += rules_of(block.body)
        elif not block.head.startswith("@"):
            found.append(block)
    return found


@pytest.mark.parametrize("sheet", VISITORS)
def test_nothing_is_lost_on_an_old_phone(sheet: str) -> None:
    text = (CSS / f"{sheet}.css").read_text()
    assert NEVER.findall(re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)) == []
    for rule in rules_of(text):
        assert "{" not in rule.body, f"nested: {rule.head}"
        assert not (":has(" in rule.head and "," in rule.head), f"the whole list would be dropped: {rule.head}"
        assert not (":focus-visible" in rule.head and "," in rule.head), rule.head
        known = set()
        for name, value in lines(rule.body):
            assert not NEVER_PROPERTY.match(name), f"{rule.head}: {name}"
            if not LATER_VALUES.search(value):
                known.add(name)
            elif name not in known and name not in FINE_WITHOUT:
                pytest.fail(f"{rule.head}: nothing else than {name}: {value}")


def test_an_old_browser_drops_what_it_does_not_know() -> None:
    css = (
        "@layer base { a { color: red } } @supports not (inset: 0) { b { margin: 0 } }"
        " @supports (inset: 0) { u { top: 0 } }"
        " i:has(b), s { color: red } p { width: 1px; width: min(1px, 2px); gap: 1px } q { display: flex; gap: 1px }"
    )
    assert aged(css).split("\n") == ["b { margin: 0 }", "p { width: 1px; gap: 1px }", "q { display: flex }"]
