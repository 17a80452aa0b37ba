"""How calls are heard comes to an office that is at work, with what most want, and goes again without harm."""

import json

from sqlalchemy import inspect, text

from desk.cli import database
from desk.models.engine import open_engine
from tests.migrations.test_first_revision import prepare_busy_office

BEFORE = "0046"
DEFAULTS = {"voice_times": 1, "sound_volume": 80, "sound_quiet_from": 0, "sound_quiet_until": 0}


def test_up_and_down_with_an_office_at_work(fresh_database):
    url = fresh_database(prepare_busy_office)
    engine = open_engine(url)
    database.downgrade(url, BEFORE)
    columns = {each["name"] for each in inspect(engine).get_columns("offices")}
    assert not columns & {*DEFAULTS, "voice_languages"}
    engine.dispose()

    database.upgrade(url)
    with engine.connect() as connection:
        row = connection.execute(text("SELECT * FROM offices ORDER BY id")).mappings().first()
    assert row is not None and DEFAULTS.items() <= row.items()
    languages = row["voice_languages"]
    assert (json.loads(languages) if isinstance(languages, str) else languages) == ["id"]
    engine.dispose()
