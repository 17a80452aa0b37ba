"""The scores of each questionnaire with formulas and intervals: NPS in points, shares in per cent, means as such."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask_babel import gettext

from desk.domain.questionnaires import Measure
from desk.domain.tallies import Tally, merged
from desk.reports.satisfaction import Cell, satisfaction_estimate
from desk.reports.score_intervals import mean_estimate, nps_estimate, share_estimate
from desk.reports.statistics import Estimate, Interval
from desk.reports.telling import FEWEST
from desk.web.reports.sheets import Column, Hidden, Kind, Row, Scored, Sheet, figure_of
from desk.wording import N_
from desk.wording.skm import MEASURES

QUESTIONS: Final = {Measure.CSAT: "score", Measure.CES: "ease", Measure.NPS: "recommend"}
WILSON: Final = N_("Wilson's, of a share")
STUDENT: Final = N_("Student's, of a mean")
ADJUSTED: Final = N_("Adjusted Wald, of a difference of shares")
POINTS: Final = 100  # of which NPS is told, from -100 to 100


@dataclass(frozen=True, slots=True)
class _Line:
    """One score of a questionnaire: its name, figure, scale, formula, and the method of its interval."""

    name: str
    found: Estimate | None
    kind: Kind
    scale: str
    formula: str
    method: str


def measures_sheet(cells: Sequence[Cell], told: dict[Measure, Tally]) -> Sheet:
    """Return a line for each score; hidden are those of questionnaires that may not be told."""
    columns = (
        Column(gettext("Score"), Kind.TEXT),
        Column(gettext("Answers"), Kind.COUNT),
        Column(gettext("Figure"), Kind.SCORED),
        Column(gettext("Scale"), Kind.TEXT),
        Column(gettext("Formula"), Kind.TEXT),
        Column(gettext("Interval"), Kind.TEXT),
    )
    rows: list[Row] = []
    for measure in Measure:
        tally = merged(each.tally for each in cells if each.measure == measure)
        if tally.answers:
            rows += _rows(measure, tally, is_told=measure in told)
    return Sheet("measures", gettext("By questionnaire"), columns, rows)


def nps_figure(tally: Tally) -> tuple[str, str] | None:
    """Return NPS as a key figure: a number without a sign for per cent, with its interval; None for too few."""
    found = _points(nps_estimate(_counts(Measure.NPS, tally)))
    if found is None:
        return None
    figure, low, high = (
        figure_of(Kind.POINTS, each) for each in (found.value, found.interval.low, found.interval.high)
    )
    return figure, gettext("NPS, −100 to 100 (between %(low)s and %(high)s)", low=low, high=high)


def _rows(measure: Measure, tally: Tally, *, is_told: bool) -> list[Row]:
    counts = _counts(measure, tally)
    total = sum(counts.values()) if measure in QUESTIONS else tally.answers
    hidden = Hidden.BESIDE if total >= FEWEST else None
    is_shown = is_told and total >= FEWEST
    return [
        Row(
            (
                each.name,
                total,
                Scored(each.found, each.kind) if is_shown and each.found is not None else hidden,
                each.scale,
                each.formula,
                gettext(each.method),
            )
        )
        for each in _lines(measure, tally, counts)
    ]


def _lines(measure: Measure, tally: Tally, counts: dict[int, int]) -> list[_Line]:
    name, percent = gettext(MEASURES[measure]), "0 … 100%"
    match measure:
        case Measure.CSAT:
            mean = mean_estimate(counts, 1, 5)
            first, second = gettext("CSAT; GOV.UK, first formula"), gettext("GOV.UK, second formula")
            return [
                _Line(first, share_estimate(counts, 4, 5), Kind.SHARE, percent, "(4 + 5) ÷ n", WILSON),
                _Line(second, _rescaled(mean, 1, 5), Kind.SHARE, percent, "(x̄ − 1) ÷ 4", STUDENT),
                _Line(gettext("Mean, 1 to 5"), mean, Kind.SCORE_ABOUT, "1 … 5", "Σ ÷ n", STUDENT),
            ]
        case Measure.CES:
            return [_Line(name, mean_estimate(counts, 1, 7), Kind.SCORE_ABOUT, "1 … 7", "Σ ÷ n", STUDENT)]
        case Measure.NPS:
            points, words = _points(nps_estimate(counts)), "% (9, 10) − % (0 … 6)"
            return [_Line(name, points, Kind.POINTS, "−100 … 100", words, ADJUSTED)]
        case _:
            return [
                _Line(name, satisfaction_estimate(tally), Kind.SHARE, percent, gettext("mean satisfaction"), STUDENT)
            ]


def _counts(measure: Measure, tally: Tally) -> dict[int, int]:
    return {int(value): count for value, count in tally.counts.get(QUESTIONS.get(measure, ""), {}).items()}


def _points(found: Estimate | None) -> Estimate | None:
    return None if found is None else _moved(found, 0, POINTS)


def _rescaled(found: Estimate | None, low: int, high: int) -> Estimate | None:
    """Return an estimate on a scale as a share of the way from its lowest to its highest."""
    return None if found is None else _moved(found, low, 1 / (high - low))


def _moved(found: Estimate, low: int, factor: float) -> Estimate:
    low_end, high_end = ((each - low) * factor for each in (found.interval.low, found.interval.high))
    return Estimate((found.value - low) * factor, Interval(low_end, high_end), found.count)
