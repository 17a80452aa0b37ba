"""`desk privacy expire`, and the worker's look at the rules of retention."""

from datetime import timedelta

from sqlalchemy import update

from desk.cli.privacy_keeping import EVERY_SECONDS, PrivacyKeeper
from desk.domain.retention import Track
from desk.models import Office, RetentionMark, VisitContact
from desk.settings import load_settings


def test_counted_and_carried_out(demo_desk):
    engine = demo_desk.engine()
    with engine.begin() as connection:
        connection.execute(update(Office).values(keep_notes_days=0))
    engine.dispose()

    counted = demo_desk.does("privacy", "expire", "--dry-run")
    assert "contacts (after 90 days): 0 to look at" in counted
    assert "notes: kept" in counted
    assert demo_desk.rows("SELECT * FROM retention_marks") == []
    assert "contacts (after 90 days): 0 erased" in demo_desk.does("privacy", "expire", "--now")
    assert demo_desk.type("privacy", "expire", "--now", "--dry-run").exit_code == 2
    assert demo_desk.type("privacy", "expire", "--office", "nowhere").exit_code == 3


def served(office):
    office.arrives("A", email="siti@example.id", consent=True)
    office.sari.completes(office.sari.serves())


def test_the_worker_looks_and_goes_on(desk_office, tmp_path):
    desk_office.sari.signs_on(1)
    served(desk_office)
    ticks = [0.0]
    settings = load_settings({"DESK_DATA": str(tmp_path), "DATABASE_URL": "sqlite://"})
    keeper, another = (
        PrivacyKeeper(settings, desk_office.streams, ticks=lambda: ticks[0]) for _ in range(2)
    )  # fmt: skip
    desk_office.clock.now += timedelta(days=200)
    assert keeper.look() == 0
    assert {row.track for row in desk_office.rows(RetentionMark)} == {each.value for each in Track}
    desk_office.clock.now += timedelta(days=1)
    assert keeper.look() == 0, "it looks once a minute"
    ticks[0] += EVERY_SECONDS
    assert keeper.look() == 1
    assert another.look() == 0
    assert desk_office.rows(VisitContact) == []
    ticks[0] += EVERY_SECONDS
    assert keeper.look() == 0
    assert desk_office.findings() == []


def test_the_files_are_written_anew(demo_desk):
    assert "Written anew." in demo_desk.does("privacy", "rewrite")
    (row,) = demo_desk.rows("SELECT count(*) FROM wipings WHERE asked > done")
    assert row[0] == 0
    assert "All is well." in demo_desk.does("doctor")
