"""Which version of the program answers: pages that stay open for days start anew when it is another one."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from flask import current_app

from desk import __version__

LETTERS: Final = 16
KINDS: Final = frozenset({".css", ".js", ".svg", ".html"})


def program_version() -> str:
    """Return what differs as soon as the program, its pages, sheets or scripts differ; the same on every machine."""
    return _version(str(current_app.static_folder), str(current_app.template_folder))


@cache
def _version(*folders: str) -> str:
    """Return a digest of the files that make up the pages; they are read once in a process."""
    digest = hashlib.sha256(__version__.encode())
    for folder in map(Path, folders):
        for path in sorted(each for each in folder.rglob("*") if each.suffix in KINDS):
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:LETTERS]
