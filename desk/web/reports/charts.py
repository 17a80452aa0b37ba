"""Pictures of tables: what `static/js/charts.js` needs to draw one, and what it shows in words."""

from dataclasses import dataclass
from typing import Any, Final

from flask_babel import gettext

from desk.reports.tables import By, Table, Unit
from desk.web.reports.words import SECOND, Shown
from desk.wording.reports import COLUMNS

MOST_BARS: Final = 40
# By report, or by table where it draws others: which columns are drawn, each in the color of a state (a token of the
# style sheet).
SERIES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "waiting": (("wait_p50", "serving"), ("wait_p90", "processing")),
    "work": (("served", "serving"),),
    "handoffs": (("offered", "processing"), ("accepted", "serving")),
    "place": (("taking_p50", "serving"), ("taking_p90", "processing")),
}
OVER_TIME: Final = (By.DAY, By.MONTH)
SIDE_BY_SIDE: Final = (By.SERVICE, By.REASON, By.PLACE)


@dataclass(frozen=True, slots=True)
class Chart:
    """One picture of a table: a heading, a description for those who do not see it, its legend, and what to draw."""

    name: str
    title: str
    description: str
    legend: tuple[tuple[str, str], ...]  # (tone, words)
    data: dict[str, Any]


def charts_of(report: str, tables: list[Shown]) -> dict[str, Chart]:
    """Return the pictures of a report by the name of the table each belongs to."""
    wanted = [each for each in tables if each.raw.by in (*OVER_TIME, *SIDE_BY_SIDE) and each.name != "spent"]
    return {each.name: _chart(report, each) for each in wanted if 1 < len(each.lines) <= MOST_BARS * 3}


def _chart(report: str, table: Shown) -> Chart:
    series = SERIES.get(table.name, SERIES[report])
    words = [gettext(COLUMNS[name]) for name, _ in series]
    minutes = _unit(table.raw, series[0][0]) is Unit.LENGTH
    kind = "line" if table.raw.by in OVER_TIME else "bar"
    said = gettext("minutes") if minutes else gettext("number")
    description = gettext(
        "Chart: %(columns)s, %(table)s, in %(unit)s. The table below has the same figures.",
        columns=", ".join(words),
        table=table.caption.lower(),
        unit=said,
    )
    data = {
        "kind": kind,
        "unit": said,
        "labels": [label for label, _ in table.lines],
        "series": [
            {"name": text, "tone": tone, "values": [_height(value, minutes) for value in table.raw.column(name)]}
            for text, (name, tone) in zip(words, series, strict=True)
        ],
    }
    legend = tuple((tone, text) for text, (_, tone) in zip(words, series, strict=True))
    return Chart(table.name, table.caption, description, legend, data)


def _unit(table: Table, name: str) -> Unit:
    return dict(table.columns)[name]


def _height(value: Any, minutes: bool) -> float | None:  # noqa: FBT001 - the unit of the axis
    if value is None:
        return None
    return round(value / SECOND / 60, 2) if minutes else float(value)
