"""Tokens, links and addresses stay where they belong: not in a log, not in the database, not in an error."""

import json
import logging
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import select

from desk.delivery.bounces import Bounces
from desk.delivery.notification import Failure, Notification
from desk.delivery.receipts import Receipts, read_receipt
from desk.domain.tokens import hash_of
from desk.models import Base, VisitorToken
from desk.reads.outbox import list_deliveries
from tests.fixtures.delivery import PUBLIC_URL, WATI
from tests.fixtures.gateway import WATI_PHONE
from tests.fixtures.office import KEYS

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
    assert f"delivery {asked.delivery.id}, attempt " in said
    assert not [secret for secret in (token, WATI, "wati.lestari") if secret in said.lower()]
    assert token not in stored
    assert hash_of(token) in stored
    assert "wati.lestari" not in (asked.delivery.last_error or "")
    assert asked.office.row(VisitorToken, token_hash=hash_of(token)).kind == "survey"


QUOTED = {
    "as it is": lambda link: link,
    "encoded": lambda link: f"http://bl.example/q?u={quote(link, safe='')}",
    "twice": lambda link: f"http://bl.example/q?u={quote(quote(link, safe=''), safe='')}",
    "a blank in it": lambda link: f"{link[:-9]} {link[-9:]}",
    "without its end": lambda link: f"{link[:-9]}...",
    "in two lines": lambda link: f"{link[:-13]}\r\n554 {link[-13:]}",
    "without the link": lambda link: f"id {link[-26:]}",
}


@pytest.mark.parametrize("quoting", QUOTED.values(), ids=QUOTED)
def test_a_server_that_quotes_the_link_does_not_bring_it_into_the_log(ask, courier, mail_server, caplog, quoting):
    caplog.set_level(logging.DEBUG, "desk")
    asked = ask()
    link = courier.links.to_survey(courier.claims().occasion)
    token = link.rpartition("/")[2]
    asked.office.clock.tick(3600)
    mail_server.will("DATA", f"554 5.7.1 Blocked: {quoting(link)}")

    courier.delivers()

    assert asked.delivery.last_error.startswith("554 5.7.1 Blocked: ")
    logged = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("desk"))
    for shown in (logged, _everything_in(asked.office.engine)):
        assert token[:8] not in shown and token[-8:] not in shown


@pytest.mark.parametrize("quoting", QUOTED.values(), ids=QUOTED)
def test_nor_does_mail_that_comes_back(ask, courier, desk_office, quoting):
    asked = ask()
    link = courier.links.to_survey(courier.claims().occasion)
    courier.outbox.release([], desk_office.clock())
    said = Failure("5.7.1", f"554 {quoting(link)}", frozenset((WATI,)), frozenset((WATI,)))
    reference = courier.links.reference(asked.delivery.idempotency_key)
    Bounces(courier.engine, KEYS.links).take(Notification((reference,), (said,), frozenset()), desk_office.clock())

    assert asked.delivery.state == "dead"
    token, stored = link[-26:], _everything_in(desk_office.engine)
    assert token[:8] not in stored and token[-8:] not in stored


@pytest.mark.parametrize("quoting", QUOTED.values(), ids=QUOTED)
def test_nor_does_a_receipt_of_a_gateway(ask, phone_courier, gateway, desk_office, quoting):
    asked = ask(None, phone=WATI_PHONE)
    phone_courier.delivers()
    link = gateway.sent[0].link()
    body = {"id": asked.delivery.provider_id, "status": "failed", "error": f"blocked {quoting(PUBLIC_URL + link)}"}
    receipt = read_receipt(gateway.settings(), json.dumps(body).encode())
    Receipts(phone_courier.engine, KEYS.links).take(receipt, desk_office.clock())

    assert asked.delivery.last_error.startswith("the gateway: blocked ")
    token, stored = link[-26:], _everything_in(desk_office.engine)
    assert token[:8] not in stored and token[-8:] not in stored


def test_what_supervisors_see_is_masked(ask, desk_office):
    ask()
    with desk_office.streams.reading() as connection:
        (line,) = list_deliveries(connection, desk_office.id)

    assert WATI not in repr(line)
    assert line.address == "w***@example.go.id"
