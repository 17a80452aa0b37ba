"""Files of answers at the real server: who sends slowly without having signed in keeps nobody from sending one."""

import re
from contextlib import ExitStack
from socket import create_connection
from urllib.parse import urlencode

import pytest
from argon2 import PasswordHasher
from sqlalchemy import update

from desk.models import LooseResponse, Person
from tests.fixtures.office import DeskOffice, furnish
from tests.fixtures.real_server import RealServer
from tests.fixtures.web import PASSWORD
from tests.security.test_logs import Caller

pytestmark = pytest.mark.slow
STRANGERS = 40
HEAD = "persyaratan,prosedur,waktu,biaya,produk,kompetensi,perilaku,pengaduan,sarana,catatan"
FILE = f"{HEAD}\n3,3,3,3,3,3,3,3,3,{'x' * 100_000}\n" + f"3,3,3,3,3,3,3,3,3,{'y' * 100_000}\n" * 19


def titled(page: str) -> str:
    (title,) = re.findall("<title>(.*)</title>", page)
    return str(title)


def test_strangers_keep_nobody_from_sending_a_file(real_server: RealServer) -> None:
    streams = real_server.streams()
    office = DeskOffice(real_server.database_url, furnish(streams), engine=streams.engine)
    with streams.setting_up() as connection:
        connection.execute(update(Person).values(password_hash=PasswordHasher(1, 8, 1).hash(PASSWORD)))
    real_server.start("--no-worker")
    page, path = f"/offices/{office.id}/answers", f"/offices/{office.id}/answers/file"
    budi, stranger = Caller(real_server.port), Caller(real_server.port)
    assert budi.send("/sign-in", "/sign-in", username="budi.kpknl", password=PASSWORD)[0] == 303
    with ExitStack() as held:
        for number in range(STRANGERS):
            line = held.enter_context(create_connection(("127.0.0.1", real_server.port), timeout=20))
            length = 9_000_000 if number % 2 else 900_000
            line.sendall(f"POST {path} HTTP/1.1\r\nHost: desk\r\nContent-Length: {length}\r\n\r\nrows=".encode())
        day = office.today.isoformat()
        assert budi.send(page, path, rows=FILE, **{"file-day": day, "day": day, "service": 0})[0] == 303
    assert len(office.rows(LooseResponse)) == 20

    answers = [stranger("POST", path, urlencode({"rows": rows})) for rows in (FILE, "3,3,3")]
    assert [(status, titled(page)) for status, _, page in answers] == [(400, titled(answers[1][2]))] * 2
    assert len(office.rows(LooseResponse)) == 20
    office.engine.dispose()
