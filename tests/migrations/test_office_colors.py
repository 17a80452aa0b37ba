"""The colors of an office come to it without any, and go again without harm."""

from sqlalchemy import inspect, text

from desk.cli import database
from desk.models.engine import open_engine
from tests.fixtures.office import prepare_office

COLORS = {"main_color", "accent_color"}


def test_up_and_down_with_an_office_that_has_chosen(fresh_database):
    url = fresh_database(prepare_office)
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE offices SET main_color = '#003d7c', accent_color = '#c8102e'"))
    database.downgrade(url, "0051")
    assert not COLORS & {each["name"] for each in inspect(engine).get_columns("offices")}

    database.upgrade(url)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT main_color, accent_color FROM offices")).all()
    assert {tuple(row) for row in rows} == {(None, None)}
    engine.dispose()
