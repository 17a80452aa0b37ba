"""Nobody judges their own case: what staff say leaves the question to the visitor; handlers leave some to others."""

import json
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from desk.domain.access import VISITOR, Actor, Role
from desk.domain.facts import EventName
from desk.domain.invitation import Channel, Privacy, Standing
from desk.domain.redirecting import Correction
from desk.domain.refusals import Reason
from desk.domain.shipped_questionnaires import SHIPPED
from desk.models import (
    Delivery,
    FollowUpRow,
    InvitationRow,
    LooseResponse,
    Membership,
    Note,
    Office,
    Person,
    ResponseRow,
    SurveyImport,
    SurveyTally,
    VisitContact,
)
from desk.operations import delivering
from desk.operations.requests import Request
from desk.operations.survey import answering, taking_over
from tests.fixtures.office import OPENING

RIGHT = "wati.lestari@example.org"


@pytest.fixture
def office(desk_office):
    """Budi, who supervises, at counter 1; Sari at counter 2."""
    desk_office.budi.signs_on(1)
    desk_office.sari.signs_on(2)
    return desk_office


def keep_as(office, privacy):
    with office.streams.setting_up() as connection:
        connection.execute(update(Office).values(survey_privacy=privacy.value))


def served(office, who, counter, **said):
    """Serve somebody to the end; return the invitation."""
    office.arrives("A", **said)
    transaction = who.serves(counter=counter)
    who.completes(transaction)
    return office.row(InvitationRow, transaction_id=transaction)


def tries(office, invitation, channel=Channel.LINK, **given):
    """Answer from a browser in which somebody of the staff has signed in."""
    link = answering.Link(invitation.id, invitation.generation, channel)
    request = Request(VISITOR, "answer", {"given": given})
    return answering.answer(office.streams, link, {invitation.id: given}, request, standing=Standing.STAFF)


def enters(who, score="5", number="A001"):
    request = who.asks("enter", number=number, score=score)
    given = {"score": score}
    return taking_over.enter_for_visit(
        who.office.streams, who.office.id, request, day=who.office.today, label=number, given=given
    )


def redirects(who, address=RIGHT, *, roles=()):
    office = who.office
    request = Request(Actor.staff(who.id, who.role, *roles), "redirect", {"address": address})
    delivery = office.row(Delivery).id
    wrong = Correction.TOLD_BY_VISITOR
    return delivering.redirect(office.streams, office.id, delivery, request, address=address, reason=wrong)


def came_back(office, who, counter, **said):
    """Serve Wati, whose message comes back."""
    served(office, who, counter, **(said or {"email": "wati@example.org"}), consent=True)
    with office.streams.setting_up() as connection:
        connection.execute(update(Delivery).values(state="dead", attempts=1, last_error="550 no such user"))


def goes(office, who):
    """Somebody works here no more."""
    with office.streams.setting_up() as connection:
        connection.execute(update(Person).where(Person.id == who.id).values(disabled_at=OPENING))


def counted(office):
    return {row.origin: row.answers for row in office.rows(SurveyTally, holder_id=0)}


def counted_together(office):
    """Return the same over all days and services."""
    found = Counter()
    for row in office.rows(SurveyTally, holder_id=0):
        found[row.origin] += row.answers
    return found


class TestAnswersOfStaff:
    @pytest.mark.parametrize("privacy", list(Privacy))
    @pytest.mark.parametrize("channel", [Channel.LINK, Channel.TABLET, Channel.EMAIL])
    def test_they_are_kept_apart_and_the_visitor_answers(self, office, privacy, channel):
        keep_as(office, privacy)
        invitation = served(office, office.sari, 2)
        done = tries(office, invitation, channel, score="1", comment="Kata Sari")

        assert done.facts["responses"] == []
        assert (office.row(InvitationRow).state, office.rows(ResponseRow)) == ("open", [])
        assert (office.rows(FollowUpRow), office.rows(Note)) == ([], [])
        loose = office.row(LooseResponse)
        assert (loose.origin, loose.channel, loose.answers) == ("staff", None, {"score": 1})
        assert counted(office) == {"staff": 1}
        (event,) = office.rows_of_event(EventName.ANSWER_KEPT_APART)
        assert json.loads(event.payload) == {"invitation": invitation.id, "why": "signed_in"}
        assert event.transaction_id == invitation.transaction_id

        office.says(invitation.id, score="4")
        as_what = "anonymous" if privacy is Privacy.ANONYMOUS else "linked"
        assert counted(office) == {"staff": 1, as_what: 1}
        assert [row.standing for row in office.rows(ResponseRow)] == ["visitor"] * (as_what == "linked")
        with office.refuses(Reason.LINK_USED):
            tries(office, invitation, channel, score="5")

    def test_the_visitors_is_corrected_as_the_visitors(self, office):
        invitation = served(office, office.sari, 2)
        tries(office, invitation, score="5")
        office.says(invitation.id, score="4")
        office.corrects(invitation.id, score="1")

        row = office.row(ResponseRow)
        assert (row.standing, row.score, row.revision) == ("visitor", 1, 2)
        assert len(office.rows(FollowUpRow)) == 1
        assert counted(office) == {"staff": 1, "linked": 1}

    def test_the_link_of_a_colleague_who_was_a_visitor_is_used_up(self, office):
        invitation = served(office, office.sari, 2, email="dewi@example.org", consent=True)
        office.agus.changes_contact(office.dewi, email="Dewi@example.org")
        office.says(invitation.id, score="5")

        assert (office.row(ResponseRow).standing, office.row(InvitationRow).state) == ("staff", "answered")
        assert counted(office) == {"staff": 1}

    @pytest.mark.parametrize(
        ("given", "reason"),
        [({"score": "9"}, Reason.SCORE_MISSING), ({"comment": "x" * 4_001}, Reason.ANSWER_TOO_LONG)],
    )
    def test_they_must_fit_too(self, office, given, reason):
        invitation = served(office, office.sari, 2)
        with office.refuses(reason):
            tries(office, invitation, **{"score": "1", **given})

    def test_a_revoked_link_takes_none(self, office):
        invitation = served(office, office.sari, 2)
        office.budi.revokes(invitation.transaction_id)
        with office.refuses(Reason.LINK_WITHDRAWN):
            tries(office, invitation, score="1")


class TestPaper:
    def test_a_handler_leaves_the_sheet_to_somebody_else(self, office):
        served(office, office.budi, 1)
        with office.refuses(Reason.SHEET_OF_OWN_CASE):
            enters(office.budi)
        enters(office.agus)

        assert (office.row(ResponseRow).score, office.row(ResponseRow).channel) == (5, "paper")

    def test_so_does_whoever_handled_a_part_of_it(self, office):
        office.arrives("A")
        transaction = office.budi.serves(counter=1)
        office.sari.accepts(office.budi.offers(transaction, office.sari))
        office.sari.completes(transaction)
        with office.refuses(Reason.SHEET_OF_OWN_CASE):
            enters(office.budi)

    @pytest.mark.parametrize("privacy", list(Privacy))
    def test_where_all_had_a_hand_in_it_it_is_kept_apart(self, office, privacy):
        keep_as(office, privacy)
        invitation = served(office, office.budi, 1)
        goes(office, office.agus)
        done = enters(office.budi)

        assert done.facts == {"responses": [], "kept_apart": True}
        assert (office.row(LooseResponse).origin, office.row(InvitationRow).state) == ("staff", "open")
        (event,) = office.rows_of_event(EventName.ANSWER_KEPT_APART)
        assert (json.loads(event.payload)["why"], event.actor_id) == ("own_case", office.budi.id)
        office.says(invitation.id, score="2")
        assert counted(office)["staff"] == 1 and len(counted(office)) == 2

    def test_of_others_matters_the_sheet_counts(self, office):
        served(office, office.sari, 2)
        assert enters(office.budi).facts["kept_apart"] is False
        assert counted(office) == {"linked": 1}


class TestPaperWithoutANumber:
    """It could be about anybody who was there on its day."""

    def enters(self, who, service=None, *, days_ago=0, score=5):
        office, day = who.office, who.office.today - timedelta(days=days_ago)
        sheet = taking_over.Sheet({"score": score}, {}, day, 0 if service is None else office.services[service])
        request = who.asks("enter", service=service or "", day=str(day), score=score)
        return taking_over.enter_without_visit(
            office.streams, office.id, request, questionnaire=SHIPPED["one"], sheet=sheet
        )

    @pytest.mark.parametrize("service", ["A", None])
    def test_who_served_there_that_day_leaves_it_to_somebody_who_did_not(self, office, service):
        served(office, office.budi, 1)
        with office.refuses(Reason.SHEET_OF_OWN_DAY):
            self.enters(office.budi, service)
        assert office.rows(SurveyImport) == []
        assert self.enters(office.agus, service).facts["kept_apart"] is False
        assert counted(office) == {"paper": 1}

    def test_so_does_whoever_handled_a_part_of_something(self, office):
        office.arrives("A")
        transaction = office.budi.serves(counter=1)
        office.sari.accepts(office.budi.offers(transaction, office.sari))
        office.sari.completes(transaction)
        with office.refuses(Reason.SHEET_OF_OWN_DAY):
            self.enters(office.budi, "A")

    def test_of_another_service_another_day_or_when_others_served_it_counts(self, office):
        served(office, office.sari, 2)
        self.enters(office.budi, "A", score=1)
        served(office, office.budi, 1)
        self.enters(office.budi, "B")
        self.enters(office.budi, "A", days_ago=1)
        assert counted_together(office) == {"paper": 3}

    def test_whoever_only_waits_in_a_queue_was_handled_by_nobody(self, office):
        office.arrives("A")
        assert self.enters(office.budi).facts["kept_apart"] is False

    def test_where_all_had_a_hand_in_something_it_is_kept_apart_as_a_batch_of_its_own(self, office):
        served(office, office.budi, 1)
        goes(office, office.agus)
        done = self.enters(office.budi, "A")

        batch = office.row(SurveyImport)
        assert (done.facts["kept_apart"], done.facts["import"], batch.origin) == (True, batch.id, "staff")
        assert (office.row(LooseResponse).origin, counted(office)) == ("staff", {"staff": 1})
        assert office.findings() == []
        taking_over.take_back(office.streams, office.id, batch.id, office.budi.asks("back"))
        assert (office.rows(LooseResponse), counted(office), office.findings()) == ([], {}, [])

    @pytest.mark.parametrize(("service", "reason"), [(9_999, Reason.UNKNOWN), (0, Reason.DATE_OUT_OF_RANGE)])
    def test_it_must_fit(self, office, service, reason):
        day = office.today + timedelta(days=service == 0)
        sheet = taking_over.Sheet({"score": 5}, {}, day, service)
        with office.refuses(reason):
            taking_over.enter_without_visit(
                office.streams, office.id, office.budi.asks("enter"), questionnaire=SHIPPED["one"], sheet=sheet
            )


class TestAddresses:
    def test_no_message_goes_to_a_member_of_staff(self, office):
        came_back(office, office.sari, 2)
        office.agus.changes_contact(office.dewi, email="Dewi@Example.org", phone="0812 3456 7890")
        for who in (office.budi, office.agus):
            for address in (" dewi@example.ORG ", "DEWI+skm@Example.org"):
                with office.refuses(Reason.ADDRESS_OF_STAFF):
                    redirects(who, address)
        assert office.row(VisitContact).email == "wati@example.org"

    def test_nor_to_their_phone(self, office):
        came_back(office, office.sari, 2, phone="081399998888")
        office.agus.changes_contact(office.dewi, phone="0812 3456 7890")
        with office.refuses(Reason.ADDRESS_OF_STAFF):
            redirects(office.agus, "+62 812-3456-7890")

    def test_nor_is_one_sent_again_that_is_known_to_be_theirs_by_now(self, office):
        came_back(office, office.sari, 2)
        office.agus.changes_contact(office.dewi, email="wati@example.org")
        with office.refuses(Reason.ADDRESS_OF_STAFF):
            delivering.resend(office.streams, office.id, office.row(Delivery).id, office.agus.asks("resend"))

    def test_a_handler_leaves_it_to_others(self, office):
        came_back(office, office.budi, 1)
        with office.refuses(Reason.ADDRESS_OF_OWN_CASE):
            redirects(office.budi)
        redirects(office.agus)
        assert office.row(Delivery).address == RIGHT

    def test_who_handled_another_matter_of_the_visit_too(self, office):
        """The message asks about all of it."""
        office.arrives("A", "B", email="wati@example.org", consent=True)
        for who, counter in ((office.sari, 2), (office.budi, 1)):
            who.completes(who.serves(counter=counter))
        with office.streams.setting_up() as connection:
            connection.execute(update(Delivery).values(state="dead", attempts=1, last_error="550 no such user"))
        with office.refuses(Reason.ADDRESS_OF_OWN_CASE):
            redirects(office.budi)

    def test_where_all_had_a_hand_in_it_an_administrator_may(self, office):
        came_back(office, office.budi, 1)
        goes(office, office.agus)
        with office.streams.setting_up() as connection:
            row = {"office_id": office.id, "person_id": office.budi.id, "role": "admin"}
            connection.execute(insert(Membership), row)
        redirects(office.budi, roles=[Role.ADMIN])

        (event,) = office.rows_of_event(EventName.MESSAGE_REDIRECTED)
        assert json.loads(event.payload)["by_handler"] is True

    def test_a_supervisor_may_not_while_there_is_one(self, office):
        office.arrives("A", email="wati@example.org", consent=True)
        transaction = office.budi.serves(counter=1)
        office.sari.accepts(office.budi.offers(transaction, office.sari))
        office.sari.completes(transaction)
        with office.streams.setting_up() as connection:
            connection.execute(update(Delivery).values(state="dead", attempts=1, last_error="550 no such user"))
            row = {"office_id": office.id, "person_id": office.sari.id, "role": "admin"}
            connection.execute(insert(Membership), row)
        goes(office, office.agus)
        with office.refuses(Reason.ADDRESS_OF_OWN_CASE):
            redirects(office.budi)
        redirects(office.sari, roles=[Role.ADMIN])
