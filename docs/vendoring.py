"""Renews what `static/vendor/` derives: `python docs/vendoring.py [FOLDER]`.

With the folder of an unpacked `bootstrap-icons` package it rebuilds the icon sprite from the names in `ICONS`: the
whole set is a megabyte, ours is fetched by phones. Always it writes `CHECKSUMS`, as `sha256sum --check` reads it.
"""

import hashlib
import re
import sys
from pathlib import Path

VENDOR = Path(__file__).parents[1] / "static" / "vendor"
OURS = {"CHECKSUMS", "README.md"}


def symbol(name: str, svg: str) -> str:
    """Return one `<symbol>` with the drawing of an icon file."""
    drawing = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL)
    if drawing is None:
        raise ValueError(f"{name} is not an icon")
    shapes = re.sub(r"\s*\n\s*", "", drawing[1])
    return f'<symbol id="{name}" viewBox="0 0 16 16">{shapes}</symbol>'


def sprite(icons: Path, names: list[str]) -> str:
    """Return the sprite of all named icons, one a line."""
    symbols = [symbol(name, (icons / f"{name}.svg").read_text()) for name in names]
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', *symbols, "</svg>", ""])


def checksums(folder: Path) -> str:
    """Return a line `digest  path` for every vendored file under `folder`."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in OURS)
    lines = (
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}" for path in files
    )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    icons = VENDOR / "bootstrap-icons"
    if len(sys.argv) > 1:
        chosen = (icons / "ICONS").read_text().split()
        (icons / "sprite.svg").write_text(sprite(Path(sys.argv[1]) / "icons", chosen))
    (VENDOR / "CHECKSUMS").write_text(checksums(VENDOR))
