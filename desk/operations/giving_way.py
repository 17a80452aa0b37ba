"""A waiting visitor lets somebody pass, or takes that back."""

from desk.domain import giving_way as rule
from desk.domain.custody import Transaction
from desk.domain.giving_way import Standing
from desk.domain.identity import office_of
from desk.domain.lifecycle import Action
from desk.domain.refusals import Reason, Refused
from desk.operations.finding import get_transaction
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit
from desk.reads.giving_way import find_standing


def give_way(streams: Streams, transaction_id: int, request: Request, *, passes: int | None = None) -> Done:
    """Let the next one of the same queue pass; `passes` is the transaction that the visitor was told of.

    Without it only staff may. Answers transaction, passed (a number), before, times. Raises `Refused`: UNKNOWN,
    FORBIDDEN, NOT_POSSIBLE_NOW, OFFER_OPEN, GIVING_WAY_OFF, GAVE_WAY_ENOUGH, CHANGED_MIND_ENOUGH, NOBODY_BEHIND,
    QUEUE_MOVED.
    """

    def work(unit: Unit) -> Done:
        transaction, standing = _standing(unit, transaction_id, Action.GIVE_WAY)
        most = unit.configuration.rules.give_way_times
        fact = rule.give_way(transaction, standing, actor=unit.actor, most=most, at=unit.at, expected=passes)
        event = unit.append(fact)
        return _done(unit, transaction_id, passed=event.payload["label"])

    return streams.run(office_of(transaction_id), request, work)


def take_back(streams: Streams, transaction_id: int, request: Request) -> Done:
    """Put the visitor back where they stood before the last wish, while nobody of the queue was called since.

    Answers transaction, before, times. Raises `Refused`: UNKNOWN, FORBIDDEN, NOT_POSSIBLE_NOW, OFFER_OPEN,
    GIVING_WAY_OVER.
    """

    def work(unit: Unit) -> Done:
        transaction, standing = _standing(unit, transaction_id, Action.UNDO_GIVE_WAY)
        unit.append(rule.take_back(transaction, standing, actor=unit.actor))
        return _done(unit, transaction_id)

    return streams.run(office_of(transaction_id), request, work)


def _standing(unit: Unit, transaction_id: int, action: Action) -> tuple[Transaction, Standing]:
    transaction = get_transaction(unit, transaction_id)
    standing = find_standing(unit.connection, unit.office_id, transaction_id)
    if standing is None:
        raise Refused(Reason.NOT_POSSIBLE_NOW, state=transaction.state, action=action)
    return transaction, standing


def _done(unit: Unit, transaction_id: int, **more: object) -> Done:
    standing = find_standing(unit.connection, unit.office_id, transaction_id)
    before, times = (0, 0) if standing is None else (standing.before, standing.times)
    return unit.done(transaction=transaction_id, before=before, times=times, **more)
