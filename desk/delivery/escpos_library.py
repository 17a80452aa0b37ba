"""python-escpos, which writes the language of receipt printers, as far as it is used here: it makes bytes, sends none.

Importing it is not without consequences: it makes a folder for temporary files that nobody removes, reads and writes
a pickle there, and sets up logging. So it is imported here alone, before there are threads, and what it leaves is put
away.
"""

import logging
import tempfile
from typing import Any, Final

_handlers = logging.root.handlers[:]
_folder = tempfile.tempdir
with tempfile.TemporaryDirectory(prefix="desk-escpos-") as _own:
    tempfile.tempdir = _own
    try:
        from escpos.capabilities import Profile
        from escpos.printer import Dummy
    finally:
        tempfile.tempdir = _folder
        logging.root.handlers[:] = _handlers

# Slots of the code pages that receipt printers have in common, the most common first: what is in neither is drawn.
CODE_PAGES: Final = {"0": "CP437", "16": "CP1252"}


class _Paper(Profile):  # type: ignore[misc]
    """A printer of which we know the paper, and nothing of its maker."""

    profile_data: dict[str, Any]

    def __init__(self, dots: int, columns: int) -> None:
        super().__init__(columns=columns, features={"paperFullCut": True, "paperPartCut": True})
        own = {"media": {"width": {"mm": dots // 8, "pixels": dots}}, "codePages": CODE_PAGES}
        self.profile_data = {**self.profile_data, **own}


def blank(dots: int, columns: int) -> Any:
    """Return a printer that keeps its bytes (`output`), for paper so many dots and letters wide."""
    return Dummy(profile=_Paper(dots, columns))
