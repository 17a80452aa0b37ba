"""What supervisors and operators see of the outbox."""

from datetime import timedelta

from desk.reads.outbox import OutboxHealth, get_health, list_deliveries


def _listed(office, *arguments, **options):
    with office.streams.reading() as connection:
        return list_deliveries(connection, office.id, *arguments, **options)


def _health(office):
    with office.streams.reading() as connection:
        return get_health(connection, office.id, at=office.clock.now)


def test_newest_first_with_state_and_reason(ask, courier, mail_server):
    ask("satu@example.go.id")
    mail_server.will("RCPT", "550 5.1.1 No such mailbox here")
    courier.delivers()
    second = ask("dua@example.go.id")
    office = second.office

    newest, oldest = _listed(office)
    assert (newest.state, newest.number, newest.address) == ("pending", second.number, "d***@example.go.id")
    assert (oldest.state, oldest.attempts, oldest.error) == ("dead", 1, "550 5.1.1 No such mailbox here")
    assert newest.due_at == newest.queued_at + timedelta(seconds=300)


def test_by_state_and_limited(ask, courier, mail_server):
    for number in range(3):
        asked = ask(f"tamu{number}@example.go.id")
    office = asked.office
    mail_server.will("RCPT", "550 5.1.1 No such mailbox here")
    courier.delivers()

    assert [line.state for line in _listed(office, "dead")] == ["dead"]
    assert len(_listed(office, "sent")) == 2
    assert len(_listed(office, limit=2)) == 2
    assert _listed(office, state="cancelled") == []


def test_another_office_sees_nothing(ask, desk_office):
    ask()
    with desk_office.streams.reading() as connection:
        assert list_deliveries(connection, 2) == []


def test_an_erased_address_is_not_shown(ask, desk_office):
    asked = ask(due=False)
    desk_office.budi.reopens(asked.transaction)

    (line,) = _listed(desk_office)
    assert (line.state, line.address) == ("cancelled", "***")


def test_health(ask, courier, mail_server, desk_office):
    assert _health(desk_office) == OutboxHealth(0, None, timedelta(0), 0)

    ask(due=False)
    desk_office.clock.tick(120)
    assert _health(desk_office) == OutboxHealth(1, timedelta(seconds=120), timedelta(0), 0)
    desk_office.clock.tick(240)
    assert _health(desk_office) == OutboxHealth(1, timedelta(seconds=360), timedelta(seconds=60), 0)

    mail_server.will("RCPT", "550 5.1.1 No such mailbox here")
    courier.delivers()
    assert _health(desk_office) == OutboxHealth(0, None, timedelta(0), 1)
