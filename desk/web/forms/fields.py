"""What the forms share: lazy texts, filters that clean what people type, choices from the pick-lists."""

import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext


def lazy(message: str) -> Any:
    """Return a text that is translated when shown."""
    return lazy_gettext(message)


def one_line(value: str | None) -> str | None:
    """Return typed text on one line: no control characters (NUL included), no outer blanks, Unicode composed."""
    if value is None:
        return None
    text = unicodedata.normalize("NFC", value)
    kept = "".join(" " if unicodedata.category(each) in ("Cc", "Cs", "Zl", "Zp") else each for each in text)
    return " ".join(kept.split())


def several_lines(value: str | None) -> str | None:
    """Return typed text with its line breaks and without other control characters."""
    if value is None:
        return None
    return "\n".join(one_line(line) or "" for line in value.replace("\r\n", "\n").split("\n")).strip()


def choices(words: Mapping[Any, str]) -> list[tuple[str, Any]]:
    """Return the choices of a select or radio field from a table of code → message id."""
    return [(code.value if isinstance(code, StrEnum) else str(code), lazy(text)) for code, text in words.items()]
