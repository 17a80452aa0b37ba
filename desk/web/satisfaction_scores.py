"""The other scores of a period: by questionnaire, service, month and officer."""

from datetime import date
from fractions import Fraction

from flask_babel import format_date, format_decimal, gettext
from sqlalchemy import Connection

from desk.domain import scores as formula
from desk.domain.questionnaires import Measure
from desk.domain.tallies import Origin, Tally, merged
from desk.reads.report_names import find_people
from desk.reports.satisfaction import FEWEST_TO_RANK, Cell, load_cells, load_shares, satisfaction_estimate
from desk.reports.telling import FEWEST, Telling, Untold, hide_small, load_telling, period_of
from desk.web.satisfaction_legs import by_leg
from desk.web.satisfaction_page import Answer, filled, in_percent, service_words, shown, why_untold
from desk.web.sheets import Column, Kind, Row, Sheet, with_minus
from desk.wording.skm import MEASURES


def scores(reader: Connection, bare: Answer, office_id: int) -> Answer:
    """Work the scores of the period asked for out."""
    asked = bare.asked
    span = (asked.period.first, asked.period.last)
    every = [each for each in load_cells(reader, office_id, *span) if each.origin is not Origin.STAFF]
    cells = [each for each in every if asked.service_id in (0, each.service_id)]
    counted = [each for each in cells if each.origin is not Origin.POSTER]
    whole = merged(each.tally for each in counted)
    if not whole.answers:
        return filled(bare, nothing=True)
    telling = load_telling(reader, office_id, *span)
    untold = telling.why_not(asked.period, asked.group)
    if untold not in (None, Untold.FEW):
        return filled(bare, respondents=whole.answers, hidden=why_untold(untold))
    told = _told_measures(reader, office_id, counted, bare)
    sheets = [_measures(counted, told), _by_service(counted, bare, telling), _by_month(counted, bare, telling)]
    if any(each.origin is Origin.LINKED for each in counted):
        sheets += [_officers(reader, bare, office_id), by_leg(reader, bare, office_id)]
    poster = merged(each.tally for each in cells if each.origin is Origin.POSTER)
    if poster.answers:
        sheets.append(_poster(poster))
    return filled(
        bare,
        respondents=whole.answers,
        sheets=[each for each in sheets if each.rows],
        figures=_headline(counted, told),
    )


def _told_measures(reader: Connection, office_id: int, cells: list[Cell], bare: Answer) -> dict[Measure, Tally]:
    """Return the answers by questionnaire of which figures may be told."""
    asked = bare.asked
    found = {measure: merged(each.tally for each in cells if each.measure == measure) for measure in Measure}
    hidden = hide_small([each.answers for each in found.values()])
    return {
        measure: tally
        for (measure, tally), hides in zip(found.items(), hidden, strict=True)
        if tally.answers
        and not hides
        and load_telling(reader, office_id, asked.period.first, asked.period.last, measure).told(
            asked.period, asked.group
        )
    }


def _headline(cells: list[Cell], told: dict[Measure, Tally]) -> list[tuple[str, str]]:
    """Return how many answered, and the satisfaction by questionnaire: those of two regulations are never mixed."""
    figures = [(str(format_decimal(sum(each.tally.answers for each in cells))), gettext("answers"))]
    for measure, tally in told.items():
        estimate = satisfaction_estimate(tally)
        if estimate is not None:
            low, high = (in_percent(each) for each in (estimate.interval.low, estimate.interval.high))
            words = gettext(
                "%(measure)s: satisfaction (between %(low)s and %(high)s)",
                measure=gettext(MEASURES[measure]),
                low=low,
                high=high,
            )
            figures.append((in_percent(estimate.value), words))
    return figures


def _measures(cells: list[Cell], told: dict[Measure, Tally]) -> Sheet:
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
            rows += [Row(each) for each in _measured(measure, tally, is_told=measure in told)]
    return Sheet("measures", gettext("By questionnaire"), columns, rows)


def _measured(measure: Measure, tally: Tally, *, is_told: bool) -> list[tuple[str, int, str, str]]:
    """Return (score, answers, figure, formula) of what a questionnaire measures."""
    asked = {Measure.CSAT: "score", Measure.CES: "ease", Measure.NPS: "recommend"}.get(measure)
    name, too_few = gettext(MEASURES[measure]), gettext("too few to tell")
    if asked is None:
        estimate = satisfaction_estimate(tally) if is_told else None
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
        (words, total, too_few if total < FEWEST or not is_told else _figure(value, scale), formula)
        for words, value, scale, formula in found
    ]


def _figure(value: Fraction | None, scale: int) -> str:
    """Return a share as per cent (100), points from −100 to 100 (1), or a mean (0)."""
    if value is None:
        return "–"
    if scale == 0:
        return shown(value)
    number = with_minus(str(format_decimal(round(float(value) * 100, 1))))
    return f"{number} %" if scale == 100 else number


def _by_service(cells: list[Cell], bare: Answer, telling: Telling) -> Sheet:
    period = bare.asked.period
    rows = []
    for service_id in dict.fromkeys([*bare.names.services, 0]):
        tally = merged(cell.tally for cell in cells if cell.service_id == service_id)
        if tally.answers:
            told = telling.told(period, (service_id,))
            rows.append(_satisfied(service_words(bare, service_id), tally, is_told=told))
    return _satisfaction("service", gettext("By service"), gettext("Service"), rows)


def _by_month(cells: list[Cell], bare: Answer, telling: Telling) -> Sheet:
    months: dict[date, Tally] = {}
    for each in cells:
        months.setdefault(each.month, Tally()).merge(each.tally)
    rows = [
        _satisfied(
            str(format_date(month, "MMMM y")), tally, is_told=telling.told(period_of(month, 1), bare.asked.group)
        )
        for month, tally in sorted(months.items())
    ]
    return _satisfaction("month", gettext("By month"), gettext("Month"), rows)


def _satisfied(words: str, tally: Tally, *, is_told: bool) -> Row:
    return Row((words, tally.answers, satisfaction_estimate(tally) if is_told else None))


def _satisfaction(name: str, caption: str, subject: str, rows: list[Row]) -> Sheet:
    columns = (
        Column(subject, Kind.TEXT),
        Column(gettext("Answers"), Kind.COUNT),
        Column(gettext("Satisfaction"), Kind.SHARE),
    )
    return Sheet(name, caption, columns, rows)


def _officers(reader: Connection, bare: Answer, office_id: int) -> Sheet:
    asked = bare.asked
    found = load_shares(reader, office_id, asked.period, asked.service_id)
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
    rows = [_satisfied(gettext("Poster"), tally, is_told=tally.answers >= FEWEST)]
    return _satisfaction("poster", gettext("From the poster, never mixed with the others"), gettext("Class"), rows)
