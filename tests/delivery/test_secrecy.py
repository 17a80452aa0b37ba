"""Tokens, links and addresses stay where they belong: not in a log, not in the database, not in an error."""

import logging
from pathlib import Path

import pytest
from sqlalchemy import select

from desk.domain.tokens import hash_of
from desk.models import Base, VisitorToken
from desk.reads.outbox import list_deliveries
from tests.fixtures.delivery import WATI

ANSWERS = {
    "taken": (),
    "quoted address": ("RCPT", f"550 5.1.1 <{WATI}>: Recipient address rejected: User wati.lestari unknown"),
    "quoted address for now": ("RCPT", f"450 4.2.2 {WATI} over quota"),
}


def _everything_in(engine):
    """Return every value of every table, and the bytes of the file where there is one."""
    with engine.connect() as connection:
        rows = [str(tuple(row)) for table in Base.metadata.sorted_tables for row in connection.execute(select(table))]
    file = engine.url.database if engine.dialect.name == "sqlite" else None
    files = [Path(file), Path(f"{file}-wal")] if file else []
    return "\n".join(rows) + "".join(path.read_bytes().decode("latin-1") for path in files if path.exists())


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_no_token_and_no_address_outside_of_its_place(ask, courier, mail_server, caplog, answer):
    caplog.set_level(logging.DEBUG, "desk")
    asked = ask()
    link = courier.links.to_survey(courier.claims().occasion)
    token = link.rpartition("/")[2]
    asked.office.clock.tick(3600)
    if answer:
        mail_server.will(*answer)

    courier.delivers()

    said = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("desk"))
    stored = _everything_in(asked.office.engine)
    assert "w***@example.go.id" in said
    assert not [secret for secret in (token, WATI, "wati.lestari") if secret in said.lower()]
    assert token not in stored
    assert hash_of(token) in stored
    assert "wati.lestari" not in (asked.delivery.last_error or "")
    assert asked.office.row(VisitorToken, token_hash=hash_of(token)).kind == "survey"


def test_a_server_that_quotes_the_link_does_not_bring_it_into_the_log(ask, courier, mail_server, caplog):
    caplog.set_level(logging.DEBUG, "desk")
    asked = ask()
    link = courier.links.to_survey(courier.claims().occasion)
    token = link.rpartition("/")[2]
    asked.office.clock.tick(3600)
    mail_server.will("DATA", f"554 5.7.1 Blocked: {link}")

    courier.delivers()

    assert asked.delivery.last_error.endswith("/s/***")
    assert token not in "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("desk"))
    assert token not in _everything_in(asked.office.engine)


def test_what_supervisors_see_is_masked(ask, desk_office):
    ask()
    with desk_office.streams.reading() as connection:
        (line,) = list_deliveries(connection, desk_office.id)

    assert WATI not in repr(line)
    assert line.address == "w***@example.go.id"
