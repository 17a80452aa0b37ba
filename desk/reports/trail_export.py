"""The trail as JSON Lines: for each office a first line about the export, then every event exactly as it was signed.

No words and no personal data: those lie in tables of their own, and events carry ids and keyed digests only. The
standalone program `desk.reports.verify_trail` checks such a file with the key alone.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from desk.domain.audit import Entry, digest_of
from desk.reads.trail import find_mac, list_heads, read_rows
from desk.reports.verify_trail import FORMAT, canonical, line_of

NAMES: Final = tuple(Entry.__slots__)


@dataclass(frozen=True, slots=True)
class Extent:
    """Which part of which office's trail: events `since` up to and with `until` (None: to its head)."""

    office_id: int
    code: str
    since: int = 1
    until: int | None = None


class NothingToExport(Exception):
    """The office has no such events."""


def export(
    connection: Connection, extent: Extent, keys: Mapping[str, bytes], *, signing: str, at: str
) -> Iterator[bytes]:
    """Yield the lines of an export; raise `NothingToExport` for a part that has no event.

    Give a connection that reads from one snapshot. `signing` is the key by which the first line is signed.
    """
    head = next((each for each in list_heads(connection) if each.office_id == extent.office_id), None)
    last = 0 if head is None else min(head.number, extent.until or head.number)
    previous = find_mac(connection, extent.office_id, extent.since - 1)
    if head is None or last < extent.since or previous is None:
        raise NothingToExport
    title: dict[str, Any] = {
        "format": FORMAT,
        "office_id": extent.office_id,
        "code": extent.code,
        "exported_at": at,
        "key_id": signing,
        "key_ids": sorted(keys),
        "since": extent.since,
        "until": last,
        "count": last - extent.since + 1,
        "previous": previous,
        "head": {"number": head.number, "mac": head.mac},
    }
    title["signature"] = digest_of(keys[signing], "export|" + canonical(title))
    yield (canonical(title) + "\n").encode()
    for row in read_rows(connection, extent.office_id, after=extent.since - 1, last=last):
        yield line_of(dict(zip(NAMES, row, strict=True)))


def parse_title(line: bytes) -> dict[str, Any]:
    """Return what the first line of an export says."""
    title: dict[str, Any] = json.loads(line)
    return title
