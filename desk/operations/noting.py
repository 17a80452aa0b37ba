"""Notes beside a transaction: appended at any time, corrected by a new one, never changed and never lost."""

from sqlalchemy import select

from desk.domain import passing_on as rule
from desk.domain.facts import EventName
from desk.domain.identity import office_of
from desk.domain.refusals import Reason, Refused
from desk.domain.texts import require_fitting
from desk.models import Note
from desk.operations.finding import get_transaction
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit


def add_note(
    streams: Streams, transaction_id: int, request: Request, *, words: str, corrects: int | None = None
) -> Done:
    """Write a note; with `corrects`, one that says what an earlier note should have said. Answers note, transaction.

    Raises `Refused`: FORBIDDEN, WORDS_MISSING, NOTE_TOO_LONG, UNKNOWN for a note of something else.
    """

    def work(unit: Unit) -> Done:
        transaction = get_transaction(unit, transaction_id)
        require_fitting(words)
        if corrects is not None:
            _require_note(unit, transaction_id, corrects)
        fact = rule.add_note(transaction, actor=unit.actor, note=unit.seal(words), corrects=corrects)
        return unit.done(note=unit.append(fact, words=words).id, transaction=transaction_id)

    return streams.run(office_of(transaction_id), request, work)


def _require_note(unit: Unit, transaction_id: int, note_id: int) -> None:
    """Refuse a correction of what is no officer's note about this transaction; what visitors say is theirs."""
    query = select(Note.id).where(
        Note.office_id == unit.office_id,
        Note.id == note_id,
        Note.transaction_id == transaction_id,
        Note.kind.not_in((EventName.RESPONSE_RECEIVED.value, EventName.RESPONSE_REVISED.value)),
    )
    if unit.connection.execute(query).first() is None:
        raise Refused(Reason.UNKNOWN, id=note_id)
