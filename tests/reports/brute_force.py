"""What an office's events say, counted one by one in the plainest way, with no code of the reports.

Lengths and instants are microseconds; the office lies in Jakarta (UTC+7), its day begins at midnight.
"""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

JAKARTA = timedelta(hours=7)
RETURNS = {"ReturnedToQueue", "VisitorCameBack", "NoShowReinstated", "TransactionReopened"}
ANSWERS = {"HandoffAccepted": "accepted", "HandoffDeclined": "declined", "HandoffWithdrawn": "withdrawn",
           "HandoffExpired": "expired"}  # fmt: skip


# What passes custody on without asking.
TAKEN_AT_ONCE = {"TransferredToQueue", "HandedToPool", "HandoverForced"}
ABOUT_DOCUMENTS = {"DocumentsCompleted", "CompletenessCorrected"}
CLOSING = {3}  # the services that keep office hours; the others never close
OFFICE_HOURS = ((480, 735), (780, 960))  # minutes of the day, from Monday to Friday
MINUTE = 60_000_000


def wall(at: int) -> datetime:
    """The office's local time of an instant."""
    return datetime.fromtimestamp(at / 1_000_000, UTC) + JAKARTA


def day_of(at: int) -> int:
    """The business day of an instant."""
    return wall(at).date().toordinal()


@dataclass
class Story:
    """One transaction as its events tell it."""

    id: int
    visit: dict[str, Any]
    opened_at: int
    first_service: int
    service: int
    state: str = "waiting"
    ending: str | None = None
    outcome: str | None = None
    ended_at: int | None = None
    accepted: int = 0
    wait_promise: int = -1
    complete_at: int | None = None
    work_promise: int | None = None
    days: int | None = None
    segments: dict[int, dict[str, Any]] = field(default_factory=dict)
    waits: dict[int, dict[str, Any]] = field(default_factory=dict)
    handoffs: dict[int, dict[str, Any]] = field(default_factory=dict)
    calls: dict[int, dict[str, Any]] = field(default_factory=dict)
    steps: list[tuple[int, str, str, int]] = field(default_factory=list)

    def spent(self, state: str, at: int) -> int:
        return sum(_span(each, at) for each in self.segments.values() if each["state"] == state)

    def waited(self, at: int) -> tuple[int, int, int]:
        """First wait, waits after handoffs, other waits."""
        first, *later = self.waits.values()
        handed = sum(_span(each, at) for each in later if each["cause"] not in RETURNS)
        returned = sum(_span(each, at) for each in later if each["cause"] in RETURNS)
        return _span(first, at), handed, returned

    def used(self, at: int) -> int:
        """The office's time since complete documents, in whole seconds."""
        parts = [
            open_time(max(each["start"], self.complete_at or 0), _end(each, at), closes=each["service"] in CLOSING)
            for each in self.segments.values()
            if each["state"] != "paused" or each["cause"] == "system"
        ]
        return sum(parts) // 1_000_000

    def promised_wait(self, promises: dict[int, int]) -> int:
        """What was said at check-in, or what the service promises, in microseconds."""
        return (promises[self.first_service] if self.wait_promise < 0 else self.wait_promise) * 1_000_000

    def waited_after(self, handoff: int, at: int) -> int:
        """What was waited in entries that follow from this handoff and no later one."""
        later = [each for each in list(self.waits)[1:] if self.waits[each]["cause"] not in RETURNS]
        mine = [each for each in later if max((h for h in self.handoffs if h <= each), default=None) == handoff]
        return sum(_span(self.waits[each], at) for each in mine)

    def taken(self, handoff: int, at: int) -> tuple[str, int]:
        """What became of work left in a queue or a pool, and how long it lay; a person's has no such time."""
        given = self.handoffs[handoff]
        if not (given["to_pool"] or given["to_service"]):
            return "", -1
        for number, name, after, then in self.steps:
            if number <= handoff:
                continue
            if name in {"TakenFromPool", "HandoffAccepted"} or after in {"called", "serving"}:
                return "taken", max(0, then - given["at"])
            left_the_queue = given["to_service"] and name in {"VisitorLeft", "ClosedUnserved"}
            if name in TAKEN_AT_ONCE or after == "ended" or left_the_queue:
                return "untaken", -1
        return "lying", max(0, at - given["at"])


def _end(each: dict[str, Any], at: int) -> int:
    return at if each["end"] is None else each["end"]


def _span(each: dict[str, Any], at: int) -> int:
    return max(0, _end(each, at) - each["start"])


def open_time(start: int, end: int, *, closes: bool) -> int:
    """What of a stretch lies in the hours of a service: those of an office, or all there are."""
    if not closes:
        return max(0, end - start)
    total, day = 0, day_of(start)
    while start < end and day <= day_of(end):
        midnight = _micros(datetime.fromordinal(day).replace(tzinfo=UTC) - JAKARTA)
        if datetime.fromordinal(day).weekday() < 5:
            hours = [(midnight + opens * MINUTE, midnight + shuts * MINUTE) for opens, shuts in OFFICE_HOURS]
            total += sum(max(0, min(end, shuts) - max(start, opens)) for opens, shuts in hours)
        day += 1
    return total


@dataclass
class Told:
    """All of an office."""

    stories: dict[int, Story] = field(default_factory=dict)
    stretches: list[dict[str, Any]] = field(default_factory=list)


def tell(events: list[Any], office_id: int) -> Told:
    """Follow the events in their order."""
    told, visits = Told(), {}
    for event in events:
        here, at, payload = office_id << 40 | event.number, _micros(event.at), json.loads(event.payload)
        if event.name == "VisitStarted":
            visits[here] = payload
        elif event.name == "TransactionOpened":
            story = Story(here, visits[event.visit_id], at, payload["service"], payload["service"])
            story.wait_promise = payload.get("wait_promise_s", -1)
            story.segments[1] = _segment(payload, at)
            story.waits[here] = {"service": payload["service"], "start": at, "end": None, "cause": event.name}
            told.stories[here] = story
        if event.name in ABOUT_DOCUMENTS:
            story = told.stories[event.transaction_id]
            story.complete_at, story.work_promise = payload["complete"], payload["promise_s"]
            story.days = payload["days"]
        if "action" in payload:
            _step(told.stories[event.transaction_id], event.name, here, at, payload)
        elif event.name.startswith(("Duty", "Break")):
            _duty(told.stretches, event.name, here, at, payload)
    return told


def _micros(at: datetime) -> int:
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _segment(payload: dict[str, Any], at: int) -> dict[str, Any]:
    names = {"after": "state", "holder": "officer", "counter": "counter", "service": "service", "cause": "cause"}
    pool = payload.get("pool") if payload["after"] in {"processing", "paused"} else None
    return {**{names[key]: payload.get(key) for key in names}, "pool": pool, "start": at, "end": None}


def _call(story: Story, name: str, here: int, at: int, payload: dict[str, Any]) -> None:
    if name == "TransactionCalled":
        story.calls[here] = {**payload, "at": at, "slip": False}
    if name == "CallTakenBack":
        story.calls[payload["call"]]["slip"] = True


def _step(story: Story, name: str, here: int, at: int, payload: dict[str, Any]) -> None:
    if payload["closes"]:
        story.segments[payload["closes"]]["end"] = at
    if payload["segment"]:
        story.segments[payload["segment"]] = _segment(payload, at)
    if name == "StartTakenBack":  # it was no service, and the wait goes on
        story.segments[payload["closes"]]["state"] = "called"
        story.waits[payload["back"]["entry"]]["end"] = None
    if payload["entry"] and payload["entry"]["place"] == "over":
        story.waits[payload["entry"]["id"]]["end"] = at
    if name in {"HandoffOffered", *TAKEN_AT_ONCE}:
        queue, at_once = payload["kind"] == "queue", name in TAKEN_AT_ONCE
        before = [each["service"] for each in story.waits.values()]
        story.handoffs[here] = {
            "giver": payload["giver"], "receiver": payload["receiver"], "kind": payload["kind"],
            "reason": payload["reason"], "state": "accepted" if at_once else "offered", "at": at,
            "answered": at if at_once else None, "why": "", "from": before[-1],
            "to_service": payload["service"] if queue else 0, "to_counter": payload.get("to_counter") or 0,
            "to_pool": payload.get("to_pool") or 0,
        }  # fmt: skip
    if name in ANSWERS:
        declined = payload["reason"] if name == "HandoffDeclined" else ""
        story.handoffs[payload["handoff"]] |= {"state": ANSWERS[name], "answered": at, "why": declined}
    _call(story, name, here, at, payload)
    if payload["joins"]:
        story.waits[here] = {"service": payload["joins"]["service"], "start": at, "end": None, "cause": name}
    ended = payload["after"] == "ended"
    story.state, story.service = payload["after"], payload["service"]
    story.ending, story.outcome = payload["ending"], payload.get("outcome") if ended else None
    story.ended_at = at if ended else None
    story.accepted = payload.get("handoffs", story.accepted)
    story.steps.append((here, name, payload["after"], at))


def _duty(stretches: list[dict[str, Any]], name: str, here: int, at: int, payload: dict[str, Any]) -> None:
    duty = here if name == "DutyStarted" else payload["duty"]
    open_one = next((each for each in stretches if each["duty"] == duty and each["end"] is None), None)
    if open_one:
        open_one["end"] = at
    if name == "DutyEnded":
        return
    before = open_one or payload
    stretches.append({
        "duty": duty, "officer": payload["officer"], "counter": payload["counter"],
        "back_office": int(before["back_office"]), "state": "break" if name == "BreakStarted" else "available",
        "reason": payload.get("reason") or "", "start": at, "end": None,
    })  # fmt: skip


def percentile(values: list[int], percent: int) -> int | None:
    """The smallest value that at least so many percent of the values do not exceed."""
    return next((v for v in sorted(values) if 100 * sum(w <= v for w in values) >= percent * len(values)), None)


def spread(values: list[int]) -> tuple[int | None, ...]:
    return percentile(values, 50), percentile(values, 90), max(values, default=None)


def transaction_rows(told: Told, at: int) -> list[tuple[Any, ...]]:
    """The rows of the facts, in the order of their columns."""
    rows = []
    for story in told.stories.values():
        segments = list(story.segments.values())
        served = [each for each in segments if each["state"] == "serving"]
        working = [each["officer"] for each in segments if each["state"] in {"serving", "processing"}]
        times = [story.spent(state, at) for state in ("waiting", "called", "serving", "processing", "paused")]
        calls = [each for each in story.calls.values() if not each["slip"]]
        then = wall(story.opened_at)
        rows.append((
            story.id, day_of(story.opened_at), then.hour, then.weekday(), story.first_service, story.service,
            story.visit["channel"], story.visit["priority"], story.visit["priority_reason"] or "", story.state,
            story.ending or "", story.outcome or "", story.opened_at, story.ended_at or 0,
            max(0, served[0]["start"] - story.opened_at) if served else -1, *story.waited(at), *times, sum(times),
            story.accepted, served[0]["officer"] if served else 0, served[0]["counter"] if served else 0,
            working[-1] if working else 0, len({each["officer"] for each in segments if each["state"] != "waiting"}),
            len(calls), sum(bool(call["picked"] or call["passed_over"]) for call in calls),
            sum(len(call["passed_over"]) for call in calls),
            -1 if story.wait_promise < 0 else story.wait_promise * 1_000_000,
            -1 if story.work_promise is None else story.work_promise * 1_000_000,
            0 if story.work_promise is None else story.used(at) * 1_000_000,
        ))  # fmt: skip
    return rows


def leg_rows(told: Told, at: int) -> list[tuple[Any, ...]]:
    return [
        (story.id, ordinal, day_of(each["start"]), each["officer"], each["counter"] or 0, each["service"],
         each["state"], each["start"], _span(each, at), each["pool"] or 0,
         int(story.ending == "completed" and ordinal == max(story.segments)))
        for story in told.stories.values()
        for ordinal, each in story.segments.items()
        if each["state"] != "waiting"
    ]  # fmt: skip


def handoff_rows(told: Told, at: int) -> list[tuple[Any, ...]]:
    return [
        (number, story.id, day_of(each["at"]), each["giver"], each["receiver"], each["kind"], each["reason"],
         each["state"], each["why"], each["from"], each["to_service"], each["to_counter"], each["at"],
         -1 if each["answered"] is None else max(0, each["answered"] - each["at"]), story.waited_after(number, at),
         each["to_pool"], *story.taken(number, at))
        for story in told.stories.values()
        for number, each in story.handoffs.items()
    ]  # fmt: skip


def call_rows(told: Told, at: int) -> list[tuple[Any, ...]]:
    return [
        (number, story.id, day_of(each["at"]), each["holder"], each["counter"], each["service"], each["at"],
         each["why"]["waited"] * 1_000_000, each["why"]["code"], each["picked"] or "", len(each["passed_over"]),
         max((passed["by"] * 1_000_000 for passed in each["passed_over"]), default=-1), int(each["slip"]))
        for story in told.stories.values()
        for number, each in story.calls.items()
    ]  # fmt: skip


def duty_rows(told: Told, at: int) -> list[tuple[Any, ...]]:
    """Stretches cut at midnight."""
    rows = []
    for each in told.stretches:
        start, end = each["start"], at if each["end"] is None else each["end"]
        while start < end:
            midnight = _micros(datetime.fromordinal(day_of(start) + 1).replace(tzinfo=UTC) - JAKARTA)
            stop = min(end, midnight)
            rows.append((each["duty"], day_of(start), each["officer"], each["counter"], each["back_office"],
                         each["state"], each["reason"], start, stop - start))  # fmt: skip
            start = stop
    return rows


def waiting_lines(told: Told, at: int, promises: dict[int, int], key: Any) -> dict[Any, tuple[Any, ...]]:
    """The report of waiting by what `key` says of a story; None leaves it out."""
    groups: dict[Any, list[Story]] = defaultdict(list)
    for story in told.stories.values():
        if key(story) is not None:
            groups[key(story)].append(story)
    return {each: _waiting_line(stories, at, promises) for each, stories in groups.items()}


def _waiting_line(stories: list[Story], at: int, promises: dict[int, int]) -> tuple[Any, ...]:
    first = [story.waited(at)[0] for story in stories]
    handed = [story.waited(at)[1] for story in stories if story.waited(at)[1]]
    within = counted = 0
    for story in stories:
        limit = story.promised_wait(promises)
        served = [each["start"] for each in story.segments.values() if each["state"] == "serving"]
        if served:
            counted += 1
            within += max(0, served[0] - story.opened_at) <= limit
        elif not story.spent("processing", at) + story.spent("paused", at):
            counted += story.spent("waiting", at) + story.spent("called", at) > limit
    endings = [sum(story.ending == name for story in stories) for name in
               ("no_show", "left", "cancelled", "closed_unserved")]  # fmt: skip
    still = sum(story.state in {"waiting", "called"} for story in stories)
    level = within / counted if counted else None
    return (len(first), *spread(first), level, len(handed), *spread(handed), still, *endings)


def late_waits(told: Told, at: int, promises: dict[int, int]) -> dict[int, tuple[int, int]]:
    """By transaction: what was waited and promised, in whole seconds, of those whose first wait passed the promise."""
    found = {story.id: (story.waited(at)[0], story.promised_wait(promises)) for story in told.stories.values()}
    return {
        each: (waited // 1_000_000, promised // 1_000_000)
        for each, (waited, promised) in found.items()
        if waited > promised
    }


def late_work(told: Told, at: int) -> dict[int, tuple[Any, ...]]:
    """By transaction: working days promised, office time allowed and used, when it ended, of those past the promise."""
    return {
        story.id: (story.days, story.work_promise, story.used(at), story.ended_at)
        for story in told.stories.values()
        if story.work_promise is not None and story.used(at) > story.work_promise
    }


def work_kept(told: Told, at: int) -> dict[int, list[float]]:
    """By handoffs (none, one, more): whether each completed transaction kept its promise in working days."""
    groups: dict[int, list[float]] = {0: [], 1: [], 2: []}
    for story in told.stories.values():
        if story.ending == "completed" and story.work_promise is not None:
            groups[min(story.accepted, 2)].append(float(story.used(at) <= story.work_promise))
    return groups


def served_lines(told: Told, at: int) -> dict[int, tuple[Any, ...]]:
    """By officer: services begun, their spread and sum, time available and on a break at counters, occupancy."""
    legs: dict[int, list[int]] = defaultdict(list)
    for row in leg_rows(told, at):
        if row[6] == "serving":
            legs[row[3]].append(row[8])
    there: dict[tuple[int, str], int] = defaultdict(int)
    for row in duty_rows(told, at):
        there[row[2], row[5]] += 0 if row[4] else row[8]
    found = {}
    for officer in legs.keys() | {officer for (officer, _), spent in there.items() if spent}:
        mine, available = legs[officer], there[officer, "available"]
        busy = sum(mine) / available if available else None
        found[officer] = (len(mine), *spread(mine), sum(mine), available, there[officer, "break"], busy)
    return found


def processed_lines(told: Told, at: int) -> dict[int, tuple[Any, ...]]:
    """By officer: parts of work processed, completed with them, their spread and sum, and duty in the back office."""
    parts: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in leg_rows(told, at):
        if row[6] == "processing" and not row[9]:
            parts[row[3]].append(row)
    there: dict[tuple[int, str], int] = defaultdict(int)
    for row in duty_rows(told, at):
        there[row[2], row[5]] += row[8] if row[4] else 0
    found = {}
    for officer in parts.keys() | {officer for (officer, _), spent in there.items() if spent}:
        lengths = [row[8] for row in parts[officer]]
        times = there[officer, "available"], there[officer, "break"]
        finished = sum(row[10] for row in parts[officer])
        found[officer] = (len(lengths), finished, *spread(lengths), sum(lengths), *times, None)
    return found


def place_of(row: tuple[Any, ...]) -> tuple[str, int]:
    """What a handoff went to."""
    if row[15]:
        return "pool", row[15]
    return ("queue", row[10]) if row[10] else ("person", row[4])


def place_lines(told: Told, at: int) -> dict[tuple[str, int], tuple[Any, ...]]:
    """By queue and pool: how much was handed over to it, what became of it, and how long it lay until taken."""
    groups: dict[tuple[str, int], list[tuple[Any, ...]]] = defaultdict(list)
    for row in handoff_rows(told, at):
        if place_of(row)[0] != "person":
            groups[place_of(row)].append(row)
    return {
        place: (
            len(rows),
            *(sum(row[16] == fate for row in rows) for fate in ("taken", "lying", "untaken")),
            *spread([row[17] for row in rows if row[16] != "untaken"]),
        )
        for place, rows in groups.items()
    }


def pair_lines(told: Told, at: int) -> dict[tuple[int, str, int], tuple[Any, ...]]:
    """By who gave and who, or which queue or pool, got: the report of handoffs."""
    groups: dict[tuple[int, str, int], list[tuple[Any, ...]]] = defaultdict(list)
    for row in handoff_rows(told, at):
        groups[row[3], *place_of(row)].append(row)
    found = {}
    for pair, rows in groups.items():
        states = [sum(row[7] == name for row in rows) for name in
                  ("accepted", "declined", "expired", "withdrawn", "offered")]  # fmt: skip
        answers = [row[13] for row in rows if row[7] == "accepted" and row[5] not in ("queue", "pool", "forced")]
        added = [row[14] for row in rows if row[14]]
        lay = [row[17] for row in rows if row[16] in ("taken", "lying")]
        found[pair] = (len(rows), *states, *spread(answers), *spread(lay), *spread(added), sum(added))
    return found
