"""The satisfaction index of a period: elements, trend, services, who answered and how."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from flask_babel import format_date, gettext
from sqlalchemy import Connection

from desk.domain.questionnaires import Measure
from desk.domain.skm_elements import half_up, weight_of
from desk.domain.skm_index import Index
from desk.domain.skm_period import Period, read_period
from desk.domain.skm_warnings import ReportWarning, WarningKind, warn_of_answers, warn_of_copies, warn_of_running
from desk.domain.tallies import Origin, Tally
from desk.domain.told_together import QUARTER
from desk.reports.profiles import Profile, profile_of
from desk.reports.satisfaction import (
    REGULATIONS,
    Cell,
    count_served,
    instrument_of,
    load_cells,
    load_survey,
    official,
    sample_of,
    tallied_of,
)
from desk.reports.score_intervals import index_estimate
from desk.reports.skm_findings import warn_of_held
from desk.reports.statistics import Estimate
from desk.reports.telling import FEWEST
from desk.reports.telling_elements import ElementTelling, element_telling, whole_years
from desk.web.context import language
from desk.web.satisfaction_chart import heights, trend_chart
from desk.web.satisfaction_page import Answer, filled, service_words, shown, why_elements_untold, why_untold
from desk.web.satisfaction_question import Asked, period_words
from desk.web.sheets import Column, Hidden, Kind, Row, Sheet
from desk.wording.skm import ORIGINS, PROFILE, PROFILE_VALUES, WARNINGS

TREND: Final = 8  # periods
# What warns of numbers of people only, and tells nothing of what they said.
OF_COUNTS: Final = frozenset(
    {
        WarningKind.NOT_OVER,
        WarningKind.FEW_SINCE_PUBLISHED,
        WarningKind.TOO_FEW_TO_PUBLISH,
        WarningKind.BELOW_SAMPLE,
        WarningKind.MORE_THAN_SERVED,
    }
)
DECIMALS: Final = 4  # of means, as the bounds of the letters are printed


def ikm(reader: Connection, bare: Answer, office_id: int) -> Answer:
    """Work the index of the period asked for out."""
    asked = bare.asked
    instrument = instrument_of(asked.measure)
    periods = _back(asked.period)
    days = whole_years(periods[-1].first, asked.period.last)
    cells, bare_telling = load_survey(reader, office_id, days, asked.today, asked.measure)
    by_period = {each: [cell for cell in cells if cell.month in each] for each in periods}
    tally = official(by_period[asked.period], asked.measure, asked.service_id)
    if not tally.answers:
        return filled(bare, nothing=True, instead=_other(reader, asked, office_id))
    tallied = tallied_of(instrument, tally)
    telling = element_telling(cells, bare_telling, instrument, asked.today)
    index = telling.index_of(tallied, weight_of(instrument, asked.weight), asked.period, asked.group)
    served = count_served(reader, office_id, asked.period.first, asked.period.last)
    drawn = sample_of(served, by_period[asked.period], tally.answers, asked.service_id)
    others = {
        str(each): tallied_of(instrument, official(found, asked.measure, asked.service_id))
        for each, found in by_period.items()
        if each != asked.period and telling.told(each, asked.group)
    }
    held = warn_of_held(bare_telling.since, asked.period)
    warnings = [*held, *warn_of_running(asked.period, asked.today), *warn_of_answers(tallied, drawn)]
    if untold := telling.telling.why_not(asked.period, asked.group):
        counted = [warned(each, index) for each in warnings if each.kind in OF_COUNTS]
        return filled(bare, respondents=tally.answers, sample=drawn, warnings=counted, hidden=why_untold(untold))
    if not index.hidden:
        warnings += warn_of_copies(tallied, others)
    trend = _trend(by_period, bare, telling)
    sheets = [
        _elements(index),
        trend,
        _profile(who := profile_of(cells, bare_telling, asked.measure, asked.period, asked.group)),
        _origins(by_period[asked.period], asked, who),
    ]
    if not asked.service_id:
        sheets.insert(2, _services(by_period[asked.period], served, bare, telling))
    charts = {"trend": trend_chart(trend, instrument)} if len([each for each in heights(trend) if each]) > 1 else {}
    return filled(
        bare,
        index=index,
        interval=None if (about := index_estimate(index, tally)) is None else about.interval,
        respondents=tally.answers,
        sample=drawn,
        warnings=[each for each in (why_elements_untold(index), *(warned(each, index) for each in warnings)) if each],
        sheets=[each for each in sheets if each.rows],
        charts=charts,
    )


def _other(reader: Connection, asked: Asked, office_id: int) -> Measure | None:
    """Return the other regulation where the period was answered under that one."""
    days = (asked.period.first, asked.period.last)
    for measure in (each for each in REGULATIONS if each is not asked.measure):
        cells = load_cells(reader, office_id, *days, measure)
        if official(cells, measure, asked.service_id).answers:
            return measure
    return None


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
    for name in {"day", "last"} & details.keys():
        details[name] = format_date(date.fromisoformat(details[name]), "long")
    if "period" in details:
        details["period"] = period_words(read_period(details["period"]))
    if language() != "en":
        details |= {name: re.sub(r"(?<=\d)\.(?=\d)", ",", value) for name, value in details.items()}
    return gettext(WARNINGS[warning.kind], **details)


def _elements(index: Index) -> Sheet:
    columns = (
        Column(gettext("Element"), Kind.TEXT),
        Column(gettext("Answers"), Kind.COUNT),
        Column(gettext("Mean (NRR)"), Kind.MEAN),
        Column(gettext("Weighted"), Kind.MEAN),
        Column(gettext("Converted"), Kind.CONVERTED),
        Column(gettext("Quality"), Kind.TEXT),
    )
    lowest = {each.element.key for each in index.lowest()}
    rows = [
        Row(
            (
                each.element.english if language() == "en" else each.element.name,
                each.tally.answers,
                _why(each.tally.answers) if each.hidden else _number(each.mean, DECIMALS),
                _number(each.weighted, DECIMALS),
                _number(each.converted, 2),
                each.band.letter.value if each.band else "–",
            ),
            marked=each.element.key in lowest,
        )
        for each in index.elements
    ]
    return Sheet("elements", gettext("By element"), columns, rows, notes=_apart(index))


def _number(value: Fraction | None, decimals: int) -> Decimal | str:
    """Return a figure rounded once, half up; an empty text where there is none."""
    return "" if value is None else half_up(value, decimals)


def _why(answers: int) -> Hidden | None:
    """Return why a figure is hidden: of too few (None), or of enough beside too few."""
    return Hidden.BESIDE if answers >= FEWEST else None


def _about(index: Index | None, tally: Tally) -> Estimate | str:
    """Return an index with its interval; an empty text where there is none."""
    return "" if index is None else index_estimate(index, tally) or ""


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


def _trend(by_period: Mapping[Period, list[Cell]], bare: Answer, telling: ElementTelling) -> Sheet:
    asked = bare.asked
    instrument = instrument_of(asked.measure)
    columns = (
        Column(gettext("Period"), Kind.TEXT),
        Column(gettext("Respondents"), Kind.COUNT),
        Column(gettext("IKM"), Kind.SCORE_ABOUT),
        Column(gettext("Quality"), Kind.TEXT),
    )
    rows: list[Row] = []
    for period, cells in sorted(by_period.items(), key=lambda pair: pair[0].first):
        tally = official(cells, asked.measure, asked.service_id)
        if not rows and not tally.answers:
            continue  # before the first answer of all
        enough = tally.answers and telling.told(period, asked.group)
        place = weight_of(instrument, asked.weight), period, asked.group
        index = telling.index_of(tallied_of(instrument, tally), *place) if enough else None
        letter = index.band.letter.value if index and index.band else "–"
        rows.append(Row((period_words(period), tally.answers, _about(index, tally), letter)))
    return Sheet("trend", gettext("From period to period"), columns, rows)


def _services(cells: list[Cell], served: Mapping[int, int], bare: Answer, telling: ElementTelling) -> Sheet:
    asked = bare.asked
    instrument = instrument_of(asked.measure)
    columns = (
        Column(gettext("Service"), Kind.TEXT),
        Column(gettext("Served"), Kind.COUNT),
        Column(gettext("Respondents needed"), Kind.COUNT),
        Column(gettext("Respondents"), Kind.COUNT),
        Column(gettext("IKM"), Kind.SCORE_ABOUT),
        Column(gettext("Quality"), Kind.TEXT),
    )
    ids = [each for each in bare.names.services if served.get(each) or any(cell.service_id == each for cell in cells)]
    tallies = [official(cells, asked.measure, each) for each in ids]
    rows = []
    for service_id, tally in zip(ids, tallies, strict=True):
        is_hidden = not telling.told(asked.period, (service_id,))
        shows = tally.answers and not is_hidden
        place = weight_of(instrument, asked.weight), asked.period, (service_id,)
        index = telling.index_of(tallied_of(instrument, tally), *place) if shows else None
        letter = index.band.letter.value if index and index.band else "–"
        figure = _why(tally.answers) if is_hidden else _about(index, tally)
        drawn = sample_of(served, cells, tally.answers, service_id)
        known = (None, None) if drawn is None else (drawn.population, drawn.needed)
        rows.append(Row((service_words(bare, service_id), *known, tally.answers, figure, letter)))
    return Sheet("services", gettext("By service"), columns, rows)


def _profile(profile: Profile) -> Sheet:
    columns = (
        Column(gettext("Profile"), Kind.TEXT),
        Column(gettext("Answer"), Kind.TEXT),
        Column(gettext("Respondents"), Kind.COUNT),
    )
    rows = [
        Row((gettext(PROFILE[column]), _value(column, value) if value else gettext("not told"), count))
        for column, counts in profile.counts.items()
        for value, count in counts.items()
    ]
    notes = [
        gettext("–: under 5, or what would reveal such a number. Questions about the person are voluntary."),
    ]
    if profile.as_published is not None:
        notes.insert(0, gettext("As published on %(day)s.", day=format_date(profile.as_published, "long")))
    return Sheet("profile", gettext("Who answered"), columns, rows, notes=tuple(notes))


def _value(column: str, value: str) -> str:
    return gettext(PROFILE_VALUES[value]) if column == "jenis_kelamin" and value in PROFILE_VALUES else value


def _origins(cells: list[Cell], asked: Asked, who: Profile) -> Sheet:
    columns = (Column(gettext("How the answer came"), Kind.TEXT), Column(gettext("Answers"), Kind.COUNT))
    counts = dict.fromkeys(Origin, 0)
    for cell in cells:
        if cell.measure == asked.measure and asked.service_id in (0, cell.service_id):
            counts[cell.origin] += cell.tally.answers
    rows = [Row((gettext(ORIGINS[origin]), count)) for origin, count in counts.items() if count]
    return Sheet("origins", gettext("How the answers came"), columns, rows, notes=_no_profile(who, asked))


def _no_profile(who: Profile, asked: Asked) -> tuple[str, ...]:
    """Say why there is no table of who answered."""
    if who.is_hidden:
        return (
            gettext(
                "Who answered is not told: other numbers were published of this period, or of one within it or around"
                " it, and beside those these would tell of fewer than 5 people."
            ),
        )
    if asked.period.months < QUARTER:
        return (gettext("Who answered is told of quarters, half years and years; of single months it is not."),)
    return ()
