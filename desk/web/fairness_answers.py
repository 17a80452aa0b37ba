"""Working the fairness register and the comparison out for a page or a file: question, facts, sheets, key figures."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from flask import request
from flask_babel import format_date, format_decimal, gettext
from sqlalchemy import Connection, select

from desk.domain.reasons import PickReason
from desk.models import Duty
from desk.reads.report_names import Names, find_people, get_names
from desk.reports.consistency import by_handoffs
from desk.reports.facts import Facts, load_facts
from desk.reports.fairness import Register, Wanted, list_page, load_register, overview
from desk.reports.heads import get_head
from desk.reports.kinds import Calls, Transactions
from desk.reports.officers_share import officers_share
from desk.reports.priority_use import priority_use
from desk.reports.shifts import Shift
from desk.reports.undue_waits import Waits, list_late, load_waits, summary
from desk.web.consistency_sheets import charts_of, measure_sheets, officers_sheet, variance_words
from desk.web.context import language
from desk.web.fairness_sheets import calls_sheet, kept_sheet, priority_sheets, shares_sheet, waits_sheet
from desk.web.report_answers import MOST_BEHIND
from desk.web.report_charts import Chart
from desk.web.report_question import Asked, read_question
from desk.web.sheets import NOTHING, Sheet, share_figure, span
from desk.web.timeline import word
from desk.wording.fairness import METHODS, SHIFTS

PAGE: Final = 50
MOST_ROWS: Final = 20_000  # of a list in a file
# What each report can be narrowed to, besides its days.
NARROWED_BY: Final = {
    "fairness": ("service", "officer", "shift", "reason"),
    "priority": (),
    "waits": ("service",),
    "consistency": ("service",),
}
SHIFT_OF: Final = {each.value: each for each in Shift}
REASON_OF: Final = {each.value: each for each in PickReason}
LISTS: Final = {"fairness": "calls", "waits": "waits"}


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The question with what only these reports ask: shift, reason, and which page of a long list."""

    asked: Asked
    shift: Shift | None
    reason: PickReason | None
    page: int

    @property
    def arguments(self) -> dict[str, Any]:
        """All parts of the address but the page."""
        more = {"shift": self.shift, "reason": self.reason}
        return {**self.asked.arguments, **{name: value.value for name, value in more.items() if value is not None}}

    @property
    def wanted(self) -> Wanted:
        """What the register is narrowed to."""
        question = self.asked.question
        return Wanted(question.officer_id, question.service_id, self.shift, self.reason)


@dataclass(frozen=True, slots=True)
class Answer:
    """A report ready to be shown; `total` is how many rows its long list has altogether."""

    report: str
    narrowed: Narrowed
    names: Names
    figures: list[tuple[str, str]] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)
    charts: dict[str, Chart] = field(default_factory=dict)
    sentence: str = ""
    total: int = 0
    missing: int = 0
    wrong: str | None = None
    nothing: bool = False  # happened: the sheets have no rows

    @property
    def asked(self) -> Asked:
        """The question as other reports ask it."""
        return self.narrowed.asked

    @property
    def days(self) -> str:
        """The days in words."""
        first, last = self.asked.question.since, self.asked.question.until
        return str(format_date(first)) if first == last else f"{format_date(first)} – {format_date(last)}"

    @property
    def only(self) -> list[str]:
        """What the report is narrowed to, in words."""
        question, by = self.asked.question, NARROWED_BY[self.report]
        named = {
            "service": self.names.services.get(question.service_id, {}).get(language()),
            "officer": self.names.people.get(question.officer_id),
            "shift": self.narrowed.shift and gettext(SHIFTS[self.narrowed.shift]),
            "reason": self.narrowed.reason and word(self.narrowed.reason),
        }
        return [words for name in by if (words := named[name])]

    @property
    def pages(self) -> int:
        """How many pages the long list has."""
        return -(-self.total // PAGE)

    @property
    def methods(self) -> list[str]:
        """How it was counted."""
        return [gettext(each) for each in METHODS[self.report]]

    @property
    def file_name(self) -> str:
        """The name of a file without its ending."""
        return f"{self.report}-{self.asked.question.since.isoformat()}-{self.asked.question.until.isoformat()}"


def read_narrowed(reader: Connection, office_id: int, at: datetime) -> Narrowed:
    """Return what this request asks."""
    shift, reason = request.args.get("shift", ""), request.args.get("reason", "")
    page = request.args.get("page", 1, type=int)
    return Narrowed(
        read_question(reader, office_id, at),
        SHIFT_OF.get(shift),
        REASON_OF.get(reason),
        min(max(page, 1), 1 << 20),
    )


def answer(reader: Connection, office_id: int, report: str, *, at: datetime, rows: int | None = None) -> Answer:
    """Answer the question of this request; `rows` of the long list from its beginning, or one page of it."""
    narrowed, names = read_narrowed(reader, office_id, at), get_names(reader, office_id)
    bare = Answer(report, narrowed, names)
    question = narrowed.asked.question
    if question.officer_id and question.officer_id not in names.people:
        names.people.update(_find_former(reader, office_id, question.officer_id))
    wrong = narrowed.asked.wrong or _unknown(report, narrowed, names)
    behind = get_head(reader, office_id).behind
    if wrong or behind > MOST_BEHIND:
        return replace(bare, wrong=wrong, missing=behind if behind > MOST_BEHIND else 0)
    part = (0, rows) if rows is not None else ((narrowed.page - 1) * PAGE, PAGE)
    match report:
        case "fairness":
            return _calls(reader, bare, office_id, at, part)
        case "priority":
            return _priority(reader, bare, office_id, at)
        case "waits":
            return _waits(reader, bare, office_id, at, part)
        case _:
            return _consistency(reader, bare, office_id, at)


def _find_former(reader: Connection, office_id: int, person_id: int) -> dict[int, str]:
    """Return the name of somebody who was once on duty here; nobody for people of other offices."""
    of_theirs = select(Duty.id).where(Duty.office_id == office_id, Duty.officer_id == person_id).limit(1)
    return find_people(reader, [person_id]) if reader.scalar(of_theirs) is not None else {}


def _unknown(report: str, narrowed: Narrowed, names: Names) -> str | None:
    question, by = narrowed.asked.question, NARROWED_BY[report]
    if "officer" in by and question.officer_id and question.officer_id not in names.people:
        return gettext("Nobody here has this number. Choose an officer from the list.")
    if "service" in by and question.service_id and question.service_id not in names.services:
        return gettext("This office has no such service. Choose one from the list.")
    return None


def _facts(reader: Connection, bare: Answer, office_id: int, at: datetime, kind: type) -> Facts:
    question = bare.asked.question
    return load_facts(reader, office_id, question.since, question.until, at=at, kinds=(kind,))


def _calls(reader: Connection, bare: Answer, office_id: int, at: datetime, part: tuple[int, int]) -> Answer:
    facts = _facts(reader, bare, office_id, at, Calls)
    register = load_register(reader, facts)
    _name_everybody(reader, register, bare.names)
    found, ids = overview(register, bare.narrowed.wanted), register.listed(bare.narrowed.wanted)
    entries = list_page(reader, register, ids, first=part[0], limit=part[1])
    figures = [
        (str(format_decimal(found.calls)), gettext("calls")),
        (str(format_decimal(found.out_of_order)), gettext("out of order")),
        share_figure(found.share, gettext("of the calls")),
        (str(format_decimal(found.without_passing)), gettext("of them passed nobody over")),
        (str(format_decimal(found.passed_over)), gettext("times somebody was passed over")),
        (span(found.longest_s) if found.out_of_order else NOTHING, gettext("passed over by at most")),
    ]
    sheets = [shares_sheet(found, bare.names), calls_sheet(entries, bare.names, office_id)]
    if not found.calls:
        return _nothing(bare, sheets)
    return replace(bare, figures=figures, sheets=sheets, total=len(ids))


def _nothing(bare: Answer, sheets: list[Sheet]) -> Answer:
    """Return the answer where nothing happened: files have the heads of the sheets, the page says so."""
    return replace(bare, sheets=[replace(each, rows=[], notes=()) for each in sheets], nothing=True)


def _name_everybody(reader: Connection, register: Register, names: Names) -> None:
    """Find the names of those who no longer belong to the office."""
    seen = {int(each) for each in set(register.facts.calls.officer.tolist())}
    names.people.update(find_people(reader, seen - names.people.keys()))


def _priority(reader: Connection, bare: Answer, office_id: int, at: datetime) -> Answer:
    found = priority_use(reader, _facts(reader, bare, office_id, at, Transactions))
    clerks = {int(each.key) for each in found.officers or []}
    bare.names.people.update(find_people(reader, clerks - bare.names.people.keys()))
    figures = [
        (str(format_decimal(found.total.visits)), gettext("visits")),
        (str(format_decimal(found.total.priority)), gettext("with priority")),
        share_figure(found.total.share, gettext("of the visits")),
    ]
    sheets = priority_sheets(found, bare.names)
    return replace(bare, figures=figures, sheets=sheets) if found.total.visits else _nothing(bare, sheets)


def _waits(reader: Connection, bare: Answer, office_id: int, at: datetime, part: tuple[int, int]) -> Answer:
    waits = load_waits(reader, _facts(reader, bare, office_id, at, Transactions))
    service_id = bare.asked.question.service_id
    total, services = summary(waits, service_id)
    places = waits.listed(service_id)
    visits = list_late(reader, waits, places[part[0] : part[0] + part[1]])
    figures = [
        (str(format_decimal(total.transactions)), gettext("transactions")),
        (str(format_decimal(total.late)), gettext("waited past the promise")),
        share_figure(total.share, gettext("of the transactions")),
        (str(format_decimal(_still_waiting(waits, places))), gettext("still waiting past it")),
        (span(total.longest_over_s) if total.late else NOTHING, gettext("past it by at most")),
    ]
    sheets = [kept_sheet(services, bare.names), waits_sheet(visits, bare.names, office_id)]
    if not total.transactions:
        return _nothing(bare, sheets)
    return replace(bare, figures=figures, sheets=sheets, total=len(places))


def _still_waiting(waits: Waits, places: list[int]) -> int:
    found = waits.facts.transactions
    state = waits.facts.code("waiting")
    return int(((found.state[places] == state) & (found.until_served[places] < 0)).sum())


def _consistency(reader: Connection, bare: Answer, office_id: int, at: datetime) -> Answer:
    facts = _facts(reader, bare, office_id, at, Transactions)
    service_id = bare.asked.question.service_id
    figures = by_handoffs(reader, load_waits(reader, facts), service_id)
    officers = officers_share(facts, service_id)
    seen = {each.officer_id for each in officers.officers}
    bare.names.people.update(find_people(reader, seen - bare.names.people.keys()))
    sheets = [*measure_sheets(figures), officers_sheet(officers, bare.names)]
    if not any(each.count for each in figures):
        return _nothing(bare, sheets)
    return replace(
        bare,
        sheets=sheets,
        charts=charts_of(figures),
        sentence=variance_words(officers.variance),
    )
