"""Letting many people in at once who have no password yet: how each is to be let in, and what became of it."""

from datetime import timedelta
from enum import StrEnum
from typing import Final

# How many may be let in at once: each is a few statements under the locks of all offices.
MOST_AT_ONCE: Final = 100
# How long after a link another one of the same list waits: two administrators, or two windows, mail once.
LINK_IS_NEW_FOR: Final = timedelta(minutes=10)


class LetInBy(StrEnum):
    """By what somebody is to be let in."""

    MAIL = "mail"
    CODE = "code"


class LetIn(StrEnum):
    """What became of somebody."""

    MAILED = "mailed"
    CODE_MADE = "code_made"
    MAILED_BEFORE = "mailed_before"  # a few minutes ago: that link is as good
    HAS_PASSWORD = "has_password"  # noqa: S105 - what became of somebody, not a password
    NO_ADDRESS = "no_address"
    NOT_YOURS = "not_yours"  # deactivated meanwhile, or at home in an office the actor does not administer
