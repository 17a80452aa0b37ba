"""The demo offices as plans, read from the data beside this module."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from desk.domain.access import Role
from desk.domain.hours import ALWAYS, Interval, Week, week_of
from desk.operations.opening.furnishing import CalendarPlan, CounterPlan, Furnishing, PoolPlan, StaffPlan, StandardPlan
from desk.operations.opening.setting_up import OfficePlan, PersonPlan
from desk.reads.national_holidays import list_holidays

FOLDER: Final = Path(__file__).parent
NAMES: Final = ("jakarta", "makassar")
WEEKDAYS: Final = range(5)
# Counters 08.00–16.00 without a stop at noon; other desks break 12.15–13.00, on Fridays 11.30–13.15.
COUNTER_HOURS: Final[Interval] = (8 * 60, 16 * 60)
DESK_HOURS: Final[tuple[Interval, Interval]] = ((8 * 60, 12 * 60 + 15), (13 * 60, 16 * 60))
FRIDAY_DESK_HOURS: Final[tuple[Interval, Interval]] = ((8 * 60, 11 * 60 + 30), (13 * 60 + 15, 16 * 60))


def demo_plans(password_hashes: Mapping[str, str], *, today: date) -> list[Furnishing]:
    """Return the demo offices; `password_hashes` by user name, holidays of the years around `today`."""
    standards = _read("services")
    return [_plan(_read(name), standards, password_hashes, today=today) for name in NAMES]


def demo_usernames() -> list[str]:
    """Return the user names of everybody in the demo offices."""
    return [username for name in NAMES for username in _read(name)["staff"]]


def demo_codes() -> list[str]:
    """Return the codes of the demo offices, the one that `desk demo --day` plays in first."""
    return [_read(name)["code"] for name in NAMES]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _plan(data: dict[str, Any], standards: Mapping[str, Any], hashes: Mapping[str, str], *, today: date) -> Furnishing:
    return Furnishing(
        office=OfficePlan(data["code"], data["name"], data["zone"], data["address"]),
        head=data["head"],
        calendars={key: CALENDARS[kind](today) for key, kind in data["calendars"].items()},
        counters=_counters(data["counters"], data["back_office_desks"], data["locations"]),
        staff=tuple(_staff(name, data["code"], each, hashes) for name, each in data["staff"].items()),
        services=tuple(
            StandardPlan(hours, {**_standard(standards[key]), "questionnaire": data["questionnaires"].get(key)})
            for key, hours in data["services"].items()
        ),
        pools=tuple(PoolPlan(each["name"], each["head"], tuple(each["members"])) for each in data["pools"]),
    )


def _counters(front: int, back: int, places: Sequence[Mapping[str, Any]]) -> tuple[CounterPlan, ...]:
    where = {number: {"location_id": at["id"], "location_en": at["en"]} for at in places for number in at["counters"]}
    counters = [CounterPlan(number, f"Loket {number}", **where[number]) for number in range(1, front + 1)]
    desks = [
        CounterPlan(front + number, f"Meja Belakang {number}", back_office=True, name_en=f"Back Desk {number}")
        for number in range(1, back + 1)
    ]
    return (*counters, *desks)


def _staff(username: str, code: str, data: Mapping[str, str], hashes: Mapping[str, str]) -> StaffPlan:
    email = f"{username}@{code}.example.org"
    person = PersonPlan(username, data["name"], (Role(data["role"]),), email, password_hash=hashes[username])
    return StaffPlan(person, data["skills"])


def _standard(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value.strip() if isinstance(value, str) else value for key, value in data.items()}


def _always(today: date) -> CalendarPlan:
    return CalendarPlan("Selalu buka", ALWAYS, since=date(today.year - 1, 1, 1))


def _counter_hours(today: date) -> CalendarPlan:
    return _with_holidays("Jam loket", week_of(weekdays=WEEKDAYS, hours=(COUNTER_HOURS,)), today)


def _desk_hours(today: date) -> CalendarPlan:
    week = list(week_of(weekdays=WEEKDAYS, hours=DESK_HOURS))
    week[4] = FRIDAY_DESK_HOURS
    return _with_holidays("Jam meja dengan istirahat", tuple(week), today)


def _with_holidays(name: str, week: Week, today: date) -> CalendarPlan:
    found = [each for year in range(today.year - 1, today.year + 3) for each in list_holidays(year)]
    closed, kinds = {each.day: each.name for each in found}, {each.day: each.kind for each in found}
    return CalendarPlan(name, week, since=date(today.year - 1, 1, 1), closed=closed, kinds=kinds)


CALENDARS: Final[Mapping[str, Callable[[date], CalendarPlan]]] = {
    "always": _always,
    "counter": _counter_hours,
    "desk": _desk_hours,
}
