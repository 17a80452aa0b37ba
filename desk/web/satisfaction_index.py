"""The satisfaction index of a period: elements, trend, services, who answered and how."""

import re
from collections.abc import Mapping
from typing import Final

from flask_babel import gettext
from sqlalchemy import Connection

from desk.domain.skm_elements import weight_of
from desk.domain.skm_index import Index, index_of
from desk.domain.skm_period import Period, read_period
from desk.domain.skm_warnings import ReportWarning, WarningKind, warn_of_answers, warn_of_copies
from desk.domain.tallies import Origin, Tally
from desk.reports.satisfaction import Cell, count_served, instrument_of, load_cells, official, sample_of, tallied_of
from desk.reports.skm_findings import suppressed
from desk.reports.telling import Telling, load_telling
from desk.web.context import language
from desk.web.report_charts import Chart
from desk.web.satisfaction_page import Answer, filled, service_words, shown, why_untold
from desk.web.satisfaction_question import Asked, period_words
from desk.web.sheets import Column, Kind, Row, Sheet
from desk.wording.skm import ORIGINS, PROFILE, PROFILE_VALUES, WARNINGS

TREND: Final = 8  # periods
# What warns of numbers of people only, and tells nothing of what they said.
OF_COUNTS: Final = frozenset({WarningKind.TOO_FEW_TO_PUBLISH, WarningKind.BELOW_SAMPLE, WarningKind.MORE_THAN_SERVED})
DECIMALS: Final = 4  # of means, as the bounds of the letters are printed


def ikm(reader: Connection, bare: Answer, office_id: int) -> Answer:
    """Work the index of the period asked for out."""
    asked = bare.asked
    instrument = instrument_of(asked.measure)
    periods = _back(asked.period)
    cells = load_cells(reader, office_id, periods[-1].first, asked.period.last, asked.measure)
    by_period = {each: [cell for cell in cells if cell.month in each] for each in periods}
    tally = official(by_period[asked.period], asked.measure, asked.service_id)
    if not tally.answers:
        return filled(bare, nothing=True)
    tallied = tallied_of(instrument, tally)
    weight = weight_of(instrument, asked.weight)
    index = index_of(tallied, weight)
    served = count_served(reader, office_id, asked.period.first, asked.period.last)
    drawn = sample_of(served, by_period[asked.period], tally.answers, asked.service_id)
    others = {
        str(each): tallied_of(instrument, official(found, asked.measure, asked.service_id))
        for each, found in by_period.items()
        if each != asked.period
    }
    warnings = [*warn_of_answers(tallied, drawn), *warn_of_copies(tallied, others)]
    telling = load_telling(reader, office_id, periods[-1].first, asked.period.last, asked.measure)
    if untold := telling.why_not(asked.period, asked.group):
        counted = [warned(each, index) for each in warnings if each.kind in OF_COUNTS]
        return filled(bare, respondents=tally.answers, sample=drawn, warnings=counted, hidden=why_untold(untold))
    trend = _trend(by_period, bare, telling)
    sheets = [_elements(index), trend, _profile(tally), _origins(by_period[asked.period], asked)]
    if not asked.service_id:
        sheets.insert(2, _services(by_period[asked.period], served, bare, telling))
    charts = {"trend": _trend_chart(trend)} if len([row for row in trend.rows if row.values[2] != "–"]) > 1 else {}
    return filled(
        bare,
        index=index,
        respondents=tally.answers,
        sample=drawn,
        warnings=[warned(each, index) for each in warnings],
        sheets=[each for each in sheets if each.rows],
        charts=charts,
    )


def _back(period: Period) -> list[Period]:
    """Return the period and those before it, the newest first."""
    found = [period]
    while len(found) < TREND:
        found.append(found[-1].before)
    return found


def warned(warning: ReportWarning, index: Index) -> str:
    """Return a warning in words, its elements by name."""
    details = dict(warning.details)
    if "elements" in details:
        for element in index.instrument.elements:
            name = element.english if language() == "en" else element.name
            details["elements"] = details["elements"].replace(element.key, name)
    if "period" in details:
        details["period"] = period_words(read_period(details["period"]))
    if language() != "en":
        details |= {name: re.sub(r"(?<=\d)\.(?=\d)", ",", value) for name, value in details.items()}
    return gettext(WARNINGS[warning.kind], **details)


def _elements(index: Index) -> Sheet:
    columns = (
        Column(gettext("Element"), Kind.TEXT),
        Column(gettext("Answers"), Kind.COUNT),
        Column(gettext("Mean (NRR)"), Kind.TEXT),
        Column(gettext("Weighted"), Kind.TEXT),
        Column(gettext("Converted"), Kind.TEXT),
        Column(gettext("Quality"), Kind.TEXT),
    )
    lowest = {each.element.key for each in index.lowest()}
    rows = [
        Row(
            (
                each.element.english if language() == "en" else each.element.name,
                each.tally.answers,
                shown(each.mean, DECIMALS),
                shown(each.weighted, DECIMALS),
                shown(each.converted),
                each.band.letter.value if each.band else "–",
            ),
            marked=each.element.key in lowest,
        )
        for each in index.elements
    ]
    return Sheet("elements", gettext("By element"), columns, rows, notes=_apart(index))


def _apart(index: Index) -> tuple[str, ...]:
    """Say what is special about two elements, and which are lowest."""
    named = [each.element.english if language() == "en" else each.element.name for each in index.lowest()]
    notes = [gettext("Lowest, and first in the follow-up plan: %(elements)s.", elements=", ".join(named))]
    for each in index.apart:
        if each.converted is not None:
            name = each.element.english if language() == "en" else each.element.name
            notes.append(gettext("Apart: %(element)s %(figure)s.", element=name, figure=shown(each.converted)))
    if index.apart:
        notes.append(
            gettext(
                "A lawful fee can never score 4, and the question about complaints asks whether there is a way to"
                " complain at all: both pull the index down whatever the staff do."
            )
        )
    return tuple(notes)


def _trend(by_period: Mapping[Period, list[Cell]], bare: Answer, telling: Telling) -> Sheet:
    asked = bare.asked
    instrument = instrument_of(asked.measure)
    columns = (
        Column(gettext("Period"), Kind.TEXT),
        Column(gettext("Respondents"), Kind.COUNT),
        Column(gettext("IKM"), Kind.TEXT),
        Column(gettext("Quality"), Kind.TEXT),
    )
    rows: list[Row] = []
    for period, cells in sorted(by_period.items(), key=lambda pair: pair[0].first):
        tally = official(cells, asked.measure, asked.service_id)
        if not rows and not tally.answers:
            continue  # before the first answer of all
        enough = tally.answers and telling.told(period, asked.group)
        index = index_of(tallied_of(instrument, tally), weight_of(instrument, asked.weight)) if enough else None
        letter = index.band.letter.value if index and index.band else "–"
        rows.append(Row((period_words(period), tally.answers, shown(index.value if index else None), letter)))
    return Sheet("trend", gettext("From period to period"), columns, rows)


def _trend_chart(trend: Sheet) -> Chart:
    heights = [None if row.values[2] == "–" else float(row.values[2].replace(",", ".")) for row in trend.rows]
    data = {
        "kind": "line",
        "unit": gettext("index"),
        "labels": [row.values[0] for row in trend.rows],
        "series": [{"name": gettext("IKM"), "tone": "serving", "values": heights}],
    }
    description = gettext("Chart: the index from period to period. The table below has the same figures.")
    return Chart("trend", gettext("From period to period"), description, (("serving", gettext("IKM")),), data)


def _services(cells: list[Cell], served: Mapping[int, int], bare: Answer, telling: Telling) -> Sheet:
    asked = bare.asked
    instrument = instrument_of(asked.measure)
    columns = (
        Column(gettext("Service"), Kind.TEXT),
        Column(gettext("Served"), Kind.COUNT),
        Column(gettext("Respondents needed"), Kind.COUNT),
        Column(gettext("Respondents"), Kind.COUNT),
        Column(gettext("IKM"), Kind.TEXT),
        Column(gettext("Quality"), Kind.TEXT),
    )
    ids = [each for each in bare.names.services if served.get(each) or any(cell.service_id == each for cell in cells)]
    tallies = [official(cells, asked.measure, each) for each in ids]
    rows = []
    for service_id, tally in zip(ids, tallies, strict=True):
        is_hidden = not telling.told(asked.period, (service_id,))
        shows = tally.answers and not is_hidden
        index = index_of(tallied_of(instrument, tally), weight_of(instrument, asked.weight)) if shows else None
        letter = index.band.letter.value if index and index.band else "–"
        figure = gettext("too few to tell") if is_hidden else shown(index.value if index else None)
        drawn = sample_of(served, cells, tally.answers, service_id)
        known = (None, None) if drawn is None else (drawn.population, drawn.needed)
        rows.append(Row((service_words(bare, service_id), *known, tally.answers, figure, letter)))
    return Sheet("services", gettext("By service"), columns, rows)


def _profile(tally: Tally) -> Sheet:
    columns = (
        Column(gettext("Profile"), Kind.TEXT),
        Column(gettext("Answer"), Kind.TEXT),
        Column(gettext("Respondents"), Kind.COUNT),
    )
    rows = [
        Row((gettext(PROFILE[column]), _value(column, value) if value else gettext("not told"), count))
        for column, counts in suppressed(tally).items()
        for value, count in counts.items()
    ]
    note = gettext("–: under 5, or what would reveal such a number. Questions about the person are voluntary.")
    return Sheet("profile", gettext("Who answered"), columns, rows, notes=(note,))


def _value(column: str, value: str) -> str:
    return gettext(PROFILE_VALUES[value]) if column == "jenis_kelamin" and value in PROFILE_VALUES else value


def _origins(cells: list[Cell], asked: Asked) -> Sheet:
    columns = (Column(gettext("How the answer came"), Kind.TEXT), Column(gettext("Answers"), Kind.COUNT))
    counts = dict.fromkeys(Origin, 0)
    for cell in cells:
        if cell.measure == asked.measure and asked.service_id in (0, cell.service_id):
            counts[cell.origin] += cell.tally.answers
    rows = [Row((gettext(ORIGINS[origin]), count)) for origin, count in counts.items() if count]
    return Sheet("origins", gettext("How the answers came"), columns, rows)
