"""The list of the setting up: it says what is missing, and what is tried on it really happens."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, insert, select, update

from desk.backups.folder import list_backups
from desk.domain.access import Role
from desk.domain.facts import EventName
from desk.domain.opening import Trial
from desk.models import Calendar, Closure, Device, EventRow, OfficeTrial, Person, Service, Skill, Visit
from desk.reads.missing_holidays import count_missing, years_of
from desk.reads.national_holidays import list_holidays
from desk.reads.opening import get_furniture
from desk.settings import Mail
from desk.web.accounts.entering import first_page
from tests.fixtures.mail import SENDER, MailServer
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import Web

LIST = "/offices/1/checklist"
JAKARTA = ZoneInfo("Asia/Jakarta")
BOARD = "/offices/1/display/board"


@pytest.fixture
def agus(web: Web) -> Web:
    """The administrator's browser, in English."""
    web.speak("en")
    browser = web.as_("Agus")
    browser.speak("en")
    return browser


def with_settings(web: Web, **changed: Any) -> None:
    """Let the application go by other settings."""
    known = web.app.extensions["desk"]
    web.app.extensions["desk"] = replace(known, settings=replace(known.settings, **changed))


def presses(browser: Web, noun: str) -> str:
    """Press a button of the list and return what the page says then."""
    browser.send(browser.get(LIST), f"{LIST}/{noun}")
    return browser.get(LIST).said


def outcomes(office: DeskOffice) -> dict[str, bool]:
    """Return what was tried, and whether it went well."""
    return {row.trial: row.succeeded for row in office.rows(OfficeTrial)}


def test_an_office_at_work_is_ready_and_one_without_says_why(agus: Web, desk_office: DeskOffice) -> None:
    page = agus.get(LIST)
    assert "Ready to call the first number." in page.said
    assert page.queries <= 19
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Service).values(retired=True))
    said = agus.get(LIST).said
    assert "Ready" not in said and "There is no service yet" in said and "Nobody serves" not in said
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Service).where(Service.series == "A").values(retired=False))
        connection.execute(
            update(Person).values(disabled_at=desk_office.clock()).where(Person.username != "agus.kpknl")
        )
    said = agus.get(LIST).said
    assert "Nobody serves A yet." in said and "No officer or supervisor works here yet." in said
    agus.speak("id")
    assert "Belum ada yang melayani A." in agus.get(LIST).said


def test_one_service_that_nobody_serves_keeps_no_other_from_being_called(agus: Web, desk_office: DeskOffice) -> None:
    with desk_office.streams.setting_up() as connection:
        gone = select(Service.id).where(Service.series == "A").scalar_subquery()
        connection.execute(delete(Skill).where(Skill.service_id == gone))
    said = agus.get(LIST).said
    assert "Ready to call the first number." in said and "No number can be called" not in said
    assert "Some services cannot be called yet: Who serves what: Nobody serves A yet." in said


def test_holidays_that_are_not_entered_are_counted_until_somebody_says_that_they_work(
    agus: Web, desk_office: DeskOffice
) -> None:
    year, zone = desk_office.clock().astimezone(JAKARTA).year, JAKARTA
    with desk_office.streams.reading() as connection:
        kept = get_furniture(connection, 1, at=desk_office.clock()).kept
    before = count_missing(kept, desk_office.clock(), zone)
    assert before[year] > 3 and f"are not entered: {year}: {before[year]}." in agus.get(LIST).said
    open_on = next(each.day for each in reversed(list_holidays(year)) if any(one.intervals(each.day) for one in kept))
    with desk_office.streams.setting_up() as connection:
        for row in connection.execute(select(Calendar.id)).scalars():
            connection.execute(insert(Closure), {"calendar_id": row, "day": open_on, "name": "Libur", "kind": "own"})
    assert f"are not entered: {year}: {before[year] - 1}." in agus.get(LIST).said
    assert "Agus said that the office works on those" in presses(agus, "holidays")
    new_year = datetime(year, 12, 31, 23, tzinfo=UTC)  # a new year already where the office is
    assert years_of(new_year, zone) == (year + 1,) and years_of(new_year - timedelta(days=7), zone) == (year, year + 1)
    desk_office.clock.tick((datetime(year, 12, 20, tzinfo=UTC) - desk_office.clock()).total_seconds())
    agus = agus.as_("Agus")
    agus.speak("en")
    assert f"are not entered: {year}: " in agus.get(LIST).said and f"{year + 1}: " in agus.get(LIST).said


def test_a_display_rings_for_a_while_and_calls_nobody(agus: Web, web: Web, desk_office: DeskOffice) -> None:
    desk_office.sari.signs_on(1)
    desk_office.arrives("A")
    desk_office.sari.calls(counter=1)
    before = web.get(BOARD)
    page = agus.get(LIST)
    agus.send(page, f"{LIST}/display")
    agus.send(page, f"{LIST}/display")  # once more: the same ring

    (row,) = desk_office.rows(OfficeTrial)
    assert row.trial == Trial.DISPLAY and [e.name for e in desk_office.rows(EventRow)][-1] == EventName.TRIAL_MADE
    rung = web.get(BOARD)
    assert f'data-call="trial-{row.event}"' in rung.text and "This is a trial. Nobody is called." in rung.text
    assert "A001" in rung.said and rung.queries == before.queries
    assert web.get(f"/offices/1/changes?since={row.event - 1}").text.count("board") == 1
    desk_office.clock.tick(timedelta(seconds=20).total_seconds())
    assert "trial" not in web.get(BOARD).text
    page = agus.get(LIST)
    assert "Tried by" in page.said and "They were rung" not in page.said and "say so" in page.said
    agus.send(page, f"{LIST}/displays")
    assert "They were rung, and each of them sounded" in agus.get(LIST).said
    assert len(desk_office.rows(Visit)) == 1


def test_a_paired_display_counts_while_it_is_seen(agus: Web, desk_office: DeskOffice) -> None:
    row = {"office_id": 1, "kind": "display", "settings": {}, "paired_at": desk_office.clock()}
    seen = {1: desk_office.clock(), 2: desk_office.clock() - timedelta(hours=1), 3: None}
    with desk_office.streams.setting_up() as connection:
        for number, at in seen.items():
            connection.execute(insert(Device), {**row, "id": number, "name": str(number), "seen_at": at})
    assert "1 paired display is on." in agus.get(LIST).said
    desk_office.clock.tick(timedelta(hours=1).total_seconds())
    assert "let all of them ring" in agus.get(LIST).said


def test_a_server_that_nobody_else_reaches_is_said_to_be_one(agus: Web, desk_office: DeskOffice) -> None:
    code = "/offices/1/staff/{}/code"
    for changed, is_alone in (
        ({"base_url": ""}, True),
        ({"base_url": "http://10.0.0.7:8000"}, True),
        ({"base_url": "https://desk.kpknl.example.id"}, False),
        ({"base_url": "http://10.0.0.7:8000", "host": "0.0.0.0"}, False),
    ):
        with_settings(agus, **{"host": "127.0.0.1", "port": 8000, **changed})
        page = agus.get(LIST)
        assert ("listens on this machine only" in page.said) is is_alone, changed
        assert ("As yet on this machine only" in page.said) is is_alone
        assert (f'href="{LIST}/address"' in page.text) is not is_alone
        access = agus.get(f"/offices/1/staff/{desk_office.sari.id}/access")
        shown = agus.send(access, code.format(desk_office.sari.id), status=200).said
        assert ("so nobody else reaches that page yet" in shown) is is_alone
        assert ("http" in shown) is not is_alone


def test_an_administrator_begins_where_something_is_missing(web: Web, agus: Web, desk_office: DeskOffice) -> None:
    with web.app.test_request_context():
        person: Any = SimpleNamespace(offices={1: frozenset({Role.ADMIN})})
        assert first_page(person) == "/offices/1/gaps"
        with desk_office.streams.setting_up() as connection:
            connection.execute(update(Service).values(retired=True))
        assert first_page(person) == LIST
    agus.speak("id")
    assert "Belum ada" in agus.get(LIST).said and "Hilang" not in agus.get(LIST).said


def test_a_trial_ticket_takes_no_number(agus: Web, desk_office: DeskOffice) -> None:
    page = agus.get(f"{LIST}/ticket")
    assert "UJI COBA" in page.said and "TRIAL" in page.said and "A000" in page.said
    agus.send(page, f"{LIST}/ticket")
    address = agus.get(f"{LIST}/address")
    assert "http://desk.example/offices/1/check-in" in address.text
    agus.send(address, f"{LIST}/address")
    assert outcomes(desk_office) == {"ticket": True, "address": True}
    assert desk_office.rows(Visit) == []


def test_a_trial_message_is_really_sent(agus: Web, desk_office: DeskOffice, mail_server: MailServer) -> None:
    assert "Set up mail" in agus.get(LIST).said
    with_settings(agus, mail=mail_server.settings())
    assert "Enter your own address" in agus.get(LIST).said
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Person).values(email="agus@kpknl.example.id").where(Person.id == desk_office.agus.id))
    page = agus.get(LIST)
    assert "a trial message to yourself shows" in page.said
    agus.send(page, f"{LIST}/message")
    agus.send(page, f"{LIST}/message")  # a repeat sends nothing
    assert "A trial message was taken over." in agus.get(LIST).said

    (letter,) = mail_server.letters
    assert (letter.sender, letter.recipient) == (SENDER, "agus@kpknl.example.id")
    assert "This is a trial." in letter.body()
    assert "agus@kpknl.example.id" not in str(desk_office.rows(EventRow))
    mail_server.will("RCPT", "550 5.7.1 Not from you")
    assert "The message was not taken: The mail server refuses this message" in presses(agus, "message")
    assert outcomes(desk_office) == {"message": False}
    assert "the last trial message was not taken" in agus.get(LIST).said
    with_settings(agus, mail=Mail(host="127.0.0.1", port=mail_server.port, sender="nobody"))
    assert "The sender is no address" in presses(agus, "message")


def test_a_trial_goes_to_a_phone(agus: Web, desk_office: DeskOffice, gateway: Any) -> None:
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Person).values(phone="+628123456789").where(Person.id == desk_office.agus.id))
    with_settings(agus, gateway=gateway.settings())
    assert "was taken over, for +628123456789" in presses(agus, "text")
    assert outcomes(desk_office) == {"text": True}
    with_settings(agus, gateway=replace(gateway.settings(), url="http://127.0.0.1:1/"))
    agus.speak("id")
    assert "gerbang pesan tidak dapat dijangkau" in presses(agus, "text")


def test_a_backup_is_made_and_a_failure_is_said(agus: Web, desk_office: DeskOffice, tmp_path: Any) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    with_settings(agus, backups=replace(agus.app.extensions["desk"].settings.backups, folder=folder))
    said = presses(agus, "backup")
    (kept,) = list_backups(folder)
    assert kept.file.name in said and outcomes(desk_office) == {"backup": True}
    (tmp_path / "file").touch()
    with_settings(agus, backups=replace(agus.app.extensions["desk"].settings.backups, folder=tmp_path / "file"))
    assert "The backup failed: the folder of the backups cannot be written." in presses(agus, "backup")
    assert outcomes(desk_office) == {"backup": False}
