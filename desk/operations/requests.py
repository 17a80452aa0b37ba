"""What goes into an operation and comes out of it: keys, the request, the answer."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, Self

from desk.domain.access import Actor
from desk.domain.clock import instant
from desk.domain.refusals import Reason, Refused

_COMPARABLE: Final = json.JSONEncoder(sort_keys=True, default=str)


@dataclass(frozen=True, slots=True)
class Keys:
    """The secrets outside the database: every key of the trail by its id, which one signs, and the key of links."""

    signing: str
    known: Mapping[str, bytes] = field(repr=False)
    links: bytes = field(repr=False)

    @property
    def key(self) -> bytes:
        """The key that signs."""
        return self.known[self.signing]

    def for_stream(self, key_id: str | None) -> Self:
        """Return the keys with the one that signs in an office; refuse where it is not at hand.

        `key_id` stands in the row that heads the office's stream, None before its first event: then the newest signs.
        """
        wanted = newest(self.known) if key_id is None else key_id
        if wanted == self.signing:
            return self
        if wanted not in self.known:
            raise Refused(Reason.SIGNING_KEY_MISSING, key=wanted)
        return replace(self, signing=wanted)


class KeyRing(Mapping[str, bytes]):
    """The keys of the trail; one that is not known is looked for again, so that a rotation needs no restart."""

    def __init__(self, load: Callable[[], Mapping[str, bytes]]) -> None:
        self._load = load
        self._known = dict(load())

    def __getitem__(self, key_id: str) -> bytes:
        if key_id not in self._known:
            self.renew()
        return self._known[key_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def renew(self) -> None:
        """Read the keys again."""
        self._known = dict(self._load())


def newest(known: Iterable[str]) -> str:
    """Return the newest of the keys `chain-1`, `chain-2` …: the one with the highest number."""
    return max(known, key=lambda key_id: (int("".join(filter(str.isdigit, key_id)) or 0), key_id))


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks for what, and under which idempotency key; `body` is all that distinguishes one request from another."""

    actor: Actor
    verb: str
    body: Mapping[str, Any] = field(default_factory=dict)
    key: str | None = None
    configuration: int | None = None  # the version under which the actor's rights were looked up

    @property
    def scope(self) -> str:
        """Whose keys these are: a person's, or everybody's of a kind (kiosks choose random keys)."""
        return f"{self.actor.kind}:{self.actor.person_id or ''}"

    @property
    def digest(self) -> str:
        """What a repeat under the same key must equal."""
        text = _COMPARABLE.encode([self.verb, self.body])
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Done:
    """What an operation answers: ids and codes only, so that it can be remembered and given again."""

    office_id: int
    event: int
    at: int
    facts: dict[str, Any]
    repeated: bool = False

    @property
    def time(self) -> datetime:
        """When it was done."""
        return instant(self.at)

    def to_json(self) -> str:
        """Return what is remembered of it."""
        return json.dumps({"office_id": self.office_id, "event": self.event, "at": self.at, "facts": self.facts})


class Outdated(Exception):
    """The configuration changed since the request's rights were looked up: look them up again."""
