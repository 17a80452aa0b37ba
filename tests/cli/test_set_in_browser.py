"""What is set in the browser holds in the running processes, without anybody starting them again."""

import re
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.cookiejar import CookieJar
from typing import Any

from sqlalchemy import insert, update

from desk.cli.backup_keeping import LOOK_SECONDS
from desk.domain.access import Role
from desk.models import Membership, Person
from desk.models.engine import open_engine
from desk.operations.accounts.passwords import hashed
from desk.settings import load_settings
from desk.settings_kept import file_of, write_kept
from desk.settings_now import reread
from tests.fixtures.mail import MailServer
from tests.fixtures.office import Clock, DeskOffice, furnish
from tests.fixtures.real_server import PATIENCE, RealServer
from tests.fixtures.web import PASSWORD

HOUSE = "http://antrean.example.go.id"
SECRET = "geheim-4711-kata-sandi"
EMAIL = "wati.lestari@example.id"


class Browser:
    """A browser with cookies, at a server that really runs."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> str:
        with self._opener.open(self._url + path, timeout=30) as answer:
            return str(answer.read().decode())

    def post(self, page: str, path: str, **fields: str) -> str:
        """Send fields with the token of a page."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(page))
        assert found is not None, page
        data = urllib.parse.urlencode({"csrf_token": found[1], **fields}).encode()
        with self._opener.open(urllib.request.Request(self._url + path, data), timeout=30) as answer:
            return str(answer.read().decode())


def wait_for(happened: Callable[[], Any], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


def test_running_processes_go_by_what_is_set(real_server: RealServer, mail_server: MailServer) -> None:
    settings = load_settings(real_server.environ)
    streams, engine = real_server.streams(), open_engine(settings.database)
    streams.clock = clock = Clock(datetime.now(UTC) - timedelta(minutes=20))
    office = DeskOffice(real_server.database_url, furnish(streams), clock=clock, engine=engine)
    office.streams = streams
    with streams.setting_up() as connection:
        connection.execute(update(Person).where(Person.id == office.agus.id).values(password_hash=hashed(PASSWORD)))
        others = [{"person_id": office.agus.id, "office_id": office.id, "role": Role.SUPERVISOR.value}]
        connection.execute(insert(Membership), others)
    office.arrives("A", name="Wati", email=EMAIL, consent=True)
    office.sari.signs_on(1)
    office.sari.completes(office.sari.serves())  # long ago by the clock: the question is due
    real_server.start("--processes", "2")
    page = "/offices/1/server"
    agus = Browser(real_server.url)
    agus.post("/sign-in?language=en", "/sign-in", username="agus.kpknl", password=PASSWORD)
    assert "without a restart" in agus.get(page)

    agus.post(page, f"{page}/address", public_address=HOUSE)
    given = {"host": "127.0.0.1", "port": str(mail_server.port), "mail_from": "antrean@example.go.id"}
    agus.post(page, f"{page}/mail", **given, username="", password=SECRET)
    mail_server.wait_for(1)
    (letter,) = mail_server.letters
    assert letter.sender == "antrean@example.go.id" and letter.link.startswith(HOUSE)
    assert [HOUSE in agus.get("/offices/1/checklist/address") for _ in range(6)] == [True] * 6  # of either process

    now = time.strftime("%H:%M")
    agus.post(page, f"{page}/backups", backup_at=now, backup_keep="3")
    wait_for(lambda: list((real_server.data / "backups").glob("desk-*")), f"no backup within {LOOK_SECONDS} s")

    file = file_of(real_server.data)
    file.write_text("{")
    wait_for(lambda: "server.json: it is damaged" in real_server.log.read_text(), "the damage is not logged")
    assert real_server.process is not None and real_server.process.poll() is None
    log = real_server.log.read_text()
    assert SECRET not in log and "Traceback" not in log and " ended, again in" not in log
    engine.dispose()


def test_a_check_says_where_values_come_from(demo_desk: Any) -> None:
    write_kept(demo_desk.data, {"DESK_BASE_URL": HOUSE, "DESK_BACKUP_AT": "22:30"})
    file = file_of(demo_desk.data)
    said = demo_desk.type("check", "--only", "set-in-browser", DESK_BACKUP_AT="01:30")
    assert said.exit_code == 0 and "Set in the browser: DESK_BASE_URL." in said.stdout
    assert "the environment sets: DESK_BACKUP_AT." in said.stdout
    file.chmod(0o644)
    assert "can be read by others" in demo_desk.type("check", "--only", "set-in-browser").stdout
    file.write_text("{")
    said = demo_desk.type("check", "--only", "set-in-browser")
    assert said.exit_code == 1 and "does not hold: server.json: it is damaged" in said.stdout
    reread(load_settings(demo_desk.environ))  # and nobody falls over it
