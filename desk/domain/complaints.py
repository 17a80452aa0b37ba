"""Complaints, suggestions and compliments: what visitors say of their own accord, and what becomes of it.

A complaint is acknowledged and answered by dates that are settings of the office; a suggestion is seen, considered,
adopted or declined with a reason that anybody with the code may read; a compliment reaches the officers it is about, or
is kept by the office until a supervisor passes it on.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from desk.domain.access import Actor, Role, acting_person, require
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.following_up import require_outside
from desk.domain.refusals import Reason, Refused
from desk.domain.texts import LONGEST_NOTE

OLDEST_DAYS: Final = 400  # of a visit somebody still has something to say about
HANDLERS: Final = frozenset({Role.SUPERVISOR})
ERASERS: Final = frozenset({Role.ADMIN})
_NUMBER: Final = re.compile(r"([A-Z]{1,3})[ .-]?0*(\d{1,6})", re.ASCII)


class VoiceKind(StrEnum):
    """What somebody wants to say."""

    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"
    COMPLIMENT = "compliment"


class VoiceState(StrEnum):
    """Where it stands, as its tracking page says."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    SEEN = "seen"
    CONSIDERED = "considered"
    ADOPTED = "adopted"
    DECLINED = "declined"
    KEPT = "kept"  # a compliment that names nobody
    PASSED_ON = "passed_on"


class VoiceStep(StrEnum):
    """What is done about it."""

    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    SEEN = "seen"
    CONSIDERED = "considered"
    ADOPTED = "adopted"
    DECLINED = "declined"
    DONE = "done"  # the owner of the facility has acted; the state stays
    PASSED_ON = "passed_on"  # a compliment, to officers


class VoiceChannel(StrEnum):
    """Where it came from."""

    LINK = "link"
    KIOSK = "kiosk"
    POSTER = "poster"
    VISIT = "visit"
    SURVEY = "survey"


_S, _T, _K = VoiceState, VoiceStep, VoiceKind
TRANSITIONS: Final[dict[tuple[VoiceKind, VoiceState, VoiceStep], VoiceState]] = {
    (_K.COMPLAINT, _S.RECEIVED, _T.ACKNOWLEDGED): _S.ACKNOWLEDGED,
    (_K.COMPLAINT, _S.RECEIVED, _T.ANSWERED): _S.ANSWERED,
    (_K.COMPLAINT, _S.ACKNOWLEDGED, _T.ANSWERED): _S.ANSWERED,
    (_K.COMPLAINT, _S.ANSWERED, _T.ANSWERED): _S.ANSWERED,  # a further answer takes the place of the first
    (_K.SUGGESTION, _S.RECEIVED, _T.SEEN): _S.SEEN,
    (_K.SUGGESTION, _S.RECEIVED, _T.CONSIDERED): _S.CONSIDERED,
    (_K.SUGGESTION, _S.SEEN, _T.CONSIDERED): _S.CONSIDERED,
    **{
        (_K.SUGGESTION, before, step): after
        for before in (_S.RECEIVED, _S.SEEN, _S.CONSIDERED)
        for step, after in ((_T.ADOPTED, _S.ADOPTED), (_T.DECLINED, _S.DECLINED))
    },
    (_K.COMPLIMENT, _S.KEPT, _T.PASSED_ON): _S.PASSED_ON,
    (_K.COMPLIMENT, _S.PASSED_ON, _T.PASSED_ON): _S.PASSED_ON,  # to somebody else too
}
PUBLIC_WORDS: Final = frozenset({_T.ANSWERED, _T.ADOPTED, _T.DECLINED})  # without words they are refused


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice as the rules see it; `owner_id` looks after the facility it is about."""

    id: int
    kind: VoiceKind
    state: VoiceState
    barred: frozenset[int] = frozenset()
    owner_id: int | None = None
    is_done: bool = False
    is_erased: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says; the words and the contact are sealed, the officers are those a compliment is for."""

    kind: VoiceKind
    channel: VoiceChannel
    language: str
    anonymous: bool
    day: date
    words: JSON
    contact: JSON = None
    service_id: int | None = None
    facility_id: int | None = None
    transaction_id: int | None = None
    barred: Collection[int] = ()
    officers: Collection[int] = ()


def read_number(typed: str) -> tuple[str, int] | None:
    """Return (series, ordinal) of a typed queue number such as A007, a7 or A-007; None for anything else."""
    found = _NUMBER.fullmatch(typed.strip().upper())
    return None if found is None else (found[1], int(found[2]))


def read_visit_day(typed: str, *, today: date) -> date | None:
    """Return the day of a visit within the last 400 days; None for anything else."""
    try:
        day = date.fromisoformat(typed.strip())
    except ValueError:
        return None
    return day if timedelta(0) <= today - day <= timedelta(days=OLDEST_DAYS) else None


def received(said: Said, *, acknowledge_on: date | None, answer_on: date | None) -> Fact:
    """Return the event; raises `Refused`: WORDS_MISSING, NOTE_TOO_LONG is for the words themselves."""
    if said.words is None:
        raise Refused(Reason.WORDS_MISSING)
    is_compliment = said.kind is VoiceKind.COMPLIMENT
    return Fact(
        EventName.VOICE_RECEIVED,
        {
            "kind": said.kind.value,
            "state": _first_state(said).value,
            "channel": said.channel.value,
            "language": said.language,
            "anonymous": said.anonymous,
            "service": said.service_id,
            "facility": said.facility_id,
            "transaction": said.transaction_id,
            "barred": list[JSON](sorted(said.barred)),
            "officers": list[JSON](sorted(said.officers)) if is_compliment else [],
            "day": said.day.isoformat(),
            "acknowledge": None if acknowledge_on is None else acknowledge_on.isoformat(),
            "answer": None if answer_on is None else answer_on.isoformat(),
            "words": said.words,
            "contact": said.contact,
        },
    )


def _first_state(said: Said) -> VoiceState:
    if said.kind is not VoiceKind.COMPLIMENT:
        return VoiceState.RECEIVED
    return VoiceState.PASSED_ON if said.officers else VoiceState.KEPT


def step(voice: Voice, taken: VoiceStep, *, actor: Actor, words: JSON = None) -> Fact:
    """Return the event of a step by a supervisor outside the chain.

    Raises `Refused`: FORBIDDEN, IN_THE_CHAIN, NOT_POSSIBLE_NOW, WORDS_MISSING for what the visitor is to read.
    """
    require(actor, HANDLERS)
    require_outside(actor.person_id, voice.barred)
    after = TRANSITIONS.get((voice.kind, voice.state, taken))
    if after is None:
        raise Refused(Reason.NOT_POSSIBLE_NOW, state=voice.state, action=taken)
    if taken in PUBLIC_WORDS and words is None:
        raise Refused(Reason.WORDS_MISSING)
    return _stepped(voice, taken, after, words)


def pass_on(voice: Voice, officers: Collection[int], *, actor: Actor, reached: Collection[int]) -> Fact:
    """Return the event that a compliment goes to these officers, whom it had not `reached`.

    Raises `Refused`: those of `step` (NOT_POSSIBLE_NOW of one without words too), INVALID for nobody, ALREADY_DONE when
    it has reached all of them.
    """
    if voice.is_erased:
        raise Refused(Reason.NOT_POSSIBLE_NOW, state=voice.state, action=VoiceStep.PASSED_ON)
    if not officers:
        raise Refused(Reason.INVALID, field="officers")
    fact = step(voice, VoiceStep.PASSED_ON, actor=actor)
    more = set(officers) - set(reached)
    if not more:
        raise Refused(Reason.ALREADY_DONE)
    return Fact(fact.name, {**fact.payload, "officers": list[JSON](sorted(more))})


def act(voice: Voice, *, actor: Actor, words: JSON) -> Fact:
    """Return the event that the owner of the facility has acted, with what was done.

    Raises `Refused`: FORBIDDEN for anybody but its owner, ALREADY_DONE, WORDS_MISSING.
    """
    if voice.owner_id is None or acting_person(actor) != voice.owner_id:
        raise Refused(Reason.FORBIDDEN)
    if voice.is_done:
        raise Refused(Reason.ALREADY_DONE)
    if words is None:
        raise Refused(Reason.WORDS_MISSING)
    return _stepped(voice, VoiceStep.DONE, voice.state, words)


def _stepped(voice: Voice, taken: VoiceStep, after: VoiceState, words: JSON) -> Fact:
    payload: dict[str, JSON] = {"step": taken.value, "state": after.value, "words": words}
    return Fact(EventName.VOICE_STEPPED, {"voice": voice.id, **payload})


def erased(voice: Voice, *, actor: Actor) -> Fact:
    """Return the event that words and contact are erased; raises `Refused`: FORBIDDEN, IN_THE_CHAIN, ALREADY_DONE."""
    require(actor, ERASERS)
    require_outside(actor.person_id, voice.barred)
    if voice.is_erased:
        raise Refused(Reason.ALREADY_DONE)
    return Fact(EventName.VOICE_ERASED, {"voice": voice.id})


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The dates of a complaint (the last days on which it is in time), and what happened so far."""

    acknowledge_on: date | None
    answer_on: date | None
    is_acknowledged: bool
    is_answered: bool
    escalated_on: date | None = None


def is_late(deadlines: Deadlines, *, today: date) -> bool:
    """Tell whether a date has passed without what was due on it."""
    acknowledge, answer = deadlines.acknowledge_on, deadlines.answer_on
    if deadlines.is_answered:
        return False
    if answer is not None and today > answer:
        return True
    return acknowledge is not None and today > acknowledge and not deadlines.is_acknowledged


def must_escalate(deadlines: Deadlines, *, today: date) -> bool:
    """Tell whether the administrator is to be told: once for each date that has passed."""
    if not is_late(deadlines, today=today):
        return False
    told = deadlines.escalated_on
    answer = deadlines.answer_on
    return told is None or (answer is not None and today > answer >= told)


def require_short(words: str) -> None:
    """Raise `Refused(ANSWER_TOO_LONG)` for what is too long to be kept."""
    if len(words) > LONGEST_NOTE:
        raise Refused(Reason.ANSWER_TOO_LONG, most=LONGEST_NOTE)


def escalated(case_id: int, kind: str, why: str) -> Fact:
    """Return the event that something late was told to the administrator; `kind` is "follow_up" or "voice"."""
    return Fact(EventName.CASE_ESCALATED, {"case": case_id, "kind": kind, "why": why})
