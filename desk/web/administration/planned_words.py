"""What a planned change will do, in words: the setting, what it is about, and each value that is wanted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from flask import g
from flask_babel import format_decimal, gettext, ngettext

from desk.domain.counter_names import CounterName
from desk.domain.planning import DIGEST
from desk.domain.refusals import Reason, Refused
from desk.operations.settings.survey_settings import SHARE
from desk.reads.planned import Change, list_waiting, list_waiting_of, name_subjects
from desk.web.context import language, reader
from desk.web.counter.story_words import spell
from desk.web.counter_words import called
from desk.web.errors import sentence
from desk.web.priority_words import priority_word
from desk.web.reason_words import decline_word, handoff_word, pause_word
from desk.web.reports.words import SECOND, length
from desk.wording import N_
from desk.wording.call_sounds import SILENT, VOICES, voice_of
from desk.wording.settings import LABELS, LOST_ROLE

STATES: Final = {
    "planned": N_("Planned"),
    "applied": N_("Carried out"),
    "cancelled": N_("Cancelled"),
    "taken_over": N_("Taken over"),
    "refused": N_("Refused"),
}
# Whose labels a kind of change has for its values.
LABELED_AS: Final = {
    "service_added": "service",
    "decline_reason": "handoff_reason",
    "pause_cause": "handoff_reason",
}
# The kinds of changes whose subject is known by a code, with what gives it its words.
WORDED: Final[dict[str, Callable[[Any], str]]] = {
    "priority_reason": priority_word,
    "handoff_reason": handoff_word,
    "decline_reason": decline_word,
    "pause_cause": pause_word,
}
# Pairs of an officer and a service.
SKILLS: Final = frozenset({"added", "removed"})
# What is told by a code; anything else was typed by somebody.
CODES: Final = frozenset({"language", "kind", "channel"})
PEOPLE: Final = frozenset({"head", "head_id", "members", "owner_id"})
CLOCK: Final = frozenset(
    {"day_starts_at", "survey_quiet_from", "survey_quiet_until", "sound_quiet_from", "sound_quiet_until"}
)
# What it means where nothing is set.
NOTHING: Final = {
    "no_show_calls": N_("As the office has it"),
    "no_show_after_s": N_("As the office has it"),
    "voice_languages": VOICES[SILENT],
}


@dataclass(frozen=True, slots=True)
class Known:
    """What ids are called."""

    people: Mapping[int, str] = field(repr=False)
    calendars: Mapping[int, str]
    services: Mapping[int, str] = field(default_factory=dict)


def what_of(change: Change) -> str:
    """Return which setting is changed."""
    return gettext(LABELS[change.kind]) if change.kind in LABELS else change.kind


def subject_of(change: Change, names: Mapping[tuple[str, int], CounterName | str]) -> str:
    """Return what the setting belongs to; nothing for the office itself or for what is only to come."""
    return word_of_code(change.kind, change.values) or called(names.get((change.kind, change.subject)))


def word_of_code(kind: str, values: Mapping[str, Any]) -> str:
    """Return what a change is about that names it by a code; empty where it names none."""
    return WORDED[kind](values["code"]) if kind in WORDED and "code" in values else ""


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
    return [
        (_label(kind, name, known), value_of(name, value, known))
        for name, value in values.items()
        if name != "code" and not (name in SKILLS and not value)
    ]


def _label(kind: str, name: str, known: Known) -> str:
    if kind == "survey" and name.startswith(SHARE):
        service = name.removeprefix(SHARE)
        return f"{gettext(LABELS['survey_percent'])}, {known.services.get(int(service), service)}"
    kind = LABELED_AS.get(kind, kind)
    label = LABELS.get(name) if kind == name else LABELS.get(f"{kind}_{name}") or LABELS.get(name)
    return gettext(label) if label else name


def value_of(name: str, value: Any, known: Known) -> str:
    """Return one value in words."""
    match value:
        case None | "" | []:
            return gettext(NOTHING[name]) if name in NOTHING else "–"
        case str() if name == "logo":
            return gettext("another picture")
        case bool():
            return gettext("yes") if value else gettext("no")
        case int():
            return _figure(name, value, known)
        case list() | dict():
            return _several(name, value, known)
        case _:
            return str(spell(value) if name in CODES else value)


def step_of_promise(objects: int, days: int) -> str:
    """Return one step of a promise by the quantity of objects."""
    said: str = ngettext(
        "quantity up to %(objects)s: %(num)d working day",
        "quantity up to %(objects)s: %(num)d working days",
        days,
        objects=format_decimal(objects),
    )
    return said


def _several(name: str, value: list[Any] | dict[str, Any], known: Known) -> str:
    match value:
        case [*languages] if name == "voice_languages":
            return gettext(VOICES[voice_of(tuple(languages))])
        case [int(), int()] if name == "completion_steps":
            return step_of_promise(*value)
        case [int() as who, int() as what] if name in SKILLS:
            return f"{known.people.get(who, who)}: {known.services.get(what, what)}"
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


def planned_by(person_id: int) -> list[tuple[Change, str]]:
    """Return what somebody planned in the office of the page that is still to come, each with what it is about."""
    return _in_words(list_waiting_of(reader(), g.office.id, person_id))


def waiting_changes() -> dict[int, tuple[Change, str]]:
    """Return what is planned in the office of the page and still to come by its id, each with what it is about."""
    return {each.id: (each, words) for each, words in _in_words(list_waiting(reader(), g.office.id))}


def _in_words(found: list[Change]) -> list[tuple[Change, str]]:
    names = name_subjects(reader(), g.office.id, language=language()) if found else {}
    return [(each, " · ".join(filter(None, (what_of(each), subject_of(each, names))))) for each in found]
