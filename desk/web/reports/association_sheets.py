"""The sheets of what goes along with satisfaction."""

from datetime import datetime
from typing import Any, Final

from flask_babel import format_decimal, gettext
from sqlalchemy import Connection

from desk.domain.skm_period import period_between
from desk.reports.asking import Question
from desk.reports.associations import (
    Answered,
    Association,
    Correlation,
    GroupScore,
    associations,
    load_answered,
    scores_by_handoffs,
)
from desk.reports.statistics import Matched
from desk.web.reports.question import today_of
from desk.web.reports.sheets import Column, Hidden, Kind, Row, Sheet
from desk.web.satisfaction.page import only_measure
from desk.wording.fairness import FACTORS, HANDOFFS, MEASURES

SCORE: Final = "score"


def find_answered(reader: Connection, office_id: int, question: Question, at: datetime) -> Answered | None:
    """Return the answers of the days asked for; None where these are no period that the scores know."""
    period = period_between(question.since, question.until)
    if period is None:
        return None
    today = today_of(reader, office_id, at)
    return load_answered(reader, office_id, period, question.service_id, at=at, today=today)


def association_sheets(answered: Answered) -> tuple[list[Sheet], bool]:
    """Return the sheets of the page, and whether anybody answered at all."""
    factors, lengths = associations(answered)
    note = only_measure(answered.linked.measure)
    return [_factors(factors, note), _correlations(lengths)], any(each.count for each in lengths)


def score_sheet(answered: Answered | None) -> Sheet:
    """Return satisfaction by number of handoffs; without `answered` why there is none."""
    columns = (
        Column(gettext("Handoffs"), Kind.TEXT),
        Column(gettext("Answers"), Kind.COUNT),
        Column(gettext("Mean"), Kind.WHOLE),
        Column(gettext("Difference in percentage points, like with like"), Kind.WHOLE_MORE),
        Column(gettext("Compared"), Kind.TEXT),
    )
    found = [] if answered is None else scores_by_handoffs(answered)
    rows = [Row(_score(each)) for each in found] if any(each.count for each in found) else []
    notes = () if answered is None or not rows else (by_day_of_answer(), only_measure(answered.linked.measure))
    empty = periods_only() if answered is None else gettext("Nobody answered in this time.")
    return Sheet(SCORE, gettext(MEASURES[SCORE]), columns, rows, empty, notes)


def periods_only() -> str:
    """Return why there is no satisfaction for these days."""
    return gettext(
        "Satisfaction is told for whole months, quarters, half years and years only: days that differ by one would tell"
        " what the few said who answered on it. Choose such a period, from its first day to its last."
    )


def by_day_of_answer() -> str:
    """Return which answers are counted."""
    return gettext(
        "Satisfaction counts answers given in this period, under the service the transaction had then, as the scores"
        " do."
    )


def _factors(found: list[Association], note: str) -> Sheet:
    """Return a line for each factor: those it holds for, the others, and the difference."""
    columns = (
        Column(gettext("What"), Kind.TEXT),
        Column(gettext("Answers with it"), Kind.COUNT),
        Column(gettext("Satisfaction with it"), Kind.WHOLE),
        Column(gettext("Answers without"), Kind.COUNT),
        Column(gettext("Satisfaction without"), Kind.WHOLE),
        Column(gettext("Difference in percentage points, like with like"), Kind.WHOLE_MORE),
        Column(gettext("Compared"), Kind.TEXT),
    )
    rows = [
        Row(
            (
                gettext(FACTORS[each.factor]),
                each.exposed,
                Hidden.BESIDE if each.hidden else each.with_it,
                each.others,
                Hidden.BESIDE if each.hidden else each.without,
                Hidden.BESIDE if each.hides_difference else each.matched,
                _compared(each.matched),
            )
        )
        for each in found
        if each.exposed or each.others
    ]
    return Sheet("factors", gettext("With and without"), columns, rows, notes=(note,))


def _score(found: GroupScore) -> tuple[Any, ...]:
    mean = Hidden.BESIDE if found.hidden else found.estimate
    if found.handoffs == 0:
        return gettext(HANDOFFS[0]), found.count, mean, "", ""
    difference = Hidden.BESIDE if found.hides_difference else found.matched
    return gettext(HANDOFFS[found.handoffs]), found.count, mean, difference, _compared(found.matched)


def _compared(matched: Matched | None) -> str:
    if matched is None:
        return ""
    own, others = format_decimal(matched.exposed), format_decimal(matched.others)
    return gettext("%(own)s with %(others)s", own=own, others=others)


def _correlations(found: list[Correlation]) -> Sheet:
    """Return a line for each length of time."""
    columns = (
        Column(gettext("Time"), Kind.TEXT),
        Column(gettext("Answers"), Kind.COUNT),
        Column(gettext("Rank correlation, −1 to 1"), Kind.RATIO),
    )
    rows = [
        Row((gettext(MEASURES[each.length]), each.count, Hidden.BESIDE if each.hidden else each.value))
        for each in found
    ]
    return Sheet("times", gettext("The longer, the less satisfied?"), columns, rows)
