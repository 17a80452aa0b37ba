"""The sheets of what goes along with satisfaction."""

from flask_babel import format_decimal, gettext
from sqlalchemy import Connection

from desk.reports.associations import Association, Correlation, associations
from desk.reports.facts import Facts
from desk.reports.undue_waits import load_waits
from desk.web.sheets import Column, Kind, Row, Sheet
from desk.wording.fairness import FACTORS, MEASURES


def association_sheets(reader: Connection, facts: Facts, service_id: int) -> tuple[list[Sheet], bool]:
    """Return the sheets of the page, and whether anybody answered at all."""
    factors, lengths = associations(reader, load_waits(reader, facts), service_id)
    return [_factors(factors), _correlations(lengths)], any(each.count for each in lengths)


def _factors(found: list[Association]) -> Sheet:
    """Return a line for each factor: those it holds for, the others, and the difference."""
    columns = (
        Column(gettext("What"), Kind.TEXT),
        Column(gettext("Answers with it"), Kind.COUNT),
        Column(gettext("Satisfaction with it"), Kind.SHARE),
        Column(gettext("Answers without"), Kind.COUNT),
        Column(gettext("Satisfaction without"), Kind.SHARE),
        Column(gettext("Difference in percentage points, like with like"), Kind.SHARE_MORE),
        Column(gettext("Compared"), Kind.TEXT),
    )
    rows = [
        Row(
            (
                gettext(FACTORS[each.factor]),
                each.exposed,
                each.with_it,
                each.others,
                each.without,
                each.matched,
                _compared(each),
            )
        )
        for each in found
        if each.exposed or each.others
    ]
    return Sheet("factors", gettext("With and without"), columns, rows)


def _compared(found: Association) -> str:
    if found.matched is None:
        return ""
    own, others = format_decimal(found.matched.exposed), format_decimal(found.matched.others)
    return gettext("%(own)s with %(others)s", own=own, others=others)


def _correlations(found: list[Correlation]) -> Sheet:
    """Return a line for each length of time."""
    columns = (
        Column(gettext("Time"), Kind.TEXT),
        Column(gettext("Answers"), Kind.COUNT),
        Column(gettext("Rank correlation, −1 to 1"), Kind.RATIO),
    )
    rows = [Row((gettext(MEASURES[each.length]), each.count, each.value)) for each in found]
    return Sheet("times", gettext("The longer, the less satisfied?"), columns, rows)
