"""A key that is rotated while server processes run: they sign with the new one at once, and go on with their work."""

import http.client
import json
from contextlib import closing

from sqlalchemy import text

from tests.fixtures.api_tokens import give_token
from tests.fixtures.office import furnish
from tests.fixtures.real_server import RealServer


def take_numbers(server: RealServer, office_id: int, service_id: int, token: str, count: int) -> None:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    for _ in range(count):  # each on a connection of its own, so that both processes get some
        with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)) as connection:
            body = json.dumps({"service": service_id})
            connection.request("POST", f"/api/v1/offices/{office_id}/visits", body, headers)
            answer = connection.getresponse()
            assert answer.status == 201, answer.read()


def test_running_processes_sign_with_the_new_key_at_once(real_server: RealServer) -> None:
    streams = real_server.streams()
    office_id = furnish(streams)
    with streams.reading() as connection:
        service_id = connection.execute(text("SELECT min(id) FROM services")).scalar_one()
    token = give_token(streams, office_id, "Sari")
    real_server.start("--processes", "2", "--no-worker")

    take_numbers(real_server, office_id, service_id, token, 6)
    rotated = real_server.command("audit", "rotate-key")
    assert rotated.returncode == 0, rotated.stderr
    take_numbers(real_server, office_id, service_id, token, 6)

    with streams.reading() as connection:
        query = text("SELECT name, key_id FROM events WHERE office_id = :office ORDER BY number")
        events = connection.execute(query, {"office": office_id}).all()
    streams.engine.dispose()
    passed_on = [row.name for row in events].index("KeyRotated")
    assert {row.key_id for row in events[: passed_on + 1]} == {"chain-1"}
    assert {row.key_id for row in events[passed_on + 1 :]} == {"chain-2"}
    verified = real_server.command("audit", "verify")
    assert verified.returncode == 0, verified.stdout
    assert real_server.command("doctor").returncode == 0
