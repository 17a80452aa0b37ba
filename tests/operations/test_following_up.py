"""Low scores and complaints: who follows up, until when, what stays hidden from whom, and what becomes late."""

import json
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from desk.domain.access import SYSTEM, Actor, Role
from desk.domain.facts import EventName
from desk.domain.following_up import BOUNDS, FollowUpRules, FollowUpStep
from desk.domain.invitation import Privacy, Standing
from desk.domain.refusals import Reason
from desk.domain.shipped_questionnaires import SHIPPED
from desk.models import CaseStep, CaseWords, EventRow, FollowUpRow, InvitationRow, LooseResponse, Office
from desk.operations.complaints import following_up
from desk.operations.complaints.escalating import look_after
from desk.operations.opening import setting_up
from desk.operations.opening.setting_up import PersonPlan
from desk.operations.requests import Request
from desk.operations.survey import answering, questionnaires, taking_over

ELEMENTS = {each.key: "3" for each in SHIPPED["skm2017"].questions if each.scored}


@pytest.fixture
def office(desk_office):
    """Sari at counter 1."""
    desk_office.sari.signs_on(1)
    return desk_office


def ended(office, series="A", **said):
    """Serve somebody to the end; return the invitation."""
    office.arrives(series, **said)
    transaction = office.sari.serves()
    office.sari.completes(transaction)
    return office.row(InvitationRow, transaction_id=transaction)


def keeps(office, privacy):
    admin = Actor.staff(office.agus.id, Role.ADMIN)
    questionnaires.keep_answers(
        office.streams, office.id, Request(admin, "keep"), privacy=privacy, correction=timedelta(minutes=30)
    )


def steps(who, follow_up, step, note=None):
    request = who.asks("step", follow_up=follow_up, step=step, note=note)
    return following_up.take_step(who.office.streams, follow_up, request, step=FollowUpStep(step), note=note)


def assigns(who, follow_up, to, note=None):
    request = who.asks("assign", follow_up=follow_up, to=to)
    return following_up.assign(who.office.streams, follow_up, request, to_id=to, note=note)


def another_supervisor(office, name="Tuti"):
    return setting_up.enroll(office.streams, office.id, PersonPlan(name.lower(), name, (Role.SUPERVISOR,)))


class TestOpening:
    @pytest.mark.parametrize(("score", "opened"), [("1", 1), ("2", 1), ("3", 0), ("5", 0)])
    def test_a_score_at_or_under_the_threshold(self, office, score, opened):
        invitation = ended(office)
        office.says(invitation.id, score=score, what_failed="wait", comment="Lama")

        found = office.rows(FollowUpRow)
        assert len(found) == opened
        for row in found:
            assert (row.origin, row.state, row.privacy) == ("score", "open", "linked")
            assert (row.assigned_id, row.transaction_id) == (office.budi.id, invitation.transaction_id)
            assert row.service_id == office.services["A"]
        assert office.findings() == []

    def test_it_stands_in_the_unit_of_the_answer(self, office):
        invitation = ended(office)
        before = office.head.number
        office.says(invitation.id, score="1", comment="Lama")

        assert office.happened(before) == [EventName.RESPONSE_RECEIVED, EventName.FOLLOW_UP_OPENED]

    def test_the_lowest_mark_of_one_element_is_enough(self, office):
        office.asks_with("skm2017")
        office.says(ended(office).id, **(ELEMENTS | {"waktu": "1"}))
        assert office.row(FollowUpRow).satisfaction > 3_400

    def test_unless_the_office_goes_by_the_mean_alone(self, office):
        rules(office, follow_up_lowest=False)
        office.asks_with("skm2017")
        office.says(ended(office).id, **(ELEMENTS | {"waktu": "1"}))
        assert office.rows(FollowUpRow) == []

    def test_staff_open_none(self, office):
        invitation = ended(office)
        link = answering.Link(invitation.id, 1)
        given = {invitation.id: {"score": "1"}}
        request = Request(SYSTEM, "answer", {"given": given})
        answering.answer(office.streams, link, given, request, standing=Standing.STAFF)
        assert office.rows(FollowUpRow) == []

    def test_due_in_working_days_of_the_service(self, office):
        """Service C keeps office hours: three working days after Friday is Wednesday."""
        office.dewi.signs_on(2)
        office.clock.now = datetime(2026, 3, 6, 1, 0, tzinfo=UTC)
        office.arrives("C")
        transaction = office.dewi.serves(counter=2)
        office.dewi.completes(transaction)
        office.says(office.row(InvitationRow).id, score="1")
        assert office.row(FollowUpRow).due_on == date(2026, 3, 11)


class TestChoosing:
    def test_the_supervisor_who_served_is_passed_by(self, office):
        tuti = another_supervisor(office)
        office.budi.signs_on(2)
        office.arrives("A")
        transaction = office.budi.serves(counter=2)
        office.budi.completes(transaction)
        office.says(office.row(InvitationRow).id, score="1")

        row = office.row(FollowUpRow)
        assert (row.assigned_id, row.barred) == (tuti, [office.budi.id])

    def test_nobody_outside_the_chain(self, office):
        office.budi.signs_on(2)
        office.arrives("A")
        office.budi.completes(office.budi.serves(counter=2))
        office.says(office.row(InvitationRow).id, score="1")
        row = office.row(FollowUpRow)
        assert row.assigned_id is None

        with office.refuses(Reason.IN_THE_CHAIN):
            steps(office.budi, row.id, "contacted")
        with office.refuses(Reason.IN_THE_CHAIN):
            assigns(office.agus, row.id, office.budi.id)
        tuti = another_supervisor(office)
        assigns(office.agus, row.id, tuti, note="Ibu Tuti baru bertugas")
        assert office.row(FollowUpRow).assigned_id == tuti
        assert office.findings() == []

    def test_the_least_loaded_comes_first_then_the_lowest_id(self, office):
        tuti = another_supervisor(office)
        for _ in range(3):
            office.says(ended(office).id, score="1")
        assert [row.assigned_id for row in office.rows(FollowUpRow)] == [office.budi.id, tuti, office.budi.id]

    def test_who_works_on_it_after_a_reopening_is_barred_too(self, office):
        invitation = ended(office)
        office.says(invitation.id, score="1")
        office.budi.reopens(invitation.transaction_id)
        with office.refuses(Reason.IN_THE_CHAIN):
            steps(office.budi, office.row(FollowUpRow).id, "contacted")


class TestSteps:
    @pytest.fixture
    def follow_up(self, office):
        office.says(ended(office).id, score="1", comment="Lama")
        return office.row(FollowUpRow).id

    def test_contacted_then_resolved(self, office, follow_up):
        steps(office.budi, follow_up, "contacted")
        assert office.row(FollowUpRow).closed_at is None
        with office.refuses(Reason.WORDS_MISSING):
            steps(office.budi, follow_up, "resolved")
        steps(office.budi, follow_up, "resolved", "Sudah diminta maaf")

        row = office.row(FollowUpRow)
        assert (row.state, row.closed_by) == ("resolved", office.budi.id)
        assert [each.step for each in office.rows(CaseStep)] == ["opened", "contacted", "resolved"]
        assert office.row(CaseWords).words == "Sudah diminta maaf"
        assert office.findings() == []

    def test_words_are_in_no_event(self, office, follow_up):
        steps(office.budi, follow_up, "resolved", "Sudah diminta maaf")
        with office.streams.reading() as connection:
            assert not any("maaf" in each for each in connection.execute(select(EventRow.payload)).scalars())

    def test_words_that_were_changed_are_found(self, office, follow_up):
        steps(office.budi, follow_up, "resolved", "Sudah diminta maaf")
        with office.streams.engine.begin() as connection:
            connection.execute(update(CaseWords).values(words="Tidak apa-apa"))
        assert {(each.invariant, each.kind) for each in office.findings()} == {(5, "words")}
        with office.streams.engine.begin() as connection:
            connection.execute(update(CaseWords).values(words="Sudah diminta maaf"))

    @pytest.mark.parametrize("name", ["sari", "ratna", "agus"])
    def test_only_a_supervisor(self, office, follow_up, name):
        with office.refuses(Reason.FORBIDDEN):
            steps(getattr(office, name), follow_up, "contacted")

    def test_opened_again_it_has_a_new_day(self, office, follow_up):
        steps(office.budi, follow_up, "unreachable")
        office.clock.tick(5 * 86_400)
        steps(office.budi, follow_up, "reopened", "Pengguna jasa menelepon")
        row = office.row(FollowUpRow)
        assert (row.state, row.closed_at, row.due_on) == ("open", None, date(2026, 3, 10))
        assert office.findings() == []

    def test_no_step_out_of_turn(self, office, follow_up):
        with office.refuses(Reason.NOT_POSSIBLE_NOW):
            steps(office.budi, follow_up, "reopened", "Ulang")
        with office.refuses(Reason.INVALID):
            steps(office.budi, follow_up, "corrected")
        with office.refuses(Reason.UNKNOWN):
            steps(office.budi, follow_up + 1, "contacted")
        with office.refuses(Reason.INVALID):
            assigns(office.budi, follow_up, office.sari.id)
        with office.refuses(Reason.ALREADY_DONE):
            assigns(office.budi, follow_up, office.budi.id)


class TestCorrections:
    def test_a_correction_that_is_low_no_more_ends_it(self, office):
        invitation = ended(office)
        office.says(invitation.id, score="1")
        office.corrects(invitation.id, score="5")
        assert office.row(FollowUpRow).state == "corrected"
        office.corrects(invitation.id, score="1")
        assert office.row(FollowUpRow).state == "open"
        assert office.findings() == []

    def test_not_once_somebody_has_touched_it(self, office):
        invitation = ended(office)
        office.says(invitation.id, score="1")
        steps(office.budi, office.row(FollowUpRow).id, "contacted")
        office.corrects(invitation.id, score="5")
        assert office.row(FollowUpRow).state == "contacted"

    def test_a_correction_that_is_low_opens_one(self, office):
        invitation = ended(office)
        office.says(invitation.id, score="5")
        office.corrects(invitation.id, score="1")
        assert office.row(FollowUpRow).state == "open"


class TestPrivacy:
    def test_a_confidential_one_names_no_transaction(self, office):
        keeps(office, Privacy.CONFIDENTIAL)
        office.says(ended(office).id, score="1", comment="Lama")
        row = office.row(FollowUpRow)
        assert (row.privacy, row.transaction_id, row.service_id) == ("confidential", None, office.services["A"])

    def test_an_anonymous_one_is_opened_the_day_after(self, office):
        """Beside the event that the link was used, it would lead to the transaction."""
        keeps(office, Privacy.ANONYMOUS)
        office.says(ended(office).id, score="1", comment="Rahasia")
        assert office.rows(FollowUpRow) == []
        assert looks(office) == (0, 0)
        office.clock.tick(86_400)
        assert looks(office) == (1, 0)

        row, loose = office.row(FollowUpRow), office.row(LooseResponse)
        assert (row.privacy, row.transaction_id, row.response_id) == ("anonymous", None, None)
        assert (row.loose_id, row.day) == (loose.id, loose.day)
        assert looks(office) == (0, 0)
        assert office.findings() == []

    def test_whoever_may_have_handled_it_is_barred(self, office):
        keeps(office, Privacy.ANONYMOUS)
        office.budi.signs_on(2)
        office.arrives("A")
        office.budi.completes(office.budi.serves(counter=2))
        office.says(office.row(InvitationRow).id, score="1")
        office.clock.tick(86_400)
        looks(office)
        assert office.row(FollowUpRow).assigned_id is None


class TestLate:
    def test_told_once(self, office):
        office.says(ended(office).id, score="1")
        office.clock.tick(3 * 86_400)
        assert looks(office) == (0, 0)
        office.clock.tick(86_400)
        assert looks(office) == (0, 1)
        assert looks(office) == (0, 0)
        assert office.row(FollowUpRow).escalated_at is not None
        assert office.findings() == []


class TestSettings:
    def test_each_change_is_told(self, office):
        rules(office, follow_up_percent=50, follow_up_days=5)
        told = [json.loads(row.payload) for row in office.rows_of_event(EventName.SETTING_CHANGED)]
        assert {"setting": "follow_up_percent", "from": 34, "to": 50} in told
        assert office.streams.engine is not None
        with office.streams.reading() as connection:
            assert connection.execute(select(Office.follow_up_days)).scalar_one() == 5

    def test_out_of_bounds(self, office):
        for name, (least, most) in BOUNDS.items():
            for wrong in (least - 1, most + 1):
                with office.refuses(Reason.INVALID):
                    rules(office, **{name: wrong})

    def test_only_the_administrator(self, office):
        with office.refuses(Reason.FORBIDDEN):
            office.budi.changes_setting("follow_up_rules", follow_up_percent=50)


class TestPaper:
    """Sheets lie about until somebody types them in: what counts is when that was."""

    def typed(self, office, days_ago):
        questionnaire = SHIPPED["skm2017"]
        said = {each.key: 1 for each in questionnaire.questions if each.scored}
        taking_over.take_over(
            office.streams,
            office.id,
            office.budi.asks("take_over", days=days_ago),
            questionnaire=questionnaire,
            origin=taking_over.Origin.PAPER,
            sheets=[taking_over.Sheet(said, {}, office.today - timedelta(days=days_ago))],
        )

    def test_an_old_sheet_is_followed_up_once(self, office):
        self.typed(office, 40)
        assert looks(office) == (1, 0)
        row = office.row(FollowUpRow)
        assert (row.privacy, row.day) == ("anonymous", office.today - timedelta(days=40))
        assert looks(office) == (0, 0)

    def test_one_of_today_the_day_after(self, office):
        self.typed(office, 0)
        assert looks(office) == (0, 0)
        office.clock.tick(86_400)
        assert looks(office)[0] == 1

    def test_not_once_it_was_typed_too_long_ago(self, office):
        self.typed(office, 1)
        office.clock.tick(16 * 86_400)
        assert looks(office) == (0, 0)


def looks(office):
    done = look_after(office.streams, office.id, Request(SYSTEM, "look_after"))
    return done.facts["opened"], done.facts["escalated"]


def rules(office, **wanted):
    return office.agus.changes_setting("follow_up_rules", **asdict(FollowUpRules(**wanted)))
