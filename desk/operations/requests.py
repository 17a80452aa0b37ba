"""What goes into an operation and comes out of it: keys, the request, the answer."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from desk.domain.access import Actor
from desk.domain.clock import instant

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
