"""Colors contrast as WCAG 2.2 AA asks, in light and in dark, and stand in one file only."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "static" / "css"
TOKENS = (CSS / "tokens.css").read_text()
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
    ("on-mast", "board-call"), ("on-mast-muted", "board"), ("amber-flash", "board"), ("on-amber", "amber-flash"),
]  # fmt: skip

# Lines, marks and rings need 3 : 1 against what they lie on
MARKS = [
    *[("line-strong", ground) for ground in ("paper", "surface", "sunken")],
    *[("focus", ground) for ground in ("paper", "surface", "sunken", "primary-soft")],
    *[("primary", ground) for ground in ("paper", "surface")],
    *[(f"{state}-solid", "surface") for state in STATES if state != "waiting"],
    ("danger", "surface"), ("danger", "paper"), ("focus-halo", "focus"), ("amber", "mast"), ("amber", "board-call"),
]  # fmt: skip


def schemes() -> dict[str, dict[str, str]]:
    """Return the hex colors by name, of both schemes; dark inherits what it does not change."""
    dark_rules = re.search(r"@media \(prefers-color-scheme: dark\) \{\s*:root \{(.*?)\n  \}", TOKENS, re.DOTALL)
    assert dark_rules
    colors = r"--([a-z-]+):\s*(#[0-9a-f]{6});"
    light = dict(re.findall(colors, TOKENS[: dark_rules.start()]))
    return {"light": light, "dark": light | dict(re.findall(colors, dark_rules[1]))}


def luminance(color: str) -> float:
    """Return the relative luminance, 0 to 1 (WCAG 2.2, definition of relative luminance)."""
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXTS, 4.5), (MARKS, 3.0)], ids=["texts", "marks"])
def test_pairs_contrast(scheme: str, pairs: list[tuple[str, str]], least: float):
    colors = schemes()[scheme]
    weak = {pair: round(contrast(colors[pair[0]], colors[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < least} == {}


def test_contrast_is_the_published_one():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("sheet", sorted(path.name for path in CSS.glob("*.css") if path.name != "tokens.css"))
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
    bootstrap = CSS.parent / "vendor" / "bootstrap" / "bootstrap-utilities.min.css"
    sheets = "".join(path.read_text() for path in [*CSS.glob("*.css"), bootstrap])
    known = set(re.findall(r"\.([a-z][\w-]*)", sheets))
    unknown = {(path.name, name) for path in PAGES for name in classes_in(path.read_text()) - known}
    assert unknown == set()


def classes_in(template: str) -> set[str]:
    """Return the class names a template spells out; those it composes are left to the eye."""
    source = re.sub(r"\{#.*?#\}", "", template, flags=re.DOTALL)
    source = re.sub(r"\{% block \w+ %\}.*?\{% endblock %\}(?=[^<>]*\">)", "", source)
    found = re.findall(r'class="([^"]*)"', re.sub(r"\{%.*?%\}", " ", source, flags=re.DOTALL))
    return {name for names in found for name in re.sub(r"\S*\{\{.*?\}\}\S*", "", names).split() if name[-1] != "-"}
