"""Undue waits, and work past its promise in working days: their key figures and sheets, in the request's language."""

from collections.abc import Iterable

from flask_babel import format_decimal, gettext

from desk.reads.report_names import Names
from desk.reports.late_work import LateWork
from desk.reports.undue_waits import Kept, LateVisit, Measured
from desk.web.reports.fairness_sheets import file_of, service_of
from desk.web.reports.sheets import NOTHING, Column, Kind, Row, Sheet, share_figure, span
from desk.web.supervision.timeline import word


def wait_figures(waits: Measured, total: Kept, places: list[int]) -> list[tuple[str, str]]:
    """Return the key figures of first waits; `places` are of those past the promise."""
    return [
        (str(format_decimal(total.transactions)), gettext("transactions")),
        (str(format_decimal(total.late)), gettext("waited past the promise")),
        share_figure(total.share, gettext("of the transactions")),
        (str(format_decimal(_still_waiting(waits, places))), gettext("still waiting past it")),
        (span(total.longest_over_s) if total.late else NOTHING, gettext("past it by at most")),
    ]


def _still_waiting(waits: Measured, places: list[int]) -> int:
    found = waits.facts.transactions
    state = waits.facts.code("waiting")
    return int(((found.state[places] == state) & (found.until_served[places] < 0)).sum())


def work_figures(works: Measured, total: Kept, places: list[int]) -> list[tuple[str, str]]:
    """Return the key figures of promises in working days; none where nothing was promised."""
    if not total.transactions:
        return []
    still_open = int((works.facts.transactions.ended_at[places] == 0).sum())
    return [
        (str(format_decimal(total.transactions)), gettext("with a promise in working days")),
        (str(format_decimal(total.late)), gettext("past that promise")),
        share_figure(total.share, gettext("of those with such a promise")),
        (str(format_decimal(still_open)), gettext("still open past it")),
    ]


def kept_sheet(services: list[Kept], names: Names) -> Sheet:
    """Return service by service how many first waits passed the promise."""
    columns = (
        Column(gettext("Service"), Kind.TEXT),
        Column(gettext("Promised wait"), Kind.SPAN),
        Column(gettext("Transactions"), Kind.COUNT),
        Column(gettext("Past the promise"), Kind.COUNT),
        Column(gettext("Share past the promise"), Kind.SHARE),
        Column(gettext("Past it by at most"), Kind.SPAN),
    )
    rows = [
        Row(
            (
                service_of(names, each.service_id),
                each.promised_s[0] if _alike(each) else None,
                each.transactions,
                each.late,
                each.share,
                each.longest_over_s if each.late else None,
            )
        )
        for each in services
    ]
    notes = tuple(_varied(each, names) for each in services if not _alike(each))
    empty = gettext("Nobody took a number in these days.")
    return Sheet("services", gettext("Waits by service"), columns, rows, empty, notes)


def _alike(kept: Kept) -> bool:
    """Tell whether all were promised the same."""
    return kept.promised_s[0] == kept.promised_s[1]


def _varied(kept: Kept, names: Names) -> str:
    return gettext(
        "%(service)s: the promised wait changed, from %(least)s to %(most)s. Each wait is measured by the promise of"
        " its own check-in.",
        service=service_of(names, kept.service_id),
        least=span(kept.promised_s[0]),
        most=span(kept.promised_s[1]),
    )


def waits_sheet(visits: Iterable[LateVisit], names: Names, office_id: int) -> Sheet:
    """Return everyone who waited past the promise, those longest past it first."""
    columns = (
        Column(gettext("Number"), Kind.TEXT),
        Column(gettext("Number taken"), Kind.MOMENT),
        Column(gettext("Service"), Kind.TEXT),
        Column(gettext("Promised wait"), Kind.SPAN),
        Column(gettext("First wait"), Kind.SPAN),
        Column(gettext("Past the promise by"), Kind.SPAN),
        Column(gettext("What happened then"), Kind.TEXT),
    )
    rows = [
        Row(
            (
                each.number,
                each.opened_at,
                service_of(names, each.service_id),
                each.promised_s,
                each.waited_s,
                each.over_s,
                _then(each),
            ),
            file_of(office_id, each.transaction_id),
            marked=each.waiting,
        )
        for each in visits
    ]
    return Sheet(
        "waits",
        gettext("Everyone who waited past the promise"),
        columns,
        rows,
        gettext("Nobody waited longer than promised in these days."),
        mark=gettext("still waiting"),
    )


def _then(visit: LateVisit) -> str:
    if visit.waiting:
        return gettext("Still waiting")
    if visit.served:
        return gettext("Was served; now: %(state)s", state=word(visit.stands))
    return gettext("Was not served; now: %(state)s", state=word(visit.stands))


def work_kept_sheet(services: Iterable[Kept], names: Names) -> Sheet:
    """Return service by service how many promises in working days were passed."""
    columns = (
        Column(gettext("Service"), Kind.TEXT),
        Column(gettext("With the promise"), Kind.COUNT),
        Column(gettext("Past the promise"), Kind.COUNT),
        Column(gettext("Share past the promise"), Kind.SHARE),
        Column(gettext("Past it by at most"), Kind.OFFICE),
    )
    rows = [
        Row(
            (
                service_of(names, each.service_id),
                each.transactions,
                each.late,
                each.share,
                each.longest_over_s if each.late else None,
            )
        )
        for each in services
    ]
    empty = gettext("Nothing was promised in working days to those who took their number in these days.")
    return Sheet("work_services", gettext("Working days by service"), columns, rows, empty)


def late_work_sheet(works: Iterable[LateWork], names: Names, office_id: int) -> Sheet:
    """Return all work past its promise in working days, that longest past it first."""
    columns = (
        Column(gettext("Number"), Kind.TEXT),
        Column(gettext("Documents complete"), Kind.MOMENT),
        Column(gettext("Service"), Kind.TEXT),
        Column(gettext("Working days promised"), Kind.COUNT),
        Column(gettext("Promised by"), Kind.MOMENT),
        Column(gettext("Office time allowed"), Kind.OFFICE),
        Column(gettext("Office time used"), Kind.OFFICE),
        Column(gettext("Past the promise by"), Kind.OFFICE),
        Column(gettext("Ended"), Kind.MOMENT),
        Column(gettext("Where it stands"), Kind.TEXT),
    )
    rows = [
        Row(
            (
                each.number,
                each.complete_at,
                service_of(names, each.service_id),
                each.days,
                each.promised_at,
                each.allowed_s,
                each.used_s,
                each.over_s,
                each.ended_at,
                _stands(each),
            ),
            file_of(office_id, each.transaction_id),
            marked=each.ended_at is None,
        )
        for each in works
    ]
    empty = gettext("No promise in working days was passed.")
    title = gettext("All work past its promise in working days")
    return Sheet("work", title, columns, rows, empty, mark=gettext("still open"))


def _stands(work: LateWork) -> str:
    state = word(work.stands)
    if work.ended_at is None:
        return gettext("Still open: %(state)s", state=state)
    return gettext("Ended late: %(state)s", state=state)
