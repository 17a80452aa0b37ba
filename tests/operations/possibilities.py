"""What somebody sensible might do next in an office, and what nobody sensible does."""

from collections.abc import Callable
from functools import partial
from typing import Any

from desk.domain.reasons import CorrectionReason, PriorityReason
from desk.models import AbsenceRow, Duty, HandoffRow, InvitationRow, RequestRow, TransactionRow
from tests.fixtures.office import Colleague, DeskOffice

Way = Callable[[], Any]

IN_FRONT = ("Sari", "Dewi", "Joko", "Budi")
# By state, what the custodian may do; more often what happens more often.
_VERBS = {
    "waiting": [],
    "called": ["starts", "starts", "starts", "recalls", "misses", "misses", "seats", "sees_leave"],
    "serving": [
        "processes",
        "completes_documents",
        "pauses",
        "completes",
        "completes",
        "seats",
        "cancels",
        "sees_leave",
    ],
    "processing": ["pauses", "completes", "completes", "cancels", "reinstates", "completes_documents"],
    "paused": ["resumes", "resumes", "resumes_serving", "cancels", "reinstates"],
    "ended": ["reopens", "reinstates", "reinstates"],
}
_OTHER_VERBS = {"pools", "takes", "gives_back", "sees", "notes"}
_ANYTHING = sorted({verb for verbs in _VERBS.values() for verb in verbs} | _OTHER_VERBS)
_LATELY = 10
RESTING = {"processing", "paused"}


def sensible(office: DeskOffice) -> list[list[Way]]:
    """Return, for each thing there is to work on, the ways to go on with it."""
    transactions = office.rows(TransactionRow)
    there = [row for row in transactions if row.state != "ended"][-_LATELY:]
    counters = _counters(office)
    return [
        *(_ways_with(office, row, counters) for row in there),
        *(_ways_with(office, row, counters) for row in transactions if row.ending in {"completed", "no_show"}),
        *(_ways_to_answer(office, row) for row in office.rows(HandoffRow, state="offered")),
        *(_ways_to_reply(office, row) for row in office.rows(RequestRow, state="asked")),
        *(_ways_to_end_shift(office, office.people[name]) for name in IN_FRONT),
        *(_ways_to_be_away(office, office.people[name]) for name in IN_FRONT),
        *(_ways_to_say(office, row) for row in office.rows(InvitationRow)[-2:]),
        *(_ways_of(office.people[name], counters[name]) for name in IN_FRONT),
        _ways_to_order(office),
    ]


def _ways_to_order(office: DeskOffice) -> list[Way]:
    """The supervisor opens counters, ends duties that were forgotten, and changes who serves what."""
    budi, people = office.budi, (office.sari, office.dewi, office.joko)
    posts = {row.officer_id for row in office.rows(Duty, ended_at=None)}
    return [
        *(partial(budi.opens_counter, counter, each) for counter in (1, 2) for each in people if each.id not in posts),
        *(partial(budi.ends_duty_of, each) for each in people if each.id in posts),
        *(partial(change, office.joko, "A") for change in (budi.adds_skill, budi.removes_skill)),
        partial(budi.tells, "Mohon rapi", counter=1),
    ]


def senseless(office: DeskOffice, which: int, how: int) -> Way:
    """Return something that is hardly ever possible: anybody, anything, anywhere."""
    person = list(office.people.values())[how % len(office.people)]
    handoffs, transactions = office.rows(HandoffRow), office.rows(TransactionRow)
    if handoffs and how % 3 == 0:
        verb = ("accepts", "declines", "withdraws")[how % 7 % 3]
        return partial(getattr(person, verb), handoffs[which % len(handoffs)].id)
    verb = _ANYTHING[how % len(_ANYTHING)]
    return partial(getattr(person, verb), transactions[which % len(transactions)].id)


def _ways_with(office: DeskOffice, row: Any, counters: dict[str, int]) -> list[Way]:
    custodian = _holder(office, row.holder_id)
    ways: list[Way] = [partial(getattr(custodian, verb), row.id) for verb in _VERBS[row.state]]
    if row.state in {"serving", "processing", "paused", "waiting"}:
        ways += [partial(custodian.offers, row.id, to) for to in (office.dewi, office.sari, office.joko, 1, 3)]
    ways += _ways_beside(office, row, custodian)
    ways += [partial(person.undoes, row.id) for person in (office.sari, office.dewi, office.budi)]
    if row.state in {"called", "serving"}:
        ways += [partial(custodian.adds_matter, row.id, series) for series in "AC"]
    if row.state in {"waiting", "called", "serving"}:
        ways += [partial(custodian.transfers, row.id, series) for series in "BC"]
    if row.state in {"processing", "paused"}:
        reasons = (None, PriorityReason.CHILD)
        ways += [partial(office.comes_back, row.id, priority_reason=reason) for reason in reasons * 2]
    if row.complete_at is not None:
        ways += [partial(office.budi.corrects_documents, row.id, quantity=quantity) for quantity in (7, 0)]
        ways.append(partial(office.budi.corrects_documents, row.id, CorrectionReason.NOT_COMPLETE))
    if row.state == "waiting":
        ways += [
            partial(office.people[name].picks, row.id, counter=counters[name]) for name in ("Sari", "Dewi", "Budi")
        ]
        ways.append(partial(office.leaves, row.visit_id))
        ways += [partial(office.gives_way, row.id), partial(office.takes_place_back, row.id)]
    return ways


def _ways_beside(office: DeskOffice, row: Any, custodian: Colleague) -> list[Way]:
    """Pools, orders, notes and requests."""
    ways: list[Way] = [partial(custodian.notes, row.id)]
    if row.state in {"serving", "processing", "paused"}:
        ways += [partial(custodian.pools, row.id), partial(custodian.gives_back, row.id)]
    if row.pool_id is not None:
        ways += [partial(person.takes, row.id) for person in (office.joko, office.joko, office.budi, office.dewi)]
    if row.alert_id is not None:
        ways.append(partial(custodian.sees, row.id))
    ways.append(partial(office.budi.orders, row.id, (office.dewi, office.joko, "Pengolahan")[row.id % 3]))
    if row.state != "ended":
        ways += [
            partial(custodian.requests, row.id, to, blocks=row.id % 2 == 0) for to in (office.dewi, office.budi, "C")
        ]
    return ways


def _holder(office: DeskOffice, holder_id: int | None) -> Colleague:
    return next((each for each in office.people.values() if each.id == holder_id), office.budi)


def _counters(office: DeskOffice) -> dict[str, int]:
    """Return by name the counters at which people are on duty; counter 3 for those who are not."""
    numbers = {counter_id: number for number, counter_id in office.counters.items()}
    posts = {row.officer_id: numbers[row.counter_id] for row in office.rows(Duty, ended_at=None)}
    return {name: posts.get(office.people[name].id, 3) for name in IN_FRONT}


def _ways_to_answer(office: DeskOffice, handoff: Any) -> list[Way]:
    receiver, giver = _holder(office, handoff.receiver_id), _holder(office, handoff.giver_id)
    answers = (receiver.accepts, receiver.accepts, receiver.declines, giver.withdraws)
    return [partial(answer, handoff.id) for answer in answers]


def _ways_to_reply(office: DeskOffice, request: Any) -> list[Way]:
    asked, asker = _holder(office, request.asked_id), _holder(office, request.asker_id)
    answers = (asked.answers, asked.refuses_request, asker.withdraws_request)
    return [partial(answer, request.id) for answer in answers]


def _ways_to_end_shift(office: DeskOffice, person: Colleague) -> list[Way]:
    """Everything to one colleague, or all but one thing stays; and the answer to what was handed over so."""
    held = office.rows(TransactionRow, holder_id=person.id, ended_at=None, offer_id=None)
    shown = [row.id for row in held if row.state in RESTING or row.addressee_id == person.id]
    ways: list[Way] = [
        partial(person.hands_over_shift, dict.fromkeys(shown, to)) for to in (office.dewi, office.joko, None)
    ]
    ways.append(partial(person.hands_over_shift, {**dict.fromkeys(shown), **dict.fromkeys(shown[:1], office.sari)}))
    offered = office.rows(HandoffRow, state="offered", receiver_id=person.id)
    return ways + [partial(person.accepts_all, row.batch_id) for row in offered if row.batch_id is not None]


def _ways_to_be_away(office: DeskOffice, person: Colleague) -> list[Way]:
    days = ((0, 0), (1, 2))
    ways: list[Way] = [
        partial(person.plans_absence, deputy, first=first, last=last, hand_over=True)
        for deputy in (office.joko, office.sari)
        for first, last in days
    ]
    planned = office.rows(AbsenceRow, person_id=person.id, cancelled_at=None)
    return [*ways, *(partial(office.budi.cancels_absence, row.id) for row in planned)]


def _ways_to_say(office: DeskOffice, invitation: Any) -> list[Way]:
    answer = partial(office.answers, invitation.id, generation=invitation.generation)
    return [partial(answer, score, comment=comment) for score, comment in ((5, None), (1, "Lama"), (0, None))]


def _ways_of(person: Colleague, counter: int) -> list[Way]:
    work: list[Way] = [partial(person.calls, counter=counter), partial(person.serves, counter=counter)]
    duty: list[Way] = [person.takes_break, person.ends_break, person.ends_break, person.signs_off]
    return [*work * 4, *duty, *(partial(person.signs_on, number) for number in (1, 2, 3))]
