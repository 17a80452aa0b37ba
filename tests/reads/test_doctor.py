"""The doctor finds each kind of damage: rows changed behind the desk's back, and lies that are signed with the key."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Connection, text

from desk.domain.audit import FIRST_LINK, Head, link
from desk.domain.facts import EventName
from desk.models import Base, engine
from desk.reads import stream_check
from desk.reads.doctor import Finding, examine
from desk.reads.replay import BESIDE, REBUILT, SAID_LATER, WORDS
from desk.reads.stream_check import read_entries
from tests.fixtures.databases import FreshDatabase
from tests.fixtures.office import KEYS, DeskOffice
from tests.reads.forging import facts_of, find, forge, tell, unguard
from tests.reads.full_day import prepare_morning

SQLITE_ONLY = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
# One damage for each table, that both databases store.
DAMAGES = {
    "visits": "label = 'A999'",
    "transactions": "handoffs = handoffs + 1",
    "queue_entries": "rank_at = rank_at - 1",
    "custody_segments": "started_at = started_at + 1",
    "handoffs": "reason = 'workload'",
    "calls": "times = times + 1",
    "invitations": "decision = 'not_invited'",
    "responses": "score = 5",
    "duties": "started_at = started_at - 1",
    "clock_epochs": "began_at = began_at + 1",
}


@pytest.fixture
def played(fresh_database: FreshDatabase) -> Iterator[DeskOffice]:
    """The office after a morning in which everything happened."""
    office = DeskOffice(fresh_database(prepare_morning))
    yield office
    office.engine.dispose()


@pytest.fixture
def vault(played: DeskOffice) -> Iterator[Connection]:
    """A connection to the morning's database without any guard; nothing written through it stays."""
    with played.streams.engine.connect() as connection:
        unguard(connection)
        yield connection
        connection.rollback()


def look(connection: Connection, head: Head | None = None) -> list[Finding]:
    """Return the findings on the office, without those on the guards that these tests have taken away."""
    found = examine(connection, KEYS.known, {} if head is None else {head.office_id: head})
    return [each for each in found if each.invariant]


def kinds(connection: Connection, head: Head | None = None) -> set[tuple[int, str]]:
    return {(each.invariant, each.kind) for each in look(connection, head)}


def head_of(connection: Connection) -> Head:
    last = list(read_entries(connection, 1))[-1]
    return Head(1, last.number, last.mac)


class TestSound:
    def test_an_office_after_a_morning_in_which_everything_happened(self, played):
        assert played.findings() == []

    def test_that_morning_fills_every_table_of_the_state(self, vault):
        empty = [name for name in REBUILT if not vault.scalar(text(f"SELECT count(*) FROM {name}"))]

        assert empty == []

    def test_part_by_part(self, played, monkeypatch):
        monkeypatch.setattr(stream_check, "PART", 1)

        assert played.findings() == []

    def test_the_checkpoint_of_an_earlier_moment(self, vault):
        earlier = list(read_entries(vault, 1))[20]

        assert look(vault, Head(1, earlier.number, earlier.mac)) == []


class TestTables:
    @pytest.mark.parametrize("name", DAMAGES)
    def test_a_changed_row_is_found(self, vault, name):
        vault.execute(text(f"UPDATE {name} SET {DAMAGES[name]}"))

        found = [each for each in look(vault) if each.kind == "differs"]

        column = DAMAGES[name].split()[0]
        assert found
        assert {each.subject.split()[0] for each in found} == {name}
        assert all(each.message.startswith(column) for each in found)

    @SQLITE_ONLY
    @pytest.mark.parametrize("name", DAMAGES)
    def test_deleted_rows_are_found(self, vault, name):
        count = vault.scalar(text(f"SELECT count(*) FROM {name}"))
        vault.execute(text(f"DELETE FROM {name}"))

        missing = [each for each in look(vault) if each.kind == "missing" and each.subject.split()[0] == name]

        assert len(missing) == count

    @SQLITE_ONLY
    @pytest.mark.parametrize("name", DAMAGES)
    def test_an_added_row_is_found(self, vault, name):
        table = Base.metadata.tables[name]
        key = [column.name for column in table.primary_key][-1]
        others = ", ".join(column.name for column in table.columns if column.name not in {"office_id", key})
        shifted = {"visits": "ordinal", "invitations": "transaction_id", "responses": "invitation_id"}.get(name)
        copied = others.replace(shifted, f"{shifted} + 500") if shifted else others
        vault.execute(
            text(
                f"INSERT INTO {name} (office_id, {key}, {others}) "
                f"SELECT office_id, {key} + 500, {copied} FROM {name} ORDER BY {key} LIMIT 1"
            )
        )

        assert (4, "extra") in kinds(vault)

    @SQLITE_ONLY
    def test_any_changed_value_of_any_column_is_found(self, vault):
        unnoticed = []
        for table in (Base.metadata.tables[name] for name in REBUILT):
            for column in table.columns:
                # What no event says; words beside the events are held against their digests.
                if (table.name, column.name) in (BESIDE - WORDS) | SAID_LATER:
                    continue
                with vault.begin_nested() as savepoint:
                    change_a_value(vault, table.name, column.name)
                    if not kinds(vault) & {(4, "differs"), (4, "missing"), (5, "words")}:
                        unnoticed.append(str(column))
                    savepoint.rollback()

        assert unnoticed == []

    def test_an_open_request_about_what_has_ended_is_found(self, vault):
        ended = "SELECT min(id) FROM transactions WHERE state = 'ended'"
        vault.execute(text(f"UPDATE requests SET transaction_id = ({ended}) WHERE state = 'asked'"))

        assert (2, "request") in kinds(vault)

    def test_rows_of_an_office_that_does_not_exist_are_found(self, vault):
        vault.execute(text("UPDATE handoffs SET office_id = 77"))

        assert {(each.office_id, each.kind) for each in look(vault)} == {(1, "missing"), (77, "extra"), (77, "head")}

    @SQLITE_ONLY
    def test_values_of_another_type_are_found(self, vault):
        vault.execute(text("UPDATE transactions SET opened_at = 'early', segment = 'many', state = 3"))
        vault.execute(text("UPDATE calls SET why = 'because', passed_over = 3"))
        vault.execute(text("UPDATE events SET at = 'noon', payload = '[]' WHERE number > 30"))
        vault.execute(text("UPDATE streams SET at = 'now'"))

        assert {(2, "custody"), (4, "differs"), (4, "event"), (5, "signature"), (7, "call"), (8, "head")} <= kinds(
            vault
        )

    @SQLITE_ONLY
    def test_text_that_is_not_text_is_found(self, vault):
        vault.execute(text("UPDATE events SET payload = CAST(x'ff' AS TEXT) WHERE number = 12"))

        assert [each.kind for each in examine(vault, KEYS.known) if each.office_id == 1] == ["unreadable"]

    def test_changed_words_are_found(self, vault):
        vault.execute(text("UPDATE notes SET words = 'Masih makan'"))

        assert kinds(vault) == {(5, "words")}

    def test_erased_words_are_no_finding(self, vault):
        vault.execute(text("UPDATE notes SET words = ''"))
        vault.execute(text("DELETE FROM notes WHERE kind = 'ResponseReceived'"))

        assert look(vault) == []


def change_a_value(connection: Connection, name: str, column: str) -> None:
    """Give one column of the last row of a table some other value."""
    key = [each.name for each in Base.metadata.tables[name].primary_key]
    row = connection.execute(text(f"SELECT * FROM {name} ORDER BY {', '.join(key)} DESC LIMIT 1")).mappings().one()
    where = " AND ".join(f"{each} = :key_{each}" for each in key)
    values = {f"key_{each}": row[each] for each in key}
    connection.execute(
        text(f"UPDATE {name} SET {column} = :value WHERE {where}"), {"value": another(row[column]), **values}
    )


def another(value: object) -> object:
    """Return some other value that the column takes."""
    match value:
        case int() if value in {0, 1}:
            return 1 - value
        case int():
            return value + 1_000_003
        case None:
            return 7
        case str() if value.startswith(("{", "[")):
            return json.dumps([value])
        case str() if value.startswith("2026-"):
            return "2026-02-27"
        case _:
            return f"{value}"[:-1] + "?"


@SQLITE_ONLY
class TestTrail:
    @pytest.mark.parametrize(
        "change",
        [
            "epoch = 3",
            "at = at + 1",
            "name = 'VisitorLeft'",
            "actor_kind = 'staff'",
            "actor_id = 6",
            "visit_id = 5",
            "transaction_id = 5",
            "payload = '{}'",
            "key_id = 'k2'",
            f"mac = '{FIRST_LINK}'",
            "mac = 'é'",
        ],
    )
    def test_a_changed_event_is_found(self, vault, change):
        vault.execute(text(f"UPDATE events SET {change} WHERE number = 13"))

        (chain,) = [each for each in look(vault) if each.invariant == 5]

        assert chain.subject == "event 13"
        assert chain.kind == ("key" if change.startswith("key_id") else "signature")

    def test_a_deleted_event_is_found(self, vault):
        vault.execute(text("DELETE FROM events WHERE number = 13"))

        assert {(5, "gap"), (8, "gap")} <= kinds(vault)

    def test_two_exchanged_events_are_found(self, vault):
        for old, new in ((13, 1013), (14, 13), (1013, 14)):
            vault.execute(text(f"UPDATE events SET number = {new} WHERE number = {old}"))

        assert (5, "signature") in kinds(vault)

    def test_a_cut_tail_is_found_by_the_head_of_the_stream(self, vault):
        vault.execute(text("DELETE FROM events WHERE number > 40"))

        assert (8, "head") in kinds(vault)

    def test_a_cut_tail_with_all_its_traces_removed_is_found_by_the_checkpoint(self, vault):
        head = head_of(vault)
        forge(vault, lambda entries: entries[:-3])

        assert look(vault) == []
        assert kinds(vault, head) == {(5, "cut")}

    def test_a_history_written_anew_is_found_by_the_checkpoint(self, vault):
        head = head_of(vault)
        forge(vault, lambda entries: tell(entries, find(entries, EventName.DUTY_STARTED), back_office=True))

        assert look(vault) == []
        assert kinds(vault, head) == {(5, "cut")}

    def test_the_key_is_needed_to_write_it_anew(self, vault):
        entries = list(read_entries(vault, 1))
        last = replace(entries[-1], payload="{}", mac="")
        mac = link(b"a guess", entries[-2].mac, last)
        vault.execute(
            text("UPDATE events SET payload = '{}', mac = :mac WHERE number = :n"), {"mac": mac, "n": last.number}
        )
        vault.execute(text("UPDATE streams SET mac = :mac"), {"mac": mac})

        assert (5, "signature") in kinds(vault)

    @pytest.mark.parametrize(
        "change", ["number = number + 1", "number = number - 1", f"mac = '{FIRST_LINK}'", "epoch = 1", "at = at + 1"]
    )
    def test_a_changed_head_of_the_stream_is_found(self, vault, change):
        vault.execute(text(f"UPDATE streams SET {change}"))

        assert kinds(vault) == {(8, "head")}

    def test_a_stream_that_is_gone_is_found(self, vault):
        vault.execute(text("DELETE FROM streams"))

        assert kinds(vault) == {(8, "head")}


@SQLITE_ONLY
class TestLies:
    """Events that no rule would have written, signed with the key, with the state that follows from them."""

    def test_a_skipped_number(self, vault):
        def skip(entries):
            position = find(entries, EventName.VISIT_STARTED, nth=1)
            return tell(entries, position, ordinal=17, label="A017")

        forge(vault, skip)

        assert kinds(vault) == {(1, "number")}

    def test_a_number_printed_wrongly(self, vault):
        forge(vault, lambda entries: tell(entries, find(entries, EventName.VISIT_STARTED), label="A001!"))

        assert kinds(vault) == {(1, "number")}

    def test_numbers_that_start_again(self, vault):
        def restart(entries):
            last = find(entries, EventName.VISIT_STARTED, nth=-1)
            return tell(entries, last, ordinal=1, label="Z001", series="Z", day="2026-03-02")

        forge(vault, restart)
        assert look(vault) == []

        def restart_twice(entries):
            last = find(entries, EventName.VISIT_STARTED, nth=-2)
            return tell(entries, last, ordinal=2, label="Z002", series="Z", day="2026-03-02")

        forge(vault, restart_twice)
        assert kinds(vault) == {(1, "number")}

    def test_custody_that_nobody_has(self, vault):
        def hole(entries):
            position = find(entries, EventName.SERVICE_STARTED)
            return tell(entries, position, segment=None)

        forge(vault, hole)

        assert (2, "custody") in kinds(vault)

    def test_custody_that_two_have(self, vault):
        def keep_open(entries):
            position = find(entries, EventName.SERVICE_STARTED)
            return tell(entries, position, closes=None)

        forge(vault, keep_open)

        assert (2, "custody") in kinds(vault)

    def test_two_open_offers(self, vault):
        def unanswered(entries):
            position = find(entries, EventName.HANDOFF_DECLINED)
            offered, again = (find(entries, EventName.HANDOFF_OFFERED, nth=nth) for nth in (0, 1))
            entries[position] = replace(entries[offered], number=entries[position].number)
            return entries[: again if again > position else None]

        forge(vault, unanswered)

        assert (2, "offer") in kinds(vault)

    @pytest.mark.parametrize("nth", [0, 1])
    def test_a_counter_with_two_visitors(self, vault, nth):
        def squeeze(entries):
            position = find(entries, EventName.TRANSACTION_CALLED, nth=nth)
            called = entries[position]
            again = find(entries, EventName.TRANSACTION_OPENED, nth=2)
            other = replace(called, transaction_id=entries[again].transaction_id, visit_id=entries[again].visit_id)
            return renumbered([*entries[: position + 1], other, *entries[position + 1 :]])

        forge(vault, squeeze)

        assert (3, "counter") in kinds(vault)

    def test_an_officer_on_duty_twice(self, vault):
        def twice(entries):
            position = find(entries, EventName.DUTY_STARTED, nth=1)
            officer = facts_of(entries[find(entries, EventName.DUTY_STARTED)])["officer"]
            return tell(entries, position, officer=officer)

        forge(vault, twice)

        assert (3, "duty") in kinds(vault)

    def test_a_row_changed_before_it_was_made(self, vault):
        forge(vault, lambda entries: tell(entries, find(entries, EventName.CALL_REPEATED), call=123))

        assert (4, "event") in kinds(vault)

    def test_an_ended_transaction_about_which_nobody_decided(self, vault):
        def forget(entries):
            position = find(entries, EventName.INVITATION_DECIDED, nth=-1)
            entries[position] = replace(entries[position], name=EventName.NOTE_ADDED, payload="{}")
            return entries

        forge(vault, forget)

        assert kinds(vault) == {(6, "invitation")}

    def test_a_reopened_transaction_whose_question_stands(self, vault):
        def keep(entries):
            position = find(entries, EventName.INVITATION_SUPERSEDED)
            entries[position] = replace(entries[position], name=EventName.NOTE_ADDED, payload="{}")
            return entries

        def never_asked(entries):
            position = find(entries, EventName.INVITATION_DECIDED, nth=1)
            return tell(keep(entries), position, decision="not_invited", expires=None)

        forge(vault, never_asked)

        assert (6, "invitation") in kinds(vault)

    def test_a_call_that_does_not_say_why(self, vault):
        forge(vault, lambda entries: tell(entries, find(entries, EventName.TRANSACTION_CALLED), why={}))

        assert kinds(vault) == {(7, "call")}

    def test_a_call_of_a_particular_visitor_without_a_reason(self, vault):
        def unreasoned(entries):
            position = find(entries, EventName.TRANSACTION_CALLED, picked="vulnerable")
            return tell(entries, position, picked=None)

        forge(vault, unreasoned)

        assert kinds(vault) == {(7, "call")}

    def test_a_time_that_goes_back(self, vault):
        def back(entries):
            position = find(entries, EventName.CALL_REPEATED)
            entries[position] = replace(entries[position], at=entries[position].at - 1)
            return entries

        forge(vault, back)

        assert (8, "time") in kinds(vault)

    def test_an_epoch_that_nobody_opened(self, vault):
        def new_epoch(entries):
            position = find(entries, EventName.CLOCK_CONFIRMED)
            return [replace(each, epoch=each.epoch + (number >= position)) for number, each in enumerate(entries)]

        forge(vault, new_epoch)

        assert (8, "epoch") in kinds(vault)

    def test_an_event_nobody_knows(self, vault):
        def rename(entries):
            position = find(entries, EventName.DAY_CLOSED)
            entries[position] = replace(entries[position], name="DayOpened")
            return entries

        forge(vault, rename)

        assert kinds(vault) == {(4, "event")}


def renumbered(entries):
    """Return the events numbered from 1 (ids inside stay as they are)."""
    return [replace(each, number=number) for number, each in enumerate(entries, start=1)]


class TestDatabase:
    @SQLITE_ONLY
    def test_an_affected_library_is_found(self, played, monkeypatch):
        monkeypatch.setattr(engine, "sqlite_version", lambda: (3, 51, 2))

        (finding,) = played.findings()

        assert (finding.kind, finding.subject) == ("sqlite", "library")
        assert "3.51.2" in finding.message

    @SQLITE_ONLY
    def test_the_least_safe_library_is_no_finding(self, played, monkeypatch):
        monkeypatch.setattr(engine, "sqlite_version", lambda: engine.SAFE_SQLITE)

        assert played.findings() == []

    @SQLITE_ONLY
    @pytest.mark.parametrize(
        ("pragma", "value"), [("synchronous", "NORMAL"), ("foreign_keys", "OFF"), ("journal_mode", "DELETE")]
    )
    def test_a_connection_set_otherwise_is_found(self, played, pragma, value):
        with played.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql(f"PRAGMA {pragma} = {value}")

            assert [each.subject for each in examine(connection, KEYS.known)] == [pragma]
            connection.invalidate()

    @SQLITE_ONLY
    def test_a_reference_to_nothing_is_found(self, vault):
        vault.execute(text("UPDATE transactions SET service_id = 99"))

        assert any("transactions refers to a row of services" in each.message for each in examine(vault, KEYS.known))


class TestOffices:
    def test_only_the_asked_office_is_examined(self, vault):
        vault.execute(text("UPDATE handoffs SET office_id = 77"))

        assert {each.office_id for each in examine(vault, KEYS.known, offices=[77]) if each.invariant} == {77}

    def test_a_checkpoint_of_an_office_that_is_gone_is_found(self, played):
        with played.streams.reading() as connection:
            found = examine(connection, KEYS.known, {9: Head(9, 12, FIRST_LINK)})

        assert {(each.office_id, each.kind) for each in found} == {(9, "cut"), (9, "head")}

    def test_an_office_at_work_is_no_finding(self, played):
        """Somebody arrives while the doctor reads: it sees one moment."""
        busy = KeysOfABusyOffice(played)

        with played.streams.reading() as connection:
            assert examine(connection, busy) == []
        assert busy.arrived > 5

    def test_fifty_of_a_kind_are_enough(self, vault):
        vault.execute(text("UPDATE events SET payload = '{}'"))

        found = [each for each in look(vault) if (each.invariant, each.kind) == (4, "event")]

        assert len(found) == 51
        assert found[-1].subject == "more"


class KeysOfABusyOffice(dict):
    """The keys of the trail; whenever one is looked up, somebody arrives."""

    def __init__(self, office):
        super().__init__(KEYS.known)
        self._office = office
        self.arrived = 0

    def get(self, key, default=None):
        self._office.arrives("B")
        self.arrived += 1
        return super().get(key, default)
