"""Asking afterwards: the system decides, once for every end; nobody is asked twice, nor without consent."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from desk.domain.refusals import Reason
from desk.domain.tokens import TokenKind, derive, hash_of
from desk.models import Delivery, InvitationRow, Note, Office, ResponseRow, VisitorToken
from tests.fixtures.office import KEYS
from tests.operations.asked import CONSENTING, invitation_of, office, serve

__all__ = ["office"]


def serve_both(office, **said):
    """Serve both services of one visit to the end; return the transactions."""
    first, second = office.arrives("A", "B", **said).facts["transactions"]
    for transaction in (first, second):
        assert office.sari.serves() == transaction
        office.sari.completes(transaction)
        office.clock.tick(60)
    return first, second


def deliver(office, state="sent", **equal):
    """Write down what the worker made of the messages."""
    with office.streams.engine.begin() as connection:
        values = {"state": state, "sent_at": office.clock.now if state == "sent" else None}
        connection.execute(update(Delivery).where(Delivery.state == "pending").values(**values, **equal))


class TestDecision:
    @pytest.mark.parametrize(
        ("end", "said", "expected"),
        [
            (lambda sari, it: sari.completes(it), CONSENTING, ("invited", "by_email", "open")),
            (lambda sari, it: sari.completes(it), {"email": "siti@example.id"}, ("invited", "by_link", "open")),
            (lambda sari, it: sari.completes(it), {"consent": True}, ("invited", "by_link", "open")),
            (lambda sari, it: sari.completes(it), {}, ("invited", "by_link", "open")),
            (lambda sari, it: sari.cancels(it), CONSENTING, ("invited", "by_email", "open")),
            (lambda sari, it: sari.sees_leave(it), {}, ("invited", "by_link", "open")),
        ],
    )
    def test_for_somebody_served(self, office, end, said, expected):
        office.arrives("A", **said)
        transaction = office.sari.serves()

        end(office.sari, transaction)

        row = invitation_of(office, transaction)
        assert (row.decision, row.reason, row.state) == expected
        delay = timedelta(minutes=5) if row.reason == "by_email" else timedelta(0)
        assert row.expires_at == office.clock.now + delay + timedelta(days=14)

    @pytest.mark.parametrize(
        "end",
        [
            lambda office, it: office.sari.misses(office.sari.calls().facts["transaction"]),
            lambda office, it: office.leaves(office.transaction(it).visit_id),
            lambda office, it: office.sari.cancels(it),
            lambda office, it: office.budi.closes_day(),
        ],
        ids=["no-show", "left", "cancelled", "closed"],
    )
    def test_for_somebody_nobody_served(self, office, end):
        transaction = office.arrives("A", **CONSENTING).facts["transaction"]

        end(office, transaction)

        row = invitation_of(office, transaction)
        assert (row.decision, row.reason, row.state, row.expires_at) == ("not_invited", "not_served", "none", None)
        assert office.rows(Delivery) == []

    def test_whom_the_back_office_served_was_served(self, office):
        transaction = office.arrives("A").facts["transaction"]
        office.joko.accepts(office.budi.offers(transaction, office.joko))

        office.joko.completes(transaction)

        assert invitation_of(office, transaction).decision == "invited"

    def test_in_an_office_that_does_not_ask(self, office):
        with office.streams.setting_up() as connection:
            connection.execute(update(Office).values(survey_on=False))

        row = invitation_of(office, serve(office, **CONSENTING))
        assert (row.decision, row.reason) == ("not_invited", "survey_off")

    def test_none_while_it_is_open(self, office):
        office.arrives("A")
        office.sari.pauses(office.sari.serves())

        assert office.rows(InvitationRow) == []


class TestMessage:
    def test_it_is_queued_with_the_end_and_holds_no_token(self, office):
        transaction = serve(office, language="en", **CONSENTING)

        row = office.row(Delivery)
        invitation = invitation_of(office, transaction)
        assert (row.state, row.address, row.language) == ("pending", "siti@example.id", "en")
        assert (row.id, row.invitation_id) == (invitation.id, invitation.id)
        assert row.due_at == office.clock.now + timedelta(minutes=5)
        assert derive(KEYS.links, TokenKind.SURVEY, invitation.id, channel="email") not in str(row)

    def test_the_hash_of_each_link_is_kept(self, office):
        invitation = invitation_of(office, serve(office, **CONSENTING))

        kept = {row.token_hash for row in office.rows(VisitorToken) if row.kind == "survey"}
        channels = ("link", "ticket", "receipt", "email")
        links = {derive(KEYS.links, TokenKind.SURVEY, invitation.id, channel=each) for each in channels}
        assert kept == {hash_of(link) for link in links}

    def test_not_without_consent(self, office):
        serve(office, email="siti@example.id")

        assert office.rows(Delivery) == []

    def test_one_for_both_services_of_a_visit(self, office):
        first, second = serve_both(office, **CONSENTING)

        assert office.row(Delivery).invitation_id == invitation_of(office, first).id
        assert invitation_of(office, second).reason == "same_visit"

    def test_another_once_the_first_has_gone_out(self, office):
        first, second = office.arrives("A", "B", **CONSENTING).facts["transactions"]
        office.sari.serves()
        office.sari.completes(first)
        deliver(office)
        office.sari.serves()
        office.sari.completes(second)

        assert invitation_of(office, second).reason == "by_email"

    def test_another_once_the_first_was_answered_and_so_will_not_go_out(self, office):
        first, second = office.arrives("A", "B", **CONSENTING).facts["transactions"]
        office.sari.serves()
        office.sari.completes(first)
        office.answers(invitation_of(office, first).id)
        office.sari.serves()
        office.sari.completes(second)

        assert invitation_of(office, second).reason == "by_email"


class TestReopening:
    def test_before_it_was_sent_the_question_is_taken_back(self, office):
        transaction = serve(office, **CONSENTING)

        office.sari.reopens(transaction)

        assert invitation_of(office, transaction).state == "superseded"
        row = office.row(Delivery)
        assert (row.state, row.address) == ("cancelled", None)

    def test_the_next_end_asks_under_the_next_generation(self, office):
        transaction = serve(office, **CONSENTING)
        first = invitation_of(office, transaction)
        office.sari.reopens(transaction)
        office.clock.tick(60)
        office.sari.completes(transaction)

        now = invitation_of(office, transaction)
        assert (now.id, now.generation, now.state) == (first.id, 2, "open")
        assert [row.state for row in office.rows(Delivery)] == ["cancelled", "pending"]
        with office.refuses(Reason.LINK_REVOKED):
            office.answers(now.id, generation=1)
        assert office.answers(now.id, generation=2)

    @pytest.mark.parametrize("state", ["sent", "sending"])
    def test_once_it_was_sent_the_question_stands_and_nobody_is_asked_twice(self, office, state):
        transaction = serve(office, **CONSENTING)
        deliver(office, state)
        office.sari.reopens(transaction)
        office.sari.completes(transaction)

        now = invitation_of(office, transaction)
        assert (now.generation, now.state) == (1, "open")
        assert len(office.rows(Delivery)) == 1
        assert office.answers(now.id)

    def test_once_it_was_answered_the_answer_stands(self, office):
        transaction = serve(office)
        office.answers(invitation_of(office, transaction).id, 2)
        office.sari.reopens(transaction)
        office.sari.completes(transaction)

        assert invitation_of(office, transaction).state == "answered"
        assert office.row(ResponseRow).score == 2

    def test_a_message_that_asked_about_the_whole_visit_is_not_sent_again_for_part_of_it(self, office):
        first, second = serve_both(office, **CONSENTING)
        deliver(office)

        office.sari.reopens(second)
        office.sari.completes(second)

        assert invitation_of(office, second).generation == 1
        assert len(office.rows(Delivery)) == 1
        assert first != second

    def test_the_rest_of_the_visit_is_asked_about_though_the_bearer_was_reopened(self, office):
        first, second = serve_both(office, **CONSENTING)

        office.sari.reopens(first)

        pending = office.row(Delivery, state="pending")
        assert pending.invitation_id == invitation_of(office, second).id
        assert pending.address == "siti@example.id"

    def test_of_a_visit_that_was_asked_a_no_show_may_still_be_reinstated(self, office):
        office.arrives("A", "B", **CONSENTING)
        first = office.sari.serves()
        office.sari.completes(first)
        deliver(office)
        second = office.sari.calls().facts["transaction"]
        office.sari.misses(second)

        office.sari.reinstates(second)

        assert invitation_of(office, second).state == "superseded"


class TestAnswer:
    @pytest.fixture
    def invitation(self, office):
        return invitation_of(office, serve(office)).id

    @pytest.mark.parametrize("score", [1, 2, 3, 4, 5])
    def test_one_answer(self, office, invitation, score):
        office.answers(invitation, score)

        assert office.row(ResponseRow).score == score
        assert office.row(InvitationRow).state == "answered"

    @pytest.mark.parametrize("score", [0, 6, -1, 100, 2**70])
    def test_outside_the_scale_is_refused(self, office, invitation, score):
        with office.refuses(Reason.SCORE_MISSING):
            office.answers(invitation, score)

    def test_no_score_is_refused_and_leaves_it_open(self, office, invitation):
        with office.refuses(Reason.SCORE_MISSING):
            office.answers(invitation, None)
        assert office.answers(invitation)

    def test_the_words_are_kept_apart(self, office, invitation):
        done = office.answers(invitation, 1, comment="  Lama sekali \U0001f622 ")

        note = office.row(Note)
        assert (note.id, note.words, note.author_id) == (done.facts["responses"][0], "Lama sekali \U0001f622", None)

    def test_too_many_words_are_refused(self, office, invitation):
        with office.refuses(Reason.ANSWER_TOO_LONG, most=4_000):
            office.answers(invitation, 1, comment="x" * 4_001)
        assert office.answers(invitation, 1, comment="x" * 4_000)

    def test_once(self, office, invitation):
        office.answers(invitation, 4)

        for score in (4, 5, None):
            with office.refuses(Reason.LINK_USED):
                office.answers(invitation, score)

    def test_the_same_press_twice_gets_the_same_answer(self, office, invitation):
        first = office.answers_all(invitation, {invitation: (4, None)}, key="press-1")

        again = office.answers_all(invitation, {invitation: (4, None)}, key="press-1")

        assert again.repeated
        assert again.facts == first.facts

    def test_until_it_expires(self, office, invitation):
        office.clock.tick(14 * 86_400)

        with office.refuses(Reason.LINK_EXPIRED):
            office.answers(invitation)
        with office.refuses(Reason.LINK_EXPIRED):
            office.answers(invitation, None)

    def test_to_the_last_moment(self, office, invitation):
        office.clock.tick(14 * 86_400 - 0.000001)

        assert office.answers(invitation)

    def test_not_while_it_is_taken_back(self, office, invitation):
        office.sari.reopens(office.row(InvitationRow).transaction_id)

        with office.refuses(Reason.LINK_REVOKED):
            office.answers(invitation)

    def test_not_where_nobody_was_asked(self, office):
        transaction = office.arrives("A").facts["transaction"]
        office.sari.cancels(transaction)

        with office.refuses(Reason.LINK_REVOKED):
            office.answers(invitation_of(office, transaction).id)

    @pytest.mark.parametrize("generation", [0, 2, 99])
    def test_not_with_the_link_of_another_generation(self, office, invitation, generation):
        with office.refuses(Reason.LINK_REVOKED):
            office.answers(invitation, generation=generation)

    def test_not_to_a_question_that_does_not_exist(self, office, invitation):
        with office.refuses(Reason.LINK_REVOKED):
            office.answers(invitation + 1)

    def test_both_services_of_a_visit_in_one_form(self, office):
        first, second = (invitation_of(office, each).id for each in serve_both(office, **CONSENTING))

        done = office.answers_all(first, {first: (5, None), second: (2, "Lama")})

        assert len(done.facts["responses"]) == 2
        assert [row.score for row in office.rows(ResponseRow)] == [5, 2]

    def test_or_one_now_and_one_later(self, office):
        first, second = (invitation_of(office, each).id for each in serve_both(office, **CONSENTING))
        office.answers_all(first, {second: (2, None)})

        assert office.answers_all(first, {first: (5, None)})

    def test_all_of_a_form_or_nothing(self, office):
        first, second = (invitation_of(office, each).id for each in serve_both(office, **CONSENTING))

        with office.refuses(Reason.SCORE_MISSING):
            office.answers_all(first, {first: (5, None), second: (0, None)})
        assert office.rows(ResponseRow) == []

    def test_not_about_the_visit_of_another(self, office, invitation):
        other = invitation_of(office, serve(office)).id

        with office.refuses(Reason.LINK_REVOKED):
            office.answers_all(invitation, {invitation: (5, None), other: (1, None)})
