"""Erasing what is kept of one person, on request: one unit, and an event that says which and how much, not whose."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import delete

from desk.domain import retention as rule
from desk.domain.access import Role, require
from desk.domain.refusals import Reason, Refused
from desk.domain.retention import ErasureReason
from desk.operations.keeping import erasing_words as words
from desk.operations.keeping.wiping import ask_for_wiping
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit
from desk.operations.survey.asked_people import ASKINGS, BlockKind, forget_person, unblock, written_as
from desk.reads.barred import list_barred
from desk.reads.follow_up_rules import list_members_with
from desk.reads.follow_ups import is_open_to_barred
from desk.reads.kept_of_person import Kept, Sought, handlers_of_person, identify, read_kept

KEEPERS: Final = frozenset({Role.ADMIN, Role.SUPERVISOR})


@dataclass(frozen=True, slots=True)
class Wish:
    """Whose data go and why; officers' notes too unless left out, those of open matters only when `at_once`."""

    sought: Sought = field(repr=False)
    reason: ErasureReason = ErasureReason.ASKED
    with_notes: bool = True
    at_once: bool = False


def erase_person(streams: Streams, office_id: int, wish: Wish, request: Request) -> Done:
    """Erase what an office keeps of a person; answers counts, and open (matters whose notes were left).

    Raises `Refused`: FORBIDDEN, INVALID (field), UNKNOWN where there is nothing, NOT_BY_A_HANDLER for who had a hand in
    a matter of the person, whether it was complained about or not, as long as somebody is there who had none.
    """

    require(request.actor, KEEPERS)
    with streams.reading() as connection:
        person = identify(connection, office_id, wish.sought)

    def work(unit: Unit) -> Done:
        kept = read_kept(unit.connection, unit.office_id, person)
        kept.shown_to(unit.actor.person_id)  # refused alike where nothing is there and where nothing is shown
        by_handler = _require_outside(unit, kept)
        voices = [each.id for each in kept.voices if not each.is_erased]
        visits, transactions = ([each.id for each in rows] for rows in (kept.visits, kept.transactions))
        counts = _erase(unit, kept, visits, transactions)
        left = 0
        if wish.with_notes:
            notes, left = _erase_notes(unit, kept, voices, at_once=wish.at_once)
            counts["notes"] = notes
        counts["voices"] = words.erase_voices(unit, voices)
        what = rule.Erased(wish.reason, wish.with_notes, visits, transactions, voices, counts, by_handler)
        unit.append(rule.erased(what))
        ask_for_wiping(unit)
        return unit.done(counts=counts, open=left)

    return streams.run(office_id, request, work)


def _require_outside(unit: Unit, kept: Kept) -> bool:
    """Tell whether somebody erases who had a hand in it and may, because nobody else could; raise for who may not.

    Every matter of the person counts: a refusal for complaints only would tell that there is one.
    """
    hands = handlers_of_person(unit.connection, unit.office_id, kept)
    if unit.actor.person_id not in hands:
        return False
    keepers = {role: list_members_with(unit.connection, unit.office_id, role) for role in KEEPERS}
    if not rule.may_erase_own(unit.actor, hands, keepers):
        raise Refused(Reason.NOT_BY_A_HANDLER)
    return True


def _erase(unit: Unit, kept: Kept, visits: Sequence[int], transactions: Sequence[int]) -> dict[str, int]:
    """Erase contacts, addresses of messages, what was told with answers, and when the person was asked."""
    known = {*kept.addresses, *(each for visit in kept.visits for each in (visit.email, visit.phone) if each)}
    counts = {"contacts": words.erase_contacts(unit, visits)}
    counts["addresses"] = words.erase_addresses(unit, words.DELIVERIES.c.visit_id.in_(visits))
    counts |= words.erase_answers(unit, transactions)
    mine = (ASKINGS.c.office_id == unit.office_id, ASKINGS.c.visit_id.in_(visits))
    counts["askings"] = unit.connection.execute(delete(ASKINGS).where(*mine)).rowcount
    for address in sorted(known):
        forget_person(unit, address)
        unblock(unit, written_as(unit, address), BlockKind.BOUNCED)
    return counts


def _erase_notes(unit: Unit, kept: Kept, voices: Sequence[int], *, at_once: bool) -> tuple[int, int]:
    """Erase officers' notes; return how many, and of how many matters they stay because work goes on."""
    transactions = [each for each in kept.transactions if at_once or each.ended_at is not None]
    follow_ups = words.list_follow_ups(unit, [each.id for each in kept.transactions], voices)
    closed = [each.id for each in follow_ups if at_once or each.closed_at is not None]
    erased = words.erase_notes(unit, [each.id for each in transactions]) + words.erase_case_words(unit, closed)
    barred = list_barred(unit.connection, unit.office_id, [each.id for each in follow_ups])
    known = [
        each
        for each in follow_ups
        if unit.actor.person_id not in barred[each.id] or is_open_to_barred(each.privacy, each.voice_id)
    ]
    left = [each for each in known if each.id not in closed]
    return erased, len(kept.transactions) - len(transactions) + len(left)
