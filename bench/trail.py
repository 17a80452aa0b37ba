"""Measure the verification of a long trail: `python -m bench.trail [EVENTS] [DATABASE_URL]`.

Writes so many signed events into an office of its own, verifies them as `desk audit verify` does, and compares with the
floor: building the signed text and computing HMAC-SHA256 over it with `hmac.digest`, without any database. Seconds are
those of this process (what others do on the machine does not count) and, apart, those of the wall.
"""

import hmac
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import insert, update

from bench.office import environment, streams_of
from desk.cli import database
from desk.domain.audit import FIRST_LINK, Entry, canonical, link
from desk.models import EventRow, Stream
from desk.operations.opening import setting_up
from desk.operations.opening.setting_up import OfficePlan
from desk.operations.stream import Streams
from desk.reads.trail import list_heads, verify

PORTION = 10_000
BEGAN = 1_772_413_200_000_000
PAYLOAD = canonical(
    {
        "action": "call", "after": "called", "before": "waiting", "counter": 3, "entry": {"id": 1 << 40 | 17, "nth": 1},
        "holder": 12, "passed_over": [], "picked": None, "segment": 2, "service": 4, "state": "open",
        "why": {"behind": 3, "code": "longest_waiting", "waited_s": 1260},
    }
)  # fmt: skip


def _entries(office_id: int, key_id: str, first: int, last: int) -> Iterator[Entry]:
    for number in range(first, last + 1):
        about = office_id << 40 | number - number % 6
        yield Entry(
            office_id, number, 1, BEGAN + number * 5_000_000, "TransactionCalled", "staff", 12, about, about + 1,
            PAYLOAD, key_id, "",
        )  # fmt: skip


def _write(streams: Streams, office_id: int, count: int) -> None:
    key_id = streams.keys.signing
    with streams.reading() as connection:
        head = next(each for each in list_heads(connection) if each.office_id == office_id)
    mac = head.mac
    for first in range(head.number + 1, count + 1, PORTION):
        last = min(count, first + PORTION - 1)
        rows: list[dict[str, Any]] = []
        for entry in _entries(office_id, key_id, first, last):
            mac = link(streams.keys.key, mac, entry)
            rows.append({name: getattr(entry, name) for name in Entry.__slots__} | {"mac": mac})
        with streams.engine.begin() as connection:
            connection.execute(insert(EventRow), rows)
            end = {"number": last, "mac": mac, "at": rows[-1]["at"], "key_id": key_id}
            connection.execute(update(Stream).where(Stream.office_id == office_id).values(**end))


def _floor(key: bytes, office_id: int, key_id: str, count: int) -> float:
    """Return the seconds that the signed texts and their HMAC take by themselves."""
    entries = list(_entries(office_id, key_id, 1, min(count, 200_000)))
    previous, began = FIRST_LINK, time.process_time()
    for each in entries:
        text = (
            f"{previous}|{each.office_id}|{each.number}|{each.epoch}|{each.at}|{each.name}|{each.actor_kind}|"
            f"{each.actor_id}|{each.transaction_id}|{each.visit_id}|{each.key_id}|{each.payload}"
        )
        previous = hmac.digest(key, text.encode(), "sha256").hex()
    return (time.process_time() - began) * count / len(entries)


def main(count: int, url: str, data: Path) -> None:
    """Write, verify and compare."""
    environ = environment(data, url, 0)
    settings, streams = streams_of(environ)
    database.upgrade(settings.database)
    office_id = setting_up.open_office(streams, OfficePlan(f"trail-{time.time_ns()}", "Trail", "Asia/Jakarta"))
    _write(streams, office_id, count)
    floor = _floor(streams.keys.key, office_id, streams.keys.signing, count)
    before = _own_memory()
    wall, began = time.perf_counter(), time.process_time()
    with streams.reading() as connection:
        (trail,) = verify(connection, streams.keys.known, offices=[office_id])
        grown = (_own_memory() - before) / 1024
    took, wall = time.process_time() - began, time.perf_counter() - wall
    assert trail.fault is None, trail.reason
    assert trail.events == count
    kind = streams.engine.dialect.name
    print(
        f"{kind}: {count:,} events in {took:.1f} s ({wall:.1f} s on the wall); floor {floor:.1f} s; "
        f"ratio {took / floor:.2f}; {grown:+.1f} MiB"
    )


def _own_memory() -> int:
    """Return the memory that is this process's own, in KiB: not the pages of a database file mapped into it."""
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("RssAnon"))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        main(int((sys.argv[1:] or ["1000000"])[0]), (sys.argv[2:] or [""])[0], Path(folder))
