"""The sheets of invitations that do not stand: taken back by a reopening, still in work, and revoked by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flask import url_for
from flask_babel import gettext, ngettext

from desk.reads.report_names import Names
from desk.reports.shares import share
from desk.reports.survey_coverage import Coverage
from desk.reports.survey_undone import Reopened
from desk.web.reports.fairness_sheets import officer_of, service_of
from desk.web.reports.sheets import NOTHING, Column, Kind, Row, Sheet, stands_out
from desk.wording.reasons import STATES

LIST: Final = "in-work"
MOST_LISTED: Final = 200


@dataclass(frozen=True, slots=True)
class Paths:
    """Where rows lead: to the same report of one service or officer, and (`opens_files`) to transaction files."""

    office_id: int
    arguments: Mapping[str, Any]
    opens_files: bool

    def narrowed(self, **to: int) -> str:
        """Return the address of the list, narrowed to a service or an officer."""
        arguments: dict[str, Any] = {**self.arguments, **to}
        return url_for("coverage.page", office_id=self.office_id, _anchor=f"part-{LIST}", **arguments)

    def file(self, transaction_id: int) -> str | None:
        """Return the address of a transaction's file, for those who may open it."""
        if not self.opens_files:
            return None
        return url_for("supervisor.transaction", office_id=self.office_id, transaction_id=transaction_id)


def undone_sheets(found: Coverage, names: Names, paths: Paths, limits: Mapping[int, datetime]) -> list[Sheet]:
    """Return the tables; `limits` says by transaction when the system decides all the same."""
    services = [
        (service_of(names, each.key), paths.narrowed(service=each.key), each) for each in found.reopened_services
    ]
    officers = [
        (officer_of(names, each.key), paths.narrowed(officer=each.key), each) for each in found.reopened_officers
    ]
    return [
        _reopened("reopened-services", gettext("By service: taken back by reopening"), gettext("Service"), services),
        _reopened(
            "reopened-officers", gettext("By officer: taken back by reopening"), gettext("Officer"), sorted(officers)
        ),
        _in_work(found, names, paths, limits),
        _revokers(found, names),
    ]


def _reopened(name: str, caption: str, subject: str, lines: list[tuple[str, str, Reopened]]) -> Sheet:
    columns = (
        Column(subject, Kind.TEXT),
        Column(gettext("Invited at an end"), Kind.COUNT),
        Column(gettext("Taken back, not ended again"), Kind.COUNT),
        Column(gettext("Of the invited"), Kind.SHARE),
        Column(gettext("Asked all the same after the limit"), Kind.COUNT),
        Column(gettext("Chance of so many by luck"), Kind.CHANCE),
    )
    rows = [
        Row(
            (words, each.invited, each.taken_back, each.share, each.at_limit, each.chance),
            link=path,
            marked=each.stands_out,
        )
        for words, path, each in lines
    ]
    return Sheet(name, caption, columns, rows, gettext("No invitation was taken back."), _outliers(lines), stands_out())


def _outliers(lines: list[tuple[str, str, Reopened]]) -> tuple[str, ...]:
    count = sum(each.stands_out for _, _, each in lines)
    if not count:
        return ()
    return (
        ngettext(
            "In %(num)d line so many were taken back that luck alone is an unlikely explanation (below 5%%). Look at"
            " the list of those in work before you conclude anything.",
            "In %(num)d lines so many were taken back that luck alone is an unlikely explanation (below 5%%). Look at"
            " the list of those in work before you conclude anything.",
            count,
        ),
    )


def _in_work(found: Coverage, names: Names, paths: Paths, limits: Mapping[int, datetime]) -> Sheet:
    columns = (
        Column(gettext("Number"), Kind.TEXT),
        Column(gettext("Service"), Kind.TEXT),
        Column(gettext("Officer at the end"), Kind.TEXT),
        Column(gettext("Ended"), Kind.MOMENT),
        Column(gettext("First reopened"), Kind.MOMENT),
        Column(gettext("Last reopened by"), Kind.TEXT),
        Column(gettext("State"), Kind.TEXT),
        Column(gettext("The system decides all the same"), Kind.MOMENT),
    )
    rows = [
        Row(
            (
                each.number,
                service_of(names, each.service_id),
                _person(names, each.officer_id),
                each.decided_at,
                each.taken_back_at,
                _person(names, each.reopened_by or 0),
                gettext(_STATES.get(each.state, each.state)),
                limits.get(each.transaction_id),
            ),
            link=paths.file(each.transaction_id),
        )
        for each in found.taken_back[:MOST_LISTED]
    ]
    left_out = len(found.taken_back) - len(rows)
    notes = (gettext("The oldest stand here; %(count)d more do not.", count=left_out),) if left_out else ()
    return Sheet(
        LIST, gettext("Taken back and in work now"), columns, rows, gettext("No invitation was taken back."), notes
    )


_STATES: Final[dict[str, str]] = {state.value: words for state, words in STATES.items()}


def _person(names: Names, person_id: int) -> str:
    return officer_of(names, person_id) if person_id else NOTHING


def _revokers(found: Coverage, names: Names) -> Sheet:
    columns = (
        Column(gettext("Revoked by"), Kind.TEXT),
        Column(gettext("Links revoked by hand"), Kind.COUNT),
        Column(gettext("Of all that were revoked"), Kind.SHARE),
    )
    total = sum(each.count for each in found.revokers)
    rows = [Row((officer_of(names, each.person_id), each.count, share(each.count, total))) for each in found.revokers]
    caption = gettext("Revoked by hand, by who did it")
    return Sheet("revokers", caption, columns, rows, gettext("No link was revoked by hand."))
