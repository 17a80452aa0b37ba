"""What a long past of answers leaves behind: the tallies of days, of one question and of the nine elements.

The answers of the past (`bench/history.py`) are added up as migration 0012 does it for a database that has answers; the
nine elements are tallies only, one for each day and service, as many answers again.
"""

import importlib.util
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select

from bench.office import BenchOffice
from desk.domain.questionnaires import satisfaction
from desk.domain.shipped_questionnaires import SHIPPED
from desk.domain.tallies import Origin, Tally
from desk.models import Service, SurveyTally
from desk.operations.stream import Streams

MIGRATION: Final = Path(__file__).parents[1] / "migrations" / "versions" / "0012_survey_tallies.py"
SKM: Final = SHIPPED["skm2017"]
ELEMENTS: Final = [each.key for each in SKM.questions if each.scored]
EACH_DAY: Final = 8  # answers to the nine elements about each service


def write_tallies(streams: Streams, office: BenchOffice) -> None:
    """Add up what was answered in the past of an office, and put answers to the nine elements beside it."""
    with streams.engine.begin() as connection:
        _reckon(connection)
        first, last = connection.execute(select(func.min(SurveyTally.day), func.max(SurveyTally.day))).one()
        services = list(connection.execute(select(Service.id).where(Service.office_id == office.id)).scalars())
        days = (last - first).days + 1 if first else 0
        rows = [_nine(office.id, first + timedelta(days=day), each) for day in range(days) for each in services]
        for start in range(0, len(rows), 500):
            connection.execute(insert(SurveyTally), rows[start : start + 500])


def _reckon(connection: Connection) -> None:
    found = importlib.util.spec_from_file_location("survey_tallies", MIGRATION)
    if found is None or found.loader is None:
        raise RuntimeError(f"{MIGRATION} is not there")
    migration = importlib.util.module_from_spec(found)
    found.loader.exec_module(migration)
    migration.Reckoning(connection, SurveyTally.__table__).run()


def _nine(office_id: int, day: date, service_id: int) -> dict[str, Any]:
    drawn = random.Random(f"{day} {service_id}")
    tally = Tally()
    for _ in range(EACH_DAY):
        said: dict[str, int | str] = {key: drawn.choice((2, 3, 3, 4, 4)) for key in ELEMENTS}
        profile = {"jenis_kelamin": drawn.choice("LP"), "pendidikan": drawn.choice(("SMA", "S1", "S2"))}
        tally.add(said, satisfaction(SKM, said), profile)
    key = {"office_id": office_id, "holder_id": 0, "day": day, "service_id": service_id}
    names = ("answers", "rated", "weight", "weight_square", "total", "square", "counts", "profile")
    sums = {name: getattr(tally, name) for name in names}
    return {**key, "measure": SKM.measure.value, "origin": Origin.LINKED.value, **sums}
