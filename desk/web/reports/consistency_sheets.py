"""The sheets of the comparison: one for each measure by number of handoffs, and the officers' times."""

from typing import Any

from flask_babel import format_decimal, gettext, ngettext

from desk.reads.report_names import Names
from desk.reports.consistency import MEASURES, OF_SOME, SHARES, Figure, figures_of
from desk.reports.officers_share import OfficersShare
from desk.reports.statistics import Variance
from desk.web.reports.charts import Chart
from desk.web.reports.fairness_sheets import officer_of
from desk.web.reports.sheets import Column, Kind, Row, Sheet, percent
from desk.wording.fairness import HANDOFFS
from desk.wording.fairness import MEASURES as WORDS


def measure_sheets(figures: list[Figure]) -> list[Sheet]:
    """Return a sheet for each measure; those that not every transaction has only where any has it."""
    return [
        _measure_sheet(measure, found)
        for measure in MEASURES
        if (found := figures_of(figures, measure)) and (measure not in OF_SOME or any(each.count for each in found))
    ]


def _measure_sheet(measure: str, figures: list[Figure]) -> Sheet:
    about, more = _kinds(measure)
    seconds = about is Kind.SPAN_ABOUT
    spread = (Column(gettext("Median"), Kind.SPAN), Column(gettext("9 in 10 within"), Kind.SPAN)) if seconds else ()
    difference = gettext("Difference, like with like")
    if measure in SHARES:
        difference = gettext("Difference in percentage points, like with like")
    columns = (
        Column(gettext("Handoffs"), Kind.TEXT),
        Column(gettext("Transactions"), Kind.COUNT),
        *spread,
        Column(gettext("Share") if measure in SHARES else gettext("Mean"), about),
        Column(difference, more),
        Column(gettext("Compared"), Kind.TEXT),
    )
    rows = [Row(_values(each, seconds=seconds)) for each in figures]
    return Sheet(measure, gettext(WORDS[measure]), columns, rows)


def _kinds(measure: str) -> tuple[Kind, Kind]:
    return (Kind.SHARE, Kind.SHARE_MORE) if measure in SHARES else (Kind.SPAN_ABOUT, Kind.SPAN_MORE)


def _values(figure: Figure, *, seconds: bool) -> tuple[Any, ...]:
    spread = (figure.median, figure.ninetieth) if seconds else ()
    compared = ""
    if figure.matched is not None:
        compared = gettext(
            "%(own)s with %(others)s",
            own=format_decimal(figure.matched.exposed),
            others=format_decimal(figure.matched.others),
        )
    if figure.handoffs == 0:
        return gettext(HANDOFFS[0]), figure.count, *spread, figure.estimate, "", ""
    return gettext(HANDOFFS[figure.handoffs]), figure.count, *spread, figure.estimate, figure.matched, compared


def officers_sheet(found: OfficersShare, names: Names) -> Sheet:
    """Return each officer's time at the counter beside what is usual for like matters."""
    columns = (
        Column(gettext("Officer"), Kind.TEXT),
        Column(gettext("Transactions"), Kind.COUNT),
        Column(gettext("Time at the counter, 1 is usual for the service and hour"), Kind.RATIO),
    )
    rows = [Row((officer_of(names, each.officer_id), each.transactions, each.ratio)) for each in found.officers]
    return Sheet(
        "officers",
        gettext("Time at the counter by officer"),
        columns,
        rows,
        gettext("No two officers served the same service at the same hour often enough. Choose more days."),
        _left_out(found),
    )


def _left_out(found: OfficersShare) -> tuple[str, ...]:
    notes = [
        gettext(
            "Compared: %(compared)s transactions. Left out: %(alone)s where only one officer served that service at"
            " that hour, %(shared)s in which several officers had a part.",
            compared=format_decimal(found.compared),
            alone=format_decimal(found.alone),
            shared=format_decimal(found.shared),
        )
    ]
    unranked = sum(not each.ranked for each in found.officers)
    if unranked:
        notes.append(
            ngettext(
                "The last %(num)d officer of the table has fewer than 30 transactions and is not ranked.",
                "The last %(num)d officers of the table have fewer than 30 transactions and are not ranked.",
                unranked,
            )
        )
    if found.hidden:
        notes.append(
            ngettext(
                "%(num)d officer with fewer than 5 transactions is not shown.",
                "%(num)d officers with fewer than 5 transactions are not shown.",
                found.hidden,
            )
        )
    return tuple(notes)


def variance_words(variance: Variance | None) -> str:
    """Return in one sentence how much of the difference in time goes with who serves."""
    if variance is None:
        return gettext(
            "There are too few transactions of the same service and hour by different officers to tell how much depends"
            " on who serves. Choose more days."
        )
    return gettext(
        "Of the differences in time at the counter between like matters, %(share)s go along with who served (between"
        " %(low)s and %(high)s, as far as %(count)s transactions of %(officers)s officers can tell).",
        share=percent(max(0.0, variance.estimate)),
        low=percent(max(0.0, variance.interval.low)),
        high=percent(max(0.0, variance.interval.high)),
        count=format_decimal(variance.count),
        officers=format_decimal(variance.groups),
    )


def charts_of(figures: list[Figure]) -> dict[str, Chart]:
    """Return the pictures of waiting and of time altogether by number of handoffs, in minutes."""
    found = {measure: figures_of(figures, measure) for measure in ("all_waiting", "total")}
    return {
        measure: _chart(measure, of) for measure, of in found.items() if sum(each.median is not None for each in of) > 1
    }


def _chart(measure: str, figures: list[Figure]) -> Chart:
    title, unit = gettext(WORDS[measure]), gettext("minutes")
    series = ((gettext("Median"), "serving", "median"), (gettext("9 in 10 within"), "processing", "ninetieth"))
    data = {
        "kind": "bar",
        "unit": unit,
        "labels": [gettext(HANDOFFS[each.handoffs]) for each in figures],
        "series": [
            {"name": words, "tone": tone, "values": [_minutes(getattr(each, name)) for each in figures]}
            for words, tone, name in series
        ],
    }
    description = gettext(
        "Chart: %(columns)s, %(table)s, in %(unit)s. The table below has the same figures.",
        columns=", ".join(words for words, _, _ in series),
        table=title.lower(),
        unit=unit,
    )
    return Chart(measure, title, description, tuple((tone, words) for words, tone, _ in series), data)


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / 60, 2)
