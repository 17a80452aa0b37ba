"""The sheets of the fairness register: calls out of order, use of priority; in the request's language."""

from collections.abc import Iterable, Sequence

from flask import url_for
from flask_babel import gettext, ngettext

from desk.reads.report_names import Names
from desk.reports.fairness import OfficerShare, Overview
from desk.reports.out_of_order import Entry
from desk.reports.priority_use import PriorityUse, Use
from desk.web.context import language
from desk.web.counter_words import called
from desk.web.priority_words import priority_word
from desk.web.reports.sheets import Column, Kind, Row, Sheet, span
from desk.web.supervision.timeline import word
from desk.wording.fairness import SHIFTS

MOST_NAMED = 3
UNLIKELY = 0.05


def officer_of(names: Names, officer_id: int) -> str:
    """Return somebody's name."""
    return names.people.get(officer_id) or gettext("Somebody removed")


def service_of(names: Names, service_id: int) -> str:
    """Return a service's name in the language of the request."""
    return names.services.get(service_id, {}).get(language()) or gettext("A service removed")


def shares_sheet(found: Overview, names: Names) -> Sheet:
    """Return the officers' and shifts' shares of calls out of order."""
    told = _without_repeats(found.officers)
    columns = (
        Column(gettext("Officer"), Kind.TEXT),
        Column(gettext("Shift"), Kind.TEXT),
        Column(gettext("Calls"), Kind.COUNT),
        Column(gettext("Calls out of order"), Kind.COUNT),
        Column(gettext("Share of calls"), Kind.SHARE),
        Column(gettext("Chance of such a difference by luck"), Kind.CHANCE),
    )
    rows = [
        Row(
            (
                officer_of(names, each.officer_id),
                gettext("Whole day") if each.shift is None else gettext(SHIFTS[each.shift]),
                each.calls,
                each.out_of_order,
                each.share,
                each.chance,
            )
        )
        for each in told
    ]
    unlikely = len({each.officer_id for each in told if each.chance is not None and each.chance < UNLIKELY})
    notes = (*_hidden(found.hidden, gettext("calls")), *_unlikely(unlikely))
    return Sheet(
        "officers",
        gettext("By officer and shift"),
        columns,
        rows,
        gettext("No officer made five calls or more in these days."),
        notes,
    )


def _without_repeats(shares: Sequence[OfficerShare]) -> list[OfficerShare]:
    """Leave out the whole day of who called in one shift only: it would say the same twice."""
    halves = {(each.officer_id, each.calls) for each in shares if each.shift is not None}
    return [each for each in shares if each.shift is not None or (each.officer_id, each.calls) not in halves]


def _hidden(count: int, of: str) -> tuple[str, ...]:
    if not count:
        return ()
    return (
        ngettext(
            "%(num)d officer with fewer than 5 %(of)s is not shown.",
            "%(num)d officers with fewer than 5 %(of)s are not shown.",
            count,
            of=of,
        ),
    )


def _unlikely(count: int) -> tuple[str, ...]:
    """Say what a small chance asks for, and what it does not prove."""
    if not count:
        return ()
    return (
        ngettext(
            "For %(num)d officer luck alone is an unlikely explanation (below 5%%). There may be good reasons, such"
            " as a counter for those who need help: read the calls before you conclude anything.",
            "For %(num)d officers luck alone is an unlikely explanation (below 5%%). There may be good reasons, such"
            " as a counter for those who need help: read the calls before you conclude anything.",
            count,
        ),
    )


def calls_sheet(entries: Iterable[Entry], names: Names, office_id: int) -> Sheet:
    """Return the register itself."""
    columns = (
        Column(gettext("Number"), Kind.TEXT),
        Column(gettext("Called at"), Kind.MOMENT),
        Column(gettext("Called by"), Kind.TEXT),
        Column(gettext("Counter"), Kind.TEXT),
        Column(gettext("Service"), Kind.TEXT),
        Column(gettext("Reason"), Kind.TEXT),
        Column(gettext("Note"), Kind.TEXT),
        Column(gettext("Had waited"), Kind.SPAN),
        Column(gettext("Passed over"), Kind.TEXT),
        Column(gettext("By how long at most"), Kind.SPAN),
    )
    return Sheet(
        "calls",
        gettext("The register"),
        columns,
        [_call_row(each, names, office_id) for each in entries],
        gettext("No call was out of order. Choose other days or a wider filter to see more."),
    )


def _call_row(entry: Entry, names: Names, office_id: int) -> Row:
    return Row(
        (
            entry.number,
            entry.called_at,
            officer_of(names, entry.officer_id),
            called(entry.counter),
            entry.service_names[language()],
            _reason(entry),
            entry.note or "",
            entry.waited_s,
            _passed(entry),
            entry.by_s if entry.passed else None,
        ),
        file_of(office_id, entry.transaction_id),
    )


def _reason(entry: Entry) -> str:
    reason = word(entry.reason) if entry.reason else gettext("none given: called as the next one")
    return gettext("%(reason)s (taken back at once, not counted)", reason=reason) if entry.taken_back else reason


def _passed(entry: Entry) -> str:
    if not entry.passed:
        return gettext("nobody")
    named = [f"{each.number} ({span(each.by_s)})" for each in entry.passed[:MOST_NAMED]]
    more = len(entry.passed) - len(named)
    return ", ".join(named) + (" " + gettext("and %(count)d more", count=more) if more else "")


def file_of(office_id: int, transaction_id: int) -> str:
    """Return where the file of a transaction is."""
    return url_for("supervisor.transaction", office_id=office_id, transaction_id=transaction_id)


def priority_sheets(found: PriorityUse, names: Names) -> list[Sheet]:
    """Return the use of priority by reason, by way of checking in, and by who checked in at the reception."""
    reasons = [
        Row((priority_word(each.key) if each.key else gettext("none given"), each.priority, each.share))
        for each in found.reasons
    ]
    channels = [Row((word(each.key), each.visits, each.priority, each.share)) for each in found.channels]
    head, visits = Column(gettext("Visits"), Kind.COUNT), Column(gettext("With priority"), Kind.COUNT)
    share = Column(gettext("Share of visits"), Kind.SHARE)
    nobody = gettext("Nobody took a number in these days. Choose other days.")
    return [
        Sheet(
            "reasons",
            gettext("By reason"),
            (Column(gettext("Reason"), Kind.TEXT), visits, share),
            reasons,
            gettext("No visit had priority in these days."),
        ),
        Sheet(
            "channels",
            gettext("By way of checking in"),
            (Column(gettext("Checked in"), Kind.TEXT), head, visits, share),
            channels,
            nobody,
        ),
        _clerks_sheet(found, names, (head, visits, share)),
    ]


def _clerks_sheet(found: PriorityUse, names: Names, counted: tuple[Column, ...]) -> Sheet:
    columns = (
        Column(gettext("Officer"), Kind.TEXT),
        *counted,
        Column(gettext("Chance of such a difference by luck"), Kind.CHANCE),
    )
    return Sheet(
        "clerks",
        gettext("By who checked visitors in at the reception"),
        columns,
        [_clerk_row(each, names) for each in found.officers or []],
        gettext("Who checked in is looked up for a year at most. Choose fewer days.")
        if found.officers is None
        else gettext("Nobody checked in five visitors or more at the reception in these days."),
        _hidden(found.hidden, gettext("check-ins")),
    )


def _clerk_row(use: Use, names: Names) -> Row:
    return Row((officer_of(names, int(use.key)), use.visits, use.priority, use.share, use.chance))
