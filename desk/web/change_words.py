"""What was set, in words: the setting, what it is about, what it was before and what it is now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from flask_babel import format_date, gettext

from desk.domain.facts import JSON, EventName
from desk.domain.typed_hours import write_hours
from desk.reads.changes import Change, Names
from desk.web.report_words import SECOND, length
from desk.web.story_words import spell
from desk.wording import N_
from desk.wording.settings import CALENDAR_CHANGES, EVENTS, LABELS

NOTHING: Final = "–"
WEEKDAYS: Final = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
# Settings whose values are ids of people.
OF_PEOPLE: Final = frozenset({"facility", "pool_head", "service_head_id", "head_id"})
CLOCK: Final = frozenset({"survey_quiet_from", "survey_quiet_until", "day_starts_at"})


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
    before, after = _ends(change)
    return Described(
        _what(change, setting),
        ", ".join(_about(_without_end(change), names, language)),
        None if before is _NONE else _value(setting, before, names),
        None if after is _NONE else _value(setting, after, names),
    )


_NONE: Final = object()
# Under which name an event tells what is so from now on, where it is not "to".
AFTER: Final = {
    EventName.STAFF_ENROLLED: "roles",
    EventName.STAFF_CONTACT_CHANGED: "changed",
    EventName.OFFICE_OPENED: "code",
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
        case EventName.CHANGE_PLANNED | EventName.CHANGE_CANCELLED | EventName.CHANGE_REFUSED:
            return f"{gettext(EVENTS[change.name])}: {gettext(LABELS[setting]) if setting in LABELS else setting}"
        case _:
            return gettext(EVENTS[change.name])


def _about(payload: Mapping[str, JSON], names: Names, language: str) -> list[str]:
    """Return what a change is about: names of today for ids, codes and dates as they stand."""
    index = 0 if language == "id" else 1
    found = [
        names.people.get(_number(payload, "person") or _number(payload, "officer"), ""),
        names.services.get(_number(payload, "service"), ("", ""))[index],
        names.counters.get(_number(payload, "counter"), ""),
        names.pools.get(_number(payload, "pool"), ""),
        names.calendars.get(_number(payload, "calendar"), ""),
        names.facilities.get(_number(payload, "facility"), ("", ""))[index],
        *(spell(payload.get(key)) for key in ("role", "kind", "code", "channel", "language", "part")),
        *(_day(payload.get(key)) for key in ("day", "since", "due")),
        *(_day(each[0]) for each in _lists(payload.get("days"))),
    ]
    return [each for each in found if each]


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
            return ", ".join(f"{key}: {_value('', each, names)}" for key, each in value.items())
        case _:
            return spell(value)


def _figure(setting: str, value: int, names: Names) -> str:
    if setting in OF_PEOPLE:
        return names.people.get(value, str(value))
    if setting in CLOCK:
        return f"{value // 60:02}:{value % 60:02}"
    return length(value * SECOND) if setting.endswith("_s") else str(value)


def _several(setting: str, values: list[Any], names: Names) -> str:
    """Return a list in words; seven lists are the hours of a week, pairs of numbers those of a day."""
    if len(values) == 7 and all(isinstance(each, list) for each in values):
        return _week(values)
    if setting == "members":
        return ", ".join(names.people.get(each, str(each)) for each in values)
    return ", ".join(_value("", each, names) for each in values)


def _week(week: list[list[list[int]]]) -> str:
    said = [
        f"{gettext(name)} {write_hours(tuple((start, end) for start, end in day))}"
        for name, day in zip(WEEKDAYS, week, strict=True)
        if day
    ]
    return "; ".join(said) or gettext("closed")
