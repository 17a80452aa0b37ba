"""What is printed on slips: the ticket of a visit, the receipt for complete documents, a trial.

Made when it is printed, from what the office knows then, with the token of the visit's own page, which is kept nowhere.
No name and nobody's number stands on it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from sqlalchemy import select

from desk.delivery.message import Links
from desk.delivery.slip import Slip
from desk.delivery.wording import gettext_of, known_language, ngettext_of
from desk.domain.estimate import WaitRange
from desk.domain.invitation import Channel
from desk.domain.printing import Job, JobKind, PrinterUse
from desk.domain.tokens import TokenKind, derive
from desk.models import Office, Service
from desk.reads.opening import find_logo
from desk.reads.paces import with_waits
from desk.reads.reader import Reader
from desk.reads.receipts import Receipt, find_receipt
from desk.reads.visits import VisitPage, find_visit, is_over, list_matters
from desk.wording import N_
from desk.wording.printing import ADVICE, BEFORE, HEADING, NEXT, PURPOSE, SURVEY, TURN_BETWEEN, TURN_WITHIN

HOUR: Final = 60
TRIAL: Final = {"id": "UJI COBA", "en": "TRIAL"}
NO_NUMBER: Final = {"id": "Bukan nomor antrean.", "en": "This is no queue number."}
# What a trial shows of letters: those of both code pages, and some that have to be drawn.
LETTERS: Final = ("à é î õ ü ñ ç", "– “ ” € …", "ḥ ṣ ā ī ū")
_RECEIPT: Final = N_("Receipt for complete documents")
_BRING: Final = N_("Bring this receipt when you collect the result.")


@dataclass(frozen=True, slots=True)
class Desk:
    """What slips are made with."""

    links: Links
    at: datetime


def compose(reader: Reader, job: Job, use: PrinterUse, desk: Desk) -> bytes | None:
    """Return what the printer is sent for a job, with its copies; None where there is nothing to print any more."""
    office = reader.execute(select(Office.__table__).where(Office.id == job.office_id)).one()
    slip, logo = Slip(use), find_logo(reader, job.office_id)
    if logo is not None:
        slip.logo(logo.content)
    slip.line(office.name, bold=True)
    languages = use.languages(known_language(job.language))
    page = _Page(slip, office, languages, desk)
    match job.kind:
        case JobKind.TICKET:
            is_made = page.ticket(reader, job.subject_id or 0)
        case JobKind.RECEIPT:
            is_made = page.receipt(reader, job.subject_id or 0)
        case JobKind.TRIAL:
            is_made = page.trial(reader)
    if not is_made:
        return None
    slip.end()
    return slip.content * use.copies


@dataclass(frozen=True, slots=True)
class _Page:
    slip: Slip
    office: Any
    languages: tuple[str, ...]
    desk: Desk

    def ticket(self, reader: Reader, visit_id: int) -> bool:
        """Print the ticket of a visit; nothing once that is over: its code leads to the survey by then."""
        visit = find_visit(reader, self.office.id, visit_id)
        if visit is None or is_over(reader, self.office.id, visit_id):
            return False
        slip = self.slip
        self._said(HEADING)
        slip.number(visit.number)
        for line in self._services(reader, visit):
            slip.line(line, bold=True)
        slip.line(self._moment(visit.arrived_at, self.languages[0]))
        for line in self._before(reader, visit):
            slip.line(line)
        self._code(visit, Channel.TICKET)
        slip.space()
        self._said(ADVICE)
        return True

    def receipt(self, reader: Reader, transaction_id: int) -> bool:
        """Print the receipt of a transaction as it stands."""
        found = find_receipt(reader, self.office.id, transaction_id)
        visit = None if found is None else find_visit(reader, self.office.id, found.visit_id)
        if found is None or visit is None:
            return False
        slip = self.slip
        slip.line(self.office.address or "")
        self._said(_RECEIPT)
        slip.number(found.number)
        for words in dict.fromkeys(found.services[each] for each in self.languages):
            slip.line(words, bold=True)
        for language in self.languages:
            for line in self._facts(found, language):
                slip.line(line)
        for paper in found.papers:
            slip.line(f"- {paper}")
        if not is_over(reader, self.office.id, found.visit_id):
            self._code(visit, Channel.RECEIPT)
        slip.space()
        self._said(_BRING)
        return True

    def trial(self, reader: Reader) -> bool:
        """Print a slip that is no ticket, with everything that can go wrong on one."""
        slip, office = self.slip, self.office
        query = select(Service.series).where(Service.office_id == office.id, Service.retired.is_(False))
        series = reader.execute(query.order_by(Service.series).limit(1)).scalar() or ""
        slip.line(" · ".join(TRIAL.values()), bold=True)
        slip.number(f"{series}000")
        slip.line(self._moment(self.desk.at, self.languages[0]))
        for letters in LETTERS:
            slip.line(letters)
        slip.code(f"{self.desk.links.public_url}/offices/{office.id}/check-in")
        for language in self.languages:
            slip.line(NO_NUMBER[language])
        return True

    def _said(self, words: str) -> None:
        for language in self.languages:
            self.slip.line(gettext_of(language)(words))

    def _services(self, reader: Reader, visit: VisitPage) -> Iterator[str]:
        names = [
            [each.service for each in list_matters(reader, visit, language=language, at=self.desk.at)]
            for language in self.languages
        ]
        for said in zip(*names, strict=True):
            yield from dict.fromkeys(said)

    def _before(self, reader: Reader, visit: VisitPage) -> Iterator[str]:
        """How many come before, and how long that may take: for each of several matters by itself."""
        for language in self.languages:
            named = list_matters(reader, visit, language=language, at=self.desk.at)
            found = with_waits(reader, replace(visit, matters=named), at=self.desk.at)
            for matter in found:
                if matter.before is None:
                    continue
                words = ngettext_of(language)(*BEFORE, matter.before) % {"num": matter.before}
                words = words if matter.before else gettext_of(language)(NEXT)
                yield f"{matter.service}: {words}" if len(found) > 1 else words
                if matter.wait is not None and matter.before:
                    yield _turn(matter.wait, language)

    def _code(self, visit: VisitPage, paper: Channel) -> None:
        """Print the code of the visit's own page, what it is for, and the same to be typed."""
        token = derive(self.desk.links.key, TokenKind.STATUS, visit.id)
        self.slip.code(f"{self.desk.links.public_url}/v/{token}?via={paper.value}")
        self._said(PURPOSE[paper])
        if visit.offers_survey:
            self._said(SURVEY)
        self.slip.line(" ".join(token[start : start + 4] for start in range(0, len(token), 4)))

    def _facts(self, receipt: Receipt, language: str) -> Iterator[str]:
        said = gettext_of(language)
        yield f"{said('Receipt number')}: {self.office.code.upper()}-{receipt.event}"
        yield f"{said('Documents complete')}: {self._moment(receipt.complete_at, language)}"
        yield f"{said('Number of objects')}: {receipt.quantity}"
        if receipt.corrected_at is not None:
            yield f"{said('Corrected on')}: {self._moment(receipt.corrected_at, language)}"
        yield f"{said('Promised by')}: {self._day(receipt.promised_at, language)}"

    def _day(self, at: datetime, language: str) -> str:
        shown = at.astimezone(ZoneInfo(self.office.zone))
        return format_date(shown, gettext_of(language)("EEE d MMM y"), locale=language)

    def _moment(self, at: datetime, language: str) -> str:
        pattern, zone = gettext_of(language)("HH:mm"), ZoneInfo(self.office.zone)
        return f"{self._day(at, language)}, {format_time(at, pattern, tzinfo=zone, locale=language)}"


def _turn(wait: WaitRange, language: str) -> str:
    """Say in which range a wait lies."""
    words = TURN_BETWEEN if wait.lower else TURN_WITHIN
    return gettext_of(language)(words) % {"least": _span(wait.lower, language), "most": _span(wait.upper, language)}


def _span(minutes: int, language: str) -> str:
    said = gettext_of(language)
    if minutes < HOUR:
        return said("%(minutes)d min") % {"minutes": minutes}
    return said("%(hours)d h %(minutes)d min") % {"hours": minutes // HOUR, "minutes": minutes % HOUR}
