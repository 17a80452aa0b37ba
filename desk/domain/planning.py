"""Who may plan which change, and what an event tells of one: what is wanted, of long words only a digest."""

import json
from collections.abc import Mapping
from typing import Final

from desk.domain.access import Role
from desk.domain.audit import digest_of
from desk.domain.facts import JSON

# What is longer, or has several lines, may hold anything; digests tell as well whether it was altered.
LONGEST_TOLD: Final = 120
DIGEST: Final = "digest"
ADMINISTRATORS: Final = frozenset({Role.ADMIN})
SUPERVISORS_TOO: Final = frozenset({Role.ADMIN, Role.SUPERVISOR})
# Kinds of change that supervisors make too; all others are for administrators.
KEPT_BY_SUPERVISORS: Final = frozenset(
    {
        "console_limits",
        "decline_reason",
        "handing_on",
        "handoff_reason",
        "pause_cause",
        "service_limits",
        "skills",
    }
)


def keepers_of(kind: str) -> frozenset[Role]:
    """Return who may plan a change of a kind, take it back, and take it over."""
    return SUPERVISORS_TOO if kind in KEPT_BY_SUPERVISORS else ADMINISTRATORS


def told(wanted: JSON, key: bytes) -> JSON:
    """Return values as an event carries them, long words sealed with a key of the trail."""
    match wanted:
        case str() if len(wanted) > LONGEST_TOLD or "\n" in wanted:
            return {DIGEST: digest_of(key, wanted)}
        case dict():
            return {name: told(value, key) for name, value in wanted.items()}
        case list():
            return [told(each, key) for each in wanted]
        case _:
            return wanted


def is_as_told(wanted: str, payload: Mapping[str, JSON], keys: Mapping[str, bytes]) -> bool:
    """Tell whether stored values (JSON) are those that an event tells; any key may have sealed the long ones."""
    try:
        values = json.loads(wanted)
    except ValueError:
        return False
    return any(told(values, keys[key_id]) == payload.get("wanted") for key_id in keys)
