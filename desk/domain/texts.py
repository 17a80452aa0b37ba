"""What people type, made fit to keep: no control characters (NUL among them), composed Unicode, no outer blanks."""

import unicodedata

UNWANTED = frozenset({"Cc", "Cs", "Zl", "Zp"})


def one_line(value: str) -> str:
    """Return the text on one line."""
    text = unicodedata.normalize("NFC", value)
    return " ".join("".join(" " if unicodedata.category(each) in UNWANTED else each for each in text).split())


def several_lines(value: str) -> str:
    """Return the text with its line breaks."""
    return "\n".join(one_line(line) for line in value.replace("\r\n", "\n").split("\n")).strip()
