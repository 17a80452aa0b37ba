"""Numbers within a sentence, as they are written in the language of the request."""

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import format_decimal

MOST: Final = 10**15


def with_separators(details: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a sentence tells, with whole numbers as 4,000 or 4.000; anything else as it is."""
    return {name: format_decimal(value) if _is_counted(value) else value for name, value in details.items()}


def _is_counted(value: Any) -> bool:
    """Tell whether it is a number that something can have; an id of thirty digits that somebody typed is none."""
    return type(value) is int and abs(value) <= MOST
