"""The table of satisfaction by leg of the chain of handlers."""

from flask_babel import gettext
from sqlalchemy import Connection

from desk.reports.chains import LAST
from desk.reports.statistics import Estimate
from desk.reports.survey_legs import LegScore, load_legs
from desk.reports.telling import FEWEST
from desk.reports.telling_chain import ChainTelling
from desk.web.reports.sheets import Column, Hidden, Kind, Row, Sheet
from desk.web.satisfaction.page import Answer, mean_satisfaction_of, service_words


def by_leg(reader: Connection, bare: Answer, office_id: int, telling: ChainTelling) -> Sheet:
    """Return a line for each leg, and under it one for each service it was at where there are several."""
    asked = bare.asked
    found = load_legs(reader, office_id, asked.period, asked.measure, telling, asked.service_id)
    columns = (
        Column(gettext("Leg"), Kind.TEXT),
        Column(gettext("Service of the leg"), Kind.TEXT),
        Column(gettext("Answers"), Kind.COUNT),
        Column(gettext("Mean share of the work"), Kind.PART),
        Column(mean_satisfaction_of(asked.measure), Kind.SHARE),
    )
    rows = []
    for each in found:
        service = gettext("All services") if each.service_id is None else service_words(bare, each.service_id)
        rows.append(Row((leg_words(each.leg), service, each.answers, float(each.share), _score(each))))
    notes = (
        gettext(
            "A leg is one uninterrupted custody by one officer in which there was work. Each answer counts for each of"
            " its legs by the leg's share. Answers from before legs were kept are not here."
        ),
    )
    return Sheet("legs", gettext("By leg of the chain of handlers"), columns, rows, notes=notes)


def _score(found: LegScore) -> Estimate | Hidden | None:
    return Hidden.BESIDE if found.score is None and found.answers >= FEWEST else found.score


def leg_words(leg: int) -> str:
    """Return which leg: the first, the fifth and later."""
    names = {1: gettext("first"), 2: gettext("second"), 3: gettext("third"), 4: gettext("fourth")}
    return names.get(leg, gettext("%(number)s and later", number=LAST))
