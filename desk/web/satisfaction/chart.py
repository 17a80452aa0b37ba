"""The picture of the index from period to period: from 25 to 100, with the bounds of the letters."""

from typing import Final

from flask_babel import gettext

from desk.domain.skm_elements import HIGHEST_SCORE, LOWEST_SCORE, PER_POINT, Instrument
from desk.reports.statistics import Estimate
from desk.web.reports.charts import Chart
from desk.web.reports.sheets import Sheet

LOWEST_INDEX: Final = LOWEST_SCORE * PER_POINT
HIGHEST_INDEX: Final = HIGHEST_SCORE * PER_POINT


def heights(trend: Sheet) -> list[float | None]:
    """Return the indices of a trend that are told."""
    return [row.values[2].value if isinstance(row.values[2], Estimate) else None for row in trend.rows]


def trend_chart(trend: Sheet, instrument: Instrument) -> Chart:
    """Return the picture of a trend."""
    data = {
        "kind": "line",
        "range": [LOWEST_INDEX, HIGHEST_INDEX],
        "lines": [
            {"value": float(each.lowest), "label": each.letter.value}
            for each in instrument.bands
            if each.lowest > LOWEST_INDEX
        ],
        "unit": gettext("index"),
        "labels": [row.values[0] for row in trend.rows],
        "series": [{"name": gettext("IKM"), "tone": "serving", "values": heights(trend)}],
    }
    description = gettext(
        "Chart: the index from period to period, from 25 to 100, with the lines from which on each letter is reached."
        " The table below has the same figures."
    )
    return Chart("trend", gettext("From period to period"), description, (("serving", gettext("IKM")),), data)
