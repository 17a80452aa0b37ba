"""Coverage and funnel of asking afterwards: who was eligible, invited, reached, began and answered, and who was not.

A transaction counts on the business day on which it was decided about, which is that of its end. Everything is counted
from one index over the decisions, span by span (`ix_invitations_decided`), so a month costs a month. The definitions of
the stages are in docs/statistics.md.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select

from desk.domain.hours import day_bounds
from desk.domain.invitation import DecisionReason, InvitationState, Undone
from desk.models import Office
from desk.reads.reader import Reader
from desk.reports.asking import MOST_DAYS, Question
from desk.reports.shares import FEWEST_COMPARED, UNLIKELY, holm_of, share
from desk.reports.statistics import Estimate, chance_of_luck
from desk.reports.survey_decisions import INVITED, Alike, count_decisions, count_open_again
from desk.reports.survey_undone import (
    Reopened,
    Revoker,
    TakenBack,
    compared,
    count_at_limit,
    load_revokers,
    load_taken_back,
)
from desk.reports.survey_ways import Way, load_ways
from desk.reports.tables import FEWEST

FEWEST_OF_OFFICER: Final = 10  # eligible transactions of one officer below which no figures of theirs are shown
SAME_VISIT: Final = DecisionReason.SAME_VISIT
# Whom the survey is not about: nobody could be missing there.
NOT_MEANT: Final = (
    DecisionReason.SURVEY_OFF,
    DecisionReason.SERVICE_EXCLUDED,
    DecisionReason.NOT_SERVED,
    DecisionReason.OWN_STAFF,
)
NOT_INVITED: Final = tuple(each for each in DecisionReason if each not in INVITED and each not in NOT_MEANT)


UNDONE: Final = {
    InvitationState.SUPERSEDED.value: Undone.REOPENED,
    InvitationState.REVOKED.value: Undone.REVOKED,
}


class Route(StrEnum):
    """By what somebody was invited."""

    EMAIL = "email"
    PHONE = "phone"
    LINK = "link"


ROUTES: Final = {
    DecisionReason.BY_EMAIL: Route.EMAIL,
    DecisionReason.BY_PHONE: Route.PHONE,
    DecisionReason.BY_LINK: Route.LINK,
}


@dataclass(frozen=True, slots=True)
class Cell:
    """Decisions that are alike, and how many."""

    service_id: int
    officer_id: int  # 0: nobody served
    reason: DecisionReason | Undone
    answered: bool
    delivered: bool
    begun: bool
    count: int
    message: Route = Route.EMAIL  # of the visit; only of those who were invited in one about another transaction

    @property
    def route(self) -> Route | None:
        """By what they were invited; None for those who were not."""
        if isinstance(self.reason, Undone):
            return None
        return self.message if self.reason is SAME_VISIT else ROUTES.get(self.reason)


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many came how far; each stage is a part of the one before."""

    ended: int = 0
    eligible: int = 0
    invited: int = 0
    delivered: int = 0
    begun: int = 0
    answered: int = 0

    @property
    def stages(self) -> tuple[tuple[str, int], ...]:
        """The stages from the eligible on."""
        names = ("eligible", "invited", "delivered", "begun", "answered")
        return tuple((name, getattr(self, name)) for name in names)

    @property
    def coverage(self) -> Estimate | None:
        """The invited of the eligible, from 0 to 1; None below five."""
        return share(self.invited, self.eligible)

    @property
    def response(self) -> Estimate | None:
        """The answered of the invited."""
        return share(self.answered, self.invited)


@dataclass(frozen=True, slots=True)
class Line:
    """One service, officer, channel or span; `chance` is that of its coverage differing so much from all others."""

    key: int | str
    funnel: Funnel
    chance: float | None = None

    @property
    def stands_out(self) -> bool:
        """Whether luck alone is an unlikely explanation."""
        return self.chance is not None and self.chance < UNLIKELY


@dataclass(frozen=True, slots=True)
class Span:
    """A day or a month of the question, in business days."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Coverage:
    """All that the report says; `hidden` are officers and services with too few transactions."""

    total: Funnel
    reasons: dict[DecisionReason | Undone, int]
    routes: list[Line]
    services: list[Line]
    officers: list[Line]
    spans: list[tuple[Span, Funnel]]
    ways: list[Way]
    reopened_services: list[Reopened]
    reopened_officers: list[Reopened]
    taken_back: list[TakenBack]
    revokers: list[Revoker]
    hidden_services: int = 0
    hidden_officers: int = 0
    fewest: int = FEWEST
    open_again: int = 0  # of all that are counted as ended


def coverage(reader: Reader, office_id: int, question: Question) -> Coverage:
    """Work the report out; services and officers are compared with all others that the question is about."""
    whole, spans = Span(question.since, question.until), spans_of(question.since, question.until)
    mine, by_span = load_cells(reader, office_id, spans, question)
    fewest = FEWEST_OF_OFFICER if question.officer_id else FEWEST
    services, hidden_services = _compared(_lines(mine, lambda cell: cell.service_id), fewest)
    officers, hidden_officers = _compared(_lines(mine, lambda cell: cell.officer_id), FEWEST_OF_OFFICER)
    reasons: Counter[DecisionReason | Undone] = Counter()
    for cell in mine:
        reasons[cell.reason] += cell.count
    begins, ends = _bounds(whole, *_clock_of(reader, office_id))
    late_services, late_officers = count_at_limit(reader, office_id, begins, ends, question)
    return Coverage(
        funnel_of(mine),
        dict(reasons),
        [Line(route, funnel_of(each for each in mine if each.route is route)) for route in Route],
        services,
        officers,
        [(span, funnel) for span, funnel in by_span if funnel.ended],
        load_ways(reader, office_id, begins, ends, question),
        compared(_reopened(mine, lambda cell: cell.service_id), late_services),
        compared(_reopened(mine, lambda cell: cell.officer_id), late_officers),
        load_taken_back(reader, office_id, begins, ends, question),
        load_revokers(reader, office_id, begins, ends, question),
        hidden_services,
        hidden_officers,
        fewest,
        count_open_again(reader, office_id, begins, ends, question),
    )


def spans_of(since: date, until: date) -> list[Span]:
    """Return the days of a short time, the months of a longer one (the first and the last as far as asked)."""
    if (until - since).days < MOST_DAYS:
        days = (since + timedelta(days=each) for each in range((until - since).days + 1))
        return [Span(day, day) for day in days]
    found, first = [], since
    while first <= until:
        last = min(until, (first.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1))
        found.append(Span(first, last))
        first = last + timedelta(days=1)
    return found


def load_cells(
    reader: Reader, office_id: int, spans: Iterable[Span], question: Question
) -> tuple[list[Cell], list[tuple[Span, Funnel]]]:
    """Return what was decided altogether, and the funnel of each span, of what the question is narrowed to."""
    day_of = _clock_of(reader, office_id)
    whole: Counter[Alike] = Counter()
    found = []
    for span in spans:
        begins, ends = _bounds(span, *day_of)
        part: Counter[Alike] = Counter()
        for service_id, officer_id, *how, count in count_decisions(reader, office_id, begins, ends):
            if question.service_id in (0, service_id) and question.officer_id in (0, officer_id):
                whole[service_id, officer_id, *how] += count
                part[None, None, *how] += count
        found.append((span, funnel_of(_cell(*each) for each in part.items())))
    return [_cell(*each) for each in whole.items()], found


def _clock_of(reader: Reader, office_id: int) -> tuple[ZoneInfo, time]:
    office = reader.execute(select(Office.zone, Office.day_starts_at).where(Office.id == office_id)).one()
    return ZoneInfo(office.zone), time(*divmod(office.day_starts_at, 60))


def _bounds(span: Span, zone: ZoneInfo, starts_at: time) -> tuple[datetime, datetime]:
    """Return when the business days of a span begin and end."""
    begins, ends = (day_bounds(each, zone, starts_at=starts_at) for each in (span.first, span.last))
    return begins[0], ends[1]


def _cell(alike: Alike, count: int) -> Cell:
    service_id, officer_id, name, state, sent, opened, message = alike
    reason, answered = UNDONE.get(state) or DecisionReason(name), state == InvitationState.ANSWERED.value
    begun = answered or bool(opened)
    delivered = begun or bool(sent) or reason is DecisionReason.BY_LINK
    route = Route(message or Route.EMAIL)
    return Cell(service_id or 0, officer_id or 0, reason, answered, delivered, begun, count, route)


def funnel_of(cells: Iterable[Cell]) -> Funnel:
    """Add cells up."""
    found: Counter[str] = Counter()
    for cell in cells:
        found["ended"] += cell.count
        invited = cell.reason in INVITED
        stages = {
            "eligible": cell.reason not in NOT_MEANT,
            "invited": invited,
            "delivered": invited and cell.delivered,
            "begun": invited and cell.begun,
            "answered": invited and cell.answered,
        }
        found.update({name: cell.count for name, reached in stages.items() if reached})
    return Funnel(**found)


def _lines(cells: Iterable[Cell], key: Callable[[Cell], int]) -> list[Line]:
    grouped: dict[int, list[Cell]] = {}
    for cell in cells:
        grouped.setdefault(key(cell), []).append(cell)
    return [Line(each, funnel_of(grouped[each])) for each in sorted(grouped)]


def _reopened(cells: Iterable[Cell], key: Callable[[Cell], int]) -> dict[int, tuple[int, int]]:
    """Return by key how many were invited at an end, and of how many of those a reopening took it back."""
    found: dict[int, tuple[int, int]] = {}
    for cell in cells:
        taken_back = cell.reason is Undone.REOPENED
        if taken_back or cell.reason in INVITED:
            invited, taken = found.get(key(cell), (0, 0))
            found[key(cell)] = invited + cell.count, taken + cell.count * taken_back
    return found


def _compared(lines: list[Line], fewest: int) -> tuple[list[Line], int]:
    """Return the lines with enough eligible transactions, each compared with all others, and how many are hidden.

    Nobody's line (0) is not among them: it is of transactions that no officer served.
    """
    lines = [each for each in lines if each.key]
    whole = Funnel(*(sum(getattr(each.funnel, name) for each in lines) for name in Funnel.__dataclass_fields__))
    chances = {each.key: _chance(each.funnel, whole) for each in lines}
    corrected = dict(zip(chances, holm_of(list(chances.values())), strict=True))
    shown = [Line(each.key, each.funnel, corrected[each.key]) for each in lines if each.funnel.eligible >= fewest]
    hidden = sum(0 < each.funnel.eligible < fewest for each in lines)
    return shown, hidden


def _chance(mine: Funnel, whole: Funnel) -> float | None:
    others = whole.eligible - mine.eligible
    if mine.eligible < FEWEST_COMPARED or others < FEWEST_COMPARED:
        return None
    other_hits = whole.invited - mine.invited
    return chance_of_luck(mine.invited, mine.eligible, other_hits=other_hits, other_count=others)
