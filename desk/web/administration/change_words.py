"""What was set, in words: the setting, what it is about, what it was before and what it is now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from flask_babel import format_date, gettext

from desk.domain.devices import DeviceKind
from desk.domain.facts import JSON, EventName
from desk.domain.typed_hours import write_hours
from desk.reads.changes import Change, Names
from desk.web.administration.planned_words import Known, step_of_promise, wishes, word_of_code
from desk.web.context import language as spoken
from desk.web.counter.story_words import spell
from desk.web.counter_words import called
from desk.web.priority_words import priority_word
from desk.web.reports.words import SECOND, length
from desk.wording import N_
from desk.wording import message_texts as messages
from desk.wording.devices import KINDS as DEVICE_KINDS
from desk.wording.reasons import CLOSURE_KINDS
from desk.wording.services import LANGUAGES, TOPICS
from desk.wording.settings import CALENDAR_CHANGES, CALENDAR_VALUES, EVENTS, LABELS, VALUES

NOTHING: Final = "–"
WEEKDAYS: Final = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
# Settings whose values are ids of people.
OF_PEOPLE: Final = frozenset({"facility", "pool_head", "service_head_id", "head_id", "head"})
# What somebody typed: never a code, whatever it looks like.
TYPED: Final = frozenset({"name", "name_en", "label_id", "label_en", "address", "location_id", "location_en"})
OF_DEVICES: Final = frozenset({EventName.DEVICE_PAIRED, EventName.DEVICE_CHANGED})
PLANS: Final = frozenset({EventName.CHANGE_PLANNED, EventName.CHANGE_CANCELLED, EventName.CHANGE_REFUSED})
CLOCK: Final = frozenset(
    {"survey_quiet_from", "survey_quiet_until", "sound_quiet_from", "sound_quiet_until", "day_starts_at"}
)


@dataclass(frozen=True, slots=True)
class Described:
    """A change in words; `before` and `after` are None where a change has none."""

    what: str
    about: str
    before: str | None
    after: str | None


def describe(change: Change, names: Names, language: str) -> Described:
    """Return a change in the language of the request."""
    payload = change.payload
    setting = str(payload.get("setting", ""))
    if change.name in PLANS:
        return _plan(change, setting, names, language)
    what = _what(change, setting)
    before, after = _ends(change)
    if change.number in names.wordings:
        before, after = names.wordings[change.number]
        setting = "name"  # as it was typed
    if change.name in OF_DEVICES:
        setting = "device"
    if change.name is EventName.CALENDAR_CHANGED:
        return _calendar(change, before, after, names, language)
    return Described(
        what,
        ", ".join(_about(_without_end(change), names, language)),
        None if before is _NONE else _value(setting, before, names),
        None if after is _NONE else _value(setting, after, names),
    )


def _plan(change: Change, setting: str, names: Names, language: str) -> Described:
    """Tell of a plan what it is about, from when on, and all that is wanted."""
    wanted = change.payload.get("wanted")
    values: Mapping[str, Any] = wanted if isinstance(wanted, dict) else {}
    said = [f"{label}: {value}" for label, value in wishes(setting, values, _known(names, language))]
    about = [_subject(change, setting, values, names, language), _day(change.payload.get("due"))]
    return Described(_what(change, setting), ", ".join(each for each in about if each), None, "; ".join(said) or None)


def _known(names: Names, language: str) -> Known:
    services = {each: said[0 if language == "id" else 1] for each, said in names.services.items()}
    return Known(names.people, names.calendars, services)


def _subject(change: Change, setting: str, values: Mapping[str, Any], names: Names, language: str) -> str:
    """Return what a planned change is about, by its name of today; nothing for what is only to come."""
    subject = _number(change.payload, "subject")
    match setting:
        case "counter":
            return called(names.counters.get(subject))
        case "pool":
            return names.pools.get(subject, "")
        case "facility":
            return names.facilities.get(subject, ("", ""))[0 if language == "id" else 1]
        case "service" | "service_retired":
            return names.services.get(subject, ("", ""))[0 if language == "id" else 1]
        case _:
            return word_of_code(setting, values)


def _calendar(change: Change, before: Any, after: Any, names: Names, language: str) -> Described:
    """Tell of a calendar: kinds of closures in their own words, and calendars by name where a service has another."""
    what = change.payload.get("what")
    if what in ("assigned", "assignment_taken_back"):
        keys = ("from", "calendar" if what == "assigned" else "to")
        before, after = (names.calendars.get(_number(change.payload, key), NOTHING) for key in keys)
    if what == "closed":
        after = _why_closed(change.payload, names)
    said = [
        None
        if each is _NONE
        else gettext(CALENDAR_VALUES[each])
        if each in [*CALENDAR_VALUES] and what != "renamed"  # a name is what somebody typed
        else _value("name", each, names)
        for each in (before, after)
    ]
    return Described(_what(change, ""), ", ".join(_about(change.payload, names, language)), *said)


def _why_closed(payload: Mapping[str, JSON], names: Names) -> str:
    """Return why a calendar is closed, and what the days are called on which it still is."""
    days, calendar = _lists(payload.get("days")), _number(payload, "calendar")
    kinds = dict.fromkeys(str(each[1]) for each in days if len(each) > 1)
    known = {kind.value: gettext(words) for kind, words in CLOSURE_KINDS.items()}
    called_so = [names.closures[found] for each in days if (found := (calendar, str(each[0]))) in names.closures]
    return ": ".join(", ".join(each) for each in ([known.get(kind, kind) for kind in kinds], called_so) if each)


_NONE: Final = object()
# Under which name an event tells what is so from now on, where it is not "to".
AFTER: Final = {
    EventName.STAFF_ENROLLED: "roles",
    EventName.STAFF_CONTACT_CHANGED: "changed",
    EventName.OFFICE_OPENED: "code",
    EventName.DEVICE_PAIRED: "settings",
    EventName.DEVICE_CHANGED: "settings",
}


def _ends(change: Change) -> tuple[Any, Any]:
    """Return what it was and what it is; `_NONE` where the event says nothing of it."""
    payload = change.payload
    told_as = AFTER.get(change.name, "to")
    after = payload.get(told_as, payload.get("hours", _NONE))
    if change.name is EventName.SKILL_CHANGED and "from" not in payload:
        return not after, after
    return payload.get("from", _NONE), after


def _without_end(change: Change) -> Mapping[str, JSON]:
    """Return the payload without what stands under *After* already."""
    return {key: value for key, value in change.payload.items() if key != AFTER.get(change.name)}


def _what(change: Change, setting: str) -> str:
    match change.name:
        case EventName.SETTING_CHANGED:
            return gettext(LABELS[setting]) if setting in LABELS else setting
        case EventName.CALENDAR_CHANGED:
            return gettext(CALENDAR_CHANGES.get(str(change.payload.get("what")), EVENTS[change.name]))
        case name if name in PLANS:
            return f"{gettext(EVENTS[change.name])}: {gettext(LABELS[setting]) if setting in LABELS else setting}"
        case _:
            return gettext(EVENTS[change.name])


def _about(payload: Mapping[str, JSON], names: Names, language: str) -> list[str]:
    """Return what a change is about: names of today for ids, codes and dates as they stand."""
    index = 0 if language == "id" else 1
    found = [
        names.people.get(_number(payload, "person") or _number(payload, "officer"), ""),
        names.services.get(_number(payload, "service"), ("", ""))[index],
        called(names.counters.get(_number(payload, "counter"))),
        names.pools.get(_number(payload, "pool"), ""),
        names.calendars.get(_number(payload, "calendar"), ""),
        names.facilities.get(_number(payload, "facility"), ("", ""))[index],
        names.devices.get(_number(payload, "device"), ""),
        *_codes(payload),
        *(_day(payload.get(key)) for key in ("day", "since", "due")),
        *(_day(each[0]) for each in _lists(payload.get("days"))),
    ]
    return [each for each in found if each]


def _codes(payload: Mapping[str, JSON]) -> list[str]:
    """Return the codes of what a change is about, in words."""
    if payload.get("setting") == "message_text":
        tables: dict[str, Mapping[Any, str]] = {
            "kind": messages.KINDS,
            "channel": messages.CHANNELS,
            "part": messages.PARTS,
        }
        said = [gettext(words[payload[key]]) for key, words in tables.items() if payload.get(key) in [*words]]
        return [*said, LANGUAGES.get(str(payload.get("language")), "")]
    part = str(payload.get("part", ""))
    topic, _, language = part.rpartition("_")
    if topic in TOPICS:  # a text of a service
        return [f"{gettext(TOPICS[topic])} ({LANGUAGES.get(language, language)})"]
    if str(payload.get("setting", "")).startswith("priority_reason"):
        return [priority_word(payload.get("code"))]
    if payload.get("kind") in [*DEVICE_KINDS]:
        return [gettext(DEVICE_KINDS[DeviceKind(str(payload["kind"]))])]
    return [spell(payload.get(key)) for key in ("role", "kind", "code", "channel", "language", "part")]


def _lists(found: JSON) -> list[list[JSON]]:
    return [each for each in found if isinstance(each, list) and each] if isinstance(found, list) else []


def _number(payload: Mapping[str, JSON], key: str) -> int:
    found = payload.get(key)
    return found if isinstance(found, int) else 0


def _day(text: JSON) -> str:
    try:
        return str(format_date(date.fromisoformat(str(text)), "d MMM y"))
    except ValueError:
        return ""


def _value(setting: str, value: Any, names: Names) -> str:
    """Return one value in words."""
    match value:
        case None | "" | []:
            return NOTHING
        case bool():
            return gettext("yes") if value else gettext("no")
        case int():
            return _figure(setting, value, names)
        case list():
            return _several(setting, value, names)
        case dict():
            return ", ".join(
                f"{_label(setting, key)}: {_value(key, each, names)}" for key, each in value.items() if key != "point"
            )
        case _:
            return str(value) if _is_typed(setting) else _code(value)


def _label(setting: str, key: str) -> str:
    """Return what one of several values that were set at once is called."""
    label = LABELS.get(f"{setting}_{key}") or LABELS.get(key) or VALUES.get(key)
    return gettext(label) if label else key


def _is_typed(setting: str) -> bool:
    """Tell whether a setting is words that somebody typed."""
    return setting == "message_text" or any(setting == each or setting.endswith(f"_{each}") for each in TYPED)


def _code(code: str) -> str:
    return gettext(VALUES[code]) if code in VALUES else spell(code)


def _figure(setting: str, value: int, names: Names) -> str:
    if setting in OF_PEOPLE:
        return names.people.get(value, str(value))
    if setting in ("service_calendar_id", "calendar_id"):
        return names.calendars.get(value, str(value))
    if setting in CLOCK:
        return f"{value // 60:02}:{value % 60:02}"
    return length(value * SECOND) if setting.endswith("_s") else str(value)


def _several(setting: str, values: list[Any], names: Names) -> str:
    """Return a list in words; seven lists are the hours of a week, pairs of numbers those of a day."""
    if len(values) == 7 and all(isinstance(each, list) for each in values):
        return _week(values)
    if setting.endswith("completion_steps") and all(isinstance(each, list) and len(each) == 2 for each in values):
        return "; ".join(step_of_promise(*each) for each in values)
    if setting in ("voice_languages", "voice"):
        return ", ".join(LANGUAGES.get(each, each) for each in values)
    known = {
        "members": names.people,
        "counters": {each: called(name) for each, name in names.counters.items()},
        "services": {each: said[0 if spoken() == "id" else 1] for each, said in names.services.items()},
        "kiosks": names.devices,
        "display_message_devices": names.devices,
    }.get(setting)
    if known is not None:
        return ", ".join(known.get(each, str(each)) for each in values)
    return ", ".join(_value("", each, names) for each in values)


def _week(week: list[list[list[int]]]) -> str:
    said = [
        f"{gettext(name)} {write_hours(tuple((start, end) for start, end in day))}"
        for name, day in zip(WEEKDAYS, week, strict=True)
        if day
    ]
    return "; ".join(said) or gettext("closed")
