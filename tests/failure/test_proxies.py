"""The reverse proxies of `deploy/` as they are, in front of a desk: TLS, streams, addresses, long bodies, a restart."""

import http.client
import json
import re
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import update

from desk.models import Person
from desk.models.engine import sqlite
from desk.operations.accounts.passwords import hashed
from tests.fixtures.api_tokens import give_token
from tests.fixtures.office import furnish
from tests.fixtures.proxies import NAME, proxy, trusting
from tests.fixtures.real_server import PATIENCE, RealServer

PASSWORD = "kata sandi yang panjang"
# Of whom the desk should believe that they ask, and whom they claim to be.
HERE, CLAIMED = "127.0.0.5", "203.0.113.9"
SPOOFED = {
    "X-Forwarded-For": CLAIMED,
    "X-Forwarded-Proto": "http",
    "X-Forwarded-Host": "evil.example",
    "X-Real-IP": CLAIMED,
}

SPELLINGS = ("/metrics", "/metrics/", "//metrics", "/%6detrics", "/x/../metrics", "/metrics%2F", "/metrics/?a=1")


@dataclass
class Client:
    """Somebody at an address of this machine, who comes through the proxy."""

    port: int
    trust: ssl.SSLContext
    cookie: str = ""

    @contextmanager
    def connected(self) -> Iterator[http.client.HTTPSConnection]:
        connection = http.client.HTTPSConnection(
            "127.0.0.1", self.port, timeout=30, source_address=(HERE, 0), context=self.trust
        )
        with closing(connection):
            yield connection

    def asks(
        self, method: str, path: str, body: object = None, **headers: str
    ) -> tuple[int, http.client.HTTPMessage, str]:
        with self.connected() as connection:
            given = {"Host": NAME, **({"Cookie": self.cookie} if self.cookie else {}), **headers}
            connection.request(method, path, body, given)  # type: ignore[arg-type]
            answer = connection.getresponse()
            said = answer.read().decode()
            for cookie in answer.headers.get_all("Set-Cookie") or ():
                assert "Secure" in cookie and cookie.startswith("__Host-"), cookie
                self.cookie = cookie.partition(";")[0]
            return answer.status, answer.headers, said

    def signs_in(self, password: str, **headers: str) -> tuple[int, str]:
        """Sign in by the page; return the status and where it leads."""
        _, _, page = self.asks("GET", "/sign-in")
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert token is not None
        form = urlencode({"csrf_token": token[1], "username": "sari.kpknl", "password": password, "next": "/"})
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        status, answered, _ = self.asks("POST", "/sign-in", form, **kind, **headers)
        return status, answered.get("Location") or ""

    def takes_number(self, office_id: int, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        body = json.dumps({"service": 1})
        status, _, said = self.asks("POST", f"/api/v1/offices/{office_id}/visits", body, **headers)
        assert status == 201, said

    def until(self, path: str, status: int) -> None:
        """Ask again and again until that is the answer."""
        deadline = time.monotonic() + PATIENCE
        while self.asks("GET", path)[0] != status:
            assert time.monotonic() < deadline
            time.sleep(0.05)


@pytest.fixture
def open_office(real_server: RealServer) -> tuple[int, str]:
    """A desk that believes one proxy, with the office and a token for its API."""
    real_server.extra = {"DESK_TRUSTED_PROXIES": "1", "DESK_TLS": "1", "DESK_BASE_URL": f"https://{NAME}"}
    streams = real_server.streams()
    office_id = furnish(streams)
    token = give_token(streams, office_id, "Sari")
    with streams.setting_up() as connection:
        connection.execute(update(Person).values(password_hash=hashed(PASSWORD)))
    streams.engine.dispose()
    real_server.start("--no-worker")
    return office_id, token


def addresses_counted(data: Path) -> str:
    """Return the keys under which requests were counted."""
    connection = sqlite.connect(str(data / "limits.db"))
    try:
        return " ".join(row[0] for row in connection.execute("SELECT key FROM counters"))
    finally:
        connection.close()


def hears_of_it(client: Client, office_id: int, token: str) -> float:
    """Open a stream, take a number, and return how many seconds later the stream tells of it."""
    with client.connected() as connection:
        connection.request("GET", f"/offices/{office_id}/stream", headers={"Host": NAME})
        stream = connection.getresponse()
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        _read_until(stream, b"hello")
        began = time.monotonic()
        kiosk = threading.Thread(target=client.takes_number, args=(office_id, token))
        kiosk.start()
        _read_until(stream, b"queue")
        took = time.monotonic() - began
        kiosk.join(30)
        return took


def pours(client: Client, length: int) -> int:
    """Send a body of so many bytes until nobody takes any more, and return what is said to that."""
    with client.connected() as connection:
        connection.putrequest("POST", "/sign-in", skip_host=True)
        for name, value in (("Host", NAME), ("Content-Length", str(length)), ("Content-Type", "text/plain")):
            connection.putheader(name, value)
        connection.endheaders()
        with suppress(OSError):
            for _ in range(length >> 16):
                connection.send(b"x" * (1 << 16))
        return connection.getresponse().status


def _read_until(stream: http.client.HTTPResponse, word: bytes) -> None:
    heard = b""
    while word not in heard:
        piece = stream.read1(4096)
        assert piece, heard
        heard += piece


@pytest.mark.failure
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("kind", ["nginx", "caddy"])
def test_a_desk_behind_its_proxy(
    real_server: RealServer, open_office: tuple[int, str], tmp_path: Path, kind: str
) -> None:
    office_id, token = open_office
    folder = tmp_path / kind
    folder.mkdir()
    with proxy(kind, folder, real_server.port) as (port, certificate):
        client = Client(port, trusting(certificate))
        client.until("/healthz", 200)
        status, headers, _ = client.asks("GET", "/sign-in")
        assert status == 200 and headers["Strict-Transport-Security"]
        for spelling in SPELLINGS:
            status, headers, _ = client.asks("GET", spelling)
            # Not even the desk's own page that there is no such address: the proxy says it.
            assert status == 404 and "Content-Security-Policy" not in headers, spelling

        # Whoever claims to be somebody else, and to come without TLS, is still known by the address.
        assert client.signs_in("salah", **SPOOFED)[0] == 422
        status, location = client.signs_in(PASSWORD, **SPOOFED)
        assert status in (302, 303) and "evil" not in location and "http://" not in location
        counted, log = addresses_counted(real_server.data), real_server.log.read_text()
        assert HERE in counted and CLAIMED not in counted
        assert "POST /sign-in 422" in log and CLAIMED not in log
        assert "Sari" in client.asks("GET", f"/offices/{office_id}/counter")[2]

        assert hears_of_it(client, office_id, token) < 5
        assert pours(client, 12 << 20) == 413

        real_server.stop()
        real_server.start("--no-worker")
        client.until("/healthz", 200)
        assert "Sari" in client.asks("GET", f"/offices/{office_id}/counter")[2]
        assert hears_of_it(client, office_id, token) < 5
    logged = "".join(file.read_text(errors="replace") for file in folder.glob("*.log"))
    assert "/counter" not in logged
