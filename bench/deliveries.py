"""How fast two workers drain a full outbox, beside a bare loop of `smtplib` against the same mail server.

    python -m bench.deliveries [--messages 10000] [--database sqlite|postgres|both]

The mail server runs in a process of its own on this machine and takes everything. The floor sends messages of the same
size over two connections in two processes, ready-made, and keeps no books. Wanted is half of its rate.
"""

import argparse
import asyncio
import multiprocessing as mp
import smtplib
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from itertools import cycle, islice
from multiprocessing.synchronize import Event
from typing import Any

from sqlalchemy import func, insert, select, update

from bench.office import BenchOffice, furnish, streams_of
from bench.office import environment as environment_of
from bench.places import analyze, database
from desk.delivery.worker import run
from desk.domain.access import KIOSK, Actor, Role
from desk.domain.lifecycle import Outcome
from desk.models import Delivery
from desk.operations import calling, intake, serving
from desk.operations.intake import CheckIn
from desk.operations.requests import Request
from desk.operations.stream import Streams
from desk.settings import Mail, Settings

WORKERS = 2
VISITS = 1_000
REACH = 0.5
DELIVERIES: Any = Delivery.__table__


@dataclass(frozen=True)
class Result:
    """Messages a second, of the workers and of the bare loop."""

    database: str
    messages: int
    rate: float
    floor: float

    @property
    def ratio(self) -> float:
        """The part of the bare loop's rate that the workers reach."""
        return self.rate / self.floor


def main() -> int:
    """Run the benchmark; exit code 1 when the workers reach less than half of the bare loop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    wanted = parser.parse_args()
    kinds = ("sqlite", "postgres") if wanted.database == "both" else (wanted.database,)
    results = [measure(kind, wanted.messages) for kind in kinds]
    print("| database | messages | two workers, a second | bare loop, a second | ratio |\n|---|---|---|---|---|")
    for each in results:
        print(f"| {each.database} | {each.messages:,} | {each.rate:,.0f} | {each.floor:,.0f} | {each.ratio:.2f} |")
    return 0 if all(each.ratio >= REACH for each in results) else 1


def measure(kind: str, messages: int) -> Result:
    """Fill an outbox, drain it, and measure the floor in the same run, before and after."""
    with database(kind) as (data, url), mail_server() as (port, taken):
        settings, streams = streams_of(environment_of(data, url, 0))
        fill(streams, furnish(streams), messages)
        if url:
            analyze(streams)
        before = bare(port, messages // 2)
        was = taken.value
        rate = drain(replace(settings, mail=Mail("127.0.0.1", port, sender="desk@bench.example")), streams, messages)
        assert taken.value - was == messages, f"{taken.value - was} letters for {messages} messages"
        after = bare(port, messages // 2)
        streams.engine.dispose()
    return Result(kind, messages, rate, (before + after) / 2)


def fill(streams: Streams, office: BenchOffice, messages: int) -> None:
    """Serve visitors through the operations, and repeat the messages about them until there are as many as wanted."""
    officer = Actor.staff(office.officers[0], Role.AGENT)
    for number in range(min(VISITS, messages)):
        wish = CheckIn((office.services[0],), email=f"wati{number}@bench.example", consent=True)
        intake.check_in(streams, office.id, wish, Request(KIOSK, "check_in"))
        request = Request(officer, "serve")
        transaction = calling.call_next(streams, office.counters[0], office.id, request).facts["transaction"]
        serving.start(streams, transaction, request)
        serving.complete(streams, transaction, request, outcome=Outcome.FULFILLED)
    with streams.setting_up() as connection:
        connection.execute(update(DELIVERIES).values(due_at=datetime.now(UTC) - timedelta(minutes=1)))
        rows = [dict(row._mapping) for row in connection.execute(select(DELIVERIES).order_by(DELIVERIES.c.id))]
        last = rows[-1]["id"]
        copies = (
            {**row, "id": last + each, "idempotency_key": f"bench-{each}"} for each, row in enumerate(cycle(rows), 1)
        )
        wanted = messages - len(rows)
        while wanted > 0:
            portion = list(islice(copies, min(wanted, 500)))
            connection.execute(insert(DELIVERIES), portion)
            wanted -= len(portion)


def drain(settings: Settings, streams: Streams, messages: int) -> float:
    """Let two workers send everything; returns messages a second from their first to the last."""
    stop, ready = mp.Event(), mp.Barrier(WORKERS + 1)
    workers = [mp.Process(target=_work, args=(settings, stop, ready)) for _ in range(WORKERS)]
    for each in workers:
        each.start()
    ready.wait()
    begun = time.perf_counter()
    left = messages
    while left:
        if not all(each.is_alive() for each in workers):
            raise RuntimeError("a worker has ended")
        time.sleep(0.05)
        with streams.reading() as connection:
            query = select(func.count()).where(DELIVERIES.c.state.in_(("pending", "sending")))
            left = connection.execute(query).scalar_one()
    took = time.perf_counter() - begun
    stop.set()
    for each in workers:
        each.join()
    return messages / took


def _work(settings: Settings, stop: Event, ready: Any) -> None:
    told = threading.Event()
    threading.Thread(target=lambda: (stop.wait(), told.set()), daemon=True).start()
    ready.wait()
    run(settings, stop=told)


def bare(port: int, messages: int) -> float:
    """Send ready-made messages over as many connections as there are workers; returns messages a second."""
    ready = mp.Barrier(WORKERS + 1)
    loops = [mp.Process(target=_loop, args=(port, messages // WORKERS, ready)) for _ in range(WORKERS)]
    for each in loops:
        each.start()
    ready.wait()
    begun = time.perf_counter()
    for each in loops:
        each.join()
    return messages / (time.perf_counter() - begun)


def _loop(port: int, messages: int, ready: Any) -> None:
    message = EmailMessage(policy=SMTP)
    message["Subject"], message["From"], message["To"] = "Bench, nomor A001", "desk@bench.example", "wati@bench.example"
    message["Date"], message["Message-ID"] = datetime.now(UTC), f"<{'a' * 32}@bench.example>"
    message["Auto-Submitted"] = "auto-generated"
    message["List-Unsubscribe"] = f"<https://bench.example/u/{'a' * 26}>"
    message.set_content("Bagaimana layanan kami?\n" * 30, cte="quoted-printable")
    message.add_alternative("<p>Bagaimana layanan kami?</p>\n" * 60, subtype="html", cte="quoted-printable")
    ready.wait()
    with smtplib.SMTP("127.0.0.1", port, local_hostname="bench.example") as connection:
        for _ in range(messages):
            connection.send_message(message)


@contextmanager
def mail_server() -> Iterator[tuple[int, Any]]:
    """Yield the port of a mail server in a process of its own, and how many messages it has taken."""
    port, taken = mp.Value("i", 0), mp.Value("i", 0)
    listening = mp.Event()
    server = mp.Process(target=_serve, args=(port, taken, listening), daemon=True)
    server.start()
    listening.wait(30)
    yield port.value, taken
    server.terminate()
    server.join()


def _serve(port: Any, taken: Any, listening: Event) -> None:
    async def serve() -> None:
        server = await asyncio.start_server(lambda reader, writer: _converse(reader, writer, taken), "127.0.0.1", 0)
        port.value = server.sockets[0].getsockname()[1]
        listening.set()
        await server.serve_forever()

    asyncio.run(serve())


async def _converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, taken: Any) -> None:
    """Speak as little SMTP as a client needs: the time is to be the worker's, not the server's."""
    writer.write(b"220 bench\r\n")
    while line := await reader.readline():
        match line[:4].upper():
            case b"DATA":
                writer.write(b"354 go on\r\n")
                await reader.readuntil(b"\r\n.\r\n")
                taken.value += 1
                writer.write(b"250 taken\r\n")
            case b"EHLO":
                writer.write(b"250-bench\r\n250-DSN\r\n250 8BITMIME\r\n")
            case b"QUIT":
                writer.write(b"221 bye\r\n")
                break
            case _:
                writer.write(b"250 OK\r\n")
    writer.close()


if __name__ == "__main__":
    sys.exit(main())
