"""What a supervisor orders: counters opened, duties ended, services added, messages, thresholds, days left open."""

import json

import pytest
from sqlalchemy import text, update

from desk.domain.facts import EventName
from desk.domain.lifecycle import Ending, State
from desk.domain.reasons import HandoffReason
from desk.domain.refusals import Reason
from desk.models import Duty, FloorMessage, FloorReading, Office, Person, TransactionRow
from tests.fixtures.office import BACK_OFFICE


def told(office, name):
    """Return the payload of the one event of this name."""
    (event,) = office.rows_of_event(name)
    return json.loads(event.payload), event.actor_id


class TestOpeningACounter:
    def test_the_officer_is_on_duty_and_the_event_says_who_ordered_it(self, desk_office):
        done = desk_office.budi.opens_counter(2, desk_office.sari)

        row = desk_office.row(Duty)
        assert done.facts == {"duty": row.id, "counter": desk_office.counters[2], "officer": desk_office.sari.id}
        assert (row.officer_id, row.state) == (desk_office.sari.id, "available")
        payload, actor = told(desk_office, EventName.DUTY_STARTED)
        assert payload["ordered_by"] == actor == desk_office.budi.id

    def test_a_desk_in_the_back_office_too(self, desk_office):
        desk_office.budi.opens_counter(BACK_OFFICE, desk_office.joko)

        assert desk_office.row(Duty).back_office

    def test_not_one_that_is_taken(self, desk_office):
        desk_office.dewi.signs_on(2)

        with desk_office.refuses(Reason.COUNTER_TAKEN, holder=desk_office.dewi.id):
            desk_office.budi.opens_counter(2, desk_office.sari)

    def test_not_with_somebody_on_duty_elsewhere(self, desk_office):
        desk_office.sari.signs_on(1)

        with desk_office.refuses(Reason.OFFICER_ON_DUTY, counter=desk_office.counters[1]):
            desk_office.budi.opens_counter(2, desk_office.sari)

    @pytest.mark.parametrize("name", ["Ratna", "Agus"])
    def test_not_with_somebody_who_does_not_work_at_counters(self, desk_office, name):
        with desk_office.refuses(Reason.UNKNOWN):
            desk_office.budi.opens_counter(2, desk_office.people[name])

    @pytest.mark.parametrize("officer", [0, -1, 2**31, 10**30])
    def test_not_with_nobody(self, desk_office, officer):
        with desk_office.refuses(Reason.UNKNOWN):
            desk_office.budi.opens_counter(2, officer)

    def test_not_the_counter_of_another_office(self, desk_office):
        desk_office.counters[9] = desk_office.another().counters[1]

        with desk_office.refuses(Reason.UNKNOWN):
            desk_office.budi.opens_counter(9, desk_office.sari)


class TestEndingADuty:
    def test_a_forgotten_duty_ends(self, desk_office):
        desk_office.sari.signs_on(1)
        desk_office.budi.ends_duty_of(desk_office.sari)

        assert desk_office.row(Duty).ended_at == desk_office.clock.now
        assert told(desk_office, EventName.DUTY_ENDED)[0]["ordered_by"] == desk_office.budi.id
        assert desk_office.dewi.signs_on(1)

    @pytest.mark.parametrize("step", ["calls", "serves"])
    def test_not_while_a_visitor_is_at_the_counter(self, desk_office, step):
        desk_office.sari.signs_on(1)
        desk_office.arrives()
        getattr(desk_office.sari, step)()

        with desk_office.refuses(Reason.VISITOR_AT_COUNTER):
            desk_office.budi.ends_duty_of(desk_office.sari)

    def test_not_twice(self, desk_office):
        desk_office.sari.signs_on(1)
        desk_office.budi.ends_duty_of(desk_office.sari)

        with desk_office.refuses(Reason.ALREADY_DONE):
            desk_office.budi.ends_duty_of(desk_office.sari)

    def test_nor_the_next_one_in_its_place(self, desk_office):
        desk_office.sari.signs_on(1)
        old = desk_office.row(Duty).id
        desk_office.sari.signs_off()
        desk_office.sari.signs_on(1)

        with desk_office.refuses(Reason.ALREADY_DONE):
            end_duty(desk_office, old)

    def test_who_waits_under_their_name_keeps_waiting(self, desk_office):
        desk_office.sari.signs_on(1)
        desk_office.dewi.signs_on(2)
        desk_office.arrives()
        transaction = desk_office.sari.serves()
        desk_office.dewi.takes_break()
        desk_office.dewi.accepts(desk_office.sari.offers(transaction, desk_office.dewi))
        desk_office.budi.ends_duty_of(desk_office.dewi)

        assert desk_office.state(transaction) is State.WAITING
        assert desk_office.transaction(transaction).holder_id == desk_office.dewi.id
        handoff = desk_office.budi.offers(transaction, desk_office.sari)
        assert desk_office.sari.accepts(handoff).facts["state"] == "serving"


def end_duty(office, duty):
    from desk.operations import staffing

    return staffing.end_duty(office.streams, duty, office.budi.asks("end_duty", duty=duty))


class TestSkills:
    def test_a_service_counts_at_once(self, desk_office):
        desk_office.joko.signs_on(1)
        desk_office.arrives()
        with desk_office.refuses(Reason.NOT_QUALIFIED):
            desk_office.joko.calls()

        desk_office.budi.adds_skill(desk_office.joko, "A")

        assert desk_office.joko.calls().facts["number"] == "A001"
        assert told(desk_office, EventName.SKILL_CHANGED)[0] == {
            "officer": desk_office.joko.id, "service": desk_office.services["A"], "from": False, "to": True,
        }  # fmt: skip

    def test_it_can_be_taken_away(self, desk_office):
        desk_office.sari.signs_on(1)
        desk_office.arrives("B")
        desk_office.budi.removes_skill(desk_office.sari, "B")

        with desk_office.refuses(Reason.NOBODY_WAITING):
            desk_office.sari.calls()
        payload, actor = told(desk_office, EventName.SKILL_CHANGED)
        assert (payload["from"], payload["to"], actor) == (True, False, desk_office.budi.id)

    def test_not_twice(self, desk_office):
        with desk_office.refuses(Reason.SKILL_THERE):
            desk_office.budi.adds_skill(desk_office.sari, "A")
        with desk_office.refuses(Reason.SKILL_GONE):
            desk_office.budi.removes_skill(desk_office.sari, "C")

    def test_no_service_of_another_office(self, desk_office):
        desk_office.services["X"] = desk_office.another().services["A"]

        with desk_office.refuses(Reason.UNKNOWN):
            desk_office.budi.adds_skill(desk_office.sari, "X")
        with desk_office.refuses(Reason.UNKNOWN):
            desk_office.budi.removes_skill(desk_office.sari, "X")

    def test_other_offices_keep_their_configuration(self, desk_office):
        other = desk_office.another()
        before = other.head.configuration
        desk_office.budi.adds_skill(desk_office.joko, "A")

        assert other.head.configuration == before


class TestMessages:
    def test_the_words_stand_beside_the_event(self, desk_office):
        message = desk_office.budi.tells(" Mohon Loket 1\r\ndibuka \x00", minutes=10, counter=1)

        row = desk_office.row(FloorMessage)
        assert (row.id, row.words, row.sender_id) == (message, "Mohon Loket 1\ndibuka", desk_office.budi.id)
        assert row.counter_id == desk_office.counters[1]
        assert (row.until_at - row.sent_at).total_seconds() == 600
        payload, _ = told(desk_office, EventName.FLOOR_MESSAGE_SENT)
        assert "dibuka" not in json.dumps(payload)

    def test_it_is_read_once(self, desk_office):
        message = desk_office.budi.tells("Rapat")
        desk_office.sari.reads(message)

        assert desk_office.row(FloorReading).person_id == desk_office.sari.id
        with desk_office.refuses(Reason.ALREADY_DONE):
            desk_office.sari.reads(message)

    @pytest.mark.parametrize("words", ["", "  \n ", "\x00"])
    def test_not_an_empty_one(self, desk_office, words):
        with desk_office.refuses(Reason.MESSAGE_EMPTY):
            desk_office.budi.tells(words)

    @pytest.mark.parametrize(("words", "minutes"), [("x" * 501, 5), ("Rapat", 0), ("Rapat", -5), ("Rapat", 10_000)])
    def test_not_one_too_long(self, desk_office, words, minutes):
        with desk_office.refuses(Reason.INVALID):
            desk_office.budi.tells(words, minutes=minutes)

    def test_not_one_that_is_none(self, desk_office):
        with desk_office.refuses(Reason.UNKNOWN):
            desk_office.sari.reads(desk_office.id << 40 | 1)

    def test_other_words_are_found(self, desk_office):
        desk_office.budi.tells("Rapat")
        with desk_office.engine.begin() as connection:
            connection.execute(text("UPDATE floor_messages SET words = 'Pulang'"))

        (finding,) = desk_office.findings()
        assert (finding.invariant, finding.kind) == (5, "words")
        with desk_office.engine.begin() as connection:
            connection.execute(text("UPDATE floor_messages SET words = NULL"))  # erased


class TestThresholds:
    def test_each_change_is_told_from_and_to(self, desk_office):
        done = desk_office.budi.sets(gap_offer_s=600, risk_percent=70)

        assert done.facts == {"changed": ["gap_offer_s", "risk_percent"]}
        assert (self.row(desk_office).gap_offer_s, self.row(desk_office).gap_called_s) == (600, 300)
        told_of = [json.loads(row.payload) for row in desk_office.rows_of_event(EventName.SETTING_CHANGED)]
        assert {"setting": "gap_offer_s", "from": 300, "to": 600} in told_of
        assert {"setting": "risk_percent", "from": 80, "to": 70} in told_of

    def row(self, office):
        with office.streams.reading() as connection:
            return connection.execute(Office.__table__.select().where(Office.id == office.id)).one()

    def test_nothing_changes(self, desk_office):
        with desk_office.refuses(Reason.ALREADY_DONE):
            desk_office.budi.sets()

    def test_out_of_bounds(self, desk_office):
        with desk_office.refuses(Reason.INVALID, field="risk_percent"):
            desk_office.budi.sets(risk_percent=100)


class TestDaysLeftOpen:
    def test_only_who_came_on_an_earlier_day(self, desk_office):
        old = desk_office.arrives().facts["transaction"]
        desk_office.clock.tick(24 * 3600)
        new = desk_office.arrives().facts["transaction"]
        done = desk_office.budi.closes_earlier_days()

        assert done.facts == {"closed": 1, "days": ["2026-03-02"]}
        assert desk_office.transaction(old).ending == Ending.CLOSED_UNSERVED
        assert desk_office.state(new) is State.WAITING
        assert told(desk_office, EventName.DAY_CLOSED)[0] == {"day": "2026-03-02", "closed": 1}
        with desk_office.refuses(Reason.ALREADY_DONE):
            desk_office.budi.closes_earlier_days()


class TestReassigning:
    def test_on_behalf_of_the_holder(self, desk_office):
        desk_office.sari.signs_on(1)
        desk_office.arrives()
        transaction = desk_office.sari.serves()
        desk_office.sari.processes(transaction)
        desk_office.budi.offers(transaction, desk_office.dewi, reason=HandoffReason.WORKLOAD)

        payload, actor = told(desk_office, EventName.HANDOFF_OFFERED)
        assert (payload["giver"], payload["receiver"]) == (desk_office.sari.id, desk_office.dewi.id)
        assert actor == desk_office.budi.id
        assert desk_office.transaction(transaction).holder_id == desk_office.sari.id

    def test_not_to_whoever_has_it(self, desk_office):
        desk_office.sari.signs_on(1)
        desk_office.arrives()
        transaction = desk_office.sari.serves()

        with desk_office.refuses(Reason.TO_THE_HOLDER):
            desk_office.budi.offers(transaction, desk_office.sari)
        with desk_office.refuses(Reason.TO_ONESELF):
            desk_office.sari.offers(transaction, desk_office.sari)

    def test_work_of_somebody_who_left_is_offered_on(self, desk_office):
        desk_office.sari.signs_on(1)
        desk_office.arrives()
        transaction = desk_office.sari.serves()
        desk_office.sari.processes(transaction)
        with desk_office.streams.setting_up() as connection:
            connection.execute(update(Person).where(Person.id == desk_office.sari.id).values(disabled_at=1))
        desk_office.dewi.accepts(desk_office.budi.offers(transaction, desk_office.dewi))

        assert desk_office.row(TransactionRow).holder_id == desk_office.dewi.id


ORDERS = {
    "opens_counter": lambda office, who: who.opens_counter(2, office.sari),
    "ends_duty_of": lambda office, who: who.ends_duty_of(office.dewi),
    "adds_skill": lambda office, who: who.adds_skill(office.joko, "A"),
    "removes_skill": lambda office, who: who.removes_skill(office.sari, "A"),
    "tells": lambda office, who: who.tells("Rapat"),
    "sets": lambda office, who: who.sets(gap_handoffs=4),
    "closes_earlier_days": lambda office, who: who.closes_earlier_days(),
}


@pytest.mark.parametrize("order", ORDERS)
def test_only_a_supervisor_orders(desk_office, order):
    desk_office.dewi.signs_on(1)
    for name in ("Sari", "Ratna", "Agus"):
        with desk_office.refuses(Reason.FORBIDDEN):
            ORDERS[order](desk_office, desk_office.people[name])
