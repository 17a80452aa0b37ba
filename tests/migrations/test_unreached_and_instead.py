"""Messages and untraceable answers, down and up with rows: what was given up stays so, and no way is kept."""

from sqlalchemy import inspect, text, update

from desk.cli import database
from desk.models import Delivery, InvitationRow, LooseResponse, Office
from tests.fixtures.office import DeskOffice, prepare_office
from tests.migrations.test_untraceable_answers import writers

BEFORE = "0030"


def prepare_rows(url):
    """Two anonymous answers and one from paper, a message that waits and one that was given up."""
    prepare_office(url)
    office = DeskOffice(url)
    office.sari.signs_on(1)
    with office.streams.setting_up() as connection:
        connection.execute(update(Office).values(survey_privacy="anonymous"))
    for number, score in enumerate((1, 5)):
        office.arrives("A", email=f"tamu{number}@example.go.id", phone=f"+628120000000{number}", consent=True)
        transaction = office.sari.serves(counter=1)
        office.sari.completes(transaction)
        office.says(office.row(InvitationRow, transaction_id=transaction).id, score=str(score))
    office.takes_over_paper(u1=3)
    first, _ = office.rows(Delivery)
    with office.engine.begin() as connection:
        connection.execute(update(Delivery.__table__).where(Delivery.id == first.id).values(state="dead"))
    office.engine.dispose()


def test_down_and_up_again_with_rows(fresh_database, database_kind):
    url = fresh_database(prepare_rows)
    office = DeskOffice(url)
    loose = sorted((row.id, row.origin, str(row.answers), row.channel) for row in office.rows(LooseResponse))
    assert sorted(row[3] or "" for row in loose) == ["", "", "paper"]

    database.downgrade(url, BEFORE)
    assert not {"unreached", "instead"} & {each["name"] for each in inspect(office.engine).get_columns("deliveries")}
    with office.engine.begin() as connection:
        kept = connection.execute(text("SELECT origin, channel FROM loose_responses")).all()
        assert sorted(map(tuple, kept)) == [("anonymous", "link"), ("anonymous", "link"), ("paper", "paper")]
        # As it was kept before: through what each of the two came.
        for way, score in (("email", 1), ("phone", 5)):
            mine = f"UPDATE loose_responses SET channel = '{way}' WHERE CAST(answers AS TEXT) LIKE '%{score}%'"
            connection.execute(text(f"{mine} AND origin = 'anonymous'"))

    database.upgrade(url)
    after = sorted((row.id, row.origin, str(row.answers), row.channel) for row in office.rows(LooseResponse))
    assert after == loose
    assert sorted((row.state, row.instead, row.unreached) for row in office.rows(Delivery)) == [
        ("dead", 0, 0),
        ("pending", None, 0),
    ]
    if database_kind == "postgres":
        assert len(writers(office)) == 1
    else:
        with office.engine.connect() as connection:
            made = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = 'loose_responses'")).scalar()
            names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'index'")).scalars().all()
        assert "WITHOUT ROWID" in made
        assert {f"ix_loose_responses_{each}" for each in ("day", "questionnaire", "import")} <= set(names)
    assert office.findings() == []
    office.engine.dispose()
