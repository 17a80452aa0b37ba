"""What a form showed, carried along in it: a save changes what whoever saves has changed, and nothing else.

What somebody else changed meanwhile stays; where both changed the same, or a plan has it otherwise by the day that was
chosen, nothing is saved until it was looked at.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from desk.domain.audit import canonical
from desk.domain.facts import JSON

MARK: Final = 12  # letters of a digest: enough to tell two values of one field apart


@dataclass(frozen=True, slots=True)
class Compared:
    """What is to be changed, and what was changed otherwise meanwhile, as it is now (or on the chosen day)."""

    wanted: dict[str, JSON] = field(default_factory=dict)
    clashes: dict[str, JSON] = field(default_factory=dict)


def marks_of(values: Mapping[str, Any]) -> str:
    """Return by what a form remembers the values that it shows."""
    return json.dumps({name: _mark(value) for name, value in values.items()}, sort_keys=True, separators=(",", ":"))


def seen(shown: str | None, clashes: Mapping[str, Any]) -> str:
    """Return what a form remembers once it has shown what clashed; all else it remembers as before."""
    return json.dumps({**_read(shown), **json.loads(marks_of(clashes))}, sort_keys=True, separators=(",", ":"))


def compared(
    typed: Mapping[str, JSON], shown: str | None, holding: Mapping[str, Any], *, planned: Collection[str] = ()
) -> Compared:
    """Compare what was typed with what the form showed and with what holds.

    `planned` are names that hold by a plan only: what was left as it was shown is asked about there, since nobody can
    tell whether it is to be so again. A form that does not say what it showed is compared with what holds.
    """
    before = _read(shown)
    found = Compared()
    for name, value in typed.items():
        now = holding[name]
        was = before.get(name, _mark(now))
        is_moved, is_touched = was != _mark(now), was != _mark(value)
        if value == now:
            continue
        if not is_moved:
            found.wanted[name] = value
        elif is_touched or name in planned:
            found.clashes[name] = now
    return found


def _mark(value: Any) -> str:
    return hashlib.sha256(canonical({"value": value}).encode()).hexdigest()[:MARK]


def _read(shown: str | None) -> dict[str, Any]:
    """Return the marks of a form; none where it has none, or what somebody made up."""
    try:
        found = json.loads(shown or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
