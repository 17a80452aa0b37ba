"""Why a message that came back may go to another address."""

from enum import StrEnum


class Correction(StrEnum):
    """Why another address is right."""

    MISTYPED = "mistyped"
    TOLD_BY_VISITOR = "told_by_visitor"
