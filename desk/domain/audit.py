"""The tamper-evident trail: each event is signed together with the signature of the one before it.

HMAC-SHA256 under a key that is kept outside the database, over a canonical text, so that nobody with the database
alone can change, drop, insert or reorder an event unnoticed. A checkpoint kept elsewhere makes a cut tail visible.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from desk.domain.facts import JSON

FIRST_LINK: Final = "0" * 64
_CANONICAL: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the trail as it is stored; `payload` is the exact text that was signed, `at` microseconds."""

    office_id: int
    number: int
    epoch: int
    at: int
    name: str
    actor_kind: str
    actor_id: int | None
    transaction_id: int | None
    visit_id: int | None
    payload: str
    key_id: str
    mac: str


@dataclass(frozen=True, slots=True)
class Head:
    """Where an office's trail ends."""

    office_id: int
    number: int
    mac: str


@dataclass(frozen=True, slots=True)
class Fault:
    """The first place where a trail does not hold; `kind` is one of the codes below, `number` the event's."""

    office_id: int
    number: int
    kind: str


def canonical(payload: Mapping[str, JSON]) -> str:
    """Return the one text of a payload: sorted keys, no blanks, UTF-8 kept."""
    return _CANONICAL.encode(payload)


def link(key: bytes, previous: str, entry: Entry) -> str:
    """Return the signature (64 hex digits) of an entry that follows the one signed `previous`."""
    head = (
        f"{previous}|{entry.office_id}|{entry.number}|{entry.epoch}|{entry.at}|{entry.name}|{entry.actor_kind}|"
        f"{entry.actor_id}|{entry.transaction_id}|{entry.visit_id}|{entry.key_id}|"
    )
    return hmac.digest(key, (head + entry.payload).encode(), hashlib.sha256).hex()


def digest_of(key: bytes, text: str) -> str:
    """Return the keyed digest by which an event may refer to words that it must not contain."""
    return hmac.digest(key, text.encode(), hashlib.sha256).hex()[:32]


def faults(entries: Iterable[Entry], keys: Mapping[str, bytes], *, expected: Head | None = None) -> Iterator[Fault]:
    """Yield what is wrong with one office's trail read in order of its numbers; nothing when it holds.

    Kinds: `gap` (a number is missing or out of order), `key` (signed with a key not at hand), `signature` (the row is
    not what was signed, or what came before it was changed), `cut` (the trail ends before, or differs at, the
    `expected` head). Reads each entry once, in constant memory.
    """
    previous, number = FIRST_LINK, 0
    seen_expected = expected is None or expected.number == 0
    for entry in entries:
        if entry.number != number + 1:
            yield Fault(entry.office_id, number + 1, "gap")
            return
        key = keys.get(entry.key_id)
        if key is None:
            yield Fault(entry.office_id, entry.number, "key")
            return
        if not _same(link(key, previous, entry), entry.mac):
            yield Fault(entry.office_id, entry.number, "signature")
            return
        previous, number = entry.mac, entry.number
        if expected is not None and number == expected.number:
            seen_expected = True
            if not _same(entry.mac, expected.mac):
                yield Fault(entry.office_id, number, "cut")
                return
    if expected is not None and not seen_expected:
        yield Fault(expected.office_id, number + 1, "cut")


def _same(one: str, other: str) -> bool:
    # As bytes: of texts it compares only ASCII, and what stands in a changed row is anything.
    return hmac.compare_digest(one.encode(), str(other).encode())
