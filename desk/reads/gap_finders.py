"""The finders of gaps: each asks one question about what is open, never about history.

A new kind of gap is a function from a scene to its gaps, put into `FINDERS`; its words stand in `desk.wording.gaps`.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Select, exists, func, literal_column, select
from sqlalchemy.orm import aliased

from desk.domain.gaps import GapAction, GapKind, went_back_and_forth
from desk.domain.handoffs import HandoffKind, HandoffState
from desk.domain.lifecycle import RESTING_STATES, State
from desk.models import (
    AbsenceRow,
    Duty,
    EventRow,
    HandoffRow,
    Person,
    QueueEntry,
    RequestRow,
    Service,
    TransactionRow,
    Visit,
)
from desk.models.request import unanswered
from desk.models.transaction import offered, waiting
from desk.reads.calendars import get_calendar
from desk.reads.follow_ups import reference_of
from desk.reads.gaps import HOLDER, MOST_OF_A_KIND, Gap, Scene, gap_from, open_query
from desk.reads.gaps_shut_out import find_disabled
from desk.reads.gaps_unserved import find_unserved
from desk.reads.late_cases import Late, list_overdue, since_when

Finder = Callable[[Scene], list[Gap]]
TO_A_HEAD: Final = frozenset({HandoffKind.QUEUE.value, HandoffKind.POOL.value})


def find_called(scene: Scene) -> list[Gap]:
    """Called and never started: the visitor may stand before an empty counter."""
    rows = _in_state(scene, State.CALLED).where(TransactionRow.since <= scene.thresholds.called_before(scene.at))
    return [gap_from(row, GapKind.CALLED_NOT_STARTED, GapAction.SEAT) for row in scene.reader.execute(rows)]


def find_absent(scene: Scene) -> list[Gap]:
    """A visitor waits under the name of somebody who is not on duty."""
    entry, addressee = QueueEntry, aliased(Person)
    on_duty = exists().where(
        Duty.office_id == entry.office_id, Duty.officer_id == entry.addressee_id, Duty.ended_at.is_(None)
    )
    query = (
        open_query(scene.office_id, entry.addressee_id, addressee.name.label("addressee"), entry.joined_at)
        .join(entry, (entry.office_id == TransactionRow.office_id) & (entry.id == TransactionRow.entry_id))
        .join(addressee, addressee.id == entry.addressee_id)
        .where(waiting(), TransactionRow.state == State.WAITING.value, ~on_duty)
    )
    return [_absent(row) for row in scene.reader.execute(query)]


def _absent(row: Any) -> Gap:
    who = {"who_id": row.addressee_id, "who": row.addressee, "since": row.joined_at}
    if row.offer_id is not None:
        return gap_from(row, GapKind.WAITS_FOR_ABSENT, GapAction.WITHDRAW, **who, subject_id=row.offer_id)
    return gap_from(row, GapKind.WAITS_FOR_ABSENT, GapAction.REASSIGN, **who)


def find_absent_holders(scene: Scene) -> list[Gap]:
    """Work rests with somebody who is absent today, and nobody was asked to take it; pools have work by name only."""
    away, day = AbsenceRow, scene.day.today
    query = (
        open_query(scene.office_id)
        .join(away, (away.office_id == TransactionRow.office_id) & (away.person_id == TransactionRow.holder_id))
        .where(
            TransactionRow.state.in_([literal_column(f"'{state.value}'") for state in sorted(RESTING_STATES)]),
            TransactionRow.offer_id.is_(None),
            TransactionRow.pool_id.is_(None),
            away.cancelled_at.is_(None),
            away.begins_on <= day,
            away.ends_on >= day,
        )
    )
    return [gap_from(row, GapKind.HOLDER_ABSENT, GapAction.REASSIGN) for row in scene.reader.execute(query)]


def find_back_with_off_duty(scene: Scene) -> list[Gap]:
    """An offer ran out or was declined, and whoever has the work went off duty without having seen it.

    Who is absent today is told of by `find_absent_holders`; pools have work by name only.
    """
    answered, holder_id, day = HandoffRow, TransactionRow.holder_id, scene.day.today
    on_duty = exists().where(
        Duty.office_id == scene.office_id, Duty.officer_id == holder_id, Duty.ended_at.is_(None)
    )  # fmt: skip
    away = exists().where(
        AbsenceRow.office_id == scene.office_id,
        AbsenceRow.person_id == holder_id,
        AbsenceRow.cancelled_at.is_(None),
        AbsenceRow.begins_on <= day,
        AbsenceRow.ends_on >= day,
    )
    query = (
        open_query(scene.office_id, answered.answered_at)
        .join(answered, (answered.office_id == TransactionRow.office_id) & (answered.id == TransactionRow.alert_id))
        .where(
            TransactionRow.alert_id.is_not(None),
            TransactionRow.state.in_([literal_column(f"'{state.value}'") for state in sorted(RESTING_STATES)]),
            TransactionRow.offer_id.is_(None),
            TransactionRow.pool_id.is_(None),
            answered.state.in_([HandoffState.EXPIRED.value, HandoffState.DECLINED.value]),
            HOLDER.disabled_at.is_(None),
            ~on_duty.correlate(TransactionRow),
            ~away.correlate(TransactionRow),
        )
    )
    return [
        gap_from(row, GapKind.BACK_WITH_OFF_DUTY, GapAction.REASSIGN, since=row.answered_at)
        for row in scene.reader.execute(query)
    ]


def find_overdue_requests(scene: Scene) -> list[Gap]:
    """Somebody was asked about a transaction and has not answered in time."""
    asked = aliased(Person)
    same = (RequestRow.office_id == TransactionRow.office_id) & (RequestRow.transaction_id == TransactionRow.id)
    query = (
        open_query(scene.office_id, RequestRow.due_at, RequestRow.asked_id, asked.name.label("asked"))
        .join(RequestRow, same & unanswered())
        .join(asked, asked.id == RequestRow.asked_id)
        .where(RequestRow.office_id == scene.office_id, RequestRow.due_at <= scene.at)
    )
    return [
        gap_from(row, GapKind.REQUEST_OVERDUE, GapAction.LOOK, who_id=row.asked_id, who=row.asked, since=row.due_at)
        for row in scene.reader.execute(query)
    ]


def find_unanswered(scene: Scene) -> list[Gap]:
    """An offer that nobody answers; until somebody does, custody is still the giver's."""
    receiver = aliased(Person)
    same = (HandoffRow.office_id == TransactionRow.office_id) & (HandoffRow.transaction_id == TransactionRow.id)
    query = (
        open_query(scene.office_id, HandoffRow.id.label("handoff"), HandoffRow.offered_at, HandoffRow.receiver_id)
        .add_columns(receiver.name.label("receiver"))
        .join(HandoffRow, same & offered())
        .join(receiver, receiver.id == HandoffRow.receiver_id)
        .where(
            HandoffRow.office_id == scene.office_id,
            TransactionRow.offer_id.is_not(None),
            HandoffRow.offered_at <= scene.thresholds.offered_before(scene.at),
        )
    )
    return [
        gap_from(row, GapKind.OFFER_UNANSWERED, GapAction.WITHDRAW,
                 subject_id=row.handoff, who_id=row.receiver_id, who=row.receiver, since=row.offered_at)
        for row in scene.reader.execute(query)
    ]  # fmt: skip


def find_overdue_pauses(scene: Scene) -> list[Gap]:
    """A pause whose time to look again has come and gone."""
    rows = _in_state(scene, State.PAUSED, TransactionRow.due_at).where(TransactionRow.due_at <= scene.at)
    return [
        gap_from(row, GapKind.PAUSE_PAST_DUE, GapAction.RESUME, since=row.due_at) for row in scene.reader.execute(rows)
    ]


def find_silent(scene: Scene) -> list[Gap]:
    """A holder who has done nothing about a transaction for so many open hours."""
    least = scene.at - timedelta(seconds=scene.thresholds.gap_silent_s)
    acts = (
        (EventRow.office_id == TransactionRow.office_id)
        & (EventRow.transaction_id == TransactionRow.id)
        & (EventRow.actor_id == TransactionRow.holder_id)
    )
    last = select(func.max(EventRow.at)).where(acts).correlate(TransactionRow).scalar_subquery()
    query = (
        _in_state(scene, State.PROCESSING, last.label("acted_at"))
        .where(TransactionRow.since <= least, ~exists().where(acts, EventRow.at > least).correlate(TransactionRow))
        .limit(None)
    )
    rows = scene.reader.execute(query).all()
    moments = _silent_before(scene) if rows else {}
    silent = [(row, max(row.since, row.acted_at or row.since)) for row in rows]
    gaps = [
        gap_from(row, GapKind.HOLDER_SILENT, GapAction.REASSIGN, since=since)
        for row, since in silent
        if since <= moments[row.service_id] and row.offer_id is None
    ]
    return gaps[:MOST_OF_A_KIND]


def _silent_before(scene: Scene) -> dict[int, datetime]:
    """Return by service when its holder did something at the latest who is silent for too long."""
    query = select(Service.id, Service.calendar_id).where(Service.office_id == scene.office_id)
    calendars = dict(scene.reader.execute(query).tuples().all())
    moments = {
        calendar_id: scene.thresholds.silent_before(get_calendar(scene.reader, calendar_id), scene.at)
        for calendar_id in sorted(set(calendars.values()))
    }
    never = datetime.min.replace(tzinfo=scene.at.tzinfo)
    return {service_id: moments[calendar_id] or never for service_id, calendar_id in calendars.items()}


def find_much_handed(scene: Scene) -> list[Gap]:
    """A transaction that goes back and forth, or was handed on too often."""
    most = scene.thresholds.gap_handoffs
    open_ones = open_query(scene.office_id, TransactionRow.handoffs).where(TransactionRow.handoffs >= 2).limit(None)
    found = open_ones.order_by(None).subquery()
    same = (HandoffRow.office_id == scene.office_id) & (HandoffRow.transaction_id == found.c.id)
    query = (
        select(found, HandoffRow.kind, HandoffRow.giver_id, HandoffRow.receiver_id)
        .join(HandoffRow, same & (HandoffRow.state == HandoffState.ACCEPTED.value))
        .order_by(found.c.id, HandoffRow.id)
    )
    gaps = []
    for _, group in groupby(scene.reader.execute(query), key=lambda row: row.id):
        rows = list(group)
        # Whoever heads a queue or a pool answers for what lies in it, but it has not come back to them in person.
        last = [] if rows[-1].kind in TO_A_HEAD else [rows[-1].receiver_id]
        if went_back_and_forth([*(row.giver_id for row in rows), *last]):
            gaps.append(gap_from(rows[0], GapKind.BACK_AND_FORTH, GapAction.LOOK))
        elif rows[0].handoffs > most:
            gaps.append(gap_from(rows[0], GapKind.MANY_HANDOFFS, GapAction.LOOK))
    return gaps[:MOST_OF_A_KIND]


def find_left_open(scene: Scene) -> list[Gap]:
    """Somebody still waits from an earlier day, which nobody closed."""
    entry = QueueEntry
    query = (
        open_query(scene.office_id, entry.arrived_at)
        .join(entry, (entry.office_id == TransactionRow.office_id) & (entry.id == TransactionRow.entry_id))
        .where(waiting(), TransactionRow.state == State.WAITING.value, Visit.day < scene.day.today)
    )
    return [
        gap_from(row, GapKind.DAY_LEFT_OPEN, GapAction.CLOSE_EARLIER_DAYS, since=row.arrived_at)
        for row in scene.reader.execute(query)
    ]


def find_late_cases(scene: Scene) -> list[Gap]:
    """Follow-ups and complaints that are late or nobody's, by their reference; none where it must say no event."""
    gaps = []
    late = list_overdue(scene.reader, scene.office_id, today=scene.day.today, most=MOST_OF_A_KIND)
    for each in late:
        what, since = _what_of(each), since_when(scene.day, each)
        named, service_id = "" if each.is_kept_apart else reference_of(each.id), each.service_id or 0
        gaps.append(Gap(*what, each.id, each.id, named, service_id, each.who_id, each.who, since, each.barred))
    return gaps


def _what_of(case: Late) -> tuple[GapKind, GapAction]:
    if case.is_voice:
        return GapKind.COMPLAINT_LATE, GapAction.ANSWER
    kind = GapKind.FOLLOW_UP_OVERDUE if case.unassigned_since is None else GapKind.FOLLOW_UP_UNASSIGNED
    return kind, GapAction.FOLLOW_UP


def _in_state(scene: Scene, state: State, *more: Any) -> Select[Any]:
    return open_query(scene.office_id, *more).where(TransactionRow.state == literal_column(f"'{state.value}'"))


FINDERS: Final[tuple[Finder, ...]] = (
    find_called,
    find_absent,
    find_disabled,
    find_unserved,
    find_absent_holders,
    find_back_with_off_duty,
    find_unanswered,
    find_overdue_requests,
    find_overdue_pauses,
    find_silent,
    find_much_handed,
    find_left_open,
    find_late_cases,
)
# What an administrator sees, who is told of nothing else that is late.
CASE_FINDERS: Final[tuple[Finder, ...]] = (find_late_cases,)


def list_gaps(scene: Scene, finders: tuple[Finder, ...] = FINDERS) -> list[Gap]:
    """Return what these finders find (all of them unless told), the most urgent kind first and within it the oldest."""
    found = [gap for find in finders for gap in find(scene)]
    kinds = list(GapKind)
    return sorted(found, key=lambda gap: (kinds.index(gap.kind), gap.since, gap.transaction_id))
