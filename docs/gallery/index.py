"""The one page of the gallery: every picture, by face, with what it shows and how large the screen is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final

STYLE: Final = """
body { margin: 2rem; background: #f5f2eb; color: #15292c; font: 16px/1.5 "Segoe UI", Roboto, "Noto Sans", sans-serif; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; padding: 0; list-style: none; }
.row { display: flex; flex-wrap: wrap; align-items: flex-start; gap: 1.5rem; }
figure { margin: 0; }
img { display: block; max-width: 100%; border: 1px solid #7d7767; background: #fff; }
.phone, .narrow { width: 14rem; } .desktop { width: 32rem; } .portrait { width: 18rem; } .wall { width: 40rem; }
figcaption { padding: .25rem 0; font-size: .875rem; }
"""


@dataclass(frozen=True)
class Picture:
    """A picture: of which face or component, what it shows, its file, and the screen it was taken on."""

    group: str
    words: str
    file: str
    screen: str


def write(folder: Path, pictures: Iterable[Picture], screens: Mapping[str, tuple[int, int]]) -> Path:
    """Write `index.html` into the folder of the pictures and return it; those of one group stand together."""
    groups: dict[str, list[Picture]] = {}
    for each in pictures:
        groups.setdefault(each.group, []).append(each)
    links = "".join(f'<li><a href="#g{place}">{escape(name)}</a></li>' for place, name in enumerate(groups))
    sections = "".join(
        f'<section id="g{place}"><h2>{escape(name)}</h2><div class="row">'
        f"{''.join(_figure(each, *screens[each.screen]) for each in found)}</div></section>\n"
        for place, (name, found) in enumerate(groups.items())
    )
    page = folder / "index.html"
    page.write_text(
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Every face</title><style>{STYLE}</style><h1>Every face</h1><nav><ul>{links}</ul></nav>{sections}",
        encoding="utf-8",
    )
    return page


def _figure(picture: Picture, width: int, height: int) -> str:
    words = escape(f"{picture.words} · {picture.screen}, {width} × {height}")
    file = escape(picture.file)
    return (
        f'<figure class="{picture.screen}"><a href="{file}"><img src="{file}" alt="{words}" loading="lazy"></a>'
        f"<figcaption>{words}</figcaption></figure>"
    )
