"""From the state rows of a transaction to the rows that reports count: the one place that says how each is worked out.

Time that has not ended counts up to `at`. Where a confirmed step of the clock makes an end earlier than its beginning,
the length is 0.
"""

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from desk.domain.facts import EventName
from desk.domain.lifecycle import Ending, State
from desk.reads.reader import Reader
from desk.reports.days import Days
from desk.reports.kinds import Calls, Handoffs, Legs, Transactions
from desk.reports.raw import Raw, read_names, read_raw
from desk.reports.taking import PERSONAL, Taking, read_told, takings_of

Row = tuple[Any, ...]
Rows = dict[type, list[Row]]

SECOND: Final = 1_000_000
NEVER: Final = -1
NOTHING_USED: Final[Mapping[int, int]] = {}
# What begins a wait that no handoff is the cause of; every other wait after the first follows from one.
RETURNS: Final = frozenset(
    {
        EventName.RETURNED_TO_QUEUE.value,
        EventName.VISITOR_CAME_BACK.value,
        EventName.NO_SHOW_REINSTATED.value,
        EventName.TRANSACTION_REOPENED.value,
    }
)
AT_WORK: Final = (State.SERVING.value, State.PROCESSING.value)
STATES: Final = (State.WAITING, State.CALLED, State.SERVING, State.PROCESSING, State.PAUSED)


def build(
    reader: Reader,
    office_id: int,
    ids: Iterable[int],
    days: Days,
    *,
    at: int,
    used: Mapping[int, int] = NOTHING_USED,
) -> Rows:
    """Return the rows of these transactions, by kind.

    `used` is the office's time in seconds since complete documents, of those that are open: it takes calendars to know.
    """
    found = list(read_raw(reader, office_id, ids))
    later = [entry.id for raw in found for entry in raw.entries[1:]]
    names = read_names(reader, office_id, later)
    told = read_told(reader, office_id, found)
    rows: Rows = {Transactions: [], Legs: [], Handoffs: [], Calls: []}
    for raw in found:
        waits = _waits(raw, names, at)
        rows[Transactions].append(_transaction(raw, waits, days, at, used))
        rows[Legs] += [_leg(each, raw, days, at) for each in raw.segments if each.state != State.WAITING]
        takings = takings_of(raw, told[raw.row.id], at)
        rows[Handoffs] += [_handoff(each, raw, waits[3], takings.get(each.id, PERSONAL), days) for each in raw.handoffs]
        rows[Calls] += [_call(each, days) for each in raw.calls]
    return rows


def _length(start: int, end: int | None, at: int) -> int:
    return max(0, (at if end is None else end) - start)


def _waits(raw: Raw, names: dict[int, str], at: int) -> tuple[int, int, int, Counter[int]]:
    """Return the first wait, the waits that handoffs began, the others, and the second of these by handoff."""
    first = handed = returned = 0
    after: Counter[int] = Counter()
    handoffs = [each.id for each in raw.handoffs]
    for position, entry in enumerate(raw.entries):
        length = _length(entry.joined_at, entry.ended_at, at)
        if position == 0:
            first = length
        elif names.get(entry.id) in RETURNS:
            returned += length
        else:
            handed += length
            cause = bisect_right(handoffs, entry.id)
            after[handoffs[cause - 1] if cause else 0] += length
    return first, handed, returned, after


def _transaction(
    raw: Raw, waits: tuple[int, int, int, Counter[int]], days: Days, at: int, used: Mapping[int, int]
) -> Row:
    row = raw.row
    times = _times(raw.segments, at)
    served = next((each for each in raw.segments if each.state == State.SERVING), None)
    wall = days.wall(row.opened_at)
    ended = row.ended_at is not None
    return (
        row.id,
        days.day(row.opened_at),
        wall.hour,
        wall.weekday(),
        row.first_service_id,
        row.service_id,
        row.channel,
        row.priority,
        row.priority_reason,
        row.state,
        row.ending if ended else None,
        row.outcome if ended else None,
        row.opened_at,
        row.ended_at or 0,
        NEVER if served is None else max(0, served.started_at - row.opened_at),
        *waits[:3],
        *times,
        sum(times),
        row.handoffs,
        *_people(raw, served),
        *_called(raw),
        *_promises(row, used),
    )


def _called(raw: Raw) -> tuple[int, int, int]:
    """Return how many calls there were, how many out of order, and how many they passed over; slips do not count."""
    calls = [each for each in raw.calls if each.taken_back_at is None]
    return len(calls), sum(map(_out_of_order, calls)), sum(each.passed_count for each in calls)


def _promises(row: Any, used: Mapping[int, int]) -> tuple[int, int, int]:
    """Return the promised first wait, the promised office time, and how much of that was used."""
    wait = NEVER if row.wait_promise_s is None else row.wait_promise_s * SECOND
    if row.promise_s is None:
        return wait, NEVER, 0
    so_far = used.get(row.id, 0) if row.used_s is None else row.used_s
    return wait, row.promise_s * SECOND, so_far * SECOND


def _times(segments: Sequence[Any], at: int) -> list[int]:
    spent: Counter[str] = Counter()
    for each in segments:
        spent[each.state] += _length(each.started_at, each.ended_at, at)
    return [spent[state.value] for state in STATES]


def _people(raw: Raw, served: Any) -> tuple[int, int, int, int]:
    """Return who served first and where, who worked on it last, and how many had a part in it."""
    working = [each.holder_id for each in raw.segments if each.state in AT_WORK]
    part = {each.holder_id for each in raw.segments if each.state != State.WAITING}
    first = (0, 0) if served is None else (served.holder_id, served.counter_id or 0)
    return *first, working[-1] if working else 0, len(part)


def _out_of_order(call: Any) -> bool:
    return call.picked is not None or call.passed_count > 0


def _leg(segment: Any, raw: Raw, days: Days, at: int) -> Row:
    return (
        segment.transaction_id,
        segment.ordinal,
        days.day(segment.started_at),
        segment.holder_id,
        segment.counter_id or 0,
        segment.service_id,
        segment.state,
        segment.started_at,
        _length(segment.started_at, segment.ended_at, at),
        segment.pool_id or 0,
        int(raw.row.ending == Ending.COMPLETED and segment is raw.segments[-1]),
    )


def _handoff(row: Any, raw: Raw, waits: Counter[int], taking: Taking, days: Days) -> Row:
    before = [entry.service_id for entry in raw.entries if entry.id < row.id]
    return (
        row.id,
        row.transaction_id,
        days.day(row.offered_at),
        row.giver_id,
        row.receiver_id,
        row.kind,
        row.reason,
        row.state,
        row.answer_reason if row.state == "declined" else None,
        before[-1] if before else raw.row.first_service_id,
        row.to_service_id or 0,
        row.to_counter_id or 0,
        row.offered_at,
        NEVER if row.answered_at is None else max(0, row.answered_at - row.offered_at),
        waits[row.id],
        row.to_pool_id or 0,
        *taking,
    )


def _call(row: Any, days: Days) -> Row:
    why = json.loads(row.why) if isinstance(row.why, str) else row.why
    passed = json.loads(row.passed_over) if isinstance(row.passed_over, str) else row.passed_over
    return (
        row.id,
        row.transaction_id,
        days.day(row.called_at),
        row.officer_id,
        row.counter_id,
        row.service_id,
        row.called_at,
        int(why.get("waited", 0)) * SECOND,
        why.get("code"),
        row.picked,
        row.passed_count,
        max((int(each["by"]) for each in passed), default=0) * SECOND if passed else NEVER,
        int(row.taken_back_at is not None),
    )
