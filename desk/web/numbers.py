"""Numbers within a sentence, as they are written in the language of the request."""

from collections.abc import Mapping
from typing import Any

from flask_babel import format_decimal


def with_separators(details: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a sentence tells, with whole numbers as 4,000 or 4.000; anything else as it is."""
    return {name: format_decimal(value) if type(value) is int else value for name, value in details.items()}
