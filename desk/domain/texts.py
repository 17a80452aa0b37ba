"""What people type, made fit to keep: no control characters (NUL among them), composed Unicode, no outer blanks."""

import unicodedata
from typing import Final

from desk.domain.refusals import Reason, Refused

# Of what the staff write: notes, questions, answers. The pages, the API and the operations all go by this one.
LONGEST_NOTE: Final = 4_000
UNWANTED = frozenset({"Cc", "Cs", "Zl", "Zp"})


def one_line(value: str) -> str:
    """Return the text on one line."""
    text = unicodedata.normalize("NFC", value)
    return " ".join("".join(" " if unicodedata.category(each) in UNWANTED else each for each in text).split())


def several_lines(value: str) -> str:
    """Return the text with its line breaks."""
    return "\n".join(one_line(line) for line in value.replace("\r\n", "\n").split("\n")).strip()


def require_fitting(words: str | None) -> None:
    """Refuse a note that is too long to be kept; raises `Refused(NOTE_TOO_LONG)` with what it has and what fits."""
    length = len(words or "")
    if length > LONGEST_NOTE:
        raise Refused(Reason.NOTE_TOO_LONG, length=length, most=LONGEST_NOTE, over=length - LONGEST_NOTE)
