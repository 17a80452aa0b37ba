"""The gallery leaves nothing out: every macro is rendered in it, every picture has a file, a place and a caption."""

import re
from pathlib import Path
from types import SimpleNamespace

from docs.gallery import faces, index
from docs.gallery.faces import SCREENS, Shot
from docs.gallery.index import Picture

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
HOUSE = SimpleNamespace(
    busy=SimpleNamespace(id=1),
    empty=SimpleNamespace(id=2),
    visitors=dict.fromkeys(("waiting", "called", "processing", "ended", "survey", "tablet"), "/v/x"),
)


def test_every_macro_is_rendered_in_the_gallery() -> None:
    """In a page of its own, in a frame, in an error page, or within another macro."""
    macros = list((TEMPLATES / "macros").glob("*.html"))
    shown = [
        *(ROOT / "docs" / "gallery").glob("*.html"),
        *TEMPLATES.glob("base*.html"),
        *(TEMPLATES / "errors").glob("*"),
    ]
    source = "".join(path.read_text() for path in (*shown, *macros, *TEMPLATES.glob("display/_*.html")))
    defined = {name for path in macros for name in re.findall(r"macro (\w+)\(", path.read_text())}
    used = set(re.findall(r"(?<!macro )\b(\w+)\(", source))
    assert defined - used == set()


def shots() -> list[Shot]:
    return [*faces.plain(HOUSE), *faces.branded(HOUSE), *faces.alarmed(HOUSE)]  # type: ignore[arg-type]


def test_every_face_is_there_in_its_states() -> None:
    names = [shot.name for shot in shots()]
    assert len(set(names)) == len(names)
    looked_at = {word for shot in shots() for word in (shot.screen, shot.language, shot.scheme)}
    assert looked_at >= {"phone", "narrow", "wall", "portrait", "id", "en", "light", "dark", "contrast"}
    for face in ("Kiosk", "Display", "Phone", "Console"):
        states = " ".join(shot.state for shot in shots() if shot.face == face)
        assert "offline" in states, face


def test_the_page_shows_each_picture_with_its_words(tmp_path: Path) -> None:
    pictures = [Picture("Kiosk", "busy & loud", "a.png", "wall"), Picture("Kiosk", "empty", "b.png", "phone")]
    text = index.write(tmp_path, pictures, SCREENS).read_text()
    assert text.count("<h2>") == 1 and 'src="a.png"' in text and "busy &amp; loud · wall, 1920 × 1080" in text
