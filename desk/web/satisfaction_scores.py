"""The other scores of a period: by questionnaire, service, month and officer."""

from datetime import date
from fractions import Fraction

from flask_babel import format_date, format_decimal, gettext
from sqlalchemy import Connection

from desk.domain import scores as formula
from desk.domain.questionnaires import Measure
from desk.domain.tallies import Origin, Tally, merged
from desk.reads.report_names import find_people
from desk.reports.satisfaction import (
    FEWEST,
    FEWEST_TO_RANK,
    Cell,
    hide_small,
    load_cells,
    load_shares,
    satisfaction_estimate,
)
from desk.web.satisfaction_page import Answer, filled, in_percent, service_words, shown
from desk.web.sheets import Column, Kind, Row, Sheet
from desk.wording.skm import MEASURES


def scores(reader: Connection, bare: Answer, office_id: int) -> Answer:
    """Work the scores of the period asked for out."""
    asked = bare.asked
    span = (asked.period.first, asked.period.last)
    cells = [each for each in load_cells(reader, office_id, *span) if asked.service_id in (0, each.service_id)]
    counted = [each for each in cells if each.origin not in (Origin.STAFF, Origin.POSTER)]
    whole = merged(each.tally for each in counted)
    if not whole.answers:
        return filled(bare, nothing=True)
    sheets = [_measures(counted), _by_service(counted, bare), _by_month(counted)]
    if any(each.origin is Origin.LINKED for each in counted):
        sheets.append(_officers(reader, bare, office_id))
    poster = merged(each.tally for each in cells if each.origin is Origin.POSTER)
    if poster.answers:
        sheets.append(_poster(poster))
    estimate = satisfaction_estimate(whole) if whole.answers >= FEWEST else None
    figures = [(str(format_decimal(whole.answers)), gettext("answers"))]
    if estimate is not None:
        low, high = (in_percent(each) for each in (estimate.interval.low, estimate.interval.high))
        words = gettext("satisfaction (between %(low)s and %(high)s)", low=low, high=high)
        figures.append((in_percent(estimate.value), words))
    return filled(bare, respondents=whole.answers, sheets=[each for each in sheets if each.rows], figures=figures)


def _measures(cells: list[Cell]) -> Sheet:
    columns = (
        Column(gettext("Score"), Kind.TEXT),
        Column(gettext("Answers"), Kind.COUNT),
        Column(gettext("Figure"), Kind.TEXT),
        Column(gettext("Formula"), Kind.TEXT),
    )
    rows: list[Row] = []
    for measure in Measure:
        tally = merged(each.tally for each in cells if each.measure == measure)
        if tally.answers:
            rows += [Row(each) for each in _measured(measure, tally)]
    return Sheet("measures", gettext("By questionnaire"), columns, rows)


def _measured(measure: Measure, tally: Tally) -> list[tuple[str, int, str, str]]:
    """Return (score, answers, figure, formula) of what a questionnaire measures."""
    asked = {Measure.CSAT: "score", Measure.CES: "ease", Measure.NPS: "recommend"}.get(measure)
    name, too_few = gettext(MEASURES[measure]), gettext("too few to tell")
    if asked is None:
        estimate = satisfaction_estimate(tally) if tally.answers >= FEWEST else None
        figure = too_few if estimate is None else in_percent(estimate.value)
        return [(name, tally.answers, figure, gettext("mean satisfaction"))]
    counts = {int(value): count for value, count in tally.counts.get(asked, {}).items()}
    total = sum(counts.values())
    found = {
        Measure.CSAT: [
            (gettext("CSAT; GOV.UK, first formula"), formula.csat(counts), 100, "(4 + 5) ÷ n"),
            (gettext("GOV.UK, second formula"), formula.govuk_by_mean(counts), 100, "(x̄ − 1) ÷ 4"),
            (gettext("Mean, 1 to 5"), formula.mean_of(counts), 0, "Σ ÷ n"),
        ],
        Measure.CES: [(name, formula.mean_of(counts), 0, "Σ ÷ n")],
        Measure.NPS: [(name, formula.nps(counts), 1, "% (9, 10) − % (0 … 6)")],
    }[measure]
    return [
        (words, total, too_few if total < FEWEST else _figure(value, scale), formula)
        for words, value, scale, formula in found
    ]


def _figure(value: Fraction | None, scale: int) -> str:
    """Return a share as per cent (100), points from −100 to 100 (1), or a mean (0)."""
    if value is None:
        return "–"
    if scale == 0:
        return shown(value)
    number = str(format_decimal(round(float(value) * 100, 1)))
    return f"{number} %" if scale == 100 else number


def _by_service(cells: list[Cell], bare: Answer) -> Sheet:
    ids = list(dict.fromkeys([*bare.names.services, 0]))
    tallies = {each: merged(cell.tally for cell in cells if cell.service_id == each) for each in ids}
    present = {each: tally for each, tally in tallies.items() if tally.answers}
    named = [(service_words(bare, each), tally) for each, tally in present.items()]
    return _satisfaction("service", gettext("By service"), gettext("Service"), named)


def _by_month(cells: list[Cell]) -> Sheet:
    months: dict[date, Tally] = {}
    for each in cells:
        months.setdefault(each.month, Tally()).merge(each.tally)
    named = [(str(format_date(month, "MMMM y")), tally) for month, tally in sorted(months.items())]
    return _satisfaction("month", gettext("By month"), gettext("Month"), named)


def _satisfaction(name: str, caption: str, subject: str, named: list[tuple[str, Tally]]) -> Sheet:
    columns = (
        Column(subject, Kind.TEXT),
        Column(gettext("Answers"), Kind.COUNT),
        Column(gettext("Satisfaction"), Kind.SHARE),
    )
    hidden = hide_small([tally.answers for _, tally in named])
    rows = [
        Row((words, tally.answers, None if is_hidden else satisfaction_estimate(tally)))
        for (words, tally), is_hidden in zip(named, hidden, strict=True)
    ]
    return Sheet(name, caption, columns, rows)


def _officers(reader: Connection, bare: Answer, office_id: int) -> Sheet:
    asked = bare.asked
    found = load_shares(reader, office_id, asked.period.first, asked.period.last, asked.service_id)
    people = {**bare.names.people, **find_people(reader, [each.holder_id for each in found])}
    columns = (
        Column(gettext("Officer"), Kind.TEXT),
        Column(gettext("Answers"), Kind.COUNT),
        Column(gettext("Mean share of the work"), Kind.TEXT),
        Column(gettext("Satisfaction"), Kind.SHARE),
    )
    rows = [
        Row((people.get(each.holder_id, "–"), each.answers, in_percent(float(each.share)), each.score))
        for each in sorted(found, key=lambda each: people.get(each.holder_id, "").casefold())
    ]
    few = sum(each.score is not None and each.answers < FEWEST_TO_RANK for each in found)
    notes = [gettext("Officers stand by name and are not ranked.")]
    if few:
        notes.append(gettext("Under 30 answers an interval is wide: compare nobody by it."))
    return Sheet("officers", gettext("By officer, by share of the work"), columns, rows, notes=tuple(notes))


def _poster(tally: Tally) -> Sheet:
    named = [(gettext("Poster"), tally)]
    return _satisfaction("poster", gettext("From the poster, never mixed with the others"), gettext("Class"), named)
