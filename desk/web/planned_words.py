"""What a planned change will do, in words: the setting, what it is about, and each value that is wanted."""

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import gettext

from desk.reads.planned import Change
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
PEOPLE: Final = frozenset({"head", "head_id", "members"})
CLOCK: Final = frozenset({"day_starts_at"})


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


def wish_of(change: Change, people: Mapping[int, str]) -> list[tuple[str, str]]:
    """Return each value that is wanted with its name."""
    wanted = [(name, value) for name, value in change.values.items() if name != "code"]
    return [(_label(change.kind, name), _said(name, value, people)) for name, value in wanted]


def _label(kind: str, name: str) -> str:
    label = LABELS.get(f"{kind}_{name}") or LABELS.get(name)
    return gettext(label) if label else name


def _said(name: str, value: Any, people: Mapping[int, str]) -> str:
    match value:
        case None | "" | []:
            return "–"
        case bool():
            return gettext("yes") if value else gettext("no")
        case int():
            return _figure(name, value, people)
        case list():
            return ", ".join(_said(name, each, people) for each in value)
        case dict():
            return ", ".join(f"{key}: {_said('', each, people)}" for key, each in value.items())
        case _:
            return spell(value)


def _figure(name: str, value: int, people: Mapping[int, str]) -> str:
    if name in PEOPLE:
        return people.get(value, str(value))
    if name in CLOCK:
        return f"{value // 60:02}:{value % 60:02}"
    # Places are counted from 0, and told from 1.
    return length(value * SECOND) if name.endswith("_s") else str(value + (name == "position"))
