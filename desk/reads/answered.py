"""What the file of a transaction shows of the survey: the decision, and the answer where it may stand beside it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select

from desk.domain.facts import EventName
from desk.domain.hours import day_bounds
from desk.domain.invitation import DecidedAt, InvitationState, Privacy
from desk.domain.questionnaire_json import read
from desk.domain.questionnaires import COMMENT, Kind, Questionnaire, Words
from desk.domain.shipped_questionnaires import FIRST, SHIPPED
from desk.models import (
    InvitationRow,
    Note,
    QuestionnaireRow,
    ResponseDetail,
    ResponseRow,
    Service,
    TransactionRow,
)
from desk.reads.reader import Reader
from desk.reads.transaction_views import AnswerLine, AskedView, Happening

# What visitors say of themselves, in events and in the notes beside them.
ANSWERS: Final = (EventName.RESPONSE_RECEIVED.value, EventName.RESPONSE_REVISED.value)
# When one of these happened, whoever has the follow-up of that moment would know whose it is.
_ANSWERING: Final = frozenset({*ANSWERS, EventName.INVITATION_USED.value, EventName.ANSWER_KEPT_APART.value})
_SAID: Final = frozenset({"answers", "before", "score", "satisfaction", "satisfaction_before"})


def find_asked(reader: Reader, office_id: int, transaction_id: int) -> AskedView | None:
    """Return the decision to ask about a transaction; with the answer only where it is linked. None before its end."""
    row = reader.execute(_asked(office_id, transaction_id)).one_or_none()
    if row is None:
        return None
    privacy = Privacy(row.privacy)
    is_answered = row.state == InvitationState.ANSWERED.value
    shown = is_answered and privacy is Privacy.LINKED
    return AskedView(
        row.decision,
        row.reason,
        row.state,
        row.score if shown else None,
        row.words if shown else None,
        privacy,
        is_answered,
        tuple(_lines(row)) if shown else (),
        row.channel if shown else None,
        row.standing if shown else None,
        row.revised_at if shown else None,
        (row.erased_at or row.details_erased_at) if shown else None,
        row.expires_at,
        row.decided_by == DecidedAt.LIMIT,
    )


def _asked(office_id: int, transaction_id: int) -> Select[Any]:
    here = InvitationRow.office_id
    return (
        select(
            InvitationRow.decision,
            InvitationRow.reason,
            InvitationRow.state,
            InvitationRow.privacy,
            InvitationRow.expires_at,
            InvitationRow.decided_by,
            ResponseRow.score,
            ResponseRow.answers,
            ResponseRow.channel,
            ResponseRow.standing,
            ResponseRow.revised_at,
            ResponseDetail.texts,
            QuestionnaireRow.definition,
            Service.series,
            Note.words,
            Note.erased_at,
            ResponseDetail.erased_at.label("details_erased_at"),
        )
        .join(TransactionRow, (TransactionRow.office_id == here) & (TransactionRow.id == InvitationRow.transaction_id))
        .join(Service, Service.id == TransactionRow.service_id)
        .outerjoin(
            QuestionnaireRow,
            (QuestionnaireRow.office_id == here) & (QuestionnaireRow.id == InvitationRow.questionnaire_id),
        )
        .outerjoin(ResponseRow, (ResponseRow.office_id == here) & (ResponseRow.invitation_id == InvitationRow.id))
        .outerjoin(ResponseDetail, (ResponseDetail.office_id == here) & (ResponseDetail.response_id == ResponseRow.id))
        .outerjoin(Note, (Note.office_id == here) & (Note.id == ResponseRow.words_id))
        .where(here == office_id, InvitationRow.transaction_id == transaction_id)
    )


def _lines(row: Any) -> Iterator[AnswerLine]:
    """Yield the questions that were answered, in the words for the service; the comment stands apart."""
    given: Mapping[str, Any] = {**(row.answers or {}), **(row.texts or {})}
    for question in _questionnaire(row).questions:
        said = given.get(question.key)
        if said is not None and question.key != COMMENT:
            worded = question.worded_for(row.series)
            words = worded.word_of(said) or question.word_of(said) or Words(str(said), str(said))
            yield AnswerLine(worded.text, words, said if isinstance(said, int) else None, question.kind is Kind.TEXT)


def _questionnaire(row: Any) -> Questionnaire:
    return SHIPPED[FIRST] if row.definition is None else read(json.loads(row.definition))


def without_answers(events: Iterable[Happening], zone: ZoneInfo) -> list[Happening]:
    """Return the events of a transaction as they may be shown where the answer must not be laid beside it.

    What the visitor said is left out; that they answered stands at the end of its day, without time and number.
    """
    told = [(each.at.astimezone(zone).date(), each) for each in events]
    shown = [_on_its_day(each, day, zone) if each.name in _ANSWERING else each for day, each in told]
    days = [day for day, _ in told]
    return [each for _, each in sorted(zip(days, shown, strict=True), key=lambda pair: (pair[0], pair[1].day_only))]


def _on_its_day(event: Happening, day: date, zone: ZoneInfo) -> Happening:
    payload = {key: value for key, value in event.payload.items() if key not in _SAID}
    return replace(event, number=None, at=day_bounds(day, zone)[0], payload=payload, day_only=True)
