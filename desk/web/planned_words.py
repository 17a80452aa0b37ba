"""What a planned change will do, in words: the setting, what it is about, and each value that is wanted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from flask_babel import gettext

from desk.domain.planning import DIGEST
from desk.domain.refusals import Reason, Refused
from desk.reads.planned import Change
from desk.web.errors import sentence
from desk.web.priority_words import priority_word
from desk.web.report_words import SECOND, length
from desk.web.story_words import spell
from desk.wording import N_
from desk.wording.settings import LABELS

STATES: Final = {
    "planned": N_("Planned"),
    "applied": N_("Carried out"),
    "cancelled": N_("Cancelled"),
    "refused": N_("Refused"),
}
# Whose labels a kind of change has for its values.
LABELED_AS: Final = {"service_added": "service"}
# What is told by a code; anything else was typed by somebody.
CODES: Final = frozenset({"language", "kind", "channel"})
LOST_ROLE: Final = N_("Whoever planned it is no administrator any more, so it was not carried out. Plan it again.")
PEOPLE: Final = frozenset({"head", "head_id", "members"})
CLOCK: Final = frozenset({"day_starts_at"})


@dataclass(frozen=True, slots=True)
class Known:
    """What ids are called."""

    people: Mapping[int, str] = field(repr=False)
    calendars: Mapping[int, str]


def what_of(change: Change) -> str:
    """Return which setting is changed."""
    return gettext(LABELS[change.kind]) if change.kind in LABELS else change.kind


def subject_of(change: Change, names: Mapping[tuple[str, int], str]) -> str:
    """Return what the setting belongs to; nothing for the office itself or for what is only to come."""
    if "code" in change.values:
        return priority_word(change.values["code"])
    return names.get((change.kind, change.subject), "")


def state_of(change: Change) -> str:
    """Return what became of it."""
    return gettext(STATES.get(change.state, change.state))


def why_refused(refused: Refused) -> str:
    """Return why a planned change was not carried out, and what to do."""
    return gettext(LOST_ROLE) if refused.reason is Reason.FORBIDDEN else sentence(refused)


def wish_of(change: Change, known: Known) -> list[tuple[str, str]]:
    """Return each value that is wanted with its name."""
    return wishes(change.kind, change.values, known)


def wishes(kind: str, values: Mapping[str, Any], known: Known) -> list[tuple[str, str]]:
    """Return the values that a change of a kind asks for, each with its name."""
    return [(_label(kind, name), value_of(name, value, known)) for name, value in values.items() if name != "code"]


def _label(kind: str, name: str) -> str:
    kind = LABELED_AS.get(kind, kind)
    label = LABELS.get(name) if kind == name else LABELS.get(f"{kind}_{name}") or LABELS.get(name)
    return gettext(label) if label else name


def value_of(name: str, value: Any, known: Known) -> str:
    """Return one value in words."""
    match value:
        case None | "" | []:
            return "–"
        case bool():
            return gettext("yes") if value else gettext("no")
        case int():
            return _figure(name, value, known)
        case list() | dict():
            return _several(name, value, known)
        case _:
            return str(spell(value) if name in CODES else value)


def _several(name: str, value: list[Any] | dict[str, Any], known: Known) -> str:
    match value:
        case [int(), int()] if name == "completion_steps":
            return " ".join(map(str, value))
        case list():
            return ", ".join(value_of(name, each, known) for each in value)
        case dict() if value.keys() == {DIGEST}:
            return gettext("other words")
        case _:
            return ", ".join(f"{key}: {value_of('', each, known)}" for key, each in value.items())


def _figure(name: str, value: int, known: Known) -> str:
    if name in PEOPLE:
        return known.people.get(value, str(value))
    if name == "calendar_id":
        return known.calendars.get(value, str(value))
    if name in CLOCK:
        return f"{value // 60:02}:{value % 60:02}"
    # Places are counted from 0, and told from 1.
    return length(value * SECOND) if name.endswith("_s") else str(value + (name == "position"))
