"""32 callers in four processes press at once: nothing is given twice, nothing is lost, and every no says why."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from desk.domain.access import Role
from desk.domain.refusals import Reason
from desk.models import Call, Delivery, HandoffRow, InvitationRow, TransactionRow, Visit
from desk.operations.opening import setting_up
from desk.operations.opening.setting_up import PersonPlan
from desk.operations.settings import keeping_services
from tests.fixtures.databases import FreshDatabase
from tests.fixtures.office import Colleague, DeskOffice, prepare_office
from tests.operations.racing import CALLERS, Press, Race, ready

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("races")]


def prepare_crowd(url: str) -> None:
    """Make the office of the tests with an officer at a counter for each caller."""
    prepare_office(url)
    office = DeskOffice(url)
    for number in range(101, 101 + CALLERS):
        plan = PersonPlan(f"petugas-{number}", f"Petugas {number}", (Role.AGENT,))
        person_id = setting_up.enroll(office.streams, office.id, plan)
        setting_up.add_skills(office.streams, person_id, office.services.values())
        counter_id = setting_up.add_counter(office.streams, office.id, number, f"Loket {number}")
        office.counters[number] = counter_id
        Colleague(office, plan.name, person_id, Role.AGENT).signs_on(number)
    office.engine.dispose()


@pytest.fixture(scope="module")
def race() -> Iterator[Race]:
    with ready() as processes:
        yield processes


@pytest.fixture
def office(fresh_database: FreshDatabase) -> Iterator[DeskOffice]:
    """The office with 32 officers more, each on duty at a counter; afterwards the doctor finds nothing."""
    found = DeskOffice(fresh_database(prepare_crowd))
    yield found
    assert found.findings() == []
    found.engine.dispose()


@pytest.fixture
def crowd(office) -> list[tuple[Colleague, int]]:
    """The 32 officers and the ids of their counters."""
    officers = [each for each in office.people.values() if each.name.startswith("Petugas")]
    return [(each, office.counters[int(each.name.split()[1])]) for each in officers]


def test_check_ins(race, office):
    """No number twice, no gap, none lost; and whoever asks again gets the same."""
    series = ["A", "B"]
    presses = [
        Press("check_in", (office.id, office.services[series[caller % 2]], [f"{caller}-{each}" for each in range(6)]))
        for caller in range(CALLERS)
    ]

    got = race.run(office.url, presses)

    assert all(first == again for answers in got for first, again in zip(answers[::2], answers[1::2], strict=True))
    numbers = sorted(answer["number"] for answers in got for answer in answers[::2])
    assert numbers == [f"{letter}{number:03d}" for letter in series for number in range(1, CALLERS * 3 + 1)]
    assert len({answer["visit"] for answers in got for answer in answers}) == len(office.rows(Visit)) == CALLERS * 6


def test_one_check_in_under_one_key(race, office):
    """Thirty-two retries of one request are one visit."""
    got = race.run(office.url, [Press("check_in", (office.id, office.services["A"], ["tap"]))] * CALLERS)

    assert office.row(Visit).label == "A001"
    assert {answer["visit"] for answers in got for answer in answers} == {office.row(Visit).id}


def test_the_last_numbers_of_a_day(race, office):
    """Thirty-two callers want three numbers each of twenty: exactly twenty are given, whoever was first."""
    wanted, agus = {"daily_quota": 20}, office.agus.asks("change_service")
    keeping_services.change(office.streams, office.id, office.services["A"], wanted, agus)
    presses = [
        Press("check_in", (office.id, office.services["A"], [f"{caller}-{each}" for each in range(3)]))
        for caller in range(CALLERS)
    ]

    got = [answer for answers in race.run(office.url, presses) for answer in answers]

    given = {answer["number"] for answer in got if not isinstance(answer, Reason)}
    assert given == {f"A{number:03d}" for number in range(1, 21)}
    assert {answer for answer in got if isinstance(answer, Reason)} == {Reason.QUOTA_REACHED}
    assert len(office.rows(Visit)) == 20


def test_calls(race, office, crowd):
    """Everybody who waits is called once, by one officer, and nobody is left."""
    waiting = [office.arrives(*"AB"[: 1 + number % 2]).facts["transactions"] for number in range(60)]
    transactions = {transaction for group in waiting for transaction in group}

    got = race.run(
        office.url, [Press("serve_all", (office.id, officer.id, counter_id)) for officer, counter_id in crowd]
    )

    called = [answer["transaction"] for answers in got for answer in answers[:-1]]
    assert {answers[-1] for answers in got} == {Reason.NOBODY_WAITING}
    # The second service of a visit is not eligible while the first is served: the last ones may have been left over.
    while any(row.state == "waiting" for row in office.rows(TransactionRow)):
        called.append(finish_next(office, *crowd[0]))
    assert sorted(called) == sorted(transactions)
    assert len(office.rows(Call)) == len(called)


def finish_next(office, officer, counter_id):
    """Serve the next one to the end and return the transaction."""
    number = next(number for number, each in office.counters.items() if each == counter_id)
    transaction = officer.serves(counter=number)
    officer.completes(transaction)
    return transaction


def test_the_same_visitor(race, office, crowd):
    """One gets the visitor, thirty-one are told that somebody was quicker."""
    for _ in range(3):
        transaction = office.arrives("A").facts["transaction"]
        presses = [Press("pick", (officer.id, counter_id, transaction)) for officer, counter_id in crowd]

        got = race.run(office.url, presses)

        answers = Counter(answer if isinstance(answer, Reason) else "called" for (answer,) in got)
        assert answers == {"called": 1, Reason.ALREADY_CALLED: CALLERS - 1}
        office.budi.cancels(transaction)


def test_the_same_counter(race, office, crowd):
    """One signs on, the others are told who has it."""
    for officer, _ in crowd:
        officer.signs_off()

    got = race.run(office.url, [Press("sign_on", (office.id, officer.id, office.counters[3])) for officer, _ in crowd])

    answers = Counter(answer if isinstance(answer, Reason) else "on duty" for (answer,) in got)
    assert answers == {"on duty": 1, Reason.COUNTER_TAKEN: CALLERS - 1}


def test_acceptance_and_withdrawal(race, office, crowd):
    """Each of sixteen offers is accepted or withdrawn, never both and never neither."""
    presses = []
    for (giver, _), (receiver, counter_id) in zip(crowd[::2], crowd[1::2], strict=True):
        transaction = office.arrives("A").facts["transaction"]
        number = next(number for number, each in office.counters.items() if each == counter_id) - 1
        giver.picks(transaction, counter=number)
        giver.starts(transaction)
        handoff = giver.offers(transaction, receiver)
        presses += [Press("accept", (receiver.id, handoff)), Press("withdraw", (giver.id, handoff))]

    got = race.run(office.url, presses)

    for (accepted,), (withdrawn,) in zip(got[::2], got[1::2], strict=True):
        assert (accepted is Reason.OFFER_CLOSED) != (withdrawn is Reason.OFFER_CLOSED)
        winner = withdrawn if accepted is Reason.OFFER_CLOSED else accepted
        assert isinstance(winner, dict)
    assert {row.state for row in office.rows(HandoffRow)} <= {"accepted", "withdrawn"}


def test_workers_who_make_up_for_a_reopened_transaction(race, office):
    """One of them decides; the others find nothing left to decide about."""
    office.sari.signs_on(1)
    transactions = []
    for _ in range(3):
        office.arrives("A", email="siti@example.id", consent=True)
        transactions.append(office.sari.serves())
        office.sari.completes(transactions[-1])
        office.sari.reopens(transactions[-1])
    later = (office.clock.now + timedelta(days=30)).isoformat()

    got = race.run(office.url, [Press("make_up", (office.id, later))] * CALLERS)

    assert sorted(each for (decided,) in got for each in decided) == transactions
    assert [row.generation for row in office.rows(InvitationRow)] == [2, 2, 2]
    assert Counter(row.state for row in office.rows(Delivery)) == {"cancelled": 3, "pending": 3}
