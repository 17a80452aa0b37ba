"""What all papers of a receipt printer have in common: languages, dates, the code of a visit's own page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from desk.delivery.message import Links
from desk.delivery.slip import Slip
from desk.delivery.wording import gettext_of
from desk.domain.invitation import Channel
from desk.domain.tokens import TokenKind, derive
from desk.reads.visits import VisitPage
from desk.wording.printing import PURPOSE, SURVEY


@dataclass(frozen=True, slots=True)
class Desk:
    """What slips are made with."""

    links: Links
    at: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """One paper of an office in its languages, the visitor's first."""

    slip: Slip
    office: Any
    languages: tuple[str, ...]
    desk: Desk

    def say(self, words: str) -> None:
        """Print a sentence in each language."""
        for language in self.languages:
            self.slip.line(gettext_of(language)(words))

    def code(self, visit: VisitPage, paper: Channel) -> None:
        """Print the code of the visit's own page, what it is for, and the same to be typed."""
        token = derive(self.desk.links.key, TokenKind.STATUS, visit.id)
        self.slip.code(f"{self.desk.links.public_url}/v/{token}?via={paper.value}")
        self.say(PURPOSE[paper])
        if visit.offers_survey:
            self.say(SURVEY)
        self.slip.line(" ".join(token[start : start + 4] for start in range(0, len(token), 4)))

    def day(self, at: datetime, language: str) -> str:
        """Return a day of the office."""
        shown = at.astimezone(ZoneInfo(self.office.zone))
        return format_date(shown, gettext_of(language)("EEE d MMM y"), locale=language)

    def moment(self, at: datetime, language: str) -> str:
        """Return a day of the office with its time."""
        pattern, zone = gettext_of(language)("HH:mm"), ZoneInfo(self.office.zone)
        return f"{self.day(at, language)}, {format_time(at, pattern, tzinfo=zone, locale=language)}"
