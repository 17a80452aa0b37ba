"""The tamper-evident trail: each event is signed together with the signature of the one before it.

HMAC-SHA256 under a key that is kept outside the database, over a canonical text, so that nobody with the database
alone can change, drop, insert or reorder an event unnoticed. A checkpoint kept elsewhere makes a cut tail visible.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final

from desk.domain.facts import JSON

FIRST_LINK: Final = "0" * 64
_CANONICAL: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
BLOCK: Final = 64  # of SHA-256, in bytes
# The signature of no event: what two checkpoints of one event say that differ.
DIFFERING: Final = ""
KEY_ROTATED: Final = "KeyRotated"

# The fields of an `Entry` in their order, as the database's driver gives them.
Row = tuple[Any, ...]


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
class Reached:
    """How far a trail was verified: the last number and signature, and the key it was passed on to, if ever."""

    number: int
    mac: str
    key_id: str | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """The first place where a trail does not hold; `kind` is one of the codes below, `number` the event's."""

    office_id: int
    number: int
    kind: str


BEGINNING: Final = Reached(0, FIRST_LINK)
_FIELDS: Final = attrgetter(*Entry.__slots__)


def row_of(entry: Entry) -> dict[str, Any]:
    """Return the values of an entry by their names."""
    return dict(zip(Entry.__slots__, _FIELDS(entry), strict=True))


def canonical(payload: Mapping[str, JSON]) -> str:
    """Return the one text of a payload: sorted keys, no blanks, UTF-8 kept."""
    return _CANONICAL.encode(payload)


def link(key: bytes, previous: str, entry: Entry) -> str:
    """Return the signature (64 hex digits) of an entry that follows the one signed `previous`."""
    head = (
        f"{previous}|{entry.office_id}|{entry.number}|{entry.epoch}|{entry.at}|{entry.name}|{entry.actor_kind}|"
        f"{entry.actor_id}|{entry.transaction_id}|{entry.visit_id}|{entry.key_id}|"
    )
    return _signer(key)(head + entry.payload)


def digest_of(key: bytes, text: str) -> str:
    """Return the keyed digest by which an event may refer to words that it must not contain."""
    return hmac.digest(key, text.encode(), hashlib.sha256).hex()[:32]


def key_digest(key: bytes, key_id: str) -> str:
    """Return by what an event names a key without telling it."""
    return digest_of(key, f"key|{key_id}")


class Chain:
    """The check of one office's trail, as far as it was read; batches may be read days apart.

    `reached` is what was verified before, `expected` are heads kept elsewhere. Kinds of fault: `gap` (a number is
    missing or out of order), `key` (signed with a key not at hand), `signature` (the row is not what was signed, or
    what came before it was changed), `retired` (signed with another key than the one that the chain passed on to),
    `rotation` (the key at hand is not the one that the chain passed on to), `cut` (the trail ends before, or differs
    at, an expected head).
    """

    def __init__(
        self,
        office_id: int,
        keys: Mapping[str, bytes],
        *,
        reached: Reached = BEGINNING,
        expected: Iterable[Head] = (),
    ) -> None:
        self.office_id = office_id
        self.reached = reached
        self._keys = keys
        self._signers: dict[str, Signer] = {}
        self._expected: dict[int, str] = {}
        for head in expected:
            known = self._expected.setdefault(head.number, head.mac)
            if not _same(known, head.mac):
                self._expected[head.number] = DIFFERING

    def follow(self, rows: Iterable[Row]) -> Fault | None:
        """Check further rows, in order; return the first fault, which ends the check."""
        previous, number, only = self.reached.mac, self.reached.number, self.reached.key_id
        signers, expected = self._signers, self._expected
        try:
            for row in rows:
                office_id, found, epoch, at, name, kind, actor, transaction, visit, payload, key_id, mac = row
                if found != number + 1:
                    return Fault(self.office_id, number + 1, "gap")
                signer = signers.get(key_id) or self._signer(key_id)
                if signer is None or (only is not None and key_id != only):
                    return Fault(self.office_id, found, "key" if signer is None else "retired")
                text = (
                    f"{previous}|{office_id}|{found}|{epoch}|{at}|{name}|{kind}|{actor}|{transaction}|{visit}|"
                    f"{key_id}|{payload}"
                )
                # An id that is the text "None" would be signed like no id at all.
                if signer(text) != mac or str in (type(actor), type(transaction), type(visit)):
                    return Fault(self.office_id, found, "signature")
                previous, number = mac, found
                if name == KEY_ROTATED:
                    only = self._passed_on(payload)
                    if only is None:
                        return Fault(self.office_id, found, "rotation")
                if found in expected and expected[found] != mac:
                    return Fault(self.office_id, found, "cut")
        finally:
            self.reached = Reached(number, previous, only)
        return None

    def finish(self) -> Fault | None:
        """Return the fault of a trail that ends here although a head kept elsewhere lies further on."""
        if any(number > self.reached.number for number in self._expected):
            return Fault(self.office_id, self.reached.number + 1, "cut")
        return None

    def _signer(self, key_id: str) -> "Signer | None":
        key = self._keys.get(key_id)
        if key is None:
            return None
        return self._signers.setdefault(key_id, Signer(key))

    def _passed_on(self, payload: str) -> str | None:
        """Return the key that the chain passes on to, None where the key at hand is not that one."""
        facts = json.loads(payload)
        to, digest = str(facts["to"]), str(facts["digest"])
        key = self._keys.get(to)
        return to if key is None or _same(key_digest(key, to), digest) else None


class Signer:
    """HMAC-SHA256 under one key, prepared: half the price of `hmac.digest` where a million texts are checked."""

    def __init__(self, key: bytes) -> None:
        padded = (key if len(key) <= BLOCK else hashlib.sha256(key).digest()).ljust(BLOCK, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded))

    def __call__(self, text: str) -> str:
        """Return the signature (64 hex digits) of a text."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(text.encode())
        outer.update(inner.digest())
        return outer.hexdigest()


@lru_cache(maxsize=8)
def _signer(key: bytes) -> Signer:
    return Signer(key)


def faults(entries: Iterable[Entry], keys: Mapping[str, bytes], *, expected: Head | None = None) -> Iterator[Fault]:
    """Yield what is wrong with one office's trail read in order of its numbers (`Chain`); nothing when it holds.

    Reads each entry once, in constant memory.
    """
    chain = Chain(0 if expected is None else expected.office_id, keys, expected=() if expected is None else (expected,))
    fault = chain.follow(map(_FIELDS, entries)) or chain.finish()
    if fault is not None:
        yield fault


def _same(one: str, other: str) -> bool:
    # As bytes: of texts it compares only ASCII, and what stands in a changed row is anything.
    return hmac.compare_digest(one.encode(), str(other).encode())
