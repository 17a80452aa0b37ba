"""What holds for the server, set in the browser: it holds at once, is told without secrets, and never lost half-way."""

import json
import re
import stat
from typing import Any

import pytest
from sqlalchemy import insert, update

from desk.backups.folder import list_backups
from desk.domain.access import Role
from desk.domain.facts import EventName
from desk.models import EventRow, Membership, Person, StaffSession
from desk.settings import load_settings
from desk.settings_kept import FILE, file_of
from desk.settings_now import current
from tests.fixtures.mail import MailServer, only
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import Answer, Web

PAGE = "/offices/1/server"
ADDRESS, MAIL, BACKUPS = f"{PAGE}/address", f"{PAGE}/mail", f"{PAGE}/backups"
SECRET = "geheim-4711-kata-sandi"
HOUSE = "https://antrean.example.go.id"


@pytest.fixture
def agus(web: Web) -> Web:
    """The administrator's browser, in English."""
    browser = web.as_("Agus")
    browser.speak("en")
    return browser


def sends(browser: Web, action: str, *, status: int = 303, **changed: Any) -> Answer:
    """Send one of the forms of the page with these fields changed."""
    return browser.send(browser.get(PAGE), action, status=status, **changed)


def told(office: DeskOffice) -> list[tuple[str, Any, Any]]:
    """Return what the trail says of the server."""
    events = [row for row in office.rows(EventRow) if row.name == EventName.SETTING_CHANGED]
    payloads = [json.loads(row.payload) for row in events]
    return [(each["setting"], each["from"], each["to"]) for each in payloads if each["setting"].startswith("server_")]


def kept(browser: Web) -> dict[str, str]:
    """Return what lies in the file."""
    file = file_of(browser.app.extensions["desk"].settings.data)
    found: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    return found


def settings_of(browser: Web) -> Any:
    """Return the settings the application goes by."""
    return current(browser.app.extensions["desk"].settings)


def given_by_environment(browser: Web, **given: str) -> None:
    """Let the application run with these variables."""
    known, before = browser.app.extensions["desk"], browser.app.extensions["desk"].settings
    environ = {"DESK_DATA": str(before.data), "DATABASE_URL": before.database_url, **given}
    browser.app.extensions["desk"] = type(known)(load_settings(environ), known.streams)


def test_the_address_holds_at_once_and_is_told(agus: Web, desk_office: DeskOffice) -> None:
    assert "Set the public address" in agus.get("/offices/1/checklist").said
    sends(agus, ADDRESS, public_address=f" {HOUSE} ")
    assert HOUSE in agus.get("/offices/1/checklist/address").said
    assert settings_of(agus).public_url == HOUSE
    assert HOUSE in agus.get(PAGE).form(ADDRESS)["public_address"]
    page = agus.get(PAGE)
    agus.send(page, ADDRESS, public_address="http://10.0.0.7:8000")
    agus.send(page, ADDRESS, public_address="http://10.0.0.7:8000")  # once more: the same
    sends(agus, ADDRESS, public_address="")
    assert settings_of(agus).base_url == "http://desk.example"  # what it was started with
    assert told(desk_office) == [
        ("server_base_url", None, HOUSE),
        ("server_base_url", HOUSE, "http://10.0.0.7:8000"),
        ("server_base_url", "http://10.0.0.7:8000", None),
    ]
    assert "Public address of the server" in agus.get("/offices/1/changes-of-settings").said


WRONG_ADDRESSES = {
    "antrean.example.go.id": "is no web address",
    "https://antrean.example.go.id/desk": "more than a host",
    "http://localhost:8000": "the machine itself",
    "https://<b>": "is no web address",
    "https://x:99999": "is no web address",
    "https://" + "x" * 300: "at most 200",
}


def test_an_address_that_is_none_is_refused(agus: Web) -> None:
    for typed, said in WRONG_ADDRESSES.items():
        page = sends(agus, ADDRESS, status=422, public_address=typed)
        assert said in page.said and page.form(ADDRESS)["public_address"] == typed and kept(agus) == {}


def test_mail_goes_out_by_what_was_typed_and_nothing_tells_the_password(
    agus: Web, desk_office: DeskOffice, make_mail_server: Any, caplog: pytest.LogCaptureFixture
) -> None:
    server: MailServer = make_mail_server(authenticator=only("antrean", SECRET), auth_require_tls=False)
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Person).values(email="agus@kpknl.example.id").where(Person.id == desk_office.agus.id))
    typed = {"host": "127.0.0.1", "port": str(server.port), "starttls": None, "username": "antrean"}
    sends(agus, MAIL, **typed, password=SECRET, mail_from="Antrean <antrean@kpknl.example.go.id>")
    file = file_of(settings_of(agus).data)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and kept(agus)["DESK_SMTP_PASSWORD"] == SECRET
    agus.send(agus.get(PAGE), "/offices/1/checklist/message")
    (letter,) = server.letters
    assert letter.recipient == "agus@kpknl.example.id" and letter.sender == "antrean@kpknl.example.go.id"

    assert "A trial message was taken over." in agus.get("/offices/1/checklist").said
    sends(agus, MAIL, mail_from="loket@kpknl.example.go.id")  # the empty password keeps the kept one
    assert "A trial message was taken over." not in agus.get("/offices/1/checklist").said  # by another sender
    agus.send(agus.get(PAGE), "/offices/1/checklist/message")
    assert server.letters[1].sender == "loket@kpknl.example.go.id"
    # The kept password goes nowhere else.
    for other in ({"host": "localhost"}, {"port": "2525"}, {"username": "lain"}):
        assert "Type the password again" in sends(agus, MAIL, status=422, **other).said
    assert kept(agus)["DESK_SMTP_HOST"] == "127.0.0.1"

    seen = "".join(agus.get(each).text for each in (PAGE, "/offices/1/changes-of-settings", "/offices/1/checklist"))
    rows = str([row.payload for row in desk_office.rows(EventRow)])
    assert SECRET not in seen + rows + caplog.text and "antrean@" not in rows
    assert ("server_smtp_password", None, "set_anew") in told(desk_office)
    sends(agus, MAIL, no_password="y", username="")
    assert "DESK_SMTP_PASSWORD" not in kept(agus) and told(desk_office)[-1][1:] == ("set", None)
    sends(agus, MAIL, host="")
    assert kept(agus) == {"DESK_MAIL_FROM": "loket@kpknl.example.go.id"} and settings_of(agus).mail.host is None


WRONG_MAIL: list[tuple[dict[str, Any], str]] = [
    ({"host": "https://mail.example.go.id"}, "the name of the server only"),
    ({"port": "0"}, "from 1 to 65535"),
    ({"port": "x"}, "from 1 to 65535"),
    ({"starttls": None}, "sent openly"),
    ({"username": "sari\u00e9"}, "without accents"),
    ({"password": "r\u00e9hasia"}, "without accents"),
    ({"mail_from": "nobody at all"}, "antrean@example.go.id"),
    ({"mail_from": ""}, "antrean@example.go.id"),
]


def test_mail_settings_that_make_no_sense_keep_what_was_typed(agus: Web) -> None:
    right = {"host": "mail.example.go.id", "username": "antrean", "password": SECRET, "mail_from": "a@example.go.id"}
    for changed, said in WRONG_MAIL:
        typed = {**right, **changed}
        page = sends(agus, MAIL, status=422, **typed)
        assert said in page.said and SECRET not in page.text and kept(agus) == {}
        assert page.form(MAIL)["username"] == typed["username"]


def test_what_answers_is_told_by_its_kind_only(agus: Web, desk_office: DeskOffice, mail_server: MailServer) -> None:
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Person).values(email="agus@kpknl.example.id").where(Person.id == desk_office.agus.id))
    sends(agus, MAIL, host="127.0.0.1", port=str(mail_server.port), starttls=None, mail_from="a@example.go.id")
    said = []
    answers = (
        ("RCPT", "550 5.7.1 Banner-X"),
        ("MAIL", "421 Banner-X"),
        ("MAIL", "535 Banner-X"),
        ("DATA", "451 Banner-X"),
    )
    for place, answer in answers:
        mail_server.will(place, answer)
        agus.send(agus.get(PAGE), "/offices/1/checklist/message")
        said.append(agus.get("/offices/1/checklist").said)
    kinds = ("refuses this message", "does not take us", "refuses the user name", "does not take the message now")
    assert all(kind in each for kind, each in zip(kinds, said, strict=True)) and "Banner" not in "".join(said)
    sends(agus, MAIL, port="9")  # nobody listens there
    agus.send(agus.get(PAGE), "/offices/1/checklist/message")
    assert "No mail server can be reached" in agus.get("/offices/1/checklist").said


def test_the_time_of_the_backup(agus: Web, desk_office: DeskOffice) -> None:
    sends(agus, BACKUPS, backup_at="22:30", backup_keep="7")
    found = settings_of(agus).backups
    assert (f"{found.at:%H:%M}", found.keep) == ("22:30", 7) and "22:30" in agus.get("/offices/1/checklist").said
    assert told(desk_office) == [("server_backup_at", None, "22:30"), ("server_backup_keep", 30, 7)]
    page = sends(agus, BACKUPS, status=422, backup_at="25:00", backup_keep="-1")
    assert "Give a time of day" in page.said and "from 0 to 10,000" in page.said
    assert page.form(BACKUPS)["backup_keep"] == "-1"
    agus.send(agus.get(PAGE), "/offices/1/checklist/backup")
    (backup,) = list_backups(found.folder or settings_of(agus).data / "backups")
    assert FILE.encode() not in backup.file.read_bytes()


def test_the_environment_wins_and_the_page_says_so(agus: Web) -> None:
    given = {"DESK_BASE_URL": HOUSE, "DESK_SMTP_PASSWORD": SECRET, "DESK_BACKUP_AT": "01:30"}
    given_by_environment(agus, **given)
    page = agus.get(PAGE)
    assert "cannot be changed here" in page.said and SECRET not in page.text
    assert all(name in page.said for name in given)
    assert "public_address" not in page.text and 'name="host"' not in page.text and 'name="backup_at"' not in page.text
    agus.post(ADDRESS, public_address="https://elsewhere.example")
    agus.post(MAIL, host="mail.example.org", port="25", mail_from="a@example.org")
    sends(agus, BACKUPS, backup_keep="5")
    found = settings_of(agus)
    assert (found.base_url, found.mail.host, found.mail.sender) == (HOUSE, None, "a@example.org")
    assert f"{found.backups.at:%H:%M}" == "01:30" and found.backups.keep == 5


def test_a_damaged_file_is_said_and_mended(agus: Web, caplog: pytest.LogCaptureFixture) -> None:
    file = file_of(agus.app.extensions["desk"].settings.data)
    file.write_text('{"DESK_BASE_URL": ["')
    assert "none of it holds" in agus.get(PAGE).said and "server.json: it is damaged" in caplog.text
    assert settings_of(agus).base_url == "http://desk.example"
    sends(agus, ADDRESS, public_address=HOUSE)
    assert settings_of(agus).base_url == HOUSE and "none of it holds" not in agus.get(PAGE).said


def test_a_disk_that_says_no_loses_nothing(agus: Web, desk_office: DeskOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    sends(agus, ADDRESS, public_address=HOUSE)
    page, before = agus.get(PAGE), told(desk_office)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("desk.settings_kept.os.fsync", full)
        answer = agus.send(page, ADDRESS, status=422, public_address="https://other.example")
    assert "its disk is full" in answer.said and answer.form(ADDRESS)["public_address"] == "https://other.example"
    assert kept(agus) == {"DESK_BASE_URL": HOUSE} and told(desk_office) == before
    assert list(settings_of(agus).data.glob(f".{FILE}*")) == []


def test_a_commit_that_fails_takes_the_file_back(
    agus: Web, desk_office: DeskOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    sends(agus, ADDRESS, public_address=HOUSE)
    page = agus.get(PAGE)
    with monkeypatch.context() as patch:
        patch.setattr("desk.operations.stream.remember", lambda *_, **__: 1 / 0)
        agus.send(page, ADDRESS, status=500, public_address="https://other.example")
    assert kept(agus) == {"DESK_BASE_URL": HOUSE} and len(told(desk_office)) == 1


def test_only_who_keeps_the_server(agus: Web, web: Web, desk_office: DeskOffice) -> None:
    desk_office.another()  # which Agus does not administer
    with desk_office.streams.setting_up() as connection:
        row = {"person_id": desk_office.ratna.id, "office_id": desk_office.id, "role": Role.ADMIN.value}
        connection.execute(insert(Membership), row)
    ratna = web.as_("Ratna")
    ratna.speak("en")
    assert "This is for who keeps the server only: Agus." in ratna.get(PAGE, status=403).said
    for action, field in ((ADDRESS, "public_address"), (MAIL, "host"), (BACKUPS, "backup_keep")):
        ratna.post(action, status=403, **{field: "1"})
    assert kept(ratna) == {}
    sends(agus, ADDRESS, public_address=HOUSE)
    assert kept(agus) == {"DESK_BASE_URL": HOUSE}


def test_who_did_not_show_lately_that_it_is_them_loses_nothing(agus: Web, desk_office: DeskOffice) -> None:
    page = agus.get(PAGE)
    with desk_office.streams.engine.begin() as connection:
        connection.execute(update(StaffSession).values(proven_at=None))
    assert "Before you change something here" in agus.get(PAGE).said
    answer = agus.send(page, ADDRESS, status=422, public_address=HOUSE)
    assert "Nothing was changed yet" in answer.said and answer.form(ADDRESS)["public_address"] == HOUSE
    assert re.search(r'href="/account/confirmation\?next=[^"]*server', answer.text) and kept(agus) == {}
