"""What was erased leaves the files of the database too: on SQLite the bytes are looked for while it is open."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from desk.cli.wipe_keeping import WipeKeeper
from desk.domain.access import SYSTEM, VISITOR
from desk.domain.complaints import VoiceKind
from desk.domain.retention import Track
from desk.models import Wiping
from desk.models.clearing import WAIT_MS, rewrite
from desk.operations.complaints import complaining
from desk.operations.keeping import privacy
from desk.operations.keeping.retaining import expire
from desk.operations.keeping.wiping import TABLES, list_unwiped, wipe
from desk.operations.requests import Request
from desk.reads.database_check import check_database
from desk.reads.findings import Findings
from desk.reads.kept_of_person import Sought
from desk.settings import Settings
from tests.fixtures.office import DeskOffice

NAME, EMAIL, WORDS = "Wulandari Kusuma", "wulan.kusuma@example.id", "suaminya sedang sakit keras"
ALL = (NAME, EMAIL, WORDS)


@pytest.fixture
def office(desk_office: DeskOffice) -> DeskOffice:
    """Sari has served Wulandari, who complained; others came before and after."""
    desk_office.sari.signs_on(1)
    for name, email in (("Rina", "rina@example.id"), (NAME, EMAIL), ("Tono", "tono@example.id")):
        desk_office.arrives("A", name=name, email=email, consent=True)
        desk_office.sari.completes(desk_office.sari.serves())
    complains(desk_office, WORDS, EMAIL)
    complains(desk_office, "ruang tunggu panas", "tono@example.id")
    return desk_office


def complains(office: DeskOffice, words: str, email: str) -> int:
    wish = complaining.Wish(VoiceKind.COMPLAINT, words, name="N. N.", email=email)
    found: int = complaining.receive(office.streams, office.id, wish, Request(VISITOR, "say")).facts["voice"]
    return found


def erases(office: DeskOffice, email: str = EMAIL) -> None:
    wish = privacy.Wish(Sought(email), at_once=True)
    privacy.erase_person(office.streams, office.id, wish, office.budi.asks("erase_person", wish=str(wish)))


def is_sqlite(office: DeskOffice) -> bool:
    return office.engine.dialect.name == "sqlite"


def on_disk(office: DeskOffice) -> bytes:
    """Return every byte of SQLite's file and of what lies beside it."""
    file = Path(str(make_url(str(office.engine.url)).database))
    return b"".join(each.read_bytes() for each in file.parent.glob(f"{file.name}*"))


def found_on_disk(office: DeskOffice) -> list[str]:
    content = on_disk(office)
    return [each for each in ALL if each.encode() in content]


def vacuums(office: DeskOffice) -> int:
    with office.engine.connect() as connection:
        query = text("SELECT vacuum_count FROM pg_stat_user_tables WHERE relname = 'voice_contacts'")
        return int(connection.execute(query).scalar_one())


def test_erased_words_are_in_no_file_any_more(office: DeskOffice) -> None:
    before = 0 if is_sqlite(office) else vacuums(office)
    if is_sqlite(office):
        assert found_on_disk(office) == list(ALL)
    erases(office)
    with office.streams.reading() as connection:
        assert list_unwiped(connection) == {office.id: office.row(Wiping).asked}
        assert list_unwiped(connection, before=office.clock() - timedelta(hours=1)) == {}

    assert wipe(office.streams, office.engine)

    if is_sqlite(office):
        assert found_on_disk(office) == []
        assert b"tono@example.id" in on_disk(office)
    else:
        assert vacuums(office) > before
    row = office.row(Wiping)
    assert row.done == row.asked > 0 and row.done_at is not None
    assert office.findings() == []


def test_where_somebody_reads_the_log_it_is_tried_again(office: DeskOffice) -> None:
    with office.engine.connect() as reader:
        reader.execute(text("SELECT count(*) FROM voices")).scalar_one()
        erases(office)
        if is_sqlite(office):
            began = office.row(Wiping)
            assert not wipe(office.streams, office.engine)
            assert office.row(Wiping).done == began.done < began.asked
            assert found_on_disk(office)
            office.arrives("A")  # nobody is held up
    assert wipe(office.streams, office.engine)
    if is_sqlite(office):
        assert found_on_disk(office) == []


def test_an_erased_complaint_too(office: DeskOffice) -> None:
    voice = complains(office, "kata yang dihapus", "x@example.id")
    complaining.erase(office.streams, voice, office.agus.asks("erase_voice", voice=voice))
    assert wipe(office.streams, office.engine)
    if is_sqlite(office):
        assert b"kata yang dihapus" not in on_disk(office)


def test_what_goes_by_the_rules_too(office: DeskOffice) -> None:
    office.clock.tick(400 * 86_400)
    assert expire(office.streams, office.id, Request(SYSTEM, "expire_data"), track=Track.CONTACTS, now=True).facts[
        "erased"
    ]
    expire(office.streams, office.id, Request(SYSTEM, "expire_data"), track=Track.ADDRESSES, now=True)
    assert wipe(office.streams, office.engine)
    if is_sqlite(office):
        assert NAME.encode() not in on_disk(office)


def test_the_worker_does_it(office: DeskOffice, tmp_path: Path) -> None:
    ticks = iter([0.0, *(each / 10 for each in range(1, 9_000))])
    keeper = WipeKeeper(Settings(data=tmp_path), office.streams, ticks=lambda: next(ticks))
    erases(office)
    assert keeper.look()
    row = office.row(Wiping)
    assert row.done == row.asked
    erases(office, "tono@example.id")
    assert keeper.look()  # not yet its time
    assert office.row(Wiping).done < office.row(Wiping).asked
    while office.row(Wiping).done < office.row(Wiping).asked:
        assert keeper.look()


def test_written_anew_no_page_keeps_a_copy(office: DeskOffice) -> None:
    for number in range(40):  # so many that pages were split while they held the words
        complains(office, f"{WORDS} {number} " + "x" * 300, EMAIL)
    erases(office)
    assert rewrite(office.engine, TABLES)
    if is_sqlite(office):
        assert found_on_disk(office) == []
    assert office.findings() == []


def test_the_doctor_asks_for_overwriting(office: DeskOffice) -> None:
    if not is_sqlite(office):
        return
    with office.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA secure_delete = OFF").all()
        findings = Findings(0)
        check_database(connection, findings)
        assert [each.subject for each in findings.all()] == ["secure_delete"]
        connection.exec_driver_sql("PRAGMA secure_delete = ON").all()


def test_who_waits_does_not_wait_for_long() -> None:
    assert WAIT_MS <= 500
