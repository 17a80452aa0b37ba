"""Whatever somebody with the database does to the log is found with a checkpoint: by `desk audit verify`, and by the
program that stands alone, on an export of what the database then holds."""

from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import DBAPIError

from desk.domain.audit import FIRST_LINK, Entry, Head, Signer, link
from desk.models import EventRow, Stream
from desk.reads.trail import list_heads, read_rows, verify
from desk.reports.trail_export import Extent, NothingToExport, export
from desk.reports.verify_trail import Bad, check
from tests.fixtures.office import KEYS
from tests.reads.forging import unguard

EVENTS = EventRow.__table__
NAMES = tuple(Entry.__slots__)
NUMBERS = {"office_id", "number", "epoch", "at", "actor_id", "transaction_id", "visit_id"}
# What `main` of the program answers with exit code 1.
FOUND = (Bad, KeyError, TypeError, ValueError)
MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
BYTES = st.integers(0, 255)


@pytest.fixture
def log(desk_office):
    """An office in which something happened, with the connection of somebody who may do anything, and its head."""
    desk_office.sari.signs_on(1)
    desk_office.dewi.signs_on(2)
    desk_office.arrives("A", email="wati@example.go.id", consent=True)
    transaction = desk_office.sari.serves()
    desk_office.dewi.accepts(desk_office.sari.offers(transaction, desk_office.dewi, note="é 日本"))
    desk_office.dewi.completes(transaction)
    return Log(desk_office)


class Log:
    def __init__(self, office):
        self.office = office
        self._engine = office.streams.engine
        with self._engine.connect() as connection:
            (self.head,) = list_heads(connection)
            self.rows = [dict(zip(NAMES, row, strict=True)) for row in read_rows(connection, office.id)]

    @contextmanager
    def harmed(self):
        """Give a connection whose changes are looked at and then undone."""
        with self._engine.connect() as connection:
            unguard(connection)
            yield connection
            connection.rollback()

    def faults(self, connection, *heads):
        try:
            return [trail.fault for trail in verify(connection, KEYS.known, heads) if trail.fault is not None]
        except DBAPIError as error:
            return [error]

    def export(self, connection):
        return b"".join(export(connection, Extent(1, "uji"), KEYS.known, signing="k1", at="now"))

    def is_found(self, connection):
        """Whether both programs find what was done, given a checkpoint."""
        alone = stands_alone(lambda: self.export(connection), self.head)
        return bool(self.faults(connection, self.head)) and alone


def stands_alone(exported, *heads):
    """Whether the program that stands alone finds fault with an export."""
    try:
        list(check(exported().splitlines(keepends=True), KEYS.known, {1: [(head.number, head.mac) for head in heads]}))
    except (*FOUND, NothingToExport, DBAPIError):
        return True
    return False


def row_of(number):
    return (EVENTS.c.office_id == 1) & (EVENTS.c.number == number)


def stored(value):
    """Return a changed value as somebody would write it: text that is no UTF-8 goes in as it is, on SQLite."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return text("CAST(:raw AS TEXT)").bindparams(raw=value)


def change(connection, log, data):
    row = data.draw(st.sampled_from(log.rows))
    name = data.draw(st.sampled_from([name for name in NAMES if row[name] not in (None, "")]))
    before = str(row[name]).encode()
    place = data.draw(st.integers(0, len(before) - 1))
    after = before[:place] + bytes([data.draw(BYTES)]) + before[place + 1 :]
    assume(after != before and b"\0" not in after)
    if name in NUMBERS:
        assume(after.lstrip(b"-").isdigit() and int(after) != row[name])
        assume(-(2**31) <= int(after) < 2**31 or name not in ("office_id", "epoch", "actor_id"))
        value = int(after)
    else:
        value = stored(after)
        assume(isinstance(value, str) or connection.dialect.name == "sqlite")
    if name == "number":
        assume(value > 0 and value not in {each["number"] for each in log.rows})
    connection.execute(update(EVENTS).where(row_of(row["number"])).values({name: value}))


def remove(connection, log, data):
    connection.execute(delete(EVENTS).where(row_of(data.draw(st.sampled_from(log.rows))["number"])))


def cut(connection, log, data):
    """Cut the tail, and let the stream say that it ended there."""
    last = data.draw(st.integers(0, len(log.rows) - 1))
    connection.execute(delete(EVENTS).where(EVENTS.c.number > last))
    mac = log.rows[last - 1]["mac"] if last else FIRST_LINK
    connection.execute(update(Stream).values(number=last, mac=mac))


def exchange(connection, log, data):
    one, other = data.draw(st.lists(st.sampled_from(range(len(log.rows))), min_size=2, max_size=2, unique=True))
    for here, there in ((one, other), (other, one)):
        values = {name: value for name, value in log.rows[there].items() if name != "number"}
        connection.execute(update(EVENTS).where(row_of(log.rows[here]["number"])).values(values))


def repeat(connection, log, data):
    row = data.draw(st.sampled_from(log.rows))
    connection.execute(insert(EVENTS), {**row, "number": log.head.number + 1})
    connection.execute(update(Stream).values(number=log.head.number + 1, mac=row["mac"]))


def sign_anew(connection, log, data):
    """Change an event and sign all anew, as somebody who has the key too."""
    place, mac = data.draw(st.integers(0, len(log.rows) - 1)), FIRST_LINK
    for number, row in enumerate(log.rows):
        entry = Entry(**{**row, "at": row["at"] + (number == place)})
        mac = link(KEYS.key, mac, entry)
        connection.execute(update(EVENTS).where(row_of(row["number"])).values(at=entry.at, mac=mac))
    connection.execute(update(Stream).values(mac=mac))


HARM = (change, change, change, remove, cut, exchange, repeat, sign_anew)


def test_an_untouched_log_holds(log):
    with log.harmed() as connection:
        assert log.faults(connection, log.head, Head(1, 3, log.rows[2]["mac"])) == []
        assert not stands_alone(lambda: log.export(connection), log.head)


def test_whatever_is_done_to_the_log_is_found_with_a_checkpoint(log):
    @MANY
    @given(st.sampled_from(HARM), st.data())
    def attempt(harm, data):
        with log.harmed() as connection:
            harm(connection, log, data)
            assert log.is_found(connection), harm.__name__

    attempt()


def test_what_needs_a_checkpoint_is_not_seen_without_one(log):
    @settings(MANY, max_examples=10)
    @given(st.sampled_from((cut, sign_anew)), st.data())
    def attempt(harm, data):
        with log.harmed() as connection:
            harm(connection, log, data)
            assert log.faults(connection) == []

    attempt()


@pytest.fixture
def exported(log):
    with log.harmed() as connection:
        return log.export(connection), log.head


def test_every_single_byte_of_an_export_counts(exported):
    content, head = exported

    @settings(MANY, max_examples=400)
    @given(st.integers(0, len(content) - 1), BYTES)
    def attempt(place, byte):
        assume(content[place] != byte)
        assert stands_alone(lambda: content[:place] + bytes([byte]) + content[place + 1 :], head)

    attempt()


def test_lines_of_an_export_cannot_be_left_out_repeated_or_exchanged(exported):
    content, head = exported
    lines = content.splitlines(keepends=True)

    @MANY
    @given(st.integers(0, len(lines) - 1), st.integers(0, len(lines) - 1))
    def attempt(one, other):
        assert stands_alone(lambda: b"".join(lines[:one] + lines[one + 1 :]), head)
        assert stands_alone(lambda: b"".join(lines[: one + 1] + lines[one:]), head)
        assert one == 0 or stands_alone(lambda: b"".join(lines[:one]), head)
        swapped = [*lines]
        swapped[one], swapped[other] = lines[other], lines[one]
        assert one == other or stands_alone(lambda: b"".join(swapped), head)

    attempt()


def test_an_office_without_a_transaction_id_that_is_the_word_none(log):
    """What is signed is a text, in which nothing and the word for it look alike."""
    with log.harmed() as connection:
        if connection.dialect.name != "sqlite":
            return
        row = next(each for each in log.rows if each["transaction_id"] is None)
        connection.execute(text("UPDATE events SET transaction_id = 'None' WHERE number = :n"), {"n": row["number"]})
        assert log.is_found(connection)


@given(st.binary(min_size=1, max_size=200), st.text())
def test_the_prepared_signer_is_hmac(key, words):
    import hmac

    assert Signer(key)(words) == hmac.new(key, words.encode("utf-8", "surrogatepass"), "sha256").hexdigest()
