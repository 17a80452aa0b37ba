"""Following up low scores and complaints: opened in the unit of what caused them, stepped by supervisors outside."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert, select

from desk.domain import following_up as rule
from desk.domain.access import SYSTEM
from desk.domain.facts import Fact
from desk.domain.following_up import FollowUp, FollowUpState, FollowUpStep, Matter, Origin
from desk.domain.hours import Calendar, add_working_days, business_day
from desk.domain.identity import office_of
from desk.domain.invitation import Invitation, Privacy, Response, Standing
from desk.domain.questionnaires import Filled, Questionnaire, satisfaction
from desk.domain.refusals import Reason, Refused
from desk.domain.texts import require_fitting
from desk.models import CaseWords, FollowUpRow, ResponseRow, VoiceRow
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit
from desk.reads.barred import list_barred, list_handlers
from desk.reads.follow_up_rules import get_follow_up_rules, load_of_supervisors

FOLLOW_UPS: Any = FollowUpRow.__table__
RESPONSES: Any = ResponseRow.__table__
VOICES: Any = VoiceRow.__table__


def follow_answer(
    unit: Unit,
    response_id: int,
    invitation: Invitation,
    questionnaire: Questionnaire,
    filled: Filled,
    *,
    service_id: int,
    standing: Standing,
) -> None:
    """Open a follow-up for an answer that has just come in, if it is low; those of staff open none."""
    value = satisfaction(questionnaire, filled.answers)
    rules = get_follow_up_rules(unit.connection, unit.office_id)
    if standing is Standing.STAFF or not rule.is_low(questionnaire, filled.answers, value, rules):
        return
    matter = Matter(
        Origin.SCORE,
        invitation.privacy,
        today_of(unit),
        service_id=service_id,
        transaction_id=invitation.transaction_id if invitation.privacy is Privacy.LINKED else None,
        response_id=response_id,
        satisfaction=value,
    )
    open_follow_up(unit, matter, barred=handlers_of(unit, invitation.transaction_id), days=rules.follow_up_days)


def follow_correction(
    unit: Unit, response: Response, invitation: Invitation, questionnaire: Questionnaire, filled: Filled
) -> None:
    """Follow a corrected answer: low now opens one (again), low no more ends one that nobody has touched."""
    mine = (RESPONSES.c.office_id == unit.office_id) & (RESPONSES.c.id == response.id)
    row = unit.connection.execute(select(RESPONSES.c.standing, RESPONSES.c.service_id).where(mine)).one()
    value = satisfaction(questionnaire, filled.answers)
    is_low = rule.is_low(questionnaire, filled.answers, value, get_follow_up_rules(unit.connection, unit.office_id))
    found = _find(unit, FOLLOW_UPS.c.response_id == response.id)
    if found is None:
        standing, service_id = Standing(row.standing), row.service_id or 0
        follow_answer(
            unit, response.id, invitation, questionnaire, filled, service_id=service_id, standing=standing
        )  # fmt: skip
    elif not is_low and found.state is FollowUpState.OPEN and not found.touched:
        unit.append(rule.step(found, FollowUpStep.CORRECTED, actor=SYSTEM))
    elif is_low and found.state is FollowUpState.CORRECTED:
        due_on = _due_again(unit, row.service_id)
        unit.append(rule.step(found, FollowUpStep.REOPENED, actor=SYSTEM, due_on=due_on))


def open_follow_up(
    unit: Unit, matter: Matter, *, barred: Collection[int], days: int, prefer_id: int | None = None
) -> int:
    """Open a follow-up for the least loaded supervisor outside (or the preferred one) and return its id.

    All of `barred` are kept, whatever their role: somebody may become a supervisor later.
    """
    loads = load_of_supervisors(unit.connection, unit.office_id)
    is_free = prefer_id in loads and prefer_id not in barred
    assigned_id = prefer_id if is_free else rule.choose(loads, barred)
    due_on = due_date(unit, matter.service_id, days)
    return unit.append(rule.opened(matter, assigned_id=assigned_id, barred=barred, due_on=due_on)).id


def handlers_of(unit: Unit, transaction_id: int) -> set[int]:
    """Return everybody who had a hand in a transaction; the head of a queue in which it only waited had none."""
    found = list_handlers(unit.connection, unit.office_id, [transaction_id])
    return set(found.get(transaction_id, frozenset()))


def today_of(unit: Unit) -> date:
    """Return the office's business day of this unit."""
    rules = unit.configuration.rules
    return business_day(unit.at, rules.zone, starts_at=rules.day_starts_at)


def due_date(unit: Unit, service_id: int | None, days: int, *, since: date | None = None) -> date:
    """Return the last day of so many working days from today, or from the day `since` when they count.

    By the service's calendar; without a service, or with an unknown one, by that of the office's first.
    """
    first, calendar = since or today_of(unit), _calendar(unit, service_id)
    due_on = None if calendar is None else add_working_days(calendar, first, days)
    return due_on or first + timedelta(days=days)


def _calendar(unit: Unit, service_id: int | None) -> Calendar | None:
    services = unit.configuration.services
    known = services.get(service_id or 0)
    in_use = (services[each] for each in sorted(services) if not services[each].retired)
    found = known or next(in_use, None)
    return None if found is None else found.calendar


def _due_again(unit: Unit, service_id: int | None) -> date:
    return due_date(unit, service_id, get_follow_up_rules(unit.connection, unit.office_id).follow_up_days)


def take_step(
    streams: Streams, follow_up_id: int, request: Request, *, step: FollowUpStep, note: str | None = None
) -> Done:
    """Take a step; answers follow_up, state. Raises `Refused`: UNKNOWN and those of `desk.domain.following_up.step`."""

    def work(unit: Unit) -> Done:
        require_fitting(note)
        if step is FollowUpStep.CORRECTED:
            raise Refused(Reason.INVALID, field="step")
        found, row = _get(unit, follow_up_id)
        due_on = _due_again(unit, row.service_id)
        fact = rule.step(found, step, actor=unit.actor, words=unit.seal(note), due_on=due_on)
        append_with_words(unit, fact, note)
        return unit.done(follow_up=follow_up_id, state=fact.payload["state"])

    return streams.run(office_of(follow_up_id), request, work)


def assign(streams: Streams, follow_up_id: int, request: Request, *, to_id: int, note: str | None = None) -> Done:
    """Give a follow-up to another supervisor outside the chain; answers follow_up, to."""

    def work(unit: Unit) -> Done:
        require_fitting(note)
        found, _ = _get(unit, follow_up_id)
        supervisors = load_of_supervisors(unit.connection, unit.office_id)
        fact = rule.assign(found, to_id, actor=unit.actor, supervisors=supervisors, words=unit.seal(note))
        append_with_words(unit, fact, note)
        return unit.done(follow_up=follow_up_id, to=to_id)

    return streams.run(office_of(follow_up_id), request, work)


def append_with_words(unit: Unit, fact: Fact, words: str | None) -> int:
    """Append an event and keep its words beside it; return its id."""
    event_id = unit.append(fact).id
    if words and words.strip():
        row = {"office_id": unit.office_id, "id": event_id, "words": words.strip()}
        unit.connection.execute(insert(CaseWords), row)
    return event_id


def _get(unit: Unit, follow_up_id: int) -> tuple[FollowUp, Any]:
    mine = (FOLLOW_UPS.c.office_id == unit.office_id) & (FOLLOW_UPS.c.id == follow_up_id)
    row = unit.connection.execute(select(FOLLOW_UPS).where(mine)).one_or_none()
    if row is None:
        raise Refused(Reason.UNKNOWN, id=follow_up_id)
    return _follow_up(unit, row), row


def _find(unit: Unit, condition: Any) -> FollowUp | None:
    query = select(FOLLOW_UPS).where(FOLLOW_UPS.c.office_id == unit.office_id, condition)
    row = unit.connection.execute(query).one_or_none()
    return None if row is None else _follow_up(unit, row)


def _follow_up(unit: Unit, row: Any) -> FollowUp:
    return FollowUp(
        row.id,
        FollowUpState(row.state),
        row.assigned_id,
        list_barred(unit.connection, unit.office_id, [row.id])[row.id],
        touched=row.touched_at is not None,
        awaits_answer=row.origin == Origin.COMPLAINT and _awaits_answer(unit, row.voice_id),
    )


def _awaits_answer(unit: Unit, voice_id: int | None) -> bool:
    mine = (VOICES.c.office_id == unit.office_id) & (VOICES.c.id == voice_id)
    row = unit.connection.execute(select(VOICES.c.answered_at).where(mine)).one_or_none()
    return row is not None and row.answered_at is None
