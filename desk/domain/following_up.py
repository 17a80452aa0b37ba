"""Following up: what must be looked after by somebody who had no hand in it, by whom, until when, and how it ends.

A score at or under the office's threshold, the lowest mark of a regulation's element, or a complaint opens a follow-up.
It goes to the supervisor outside the chain of handlers who has the fewest open ones. Its life cycle is `TRANSITIONS`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Final

from desk.domain.access import Actor, Role, acting_person, require
from desk.domain.audit import digest_of
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.invitation import Privacy
from desk.domain.questionnaires import FULL, Measure, Questionnaire
from desk.domain.refusals import Reason, Refused

REGULATED: Final = frozenset({Measure.SKM_2017, Measure.SKM_2004})
LOWEST_MARK: Final = 1
ASSIGNERS: Final = frozenset({Role.SUPERVISOR, Role.ADMIN})
# An address that tells no id is a Feistel network (Luby and Rackoff 1988) over the two halves of the id.
HALF: Final = 32  # bits
HALF_MASK: Final = (1 << HALF) - 1
TURNS: Final = 4
FOLLOWERS: Final = frozenset({Role.SUPERVISOR})


class Origin(StrEnum):
    """What opened a follow-up."""

    SCORE = "score"
    COMPLAINT = "complaint"
    FACILITY = "facility"  # a suggestion about a facility whose owner is a supervisor


class FollowUpState(StrEnum):
    """Where a follow-up stands."""

    OPEN = "open"
    CONTACTED = "contacted"
    RESOLVED = "resolved"
    UNREACHABLE = "unreachable"
    NOT_JUSTIFIED = "not_justified"
    CORRECTED = "corrected"  # the visitor corrected the answer, which is not low any more


class FollowUpStep(StrEnum):
    """What is done about one."""

    CONTACTED = "contacted"
    RESOLVED = "resolved"
    UNREACHABLE = "unreachable"
    NOT_JUSTIFIED = "not_justified"
    CORRECTED = "corrected"
    REOPENED = "reopened"


_S, _T = FollowUpState, FollowUpStep
_ENDS: Final = {
    _T.RESOLVED: _S.RESOLVED,
    _T.UNREACHABLE: _S.UNREACHABLE,
    _T.NOT_JUSTIFIED: _S.NOT_JUSTIFIED,
}
TRANSITIONS: Final[dict[tuple[FollowUpState, FollowUpStep], FollowUpState]] = {
    **{(_S.OPEN, step): state for step, state in _ENDS.items()},
    **{(_S.CONTACTED, step): state for step, state in _ENDS.items()},
    (_S.OPEN, _T.CONTACTED): _S.CONTACTED,
    (_S.CONTACTED, _T.CONTACTED): _S.CONTACTED,
    (_S.OPEN, _T.CORRECTED): _S.CORRECTED,
    **{(state, _T.REOPENED): _S.OPEN for state in (*_ENDS.values(), _S.CORRECTED)},
}
CLOSED: Final = frozenset({_S.RESOLVED, _S.UNREACHABLE, _S.NOT_JUSTIFIED, _S.CORRECTED})
NEED_NOTE: Final = frozenset({_T.RESOLVED, _T.NOT_JUSTIFIED, _T.REOPENED})
# To end a complaint with one of these, the visitor must have had an answer.
AFTER_ANSWER: Final = frozenset({_T.RESOLVED, _T.NOT_JUSTIFIED})


@dataclass(frozen=True, slots=True)
class FollowUpRules:
    """Settings of the office: per cent of satisfaction, switches, working days.

    `complaint_answer_words`: whether a message to who complained holds the answer itself; `late_mail`: whether staff
    get mail about what is late; `late_raise_days`: after how many more days it goes up to administrators, 0 for never.
    """

    follow_up_percent: int = 34
    follow_up_lowest: bool = True
    follow_up_days: int = 3
    complaint_ack_days: int = 3
    complaint_answer_days: int = 14
    complaint_answer_words: bool = False
    late_mail: bool = True
    late_raise_days: int = 5


BOUNDS: Final[dict[str, tuple[int, int]]] = {
    "follow_up_percent": (0, 99),
    "follow_up_days": (1, 60),
    "complaint_ack_days": (1, 60),
    "complaint_answer_days": (1, 120),
    "late_raise_days": (0, 60),
}
SETTINGS: Final = tuple(each.name for each in fields(FollowUpRules))


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A follow-up as the rules see it: whether somebody touched it, whether a complainant still awaits an answer."""

    id: int
    state: FollowUpState
    assigned_id: int | None
    barred: frozenset[int]
    touched: bool = False
    awaits_answer: bool = False


@dataclass(frozen=True, slots=True)
class Matter:
    """What a follow-up is about; `transaction_id` only where it is tied to one openly."""

    origin: Origin
    privacy: Privacy
    day: date
    service_id: int | None = None
    facility_id: int | None = None
    transaction_id: int | None = None
    response_id: int | None = None
    loose_id: int | None = None
    voice_id: int | None = None
    satisfaction: int | None = None


def is_low(
    questionnaire: Questionnaire, answers: Mapping[str, int | str], satisfaction: int | None, rules: FollowUpRules
) -> bool:
    """Tell whether an answer is followed up: for its satisfaction (ten-thousandths), or a lowest mark of an element."""
    if satisfaction is not None and satisfaction * 100 <= rules.follow_up_percent * FULL:
        return True
    if not rules.follow_up_lowest or questionnaire.measure not in REGULATED:
        return False
    return any(each.scored and answers.get(each.key) == LOWEST_MARK for each in questionnaire.questions)


def choose(loads: Mapping[int, int], barred: Collection[int]) -> int | None:
    """Return who follows up: of the supervisors (id: open follow-ups) not barred the least loaded, then the lowest id.

    None where every supervisor had a hand in it.
    """
    free = [(load, person_id) for person_id, load in loads.items() if person_id not in barred]
    return min(free)[1] if free else None


def opened(matter: Matter, *, assigned_id: int | None, barred: Collection[int], due_on: date) -> Fact:
    """Return the event of a new follow-up."""
    return Fact(
        EventName.FOLLOW_UP_OPENED,
        {
            "origin": matter.origin.value,
            "privacy": matter.privacy.value,
            "assigned": assigned_id,
            "barred": list[JSON](sorted(barred)),
            "service": matter.service_id,
            "facility": matter.facility_id,
            "transaction": matter.transaction_id,
            "response": matter.response_id,
            "loose": matter.loose_id,
            "voice": matter.voice_id,
            "satisfaction": matter.satisfaction,
            "day": matter.day.isoformat(),
            "due": due_on.isoformat(),
        },
    )


def code_apart(key: bytes, follow_up_id: int) -> str:
    """Return the name of a follow-up that must not be found among the events: a keyed code instead of a number."""
    return f"#K{digest_of(key, f'follow-up|{follow_up_id}')[:5].upper()}"


def address_apart(key: bytes, follow_up_id: int) -> str:
    """Return what stands in the address of such a follow-up instead of its id: only the desk can turn it back."""
    left, right = follow_up_id >> HALF, follow_up_id & HALF_MASK
    for turn in range(TURNS):
        left, right = right, left ^ _mixed(key, turn, right)
    return f"k{left:08x}{right:08x}"


def id_apart(key: bytes, address: str) -> int:
    """Return the id behind an address of `address_apart`; a made-up one gives an id of nothing."""
    number = int(address[1:], 16)
    left, right = number >> HALF, number & HALF_MASK
    for turn in reversed(range(TURNS)):
        left, right = right ^ _mixed(key, turn, left), left
    return left << HALF | right


def _mixed(key: bytes, turn: int, half: int) -> int:
    return int(digest_of(key, f"follow-up address|{turn}|{half}")[:8], 16)


def require_outside(person_id: int | None, barred: Collection[int]) -> None:
    """Raise `Refused(IN_THE_CHAIN)` for somebody who had a hand in the matter."""
    if person_id in barred:
        raise Refused(Reason.IN_THE_CHAIN)


def step(
    follow_up: FollowUp, taken: FollowUpStep, *, actor: Actor, words: JSON = None, due_on: date | None = None
) -> Fact:
    """Return the event of a step; `due_on` is the new due date of one that is opened again.

    Raises `Refused`: FORBIDDEN, IN_THE_CHAIN, NOT_POSSIBLE_NOW, WORDS_MISSING, ANSWER_FIRST.
    """
    require(actor, FOLLOWERS)
    require_outside(actor.person_id, follow_up.barred)
    after = TRANSITIONS.get((follow_up.state, taken))
    if after is None:
        raise Refused(Reason.NOT_POSSIBLE_NOW, state=follow_up.state, action=taken)
    if taken in NEED_NOTE and words is None and actor.person_id is not None:
        raise Refused(Reason.WORDS_MISSING)
    if taken in AFTER_ANSWER and follow_up.awaits_answer:
        raise Refused(Reason.ANSWER_FIRST)
    due = None if due_on is None or taken is not FollowUpStep.REOPENED else due_on.isoformat()
    payload: dict[str, JSON] = {"step": taken.value, "state": after.value, "words": words, "due": due}
    return Fact(EventName.FOLLOW_UP_STEPPED, {"follow_up": follow_up.id, **payload})


def assign(follow_up: FollowUp, to_id: int, *, actor: Actor, supervisors: Collection[int], words: JSON = None) -> Fact:
    """Return the event of a follow-up given to another supervisor.

    Raises `Refused`: FORBIDDEN, INVALID for somebody who is none, IN_THE_CHAIN, ALREADY_DONE, NOT_POSSIBLE_NOW when it
    is closed.
    """
    require(actor, ASSIGNERS)
    require_outside(acting_person(actor), follow_up.barred)
    if follow_up.state in CLOSED:
        raise Refused(Reason.NOT_POSSIBLE_NOW, state=follow_up.state, action="assign")
    if to_id not in supervisors:
        raise Refused(Reason.INVALID, field="to")
    require_outside(to_id, follow_up.barred)
    if to_id == follow_up.assigned_id:
        raise Refused(Reason.ALREADY_DONE)
    payload: dict[str, JSON] = {"before": follow_up.assigned_id, "to": to_id, "words": words}
    return Fact(EventName.FOLLOW_UP_ASSIGNED, {"follow_up": follow_up.id, **payload})
