"""The sheets that visitors load ask nothing of a phone that came after 2018 without saying what else will do.

Those of screens and consoles may be younger, up to the lowest browsers in docs/operations.md; what is younger than
2021 costs them no rule.
"""

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
SHEETS = sorted(path.stem for path in CSS.glob("*.css"))
AFTER_2021 = re.compile(
    r":(modal|popover-open|user-invalid)\b|@(layer|container|scope|starting-style|property)\b|@media[^{]*[<>]"
)
VALUES_AFTER_2021 = re.compile(r"\d([dsl]v[hw]|cq[iwbh])\b|(color-mix|light-dark|ok(lch|lab)|lch|anchor)\(|\bsubgrid\b")


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


def selectors_of(head: str) -> list[str]:
    """Return the selectors of a rule; what stands in brackets is part of one."""
    found, depth = [""], 0
    for letter in head:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and not depth:
            found.append("")
        else:
            found[-1] += letter
    return found


@pytest.mark.parametrize("sheet", SHEETS)
def test_no_rule_is_lost_for_what_came_after_2021(sheet: str) -> None:
    """A selector that a browser does not know takes its whole rule along; a line with `var()` what stands before it."""
    text = re.sub(r"/\*.*?\*/", "", (CSS / f"{sheet}.css").read_text(), flags=re.DOTALL)
    assert AFTER_2021.findall(text) == []
    for rule in rules_of(text):
        assert "{" not in rule.body, f"nested: {rule.head}"
        assert len({":has(" in each for each in selectors_of(rule.head)}) == 1, f"not for all: {rule.head}"
        known = set()
        for name, value in lines(rule.body):
            is_later = VALUES_AFTER_2021.search(value) is not None
            assert not is_later or (name in known and "var(" not in value), f"{rule.head}: {name}: {value}"
            known.add(name)


def test_the_selectors_of_a_rule_are_told_apart() -> None:
    assert selectors_of("a:is(b, c), d:not(:has(e, f))") == ["a:is(b, c)", " d:not(:has(e, f))"]


def test_an_old_browser_drops_what_it_does_not_know() -> None:
    css = (
        "@layer base { a { color: red } } @supports not (inset: 0) { b { margin: 0 } }"
        " @supports (inset: 0) { u { top: 0 } }"
        " i:has(b), s { color: red } p { width: 1px; width: min(1px, 2px); gap: 1px } q { display: flex; gap: 1px }"
    )
    assert aged(css).split("\n") == ["b { margin: 0 }", "p { width: 1px; gap: 1px }", "q { display: flex }"]
