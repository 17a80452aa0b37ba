"""The one answer to an invitation, linked or anonymous, corrected for a while; what may be erased is in no event."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import delete, insert, select

from desk.domain import invitation as rule
from desk.domain.audit import canonical
from desk.domain.facts import Fact
from desk.domain.hours import business_day
from desk.domain.identity import office_of
from desk.domain.invitation import Channel, Invitation, InvitationState, Privacy, Response, Standing
from desk.domain.own_case import Apart
from desk.domain.questionnaires import COMMENT, Filled, Questionnaire, fill
from desk.domain.refusals import Reason, Refused
from desk.domain.tallies import Origin
from desk.models import ResponseDetail, ResponseRow
from desk.operations.complaints.following_up import follow_answer, follow_correction
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit
from desk.operations.survey.asking import find_invitation
from desk.operations.survey.keeping_apart import cell_of, keep_apart, keep_by_day, said_in
from desk.operations.survey.standing import require_own, standing_of
from desk.operations.survey.tallying import Cell, Said, count, freeze_chain, frozen_chain
from desk.reads.questionnaires import find_questionnaire

RESPONSES: Any = ResponseRow.__table__
DETAILS: Any = ResponseDetail.__table__


@dataclass(frozen=True, slots=True)
class Link:
    """The link that was used: whose, in which generation, and through which channel it came."""

    invitation_id: int
    generation: int
    channel: Channel = Channel.LINK


Given = Mapping[str, str]  # question key to what was posted


def answer(
    streams: Streams,
    link: Link,
    given: Mapping[int, Given],
    request: Request,
    *,
    standing: Standing = Standing.VISITOR,
) -> Done:
    """Record answers to a message: for each invitation of the same visit what was posted, by question key.

    Answers invitation and responses (their ids; none for an anonymous one). What staff send (`standing`) is kept apart,
    and the link stays the visitor's. Raises `Refused`: LINK_USED, LINK_EXPIRED, LINK_REVOKED, LINK_WITHDRAWN,
    SCORE_MISSING for answers with a fault, ANSWER_TOO_LONG for own words of over 4,000 characters.
    """

    def work(unit: Unit) -> Done:
        return unit.done(invitation=link.invitation_id, responses=answer_in(unit, link, given, standing=standing))

    return streams.run(office_of(link.invitation_id), request, work)


def answer_in(
    unit: Unit, link: Link, given: Mapping[int, Given], *, standing: Standing = Standing.VISITOR
) -> list[int]:
    """Do as `answer` in a unit that is under way; return the ids of the answers that have one."""
    linked = _find_linked(unit, link)
    if not given:
        rule.require_answerable(linked, at=unit.at)
        raise Refused(Reason.SCORE_MISSING)
    made = [_answer(unit, linked, link, standing, *each) for each in given.items()]
    return [each for each in made if each is not None]


def _find_linked(unit: Unit, link: Link) -> Invitation:
    """Return what the link was made for; whether that was revoked is asked of each matter that is answered."""
    linked = find_invitation(unit, invitation_id=link.invitation_id)
    if linked is None or linked.generation != link.generation:
        raise Refused(Reason.LINK_REVOKED)
    return linked


def _find_of_visit(unit: Unit, linked: Invitation, invitation_id: int) -> Invitation:
    found = find_invitation(unit, invitation_id=invitation_id)
    if found is None or found.visit_id != linked.visit_id:
        raise Refused(Reason.LINK_REVOKED)
    return found


def _answer(
    unit: Unit, linked: Invitation, link: Link, standing: Standing, invitation_id: int, given: Given
) -> int | None:
    """Record one answer and return its id; None for an anonymous one, and one of staff, which uses nothing up."""
    invitation = _find_of_visit(unit, linked, invitation_id)
    questionnaire = find_questionnaire(unit.connection, unit.office_id, invitation.questionnaire_id)
    filled = fill(questionnaire, given)
    if standing is Standing.STAFF:
        keep_apart(unit, invitation, questionnaire, filled, why=Apart.SIGNED_IN)
        return None
    standing = standing_of(unit, invitation)
    if invitation.privacy is Privacy.ANONYMOUS:
        _answer_anonymously(unit, invitation, questionnaire, filled, standing)
        return None
    cell = cell_of(unit, invitation, questionnaire, Origin.STAFF if standing is Standing.STAFF else Origin.LINKED)
    fact = rule.answered(
        invitation,
        questionnaire,
        filled,
        at=unit.at,
        channel=link.channel,
        standing=standing,
        service_id=cell.service_id,
    )
    response_id = _append(unit, fact, filled)
    _keep_details(unit, response_id, invitation.transaction_id, filled)
    chain = freeze_chain(unit, response_id, invitation.transaction_id)
    count(unit, cell, said_in(questionnaire, filled), chain=chain)
    follow_answer(
        unit, response_id, invitation, questionnaire, filled, service_id=cell.service_id, standing=standing
    )  # fmt: skip
    return response_id


def _append(unit: Unit, fact: Fact, filled: Filled) -> int:
    """Append the event with the digests of what stands beside it; return its id."""
    comment = filled.texts.get(COMMENT)
    fact.payload["comment"] = unit.seal(comment)
    fact.payload["details"] = unit.seal(canonical(_details(filled))) if any(_details(filled).values()) else None
    return unit.append(fact, words=comment).id


def _details(filled: Filled) -> dict[str, Any]:
    texts = {key: words for key, words in filled.texts.items() if key != COMMENT}
    return {"profile": dict(filled.profile), "texts": texts}


def _keep_details(unit: Unit, response_id: int, transaction_id: int, filled: Filled) -> None:
    details = _details(filled)
    if any(details.values()):
        row = {"office_id": unit.office_id, "response_id": response_id, "transaction_id": transaction_id, **details}
        unit.connection.execute(insert(ResponseDetail), row)


def _answer_anonymously(
    unit: Unit,
    invitation: Invitation,
    questionnaire: Questionnaire,
    filled: Filled,
    standing: Standing,
) -> None:
    """Keep what was said under a random id with its day only; the event says no more than that the link was used."""
    fact = rule.used(invitation, at=unit.at)
    rule.require_fit(filled)
    unit.append(fact)
    origin = Origin.STAFF if standing is Standing.STAFF else Origin.ANONYMOUS
    keep_by_day(unit, invitation, questionnaire, filled, origin)


def revise(
    streams: Streams,
    link: Link,
    given: Mapping[int, Given],
    request: Request,
    *,
    standing: Standing = Standing.VISITOR,
) -> Done:
    """Correct answers given through a link, for a while after each came in; what was said before is kept.

    Answers invitation and responses. Raises `Refused`: LINK_REVOKED, LINK_USED when the time for it is over, the
    answer is anonymous or staff (`standing`) would correct a visitor's, SCORE_MISSING, ANSWER_TOO_LONG.
    """

    def work(unit: Unit) -> Done:
        linked = _find_linked(unit, link)
        if not given:
            raise Refused(Reason.SCORE_MISSING)
        made = [_revise(unit, linked, standing, *each) for each in given.items()]
        return unit.done(invitation=linked.id, responses=made)

    return streams.run(office_of(link.invitation_id), request, work)


def _revise(unit: Unit, linked: Invitation, standing: Standing, invitation_id: int, given: Given) -> int:
    invitation = _find_of_visit(unit, linked, invitation_id)
    rule.require_not_revoked(invitation)
    response = find_response(unit, invitation)
    if response is None:
        raise Refused(Reason.LINK_USED if invitation.state is InvitationState.ANSWERED else Reason.LINK_REVOKED)
    require_own(unit, response.id, standing)
    questionnaire = find_questionnaire(unit.connection, unit.office_id, invitation.questionnaire_id)
    filled = fill(questionnaire, given)
    within = invitation.correction_within(unit.configuration.rules.survey_correction)
    fact = rule.revised(response, invitation, questionnaire, filled, at=unit.at, within=within)
    _recount(unit, response, questionnaire, filled)
    _append(unit, fact, filled)
    of_response = (DETAILS.c.office_id == unit.office_id) & (DETAILS.c.response_id == response.id)
    unit.connection.execute(delete(DETAILS).where(of_response))
    _keep_details(unit, response.id, response.transaction_id, filled)
    follow_correction(unit, response, invitation, questionnaire, filled)
    return response.id


def _recount(unit: Unit, response: Response, questionnaire: Questionnaire, filled: Filled) -> None:
    """Take the answer out of its tally and put the correction in its place, under the same handlers and day."""
    rules = unit.configuration.rules
    mine = (RESPONSES.c.office_id == unit.office_id) & (RESPONSES.c.id == response.id)
    row = unit.connection.execute(select(RESPONSES.c.standing, RESPONSES.c.service_id).where(mine)).one()
    day = business_day(response.received_at, rules.zone, starts_at=rules.day_starts_at)
    origin = Origin.STAFF if row.standing == Standing.STAFF else Origin.LINKED
    cell = Cell(day, row.service_id or 0, questionnaire.measure.value, origin)
    of_response = (DETAILS.c.office_id == unit.office_id) & (DETAILS.c.response_id == response.id)
    details = unit.connection.execute(select(DETAILS.c.profile, DETAILS.c.erased_at).where(of_response)).one_or_none()
    chain, said = frozen_chain(unit, response.id), said_in(questionnaire, filled)
    if details is not None and details.erased_at is not None:
        said = replace(said, profile={})  # the one that was erased stays counted
    profile = {} if details is None else details.profile
    # In this order: a tally that is empty in between would forget profiles that were erased.
    count(unit, cell, said, chain=chain)
    count(unit, cell, Said(response.answers, response.satisfaction, profile), chain=chain, times=-1)


def find_response(unit: Unit, invitation: Invitation) -> Response | None:
    """Return the answer to an invitation; None where there is none, or none that says so."""
    mine = (RESPONSES.c.office_id == unit.office_id) & (RESPONSES.c.invitation_id == invitation.id)
    row = unit.connection.execute(select(RESPONSES).where(mine)).one_or_none()
    if row is None:
        return None
    return Response(
        row.id, row.invitation_id, row.transaction_id, row.received_at, row.answers, row.satisfaction, row.revision
    )
