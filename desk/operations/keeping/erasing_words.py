"""Erasing personal data beside the events, kind by kind; each function returns how much there was to erase.

What happened and what was counted stays: only words, names and addresses go, and where a page tells when they went the
row stays with that moment. Nothing here appends an event; whoever calls does.
"""

from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import delete, or_, select, update

from desk.domain.facts import EventName, Fact
from desk.models import (
    CaseStep,
    CaseWords,
    Delivery,
    FloorMessage,
    FollowUpRow,
    HandoffWords,
    LooseResponse,
    Note,
    ResponseDetail,
    ResponseRow,
    VisitContact,
    VoiceContact,
)
from desk.operations.stream import Unit
from desk.operations.survey.counted_profiles import keep_counted
from desk.reads.answered import ANSWERS

CONTACTS: Any = VisitContact.__table__
DELIVERIES: Any = Delivery.__table__
NOTES: Any = Note.__table__
HANDED: Any = HandoffWords.__table__
DETAILS: Any = ResponseDetail.__table__
LOOSE: Any = LooseResponse.__table__
FLOOR: Any = FloorMessage.__table__
STEPS: Any = CaseStep.__table__
WORDS: Any = CaseWords.__table__
VOICE_CONTACTS: Any = VoiceContact.__table__
FOLLOW_UPS: Any = FollowUpRow.__table__
RESPONSES: Any = ResponseRow.__table__
UNSETTLED: Final = ("pending", "sending")
ERASED: Final = "erased"  # what the outbox says of a message whose address went


def erase_contacts(unit: Unit, visit_ids: Collection[int]) -> int:
    """Erase names, addresses and consents of visits."""
    mine = (CONTACTS.c.office_id == unit.office_id, CONTACTS.c.visit_id.in_(visit_ids))
    return _count(unit, delete(CONTACTS).where(*mine))


def erase_addresses(unit: Unit, *conditions: Any) -> int:
    """Erase where messages went, and let nothing go out any more that still waits."""
    mine = (DELIVERIES.c.office_id == unit.office_id, DELIVERIES.c.address.is_not(None), *conditions)
    waiting = update(DELIVERIES).where(*mine, DELIVERIES.c.state.in_(UNSETTLED))
    values = {"address": None, "state": "cancelled", "last_error": ERASED, "lease_until": None, "lease_owner": None}
    cancelled = _count(unit, waiting.values(**values))
    return cancelled + _count(unit, update(DELIVERIES).where(*mine).values(address=None))


def erase_answers(unit: Unit, transaction_ids: Collection[int]) -> dict[str, int]:
    """Erase comments, further own words and profiles of answers; scores and marks stay as they are."""
    comments = _erase_notes(unit, transaction_ids, NOTES.c.kind.in_(ANSWERS))
    mine = (DETAILS.c.office_id == unit.office_id, DETAILS.c.transaction_id.in_(transaction_ids))
    given = update(DETAILS).where(*mine, DETAILS.c.erased_at.is_(None))
    return {"comments": comments, "details": _count(unit, given.values(profile={}, texts={}, erased_at=unit.at))}


def erase_notes(unit: Unit, transaction_ids: Collection[int]) -> int:
    """Erase what officers wrote about transactions: notes, requests with their answers, words of handoffs."""
    notes = _erase_notes(unit, transaction_ids, NOTES.c.kind.not_in(ANSWERS))
    mine = (HANDED.c.office_id == unit.office_id, HANDED.c.transaction_id.in_(transaction_ids))
    handed = update(HANDED).where(*mine, HANDED.c.erased_at.is_(None))
    return notes + _count(unit, handed.values(expects=None, papers=None, erased_at=unit.at))


def _erase_notes(unit: Unit, transaction_ids: Collection[int], kind: Any) -> int:
    mine = (NOTES.c.office_id == unit.office_id, NOTES.c.transaction_id.in_(transaction_ids), kind)
    return _count(unit, update(NOTES).where(*mine, NOTES.c.erased_at.is_(None)).values(words="", erased_at=unit.at))


def erase_loose(unit: Unit, loose_ids: Collection[int]) -> int:
    """Erase own words and profiles of answers that belong to no transaction; what they count for stays counted."""
    mine = LOOSE.c.office_id == unit.office_id
    rows = unit.connection.execute(select(LOOSE).where(mine, LOOSE.c.id.in_(loose_ids)))
    full = [row for row in rows if row.profile or row.texts]
    keep_counted(unit, full)
    erased = LOOSE.c.id.in_([row.id for row in full])
    return _count(unit, update(LOOSE).where(mine, erased).values(profile={}, texts={}))


def erase_floor_messages(unit: Unit, message_ids: Collection[int]) -> int:
    """Erase the words of messages to the floor."""
    mine = (FLOOR.c.office_id == unit.office_id, FLOOR.c.id.in_(message_ids), FLOOR.c.words.is_not(None))
    return _count(unit, update(FLOOR).where(*mine).values(words=None))


def erase_case_words(unit: Unit, case_ids: Collection[int]) -> int:
    """Erase what was written with the steps of follow-ups or voices."""
    steps = select(STEPS.c.id).where(STEPS.c.office_id == unit.office_id, STEPS.c.case_id.in_(case_ids))
    return _count(unit, delete(WORDS).where(WORDS.c.office_id == unit.office_id, WORDS.c.id.in_(steps)))


def erase_voices(unit: Unit, voice_ids: Sequence[int]) -> int:
    """Erase words, answers and contacts of voices that have not been erased yet; each has an event of its own."""
    for voice_id in voice_ids:
        unit.append(Fact(EventName.VOICE_ERASED, {"voice": voice_id}))
    erase_words_of_voices(unit, voice_ids)
    return len(voice_ids)


def erase_words_of_voices(unit: Unit, voice_ids: Collection[int]) -> None:
    """Erase words, answers and contacts of voices, and where messages about them went; those that wait do not go."""
    erase_case_words(unit, voice_ids)
    mine = (VOICE_CONTACTS.c.office_id == unit.office_id, VOICE_CONTACTS.c.voice_id.in_(voice_ids))
    unit.connection.execute(delete(VOICE_CONTACTS).where(*mine))
    erase_addresses(unit, DELIVERIES.c.case_id.in_(voice_ids), DELIVERIES.c.person_id.is_(None))


def list_follow_ups(unit: Unit, transaction_ids: Collection[int], voice_ids: Collection[int]) -> list[Any]:
    """Return the follow-ups about these: whether they are closed, and about a complaint."""
    answered = select(RESPONSES.c.id).where(
        RESPONSES.c.office_id == unit.office_id, RESPONSES.c.transaction_id.in_(transaction_ids)
    )
    about = or_(
        FOLLOW_UPS.c.transaction_id.in_(transaction_ids),
        FOLLOW_UPS.c.response_id.in_(answered),
        FOLLOW_UPS.c.voice_id.in_(voice_ids),
    )
    columns = [FOLLOW_UPS.c[name] for name in ("id", "closed_at", "voice_id", "privacy")]
    query = select(*columns).where(FOLLOW_UPS.c.office_id == unit.office_id, about)
    return list(unit.connection.execute(query.order_by(FOLLOW_UPS.c.id)).all())


def _count(unit: Unit, statement: Any) -> int:
    changed: int = unit.connection.execute(statement).rowcount
    return changed
