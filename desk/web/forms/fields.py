"""What the forms share: lazy texts, filters that clean what people type, choices from the pick-lists."""

import secrets
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext
from wtforms import SelectChoice

from desk.domain import texts


def lazy(message: str) -> Any:
    """Return a text that is translated when shown."""
    return lazy_gettext(message)


def new_key() -> str:
    """Return the key of one intention: a repeat under it gets the first answer."""
    return secrets.token_hex(16)


def one_line(value: str | None) -> str | None:
    """Return typed text on one line, fit to keep; nothing stays nothing."""
    return None if value is None else texts.one_line(value)


def several_lines(value: str | None) -> str | None:
    """Return typed text with its line breaks, fit to keep; nothing stays nothing."""
    return None if value is None else texts.several_lines(value)


def choices(words: Mapping[Any, str]) -> list[SelectChoice]:
    """Return the choices of a select or radio field from a table of code → message id."""
    return [
        SelectChoice(code.value if isinstance(code, StrEnum) else str(code), lazy(text)) for code, text in words.items()
    ]
