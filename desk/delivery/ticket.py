"""What is printed on slips: the ticket of a visit, the receipt for complete documents, the slip of a handoff, a trial.

Made when it is printed, from what the office knows then, with the token of the visit's own page, which is kept nowhere.
No name and nobody's number stands on it.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from sqlalchemy import select

from desk.delivery.handoff_slip import print_handoff
from desk.delivery.printed_page import Desk, Page
from desk.delivery.slip import Slip
from desk.delivery.trial_slip import print_trial
from desk.delivery.wording import gettext_of, known_language, ngettext_of
from desk.domain.estimate import WaitRange
from desk.domain.invitation import Channel
from desk.domain.printing import Job, JobKind, PrinterUse
from desk.models import Office
from desk.reads.opening import find_logo
from desk.reads.paces import with_waits
from desk.reads.reader import Reader
from desk.reads.receipts import Receipt, find_receipt
from desk.reads.visits import VisitPage, find_visit, is_over, list_matters
from desk.wording import N_
from desk.wording.printing import ADVICE, BEFORE, HEADING, NEXT, PRIORITY, TURN_BETWEEN, TURN_WITHIN

HOUR: Final = 60
_RECEIPT: Final = N_("Receipt for complete documents")
_BRING: Final = N_("Bring this receipt when you collect the result.")


def compose(reader: Reader, job: Job, use: PrinterUse, desk: Desk) -> bytes | None:
    """Return what the printer is sent for a job, with its copies; None where there is nothing to print any more."""
    office = reader.execute(select(Office.__table__).where(Office.id == job.office_id)).one()
    slip, logo = Slip(use), find_logo(reader, job.office_id)
    if logo is not None:
        slip.logo(logo.content)
    slip.line(office.name, bold=True)
    languages = use.languages(known_language(job.language))
    page = _Paper(slip, office, languages, desk)
    match job.kind:
        case JobKind.TICKET:
            is_made = page.ticket(reader, job.subject_id or 0)
        case JobKind.RECEIPT:
            is_made = page.receipt(reader, job.subject_id or 0)
        case JobKind.TRIAL:
            is_made = print_trial(page, reader, job, use)
        case JobKind.HANDOFF:
            is_made = print_handoff(page, reader, job.subject_id or 0)
    if not is_made:
        return None
    slip.end()
    return slip.content * use.copies


class _Paper(Page):
    """A paper about a visit or a transaction; each method tells whether there is anything to print any more."""

    __slots__ = ()

    def ticket(self, reader: Reader, visit_id: int) -> bool:
        """Print the ticket of a visit; nothing once that is over: its code leads to the survey by then."""
        visit = find_visit(reader, self.office.id, visit_id)
        if visit is None or is_over(reader, self.office.id, visit_id):
            return False
        slip = self.slip
        self.say(HEADING)
        slip.number(visit.number)
        for line in self._services(reader, visit):
            slip.line(line, bold=True)
        slip.line(self.moment(visit.arrived_at, self.languages[0]))
        for line in self._before(reader, visit):
            slip.line(line)
        if visit.priority_reason:
            self.say(PRIORITY)
        self.code(visit, Channel.TICKET)
        slip.space()
        self.say(ADVICE)
        return True

    def receipt(self, reader: Reader, transaction_id: int) -> bool:
        """Print the receipt of a transaction as it stands."""
        found = find_receipt(reader, self.office.id, transaction_id)
        visit = None if found is None else find_visit(reader, self.office.id, found.visit_id)
        if found is None or visit is None:
            return False
        slip = self.slip
        slip.line(self.office.address or "")
        self.say(_RECEIPT)
        slip.number(found.number)
        for words in dict.fromkeys(found.services[each] for each in self.languages):
            slip.line(words, bold=True)
        for language in self.languages:
            for line in self._facts(found, language):
                slip.line(line)
        for paper in found.papers:
            slip.line(f"- {paper}")
        if not is_over(reader, self.office.id, found.visit_id):
            self.code(visit, Channel.RECEIPT)
        slip.space()
        self.say(_BRING)
        return True

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

    def _facts(self, receipt: Receipt, language: str) -> Iterator[str]:
        said = gettext_of(language)
        yield f"{said('Receipt number')}: {self.office.code.upper()}-{receipt.event}"
        yield f"{said('Documents complete')}: {self.moment(receipt.complete_at, language)}"
        yield f"{said('Number of objects')}: {receipt.quantity}"
        if receipt.corrected_at is not None:
            yield f"{said('Corrected on')}: {self.moment(receipt.corrected_at, language)}"
        yield f"{said('Promised by')}: {self.day(receipt.promised_at, language)}"


def _turn(wait: WaitRange, language: str) -> str:
    """Say in which range a wait lies."""
    words = TURN_BETWEEN if wait.lower else TURN_WITHIN
    return gettext_of(language)(words) % {"least": _span(wait.lower, language), "most": _span(wait.upper, language)}


def _span(minutes: int, language: str) -> str:
    said = gettext_of(language)
    if minutes < HOUR:
        return said("%(minutes)d min") % {"minutes": minutes}
    return said("%(hours)d h %(minutes)d min") % {"hours": minutes // HOUR, "minutes": minutes % HOUR}
