"""The colors of an office: what is typed, what cannot be read, and what is made of them."""

import pytest

from desk.domain.branding import (
    DEFAULT_ACCENT,
    DEFAULT_MAIN,
    contrast,
    derived,
    is_near_amber,
    lit,
    nearest_accent,
    nearest_main,
    read_hex,
    shade_of,
    weak_in_accent,
    weak_in_main,
)

AMBER = shade_of("#f2b03d")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("#0B3136", "#0b3136"),
        (" 0b3136 ", "#0b3136"),
        ("#fa0", "#ffaa00"),
        ("teal", None),
        ("#12345", None),
        ("", None),
    ],
)
def test_a_color_is_read_as_people_write_it(typed, read):
    assert read_hex(typed) == read


def test_the_first_pair_that_cannot_be_read_is_named():
    weak = weak_in_main("#ffd100")
    assert weak is not None and (weak.ink, weak.ground) == ("on-mast", "mast") and weak.ratio < weak.least == 4.5
    weak = weak_in_accent("#3f8f95")
    assert weak is not None and weak.ratio < 4.5
    assert weak_in_main(DEFAULT_MAIN) is None and weak_in_accent(DEFAULT_ACCENT) is None


@pytest.mark.parametrize("color", ["#ffd100", "#c8102e", "#00e5ff", "#ffffff", "#f2b03d", "#00ff00"])
def test_the_nearest_shade_keeps_the_hue_and_is_the_first_that_can_be_read(color):
    for nearest, weak_in in ((nearest_main, weak_in_main), (nearest_accent, weak_in_accent)):
        found = nearest(color)
        assert weak_in(found) is None
        before, after = shade_of(color), shade_of(found)
        if after.chroma > 0.05:
            assert abs((before.hue - after.hue + 180) % 360 - 180) < 6
        assert found == color or weak_in(lit(after, after.lightness + 0.012)) is not None
        assert nearest(found) == found


def test_shades_come_back_as_they_were():
    for color in ("#0b3136", "#c8102e", "#123456", "#ffffff", "#000000"):
        shade = shade_of(color)
        assert contrast(color, lit(shade, shade.lightness)) < 1.02


@pytest.mark.parametrize("color", ["#ff7a00", "#ffd100", "#f2b03d", "#b8860b"])
def test_no_office_has_the_color_of_a_call(color):
    for scheme, tokens in derived(nearest_main(color), nearest_accent(color)).items():
        for name, value in tokens.items():
            shade = shade_of(value)
            alike = is_near_amber(shade) and shade.chroma > AMBER.chroma / 2
            assert not (alike and abs(shade.lightness - AMBER.lightness) < 0.15), (scheme, name, value)


def test_an_office_without_colors_has_those_of_the_desk():
    assert not any(derived(None, None).values())
    assert set(derived(DEFAULT_MAIN, None)["light"]) & set(derived(None, DEFAULT_ACCENT)["light"]) == set()
