"""A release upgrades the database while processes of the one before serve on: nothing is lost, and nothing is twice."""

import http.client
import json
import re
import subprocess
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import select, update

from desk.cli import database
from desk.models import HandoffRow, Office, Person, Stream, Visit
from desk.operations.accounts.passwords import hashed
from desk.operations.settings import keeping_services
from desk.operations.stream import Streams
from desk.reads.doctor import examine
from tests.fixtures.api_tokens import give_token
from tests.fixtures.office import DeskOffice, furnish
from tests.fixtures.real_server import ROOT, RealServer, free_port

# The first revision that the release before does not have; moves on with each release.
FIRST_REVISION = "0036"
FOLDERS = ("desk", "templates", "static", "migrations", "translations")
ENOUGH = 40
PASSWORD = "kata sandi yang panjang"


def git(*arguments: str) -> str:
    """Return what git says; empty where it says no, as in a clone without history."""
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def release_before() -> str:
    """Return the last commit before this release's first revision; the current one while that is not committed."""
    (first,) = (ROOT / "migrations" / "versions").glob(f"{FIRST_REVISION}_*.py")
    added = git("log", "-1", "--diff-filter=A", "--format=%H", "--", str(first.relative_to(ROOT)))
    return git("rev-parse", "--verify", "--quiet", f"{added}^") if added else git("rev-parse", "HEAD")


@pytest.fixture(scope="module")
def old_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program of the release before; without history, this one a second time."""
    folder = tmp_path_factory.mktemp("old")
    commit = release_before()
    if commit:
        archive = subprocess.run(["git", "archive", commit, *FOLDERS], cwd=ROOT, capture_output=True, check=True)
        subprocess.run(["tar", "--extract", "--directory", str(folder)], input=archive.stdout, check=True)
    else:
        subprocess.run(["cp", "-r", *(str(ROOT / name) for name in FOLDERS), str(folder)], check=True)
    return folder


def revision_of(tree: Path) -> str:
    """Return the newest revision of a program."""
    return max(path.name[:4] for path in (tree / "migrations" / "versions").glob("[0-9]*.py"))


@dataclass
class Kiosk:
    """Somebody who takes numbers of one server until told to stop; whatever fails is asked again under its key."""

    port: int
    office_id: int
    token: str
    name: str
    numbers: dict[str, str] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        while not self.stop.is_set():
            key = f"{self.name}-{len(self.numbers)}"
            try:
                self.numbers[key] = self.take(key)
            except (OSError, http.client.HTTPException, AssertionError) as error:
                self.failed.append(f"{self.name}: {error!r}"[:300])
                self.stop.wait(0.2)

    def take(self, key: str) -> str:
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key, "Content-Type": "application/json"}
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.request(
                "POST", f"/api/v1/offices/{self.office_id}/visits", json.dumps({"service": 1}), headers
            )  # fmt: skip
            answer = connection.getresponse()
            said = answer.read()
            assert answer.status == 201, said
            return str(json.loads(said)["number"])

    def goes_on(self) -> None:
        """Wait until it has taken some more."""
        wanted, until = len(self.numbers) + ENOUGH, time.monotonic() + 60
        while len(self.numbers) < wanted:
            assert time.monotonic() < until, self.failed
            time.sleep(0.01)


def beside(streams: Streams, office_id: int) -> DeskOffice:
    """Return the office as the new program knows it, with the keys of the installation."""
    office = DeskOffice(streams.engine.url.render_as_string(hide_password=False), office_id, engine=streams.engine)
    office.streams = streams
    return office


def shows(port: int, office_id: int, words: str) -> bool:
    """Tell whether the kiosk of a server shows these words."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", f"/offices/{office_id}/kiosk", headers={"Accept-Language": "id"})
        answer = connection.getresponse()
        page = answer.read().decode()
        assert answer.status == 200, page
        return words in page


def offers_for_a_second(office: DeskOffice) -> int:
    """Hand something on with a second to answer, and return the offer: a worker has to end it."""
    with office.streams.setting_up() as connection:
        connection.execute(update(Office).values(offer_expires_s=1))
        connection.execute(update(Stream).values(configuration=Stream.configuration + 1))
    for colleague, counter in ((office.sari, 1), (office.dewi, 2)):
        colleague.signs_on(counter)
    return office.sari.offers(office.sari.serves(), office.dewi)


def signs_in(port: int, username: str) -> int:
    """Sign in by the page, and return the status."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", "/sign-in")
        page = connection.getresponse()
        cookie = (page.headers["Set-Cookie"] or "").partition(";")[0]
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.read().decode())
        assert token is not None
        body = urlencode({"csrf_token": token[1], "username": username, "password": PASSWORD, "next": "/"})
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/sign-in", body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status


def ends_by(old: RealServer, streams: Streams, offer: int) -> None:
    """Wait until the old worker, the only one, has ended an offer on the upgraded database."""
    until = time.monotonic() + 60
    state = "offered"
    while state == "offered":
        assert time.monotonic() < until, old.log.read_text()[-3000:]
        time.sleep(0.05)
        with streams.reading() as reader:
            state = reader.execute(select(HandoffRow.state).where(HandoffRow.id == offer)).scalar_one()
    assert state == "expired"
    streams.engine.dispose()


@pytest.mark.failure
def test_the_release_before_serves_and_works_on_beside_this_one(real_server: RealServer, old_tree: Path) -> None:
    streams = real_server.streams()
    office_id = furnish(streams)
    token = give_token(streams, office_id, "Sari")
    with streams.setting_up() as connection:
        connection.execute(update(Person).values(password_hash=hashed(PASSWORD)))
    streams.engine.dispose()
    database.downgrade(real_server.database_url, revision_of(old_tree))
    old = RealServer(real_server.data, real_server.database_url, free_port(), tree=old_tree)
    old.start()
    kiosks = [Kiosk(old.port, office_id, token, "old")]
    threads = [threading.Thread(target=kiosks[0].run)]
    threads[0].start()
    try:
        kiosks[0].goes_on()
        database.upgrade(real_server.database_url)
        real_server.start("--no-worker")
        kiosks.append(Kiosk(real_server.port, office_id, token, "new"))
        threads.append(threading.Thread(target=kiosks[1].run))
        threads[1].start()
        for kiosk in kiosks:
            kiosk.goes_on()
        assert signs_in(old.port, "sari.kpknl") in (302, 303)
        office = beside(real_server.streams(), office_id)
        service, renamed = office.services["A"], {"name_id": "Lelang Sukarela"}
        keeping_services.change(office.streams, office_id, service, renamed, office.agus.asks("change_service"))
        for kiosk in kiosks:
            kiosk.goes_on()
            assert shows(kiosk.port, office_id, "Lelang Sukarela")
        offer = offers_for_a_second(office)
        ends_by(old, office.streams, offer)
    finally:
        for kiosk in kiosks:
            kiosk.stop.set()
        for thread in threads:
            thread.join(60)
        old.stop()

    said = f"{old.log.read_text()}\n{real_server.log.read_text()}".splitlines()
    assert kiosks[0].failed == kiosks[1].failed == [], "\n".join(line for line in said if " INFO " not in line)
    assert "Traceback" not in old.log.read_text()
    streams = real_server.streams()
    with streams.reading() as reader:
        labels = reader.execute(select(Visit.label).where(Visit.office_id == office_id)).scalars().all()
    with streams.engine.connect() as connection:  # every invariant, the chain among them
        assert examine(connection, streams.keys.known) == []
    streams.engine.dispose()
    taken = [number for kiosk in kiosks for number in kiosk.numbers.values()]
    assert sorted(taken) == sorted(labels) and len(set(labels)) == len(labels)
