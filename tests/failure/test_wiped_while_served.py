"""At the real server with its worker: soon after an erasure no file of the database holds the words any more."""

from http.client import HTTPConnection
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from desk.domain.access import VISITOR
from desk.domain.complaints import VoiceKind
from desk.models import Wiping
from desk.operations.complaints import complaining
from desk.operations.keeping import privacy
from desk.operations.requests import Request
from desk.reads.kept_of_person import Sought
from tests.fixtures.office import DeskOffice, furnish
from tests.fixtures.real_server import RealServer
from tests.push.loopback import wait_until

pytestmark = pytest.mark.slow
WORDS, EMAIL = "antre tiga jam tanpa kejelasan", "wulan.kusuma@example.id"


@pytest.fixture
def office(real_server: RealServer) -> DeskOffice:
    """An office at its server, whose worker works; pages were read."""
    streams = real_server.streams()
    office = DeskOffice(real_server.database_url, furnish(streams), engine=streams.engine)
    office.streams = streams
    real_server.start()
    return office


def on_disk(office: DeskOffice) -> bytes:
    file = Path(str(make_url(str(office.engine.url)).database))
    return b"".join(each.read_bytes() for each in file.parent.glob(f"{file.name}*"))


def test_erased_words_leave_the_files_while_the_server_runs(real_server: RealServer, office: DeskOffice) -> None:
    wish = complaining.Wish(VoiceKind.COMPLAINT, WORDS, email=EMAIL)
    complaining.receive(office.streams, office.id, wish, Request(VISITOR, "say"))
    is_sqlite = office.engine.dialect.name == "sqlite"
    if is_sqlite:
        assert WORDS.encode() in on_disk(office)
    erasing = privacy.Wish(Sought(EMAIL), at_once=True)
    privacy.erase_person(office.streams, office.id, erasing, office.budi.asks("erase_person", wish=str(erasing)))

    wait_until(lambda: office.row(Wiping).done == office.row(Wiping).asked, "the worker clears the files")

    if is_sqlite:
        content = on_disk(office)
        assert WORDS.encode() not in content and EMAIL.encode() not in content


def test_every_answer_is_dated_once(real_server: RealServer, office: DeskOffice) -> None:
    for path in (f"/offices/{office.id}/satisfaction", "/static/css/voices.css", "/healthz"):
        line = HTTPConnection("127.0.0.1", real_server.port, timeout=10)
        line.request("GET", path)
        answer = line.getresponse()
        answer.read()
        assert len(answer.headers.get_all("Date") or []) == 1, path
        line.close()
