"""What people type, made fit to keep: composed Unicode, no outer blanks, no control characters.

NUL is among those, and what would turn the writing around.
"""

import unicodedata
from typing import Final

from desk.domain.refusals import Reason, Refused

# Of what the staff write: notes, questions, answers. The pages, the API and the operations all go by this one.
LONGEST_NOTE: Final = 4_000
UNWANTED = frozenset({"Cc", "Cs", "Zl", "Zp"})
# The embeddings, overrides and isolates of Unicode (UAX 9): they show what follows, even of others, in another order.
TURNING: Final = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def one_line(value: str) -> str:
    """Return the text on one line."""
    text = unicodedata.normalize("NFC", value.translate(TURNING))
    return " ".join("".join(" " if unicodedata.category(each) in UNWANTED else each for each in text).split())


def several_lines(value: str) -> str:
    """Return the text with its line breaks."""
    return "\n".join(one_line(line) for line in value.replace("\r\n", "\n").split("\n")).strip()


def require_fitting(words: str | None) -> None:
    """Refuse a note that is too long to be kept; raises `Refused(NOTE_TOO_LONG)` with what it has and what fits."""
    length = len(words or "")
    if length > LONGEST_NOTE:
        raise Refused(Reason.NOTE_TOO_LONG, length=length, most=LONGEST_NOTE, over=length - LONGEST_NOTE)
