"""The two colors of an office: what is derived from them for every scheme, and whether it can be read.

The main color is the ground of the masthead and of the lobby board, the accent what can be pressed or followed. All
else is derived by rule: lightness is moved in OKLCH, where equal steps look equal, and hue stays. Amber is no color of
an office, it means a call; an accent of its hue is paled where it is made light. Contrast is that of WCAG 2.2.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

HEX: Final = re.compile(r"#[0-9a-f]{6}")
DEFAULT_MAIN: Final = "#0b3136"
DEFAULT_ACCENT: Final = "#0f5a60"
TEXT, MARK = 4.5, 3.0  # WCAG 2.2: 1.4.3 for text, 1.4.11 for marks
WHITE, BLACK = "#ffffff", "#000000"
# What the derived colors lie on or beside, as in static/css/tokens.css (tests/web/test_tokens.py compares them).
FIXED: Final[Mapping[str, str]] = {
    "on-mast": "#f3f7f5",
    "amber": "#f2b03d",
    "text": "#15292c",
    "on-primary": WHITE,
    "paper": "#f5f2eb",
    "surface": "#fffefb",
    "sunken": "#ebe6db",
}
AMBER_HUE: Final = 74.0
NEAR_AMBER: Final = 32.0  # degrees
STEP: Final = 0.004  # of lightness, finer than anybody sees
_SRGB_KNEE: Final = 0.04045
_LINEAR_KNEE: Final = 0.0031308


class Shade(NamedTuple):
    """A color by lightness (0 to 1), chroma (0 to about 0.37) and hue (degrees)."""

    lightness: float
    chroma: float
    hue: float


@dataclass(frozen=True, slots=True)
class Weak:
    """A pair of colors that cannot be told apart well enough: which, what it has and what it needs."""

    ink: str
    ground: str
    ratio: float
    least: float


def read_hex(typed: str) -> str | None:
    """Return a typed color as `#rrggbb`, None for what is none; a short one and one without its mark are taken too."""
    bare = typed.strip().lower().removeprefix("#")
    found = "#" + ("".join(each * 2 for each in bare) if len(bare) == 3 else bare)
    return found if HEX.fullmatch(found) else None


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colors, 1 to 21 (WCAG 2.2, definition of contrast ratio)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def weak_in_main(color: str) -> Weak | None:
    """Return the first pair that does not contrast where a color is the main one, None where all do."""
    raised, muted = mixed(color, WHITE, 0.1), mixed(FIXED["on-mast"], color, 0.25)
    return _first_weak(
        ("on-mast", FIXED["on-mast"], "mast", color, TEXT),
        ("on-mast-muted", muted, "mast", color, TEXT),
        ("on-mast", FIXED["on-mast"], "mast-raised", raised, TEXT),
        ("amber", FIXED["amber"], "mast", color, MARK),
    )


def weak_in_accent(color: str) -> Weak | None:
    """Return the first pair that does not contrast where a color is the accent, None where all do."""
    soft = mixed(color, WHITE, 0.87)
    return _first_weak(
        ("on-primary", FIXED["on-primary"], "primary", color, TEXT),
        *(("link", color, ground, FIXED[ground], TEXT) for ground in ("surface", "paper", "sunken")),
        ("link", color, "primary-soft", soft, TEXT),
        ("text", FIXED["text"], "primary-soft", soft, TEXT),
        ("primary", color, "paper", FIXED["paper"], MARK),
    )


def nearest_main(color: str) -> str:
    """Return the nearest darker shade of a color with which everything can be read where it is the main one."""
    return next(each for each in _darker(color) if weak_in_main(each) is None)


def nearest_accent(color: str) -> str:
    """Return the nearest darker shade of a color with which everything can be read where it is the accent."""
    return next(each for each in _darker(color) if weak_in_accent(each) is None)


@lru_cache(maxsize=256)
def derived(main: str | None, accent: str | None) -> dict[str, dict[str, str]]:
    """Return the colors by scheme (light, dark, contrast) and token that an office has otherwise than the desk.

    They are laid over one another in that order, over all colors of the desk: what light names, the others name too.
    """
    found: dict[str, dict[str, str]] = {"light": {}, "dark": {}, "contrast": {}}
    for own in ([] if main is None else [_of_main(main)]) + ([] if accent is None else [_of_accent(accent)]):
        for scheme, tokens in own.items():
            found[scheme] |= tokens
    return found


def _of_main(color: str) -> dict[str, dict[str, str]]:
    shade = shade_of(color)
    board = {
        "board": lit(shade, min(shade.lightness, 0.25)),
        "board-band": lit(shade, 0.32),
        "board-call": lit(shade, 0.35),
        "board-line": lit(shade, 0.41),
    }
    dark = lit(shade, min(shade.lightness, 0.27))
    return {
        "light": {**_mast(color), **board},
        "dark": {**_mast(dark), **board},
        "contrast": {"mast": BLACK, "mast-raised": "#262626", "on-mast-muted": "#f0f0f0", **board},
    }


def _mast(ground: str) -> dict[str, str]:
    muted = mixed(FIXED["on-mast"], ground, 0.25)
    return {"mast": ground, "mast-raised": mixed(ground, WHITE, 0.1), "on-mast-muted": muted}


def _of_accent(color: str) -> dict[str, dict[str, str]]:
    shade = shade_of(color)
    hover = lit(shade, max(0.0, shade.lightness - 0.08))
    pale = shade._replace(chroma=min(shade.chroma, 0.035 if is_near_amber(shade) else 0.1))
    dim = shade._replace(chroma=min(shade.chroma, 0.04))
    light = {"primary": color, "primary-hover": hover, "primary-soft": mixed(color, WHITE, 0.87), "link": color}
    return {
        "light": light,
        "dark": {
            "primary": lit(pale, 0.82), "primary-hover": lit(pale, 0.88), "on-primary": lit(dim, 0.24),
            "primary-soft": lit(dim, 0.33), "link": lit(pale, 0.82),
        },
        "contrast": {
            "primary": lit(pale, 0.88), "primary-hover": lit(pale, 0.94), "on-primary": BLACK,
            "primary-soft": lit(dim, 0.27), "link": lit(pale, 0.88),
        },
    }  # fmt: skip


def is_near_amber(shade: Shade) -> bool:
    """Tell whether a shade would look like the color of a call once it is as light."""
    return shade.chroma > 0.03 and abs((shade.hue - AMBER_HUE + 180) % 360 - 180) < NEAR_AMBER


def mixed(one: str, other: str, share: float) -> str:
    """Return one color with so much (0 to 1) of another in it."""
    pairs = zip(_bytes(one), _bytes(other), strict=True)
    return "#" + "".join(f"{round(mine + (theirs - mine) * share):02x}" for mine, theirs in pairs)


def lit(shade: Shade, lightness: float) -> str:
    """Return a shade at another lightness, with as much of its chroma as a screen can show there."""
    chroma = shade.chroma
    while chroma > 0 and not _is_shown(_linear(lightness, chroma, shade.hue)):
        chroma = max(0.0, chroma - 0.004)
    return "#" + "".join(f"{round(255 * _encoded(each)):02x}" for each in _linear(lightness, chroma, shade.hue))


def shade_of(color: str) -> Shade:
    """Return a color in OKLCH (Ottosson, "A perceptual color space for image processing", 2020)."""
    red, green, blue = (_decoded(each / 255) for each in _bytes(color))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return Shade(lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360)


def _darker(color: str) -> list[str]:
    shade = shade_of(color)
    return [color, *(lit(shade, shade.lightness - STEP * each) for each in range(int(shade.lightness / STEP))), BLACK]


def _first_weak(*pairs: tuple[str, str, str, str, float]) -> Weak | None:
    for ink, ink_color, ground, ground_color, least in pairs:
        ratio = contrast(ink_color, ground_color)
        if ratio < least:
            return Weak(ink, ground, ratio, least)
    return None


def _linear(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _is_shown(linear: tuple[float, float, float]) -> bool:
    return all(-0.0005 <= each <= 1.0005 for each in linear)


def _encoded(linear: float) -> float:
    inside = min(1.0, max(0.0, linear))
    return 12.92 * inside if inside <= _LINEAR_KNEE else 1.055 * inside ** (1 / 2.4) - 0.055


def _decoded(channel: float) -> float:
    return channel / 12.92 if channel <= _SRGB_KNEE else float(((channel + 0.055) / 1.055) ** 2.4)


def _luminance(color: str) -> float:
    red, green, blue = (_decoded(each / 255) for each in _bytes(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _bytes(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
