"""What the events of asking afterwards do to the state tables: questionnaires, invitations, answers."""

from typing import Final

from desk.domain.audit import canonical
from desk.domain.clock import micros
from desk.domain.facts import JSON, Event
from desk.domain.invitation import DecidedAt, Decision, InvitationState
from desk.domain.projecting_steps import as_object
from desk.domain.rows import Change, Insert, Row, Update

FIRST_SCALE: Final = 2_500  # of satisfaction in ten-thousandths, from one to the next of the scores 1 to 5


def questionnaire_published(event: Event) -> list[Change]:
    """A new version, which never changes."""
    definition = as_object(event.payload["definition"])
    row: Row = {
        "office_id": event.office_id,
        "id": event.id,
        "code": event.payload["code"],
        "number": event.payload["number"],
        "measure": definition["measure"],
        "definition": canonical(definition),
        "published_at": micros(event.at),
        "published_by": event.actor_id,
    }
    return [Insert("questionnaires", row)]


def answers_taken_over(event: Event) -> list[Change]:
    """A batch of answers from paper or a file; the answers themselves are in no event."""
    names = ("origin", "measure", "answers", "first_day", "last_day", "digest")
    row: Row = {name: event.payload[name] for name in names}
    row |= {"office_id": event.office_id, "id": event.id, "made_at": micros(event.at), "made_by": event.actor_id}
    return [Insert("survey_imports", {**row, "undone_at": None})]


def answers_taken_back(event: Event) -> list[Change]:
    """A batch that was taken over by mistake."""
    key: Row = {"office_id": event.office_id, "id": event.payload["import"]}
    return [Update("survey_imports", key, {"undone_at": micros(event.at)})]


def invitation_decided(event: Event) -> list[Change]:
    """The decision on an ended transaction; one after a reopening takes the place of the one before."""
    payload = event.payload
    invited = payload["decision"] == Decision.INVITED.value
    values: Row = {
        "visit_id": event.visit_id,
        "decision": payload["decision"],
        "reason": payload["reason"],
        "state": (InvitationState.OPEN if invited else InvitationState.NONE).value,
        "generation": payload["generation"],
        "decided_at": micros(event.at),
        "expires_at": payload["expires"],
        "questionnaire_id": payload.get("questionnaire"),
        "privacy": payload.get("privacy", "linked"),
        "correction_s": payload.get("correction"),
        "service_id": payload.get("service"),
        "officer_id": payload.get("officer"),
        "decided_by": payload.get("by", DecidedAt.END.value),
    }
    if payload["invitation"] is not None:
        values |= {"held_at": None, "retimed_at": None}
        return [Update("invitations", {"office_id": event.office_id, "id": payload["invitation"]}, values)]
    row: Row = {"office_id": event.office_id, "id": event.id, "transaction_id": event.transaction_id, **values}
    return [Insert("invitations", row)]


def invitation_superseded(event: Event) -> list[Change]:
    """A question that was taken back; the first time counts (earlier events did not say it)."""
    first = event.payload.get("first")
    return [_invitation(event, InvitationState.SUPERSEDED, taken_back_at=micros(event.at) if first is None else first)]


def invitation_held(event: Event) -> list[Change]:
    """A question whose message has gone out waits for the next end; its link works until after the limit."""
    first, expires = event.payload["first"], event.payload["expires"]
    held = {"held_at": micros(event.at), "taken_back_at": micros(event.at) if first is None else first}
    return [_invitation(event, InvitationState.OPEN, expires_at=expires, **held)]


def invitation_retimed(event: Event) -> list[Change]:
    """A question that waited is timed by the new end, or by the limit."""
    timed = {"held_at": None, "retimed_at": micros(event.at)}
    return [_invitation(event, InvitationState.OPEN, expires_at=event.payload["expires"], **timed)]


def invitation_revoked(event: Event) -> list[Change]:
    """Links that somebody revoked by hand."""
    return [_invitation(event, InvitationState.REVOKED, revoked_at=micros(event.at), revoked_by=event.actor_id)]


def invitation_used(event: Event) -> list[Change]:
    """An anonymous answer came in: which one is in no event and in no row."""
    return [_invitation(event, InvitationState.ANSWERED)]


def _invitation(event: Event, state: InvitationState, **more: JSON) -> Change:
    key: Row = {"office_id": event.office_id, "id": event.payload["invitation"]}
    return Update("invitations", key, {"state": state.value, **more})


def response_received(event: Event) -> list[Change]:
    """The one answer. Events of the first days say no more than a score of 1 to 5."""
    payload = event.payload
    score = payload.get("score")
    row: Row = {
        "office_id": event.office_id,
        "id": event.id,
        "invitation_id": payload["invitation"],
        "transaction_id": event.transaction_id,
        "score": score,
        "received_at": micros(event.at),
        "questionnaire_id": payload.get("questionnaire"),
        "answers": payload.get("answers", {"score": score}),
        "satisfaction": payload["satisfaction"] if "satisfaction" in payload else _share_of(score),
        "channel": payload.get("channel", "link"),
        "standing": payload.get("standing", "visitor"),
        "revision": 1,
        "revised_at": None,
        "service_id": payload.get("service"),
        "words_id": event.id,
    }
    return [Insert("responses", row), _invitation(event, InvitationState.ANSWERED)]


def _share_of(score: object) -> int | None:
    return (score - 1) * FIRST_SCALE if isinstance(score, int) else None


def response_revised(event: Event) -> list[Change]:
    """A correction; what was said before is kept under its revision."""
    payload = event.payload
    before: Row = {
        "office_id": event.office_id,
        "response_id": payload["response"],
        "revision": payload["revision"],
        "transaction_id": event.transaction_id,
        "answers": payload["before"],
        "satisfaction": payload["satisfaction_before"],
        "until_at": micros(event.at),
    }
    revision = payload["revision"]
    values: Row = {
        "answers": payload["answers"],
        "satisfaction": payload["satisfaction"],
        "score": payload.get("score"),
        "revision": revision + 1 if isinstance(revision, int) else revision,
        "revised_at": micros(event.at),
        "words_id": event.id,
    }
    key: Row = {"office_id": event.office_id, "id": payload["response"]}
    return [Insert("response_revisions", before), Update("responses", key, values)]
