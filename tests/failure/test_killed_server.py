"""`kill -9` in the middle of the work: whatever was acknowledged is there, and nothing is there twice."""

import http.client
import json
import threading
from contextlib import closing
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from desk.models import Visit
from tests.fixtures.api_tokens import give_token
from tests.fixtures.office import furnish
from tests.fixtures.real_server import RealServer

CLIENTS = 6
BEFORE_THE_KILL = 120


@dataclass
class Load:
    """Clients that take numbers, each under a key of its own, until the server is gone."""

    port: int
    office_id: int
    service_id: int
    token: str
    acknowledged: dict[str, str] = field(default_factory=dict)
    unanswered: list[str] = field(default_factory=list)
    enough: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, name: str) -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            for number in range(5_000):
                key = f"{name}-{number}"
                try:
                    self.take(connection, key)
                except (OSError, http.client.HTTPException):
                    with self.lock:
                        self.unanswered.append(key)
                    return

    def take(self, connection: http.client.HTTPConnection, key: str) -> None:
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key, "Content-Type": "application/json"}
        body = json.dumps({"service": self.service_id})
        connection.request("POST", f"/api/v1/offices/{self.office_id}/visits", body, headers)
        answer = connection.getresponse()
        said = json.loads(answer.read())
        assert answer.status == 201, said
        with self.lock:
            self.acknowledged[key] = said["number"]
            if len(self.acknowledged) >= BEFORE_THE_KILL:
                self.enough.set()


@pytest.mark.failure
def test_nothing_acknowledged_is_lost(real_server: RealServer) -> None:
    streams = real_server.streams()
    office_id = furnish(streams)
    token, service_id = give_token(streams, office_id, "Sari"), 1
    load = Load(real_server.port, office_id, service_id, token)
    real_server.start("--no-worker")
    clients = [threading.Thread(target=load.run, args=(f"client{number}",)) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    assert load.enough.wait(90), "the server was too slow"
    real_server.kill()
    for client in clients:
        client.join(60)

    real_server.start("--no-worker")
    before = dict(load.acknowledged)
    with closing(http.client.HTTPConnection("127.0.0.1", real_server.port, timeout=30)) as connection:
        for key in [*load.unanswered, *before]:
            load.take(connection, key)
    assert {key: load.acknowledged[key] for key in before} == before

    with streams.reading() as reader:
        numbers = reader.execute(select(Visit.label).where(Visit.office_id == office_id)).scalars().all()
    assert sorted(load.acknowledged.values()) == sorted(numbers)
    assert len(numbers) == len(set(numbers))
    streams.engine.dispose()
    real_server.stop()
    doctor = real_server.command("doctor", "--json")
    assert doctor.returncode == 0, doctor.stdout + doctor.stderr
    verified = real_server.command("audit", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
