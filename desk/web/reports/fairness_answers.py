"""Working the fairness register and the comparison out for a page or a file: question, facts, sheets, key figures."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from flask import request
from flask_babel import format_date, format_decimal, gettext
from sqlalchemy import Connection

from desk.domain.reasons import PickReason
from desk.reads.report_names import Names, find_people, get_names
from desk.reports.consistency import by_handoffs
from desk.reports.facts import Facts, load_facts
from desk.reports.fairness import Register, Wanted, list_page, load_register, overview
from desk.reports.heads import get_head
from desk.reports.kinds import Calls, Transactions
from desk.reports.late_work import list_late_work, works_of
from desk.reports.officers_share import officers_share
from desk.reports.priority_use import priority_use
from desk.reports.shifts import Shift
from desk.reports.undue_waits import list_late, load_waits, summary
from desk.web.context import language
from desk.web.reports.answers import MOST_BEHIND
from desk.web.reports.association_sheets import association_sheets, find_answered, periods_only, score_sheet
from desk.web.reports.charts import Chart
from desk.web.reports.consistency_sheets import charts_of, measure_sheets, officers_sheet, variance_words
from desk.web.reports.fairness_sheets import calls_sheet, priority_sheets, shares_sheet
from desk.web.reports.question import Asked, read_question, together
from desk.web.reports.sheets import NOTHING, Sheet, share_figure, span
from desk.web.reports.undue_sheets import (
    kept_sheet,
    late_work_sheet,
    wait_figures,
    waits_sheet,
    work_figures,
    work_kept_sheet,
)
from desk.web.supervision.timeline import word
from desk.wording.coverage import METHODS as COVERAGE
from desk.wording.fairness import METHODS, SHIFTS

PAGE: Final = 50
MOST_ROWS: Final = 20_000  # of a list in a file
# What each report can be narrowed to, besides its days.
NARROWED_BY: Final = {
    "fairness": ("service", "officer", "shift", "reason"),
    "priority": (),
    "waits": ("service",),
    "consistency": ("service",),
    "associations": ("service",),
    "coverage": ("service", "officer"),
}
# By which part of the address the long lists are turned over, by the name of their sheet.
PAGES: Final = {"calls": "page", "waits": "page", "work": "work_page"}
SHIFT_OF: Final = {each.value: each for each in Shift}
REASON_OF: Final = {each.value: each for each in PickReason}


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The question with what only these reports ask: shift, reason, and which pages of long lists.

    `pages` are by the name of the list's sheet; a list that is not named stands at its first.
    """

    asked: Asked
    shift: Shift | None
    reason: PickReason | None
    pages: dict[str, int]

    @property
    def arguments(self) -> dict[str, Any]:
        """All parts of the address but the pages."""
        more = {"shift": self.shift, "reason": self.reason}
        return {**self.asked.arguments, **{name: value.value for name, value in more.items() if value is not None}}

    @property
    def wanted(self) -> Wanted:
        """What the register is narrowed to."""
        question = self.asked.question
        return Wanted(question.officer_id, question.service_id, self.shift, self.reason)


@dataclass(frozen=True, slots=True)
class LongList:
    """A list of which a page shows a part: how many rows it has altogether, and where the page stands."""

    total: int
    page: int
    argument: str  # the part of the address that says the page

    @property
    def pages(self) -> int:
        """How many pages it has."""
        return -(-self.total // PAGE)


@dataclass(frozen=True, slots=True)
class Answer:
    """A report ready to be shown; `lists` are its long lists by the name of their sheet."""

    report: str
    narrowed: Narrowed
    names: Names
    figures: list[tuple[str, str]] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)
    charts: dict[str, Chart] = field(default_factory=dict)
    sentence: str = ""
    lists: dict[str, LongList] = field(default_factory=dict)
    missing: int = 0
    nothing: bool = False  # happened: the sheets have no rows

    @property
    def asked(self) -> Asked:
        """The question as other reports ask it."""
        return self.narrowed.asked

    @property
    def wrong(self) -> str | None:
        """What cannot be answered, and how to ask instead."""
        return self.asked.wrong

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
    def methods(self) -> list[str]:
        """How it was counted."""
        return [gettext(each) for each in {**METHODS, "coverage": COVERAGE}[self.report]]

    @property
    def file_name(self) -> str:
        """The name of a file without its ending."""
        return f"{self.report}-{self.asked.question.since.isoformat()}-{self.asked.question.until.isoformat()}"


def read_narrowed(reader: Connection, office_id: int, at: datetime, names: Names) -> Narrowed:
    """Return what this request asks; what is wrong with it is told in the question's `wrong`."""
    shift, reason = (request.args.get(name, "").strip() for name in ("shift", "reason"))
    pages = {name: request.args.get(argument, 1, type=int) for name, argument in PAGES.items()}
    asked = read_question(reader, office_id, at, names)
    return Narrowed(
        replace(asked, wrong=together([asked.wrong, *_misread(shift, reason)])),
        SHIFT_OF.get(shift),
        REASON_OF.get(reason),
        {name: min(max(page, 1), 1 << 20) for name, page in pages.items()},
    )


def _misread(shift: str, reason: str) -> list[str]:
    """Return a sentence for each that is not among the choices."""
    found = []
    if shift and shift not in SHIFT_OF:
        found.append(gettext("There is no such shift. Choose one from the list."))
    if reason and reason not in REASON_OF:
        found.append(gettext("There is no such reason. Choose one from the list."))
    return found


def answer(reader: Connection, office_id: int, report: str, *, at: datetime, rows: int | None = None) -> Answer:
    """Answer the question of this request; `rows` of each long list from its beginning, or one page of it."""
    names = get_names(reader, office_id)
    narrowed = read_narrowed(reader, office_id, at, names)
    bare = Answer(report, narrowed, names)
    behind = get_head(reader, office_id).behind
    if bare.wrong or behind > MOST_BEHIND:
        return replace(bare, missing=behind if behind > MOST_BEHIND else 0)
    match report:
        case "fairness":
            return _calls(reader, bare, office_id, at, rows)
        case "priority":
            return _priority(reader, bare, office_id, at)
        case "waits":
            return _waits(reader, bare, office_id, at, rows)
        case "associations":
            return _associations(reader, bare, office_id, at)
        case _:
            return _consistency(reader, bare, office_id, at)


def _facts(reader: Connection, bare: Answer, office_id: int, at: datetime, kind: type) -> Facts:
    question = bare.asked.question
    return load_facts(reader, office_id, question.since, question.until, at=at, kinds=(kind,))


def _part(bare: Answer, name: str, rows: int | None) -> tuple[int, int]:
    """Return the first row of a long list that is shown, and how many are."""
    return (0, rows) if rows is not None else ((bare.narrowed.pages[name] - 1) * PAGE, PAGE)


def _long(bare: Answer, **totals: int) -> dict[str, LongList]:
    return {name: LongList(total, bare.narrowed.pages[name], PAGES[name]) for name, total in totals.items()}


def _calls(reader: Connection, bare: Answer, office_id: int, at: datetime, rows: int | None) -> Answer:
    facts = _facts(reader, bare, office_id, at, Calls)
    register = load_register(reader, facts)
    _name_everybody(reader, register, bare.names)
    found, ids = overview(register, bare.narrowed.wanted), register.listed(bare.narrowed.wanted)
    first, limit = _part(bare, "calls", rows)
    entries = list_page(reader, register, ids, first=first, limit=limit)
    figures = [
        (str(format_decimal(found.calls)), gettext("calls")),
        (str(format_decimal(found.out_of_order)), gettext("out of order")),
        share_figure(found.share, gettext("of the calls")),
        (str(format_decimal(found.without_passing)), gettext("of them passed nobody over")),
        (str(format_decimal(found.passed_over)), gettext("times somebody was passed over")),
        (span(found.longest_s) if found.out_of_order else NOTHING, gettext("passed over by at most")),
    ]
    sheets = [shares_sheet(found, bare.names), calls_sheet(entries, bare.names, office_id)]
    if not found.calls and not ids:
        return _nothing(bare, sheets)
    return replace(bare, figures=figures, sheets=sheets, lists=_long(bare, calls=len(ids)))


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


def _waits(reader: Connection, bare: Answer, office_id: int, at: datetime, rows: int | None) -> Answer:
    facts = _facts(reader, bare, office_id, at, Transactions)
    names, service_id = bare.names, bare.asked.question.service_id
    waits, works = load_waits(reader, facts), works_of(facts)
    (waited, by_service), (worked, work_by_service) = summary(waits, service_id), summary(works, service_id)
    late, late_works = waits.listed(service_id), works.listed(service_id)
    shown = [
        each[first : first + limit]
        for each, (first, limit) in ((late, _part(bare, "waits", rows)), (late_works, _part(bare, "work", rows)))
    ]
    sheets = [
        kept_sheet(by_service, names),
        waits_sheet(list_late(reader, waits, shown[0]), names, office_id),
        work_kept_sheet(work_by_service, names),
        late_work_sheet(list_late_work(reader, works, shown[1]), names, office_id),
    ]
    if not waited.transactions and not worked.transactions:
        return _nothing(bare, sheets)
    figures = wait_figures(waits, waited, late) + work_figures(works, worked, late_works)
    return replace(bare, figures=figures, sheets=sheets, lists=_long(bare, waits=len(late), work=len(late_works)))


def _associations(reader: Connection, bare: Answer, office_id: int, at: datetime) -> Answer:
    answered = find_answered(reader, office_id, bare.asked.question, at)
    if answered is None:
        asked = replace(bare.narrowed.asked, wrong=periods_only())
        return replace(bare, narrowed=replace(bare.narrowed, asked=asked))
    sheets, any_answers = association_sheets(answered)
    return replace(bare, sheets=sheets) if any_answers else _nothing(bare, sheets)


def _consistency(reader: Connection, bare: Answer, office_id: int, at: datetime) -> Answer:
    facts = _facts(reader, bare, office_id, at, Transactions)
    service_id = bare.asked.question.service_id
    figures = by_handoffs(load_waits(reader, facts), service_id)
    score = score_sheet(find_answered(reader, office_id, bare.asked.question, at))
    officers = officers_share(facts, service_id)
    seen = {each.officer_id for each in officers.officers}
    bare.names.people.update(find_people(reader, seen - bare.names.people.keys()))
    sheets = [*measure_sheets(figures), score, officers_sheet(officers, bare.names)]
    if not any(each.count for each in figures) and not score.rows:
        return _nothing(bare, sheets)
    return replace(bare, sheets=sheets, charts=charts_of(figures), sentence=variance_words(officers.variance))
