"""Colors contrast as WCAG 2.2 AA asks, in every scheme and in those of offices, and stand in their own files only."""

import re
from pathlib import Path

import pytest

from desk.domain.branding import FIXED, contrast, derived, nearest_accent, nearest_main

CSS = Path(__file__).parents[2] / "static" / "css"
TOKENS = (CSS / "tokens.css").read_text()
COLORED = ("tokens", "dark", "contrast")
PAGES = [path for path in (CSS.parents[1] / "templates").rglob("*.html") if path.parent.name != "mail"]
STATES = ("waiting", "called", "serving", "processing", "paused", "ended")

# (ink, ground): text needs 4.5 : 1
TEXTS = [
    *[(ink, ground) for ink in ("text", "muted", "link", "danger-ink") for ground in ("paper", "surface", "sunken")],
    *[(f"{state}-ink", f"{state}-soft") for state in STATES],
    *[("text", ground) for ground in ("primary-soft", "line")],
    ("link", "primary-soft"), ("muted", "primary-soft"), ("on-primary", "primary"), ("on-primary", "primary-hover"),
    ("on-amber", "amber"), ("on-amber", "amber-hover"), ("amber-ink", "amber-soft"), ("danger-ink", "danger-soft"),
    ("on-danger", "danger"), ("good-ink", "good-soft"), ("good-ink", "surface"), ("on-mast", "mast"),
    ("on-mast", "mast-raised"), ("on-mast-muted", "mast"), ("on-mast", "board"), ("on-mast", "board-band"),
    ("on-mast", "board-call"), ("on-mast-muted", "board"), ("on-emergency", "emergency"), ("amber-flash", "board"),
    ("on-amber", "amber-flash"),
]  # fmt: skip

# Lines, marks and rings need 3 : 1 against what they lie on
MARKS = [
    *[("line-strong", ground) for ground in ("paper", "surface", "sunken")],
    *[("focus", ground) for ground in ("paper", "surface", "sunken", "primary-soft")],
    *[("primary", ground) for ground in ("paper", "surface")],
    *[(f"{state}-solid", "surface") for state in STATES if state != "waiting"],
    ("danger", "surface"), ("danger", "paper"), ("focus-halo", "focus"), ("amber", "mast"), ("amber", "board-call"),
    ("focus-on-mast", "mast"), ("focus-on-mast", "mast-raised"),
]  # fmt: skip


def schemes() -> dict[str, dict[str, str]]:
    """Return the hex colors by name, of each scheme; what a scheme does not change it has from the one before."""
    light, dark, contrasting = (
        dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6});", (CSS / f"{name}.css").read_text())) for name in COLORED
    )
    return {
        "light": light,
        "dark": light | dark,
        "contrast": light | contrasting,
        "dark, contrast": light | dark | contrasting,
    }


@pytest.mark.parametrize("scheme", ["light", "dark", "contrast", "dark, contrast"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXTS, 4.5), (MARKS, 3.0)], ids=["texts", "marks"])
def test_pairs_contrast(scheme: str, pairs: list[tuple[str, str]], least: float):
    colors = schemes()[scheme]
    weak = {pair: round(contrast(colors[pair[0]], colors[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < least} == {}


# Colors of houses as they are, and what is worst to read: pale, bright, amber, gray, black
HOUSES = (
    "#003d7c", "#c8102e", "#00843d", "#ffd100", "#f2b03d", "#ff7a00", "#6a1b9a", "#00e5ff", "#808080", "#ffffff",
    "#000000", "#8b5f07",
)  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark", "contrast"])
def test_pairs_contrast_in_the_colors_of_any_office(scheme: str):
    weak = {}
    for color in HOUSES:
        own, colors = derived(nearest_main(color), nearest_accent(color)), schemes()[scheme]
        for each in ("light", "dark", "contrast")[: ("light", "dark", "contrast").index(scheme) + 1]:
            colors = colors | own[each]
        for pairs, least in ((TEXTS, 4.5), (MARKS, 3.0)):
            found = {pair: contrast(colors[pair[0]], colors[pair[1]]) for pair in pairs}
            weak |= {(color, *pair): round(ratio, 2) for pair, ratio in found.items() if ratio < least}
    assert weak == {}


def test_what_the_colors_of_offices_are_judged_against_are_the_tokens():
    light = schemes()["light"]
    assert {name: light[name] for name in FIXED} == dict(FIXED)


def test_contrast_is_the_published_one():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("sheet", sorted(path.name for path in CSS.glob("*.css") if path.stem not in COLORED))
def test_only_the_tokens_name_colors(sheet: str):
    screen = re.split(r"@media print \{", (CSS / sheet).read_text())[0]
    literal = [line.strip() for line in screen.splitlines() if re.search(r"#[0-9a-f]{3,8}\b|rgba?\(|hsl", line)]
    assert [line for line in literal if "mask" not in line and "qr" not in line] == []


@pytest.mark.parametrize("sheet", sorted(path.name for path in CSS.glob("*.css")))
def test_every_token_used_exists(sheet: str):
    text = (CSS / sheet).read_text()
    known = set(re.findall(r"(--[a-z0-9-]+)\s*:", TOKENS + text))
    assert set(re.findall(r"var\((--[a-z0-9-]+)\)", text)) - known == set()
    assert "://" not in text


def test_every_class_a_page_uses_has_a_rule():
    sheets = "".join(path.read_text() for path in CSS.glob("*.css"))
    known = set(re.findall(r"\.([a-z][\w-]*)", sheets))
    unknown = {(path.name, name) for path in PAGES for name in classes_in(path.read_text()) - known}
    assert unknown == set()


def classes_in(template: str) -> set[str]:
    """Return the class names a template spells out; those it composes are left to the eye."""
    source = re.sub(r"\{#.*?#\}", "", template, flags=re.DOTALL)
    source = re.sub(r"\{% block \w+ %\}.*?\{% endblock %\}(?=[^<>]*\">)", "", source)
    found = re.findall(r'class="([^"]*)"', re.sub(r"\{%.*?%\}", " ", source, flags=re.DOTALL))
    return {name for names in found for name in re.sub(r"\S*\{\{.*?\}\}\S*", "", names).split() if name[-1] != "-"}
