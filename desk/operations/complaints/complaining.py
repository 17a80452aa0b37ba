"""Taking in what visitors say of their own accord, and what becomes of it: answered, passed on, acted on, erased."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import insert, select

from desk.domain import complaints as rule
from desk.domain.access import Role
from desk.domain.complaints import Said, Voice, VoiceChannel, VoiceKind, VoiceState, VoiceStep
from desk.domain.facts import Fact
from desk.domain.following_up import Matter, Origin
from desk.domain.identity import office_of
from desk.domain.invitation import Privacy
from desk.domain.messages import MessageKind
from desk.domain.refusals import Reason, Refused
from desk.domain.tokens import TokenKind, derive
from desk.models import Facility, Membership, Person, VoiceContact, VoiceOfficer, VoiceRow
from desk.operations.complaints.following_up import append_with_words, due_date, open_follow_up, today_of
from desk.operations.complaints.naming_matters import Tied, handlers_of_day, tie
from desk.operations.complaints.telling_visitors import tell_visitor
from desk.operations.keeping.erasing_words import erase_words_of_voices
from desk.operations.keeping.wiping import ask_for_wiping
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit
from desk.operations.survey.linking import keep_token
from desk.reads.barred import list_barred
from desk.reads.case_check import contact_text
from desk.reads.follow_up_rules import get_follow_up_rules, load_of_supervisors

VOICES: Any = VoiceRow.__table__
# Whom a compliment can reach: those who serve visitors.
PRAISED: Final = (Role.AGENT, Role.SUPERVISOR)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody typed; `number` and `day` are of the visit, in any spelling. Anonymous clears the contact.

    `notify`: they agree to be told by a message that it came in, and that there is an answer.
    """

    kind: VoiceKind
    words: str
    channel: VoiceChannel = VoiceChannel.LINK
    language: str = "id"
    anonymous: bool = False
    service_id: int | None = None
    facility_id: int | None = None
    number: str = ""
    day: str = ""
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    notify: bool = False

    @property
    def contact(self) -> dict[str, str | None]:
        """Name, e-mail and phone as they may be kept: nothing of somebody who stays anonymous."""
        given = {"name": self.name, "email": self.email, "phone": self.phone}
        return dict.fromkeys(given) if self.anonymous else {key: value or None for key, value in given.items()}


def receive(streams: Streams, office_id: int, wish: Wish, request: Request) -> Done:
    """Take in a complaint, a suggestion or a compliment; answers voice, and never whether the number was found.

    Raises `Refused`: UNKNOWN for a service or facility of another office, WORDS_MISSING, ANSWER_TOO_LONG.
    """

    def work(unit: Unit) -> Done:
        rule.require_short(wish.words)
        facility = _find_facility(unit, wish.facility_id)
        if wish.service_id is not None:
            unit.configuration.service(wish.service_id)
        tied = tie(unit, wish.number, wish.day, wish.service_id)
        said = _said(unit, wish, tied)
        voice_id = append_with_words(unit, _received(unit, said), wish.words)
        _keep_contact(unit, voice_id, wish)
        token = derive(unit.keys.links, TokenKind.VOICE, voice_id)
        keep_token(unit, token, TokenKind.VOICE, voice_id, generation=1)
        _open_follow_up(unit, voice_id, said, None if facility is None else facility.owner_id)
        tell_visitor(unit, voice_id, voice_id, MessageKind.VOICE_RECEIVED)
        return unit.done(voice=voice_id)

    return streams.run(office_id, request, work)


def _said(unit: Unit, wish: Wish, tied: Tied) -> Said:
    contact = wish.contact
    return Said(
        wish.kind,
        wish.channel,
        wish.language,
        wish.anonymous,
        today_of(unit),
        unit.seal(wish.words),
        contact=unit.seal(contact_text(**contact)) if any(contact.values()) else None,
        service_id=wish.service_id if wish.service_id is not None or wish.anonymous else tied.service_id,
        facility_id=wish.facility_id,
        # Of somebody who stays anonymous nothing is kept that leads to the visit; who handled it stays barred.
        transaction_id=None if wish.anonymous else tied.transaction_id,
        barred=sorted(_barred(unit, wish, tied)),
        officers=sorted(tied.handlers),
    )


def _barred(unit: Unit, wish: Wish, tied: Tied) -> set[int]:
    """Return who had a hand in the matter; of an anonymous one of those who are no supervisors all of its day.

    Together the handlers of a matter would lead to it. Who is no supervisor follows up nothing before they become one.
    """
    if not wish.anonymous or tied.transaction_id is None:
        return set(tied.handlers)
    supervisors = load_of_supervisors(unit.connection, unit.office_id).keys()
    return (handlers_of_day(unit, wish.day) - supervisors) | (tied.handlers & supervisors)


def _received(unit: Unit, said: Said) -> Fact:
    if said.kind is not VoiceKind.COMPLAINT:
        return rule.received(said, acknowledge_on=None, answer_on=None)
    rules = get_follow_up_rules(unit.connection, unit.office_id)
    days = (rules.complaint_ack_days, rules.complaint_answer_days)
    acknowledge_on, answer_on = (due_date(unit, said.service_id, each) for each in days)
    return rule.received(said, acknowledge_on=acknowledge_on, answer_on=answer_on)


def _find_facility(unit: Unit, facility_id: int | None) -> Any:
    if facility_id is None:
        return None
    query = select(Facility.id, Facility.owner_id).where(
        Facility.id == facility_id, Facility.office_id == unit.office_id, Facility.retired.is_(False)
    )
    found = unit.connection.execute(query).one_or_none()
    if found is None:
        raise Refused(Reason.UNKNOWN, id=facility_id)
    return found


def _keep_contact(unit: Unit, voice_id: int, wish: Wish) -> None:
    contact = wish.contact
    if any(contact.values()):
        row = {"office_id": unit.office_id, "voice_id": voice_id, **contact}
        unit.connection.execute(insert(VoiceContact), {**row, "consented_at": unit.at if wish.notify else None})


def _open_follow_up(unit: Unit, voice_id: int, said: Said, owner_id: int | None) -> None:
    """Open one for a complaint; and for a suggestion about a facility whose owner is a supervisor."""
    is_complaint = said.kind is VoiceKind.COMPLAINT
    is_owned = said.kind is VoiceKind.SUGGESTION and owner_id in load_of_supervisors(unit.connection, unit.office_id)
    if not is_complaint and not is_owned:
        return
    rules = get_follow_up_rules(unit.connection, unit.office_id)
    matter = Matter(
        Origin.COMPLAINT if is_complaint else Origin.FACILITY,
        Privacy.ANONYMOUS if said.anonymous else Privacy.LINKED,
        said.day,
        service_id=said.service_id,
        facility_id=said.facility_id,
        transaction_id=said.transaction_id,
        voice_id=voice_id,
    )
    open_follow_up(unit, matter, barred=said.barred, days=rules.follow_up_days, prefer_id=owner_id)


def take_step(streams: Streams, voice_id: int, request: Request, *, step: VoiceStep, words: str | None = None) -> Done:
    """Acknowledge, answer, consider, adopt or decline; answers voice, state.

    Raises `Refused`: UNKNOWN, ANSWER_TOO_LONG and those of `desk.domain.complaints.step`.
    """

    def work(unit: Unit) -> Done:
        rule.require_short(words or "")
        if step is VoiceStep.PASSED_ON:
            raise Refused(Reason.INVALID, field="step")
        fact = rule.step(_get(unit, voice_id), step, actor=unit.actor, words=unit.seal(words))
        event_id = append_with_words(unit, fact, words)
        if step in rule.PUBLIC_WORDS:
            tell_visitor(unit, voice_id, event_id, MessageKind.VOICE_ANSWERED)
        return unit.done(voice=voice_id, state=fact.payload["state"])

    return streams.run(office_of(voice_id), request, work)


def pass_on(streams: Streams, voice_id: int, request: Request, *, officer_ids: Collection[int]) -> Done:
    """Let a compliment reach these officers too; answers voice, state.

    Raises `Refused`: UNKNOWN, INVALID for who serves nobody here, and those of `desk.domain.complaints.pass_on`.
    """

    def work(unit: Unit) -> Done:
        voice = _get(unit, voice_id)
        mine = (VoiceOfficer.office_id == unit.office_id) & (VoiceOfficer.voice_id == voice_id)
        reached = set(unit.connection.execute(select(VoiceOfficer.person_id).where(mine)).scalars())
        fact = rule.pass_on(voice, officer_ids, actor=unit.actor, reached=reached)
        if not set(officer_ids) <= _praised(unit):
            raise Refused(Reason.INVALID, field="officers")
        unit.append(fact)
        return unit.done(voice=voice_id, state=fact.payload["state"])

    return streams.run(office_of(voice_id), request, work)


def _praised(unit: Unit) -> set[int]:
    query = (
        select(Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.office_id == unit.office_id,
            Membership.role.in_([role.value for role in PRAISED]),
            Person.disabled_at.is_(None),
        )
    )
    return set(unit.connection.execute(query).scalars())


def act(streams: Streams, voice_id: int, request: Request, *, words: str) -> Done:
    """Note what the owner of a facility has done about what a visitor said; answers voice.

    Raises `Refused`: UNKNOWN (also for a complaint about a matter in which they had a hand, lest they learn of it) and
    those of `desk.domain.complaints.act`.
    """

    def work(unit: Unit) -> Done:
        rule.require_short(words)
        voice = _get(unit, voice_id)
        if voice.kind is VoiceKind.COMPLAINT and unit.actor.person_id in voice.barred:
            raise Refused(Reason.UNKNOWN, id=voice_id)
        fact = rule.act(voice, actor=unit.actor, words=unit.seal(words))
        append_with_words(unit, fact, words)
        return unit.done(voice=voice_id)

    return streams.run(office_of(voice_id), request, work)


def erase(streams: Streams, voice_id: int, request: Request) -> Done:
    """Erase words, answers, notes and contact of a voice; what happened when is kept. Answers voice.

    Raises `Refused`: UNKNOWN and those of `desk.domain.complaints.erased`.
    """

    def work(unit: Unit) -> Done:
        unit.append(rule.erased(_get(unit, voice_id), actor=unit.actor))
        erase_words_of_voices(unit, [voice_id])
        ask_for_wiping(unit)
        return unit.done(voice=voice_id)

    return streams.run(office_of(voice_id), request, work)


def _get(unit: Unit, voice_id: int) -> Voice:
    query = (
        select(VOICES, Facility.owner_id)
        .outerjoin(Facility, Facility.id == VOICES.c.facility_id)
        .where(VOICES.c.office_id == unit.office_id, VOICES.c.id == voice_id)
    )
    row = unit.connection.execute(query).one_or_none()
    if row is None:
        raise Refused(Reason.UNKNOWN, id=voice_id)
    return Voice(
        row.id,
        VoiceKind(row.kind),
        VoiceState(row.state),
        list_barred(unit.connection, unit.office_id, [voice_id])[voice_id],
        row.owner_id,
        is_done=row.done_at is not None,
        is_erased=row.erased_at is not None,
    )
