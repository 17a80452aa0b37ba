"""What becomes of a question when the transaction is opened again, and when its link is revoked by hand."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from desk.cli.case_keeping import make_up_for_reopened
from desk.domain.facts import EventName
from desk.domain.invitation import Channel
from desk.domain.reasons import RevokeReason
from desk.domain.refusals import Reason
from desk.models import Delivery, Note, Office
from desk.operations.survey.beginning import mark_begun
from desk.operations.survey.making_up import offices_with_taken_back
from tests.fixtures.dying import mortal
from tests.operations.asked import CONSENTING, invitation_of, office, serve

__all__ = ["office"]
# The service is open every day: seven working days after Monday 2 March are over when the 9th is, in Jakarta.
LIMIT = datetime(2026, 3, 9, 17, tzinfo=UTC)


class TestLeftInWork:
    def test_the_system_decides_when_the_limit_is_over_and_not_before(self, office):
        transaction = serve(office, **CONSENTING)
        office.sari.reopens(transaction)
        office.clock.now = LIMIT - timedelta(minutes=1)
        assert office.makes_up() == []
        assert invitation_of(office, transaction).state == "superseded"

        office.clock.now = LIMIT

        assert office.makes_up() == [transaction]
        row = invitation_of(office, transaction)
        assert (row.state, row.reason, row.generation, row.decided_by) == ("open", "by_email", 2, "limit")
        message = office.row(Delivery, state="pending")
        assert (message.address, message.due_at) == ("siti@example.id", row.decided_at + timedelta(minutes=5))
        assert office.answers(row.id, generation=2)
        assert office.makes_up() == []

    def test_it_is_about_the_last_end_whoever_has_it_now(self, office):
        transaction = serve(office)
        before = invitation_of(office, transaction)
        office.dewi.reopens(transaction)
        office.clock.now = LIMIT
        office.makes_up()

        row = invitation_of(office, transaction)
        assert (row.officer_id, row.service_id) == (office.sari.id, before.service_id)

    def test_what_ends_again_before_is_decided_about_then_and_once(self, office):
        transaction = serve(office, **CONSENTING)
        office.sari.reopens(transaction)
        office.clock.now = LIMIT - timedelta(days=1)
        office.sari.completes(transaction)
        office.clock.now = LIMIT + timedelta(days=1)

        assert office.makes_up() == []
        row = invitation_of(office, transaction)
        assert (row.generation, row.decided_by) == (2, "end")

    def test_what_ends_after_it_is_not_decided_about_again(self, office):
        transaction = serve(office, **CONSENTING)
        office.sari.reopens(transaction)
        office.clock.now = LIMIT
        office.makes_up()
        office.sari.completes(transaction)

        assert invitation_of(office, transaction).generation == 2
        assert [each.state for each in office.rows(Delivery)] == ["cancelled", "pending"]

    def test_reopening_again_does_not_begin_the_time_anew(self, office):
        transaction = serve(office)
        for _ in range(3):
            office.sari.reopens(transaction)
            office.clock.tick(86_400)
            office.sari.completes(transaction)
        office.sari.reopens(transaction)
        assert invitation_of(office, transaction).state == "superseded"
        office.clock.now = LIMIT

        assert office.makes_up() == [transaction]

    @pytest.mark.parametrize("made_up", [True, False])
    def test_after_the_limit_a_reopening_takes_nothing_back(self, office, made_up):
        transaction = serve(office)
        office.sari.reopens(transaction)
        if not made_up:
            office.sari.completes(transaction)
        office.clock.now = LIMIT
        if made_up:
            office.makes_up()
            office.sari.completes(transaction)
        office.sari.reopens(transaction)

        assert invitation_of(office, transaction).state == "open"

    def test_by_the_rule_of_then_somebody_may_not_be_asked(self, office):
        transaction = serve(office)
        office.sari.reopens(transaction)
        with office.streams.setting_up() as connection:
            connection.execute(update(Office).values(survey_on=False))
        office.clock.now = LIMIT
        office.makes_up()

        row = invitation_of(office, transaction)
        assert (row.state, row.reason, row.decided_by) == ("none", "survey_off", "limit")

    def test_whoever_was_not_invited_waits_for_the_next_end(self, office):
        with office.streams.setting_up() as connection:
            connection.execute(update(Office).values(survey_on=False))
        transaction = serve(office)
        office.sari.reopens(transaction)
        office.clock.now = LIMIT + timedelta(days=30)

        assert office.makes_up() == []
        assert offices_with_taken_back(office.streams) == []

    def test_the_worker_does_it_and_twice_is_once(self, office):
        transaction = serve(office)
        office.sari.reopens(transaction)
        office.clock.now = LIMIT

        assert offices_with_taken_back(office.streams) == [office.id]
        assert [make_up_for_reopened(office.streams) for _ in range(2)] == [1, 0]
        assert invitation_of(office, transaction).generation == 2

    def test_the_office_sets_the_limit(self, office):
        with office.streams.setting_up() as connection:
            connection.execute(update(Office).values(survey_reopened_days=1))
        transaction = serve(office)
        office.sari.reopens(transaction)
        office.clock.now = datetime(2026, 3, 3, 17, tzinfo=UTC)

        assert office.makes_up() == [transaction]

    @pytest.mark.slow
    def test_killed_before_the_commit_it_has_decided_nothing(self, office, office_url):
        transaction = serve(office, **CONSENTING)
        office.sari.reopens(transaction)
        done = subprocess.run(
            [sys.executable, "-c", mortal(MAKES_UP), office_url, LIMIT.isoformat()],
            env={**os.environ, "DIES_AT": "commit 1"}, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == -signal.SIGKILL, done.stderr
        assert invitation_of(office, transaction).state == "superseded"
        assert [each.state for each in office.rows(Delivery)] == ["cancelled"]

        office.clock.now = LIMIT
        assert office.makes_up() == [transaction]
        assert [each.state for each in office.rows(Delivery)] == ["cancelled", "pending"]


MAKES_UP = """
import sys
from datetime import datetime
from desk.cli.case_keeping import make_up_for_reopened
from desk.models.engine import open_engine
from desk.operations.stream import Streams
from tests.fixtures.office import KEYS

at = datetime.fromisoformat(sys.argv[2])
make_up_for_reopened(Streams(open_engine(sys.argv[1]), KEYS, clock=lambda: at))
"""


class TestRevoking:
    def test_a_supervisor_outside_the_chain_revokes_for_good(self, office):
        transaction = serve(office, **CONSENTING)
        invitation = invitation_of(office, transaction).id

        office.budi.revokes(transaction)

        row = invitation_of(office, transaction)
        assert (row.state, row.revoked_by, row.revoked_at) == ("revoked", office.budi.id, office.clock.now)
        assert [(each.state, each.address) for each in office.rows(Delivery)] == [("cancelled", None)]
        with office.refuses(Reason.LINK_WITHDRAWN):
            office.answers(invitation)
        office.sari.reopens(transaction)
        office.sari.completes(transaction)
        office.clock.now = LIMIT
        assert office.makes_up() == []
        assert invitation_of(office, transaction).state == "revoked"

    def test_an_administrator_may_too(self, office):
        transaction = serve(office)
        office.agus.revokes(transaction, RevokeReason.OTHER, note="Uji coba pelatihan")

        note = office.row(Note)
        assert (note.kind, note.words) == (EventName.INVITATION_REVOKED.value, "Uji coba pelatihan")

    @pytest.mark.parametrize("who", ["sari", "dewi", "ratna"])
    def test_officers_and_auditors_may_not(self, office, who):
        transaction = serve(office)
        with office.refuses(Reason.FORBIDDEN):
            getattr(office, who).revokes(transaction)

    def test_who_had_a_hand_in_it_may_not_also_after_a_handover(self, office):
        transaction = serve(office)
        office.budi.reopens(transaction)
        office.dewi.accepts(office.budi.offers(transaction, office.dewi))
        office.dewi.completes(transaction)

        with office.refuses(Reason.HANDLED_IT):
            office.budi.revokes(transaction)
        office.agus.revokes(transaction)

    def test_an_answer_stands(self, office):
        transaction = serve(office)
        office.answers(invitation_of(office, transaction).id, 1)

        with office.refuses(Reason.ANSWER_STANDS):
            office.budi.revokes(transaction)

    def test_twice_is_told(self, office):
        transaction = serve(office)
        office.budi.revokes(transaction)

        with office.refuses(Reason.ALREADY_DONE):
            office.agus.revokes(transaction)

    def test_where_no_link_works_there_is_nothing_to_revoke(self, office):
        expired, reopened = serve(office), serve(office)
        office.sari.reopens(reopened)
        waiting = office.arrives("A").facts["transaction"]
        office.clock.tick(14 * 86_400)

        for each in (expired, reopened, waiting):
            with office.refuses(Reason.NOTHING_TO_REVOKE):
                office.budi.revokes(each)
        with office.refuses(Reason.UNKNOWN):
            office.budi.revokes(waiting + 1_000)

    def test_other_asks_for_words(self, office):
        transaction = serve(office)
        with office.refuses(Reason.NOTE_MISSING):
            office.budi.revokes(transaction, RevokeReason.OTHER)

    def test_the_rest_of_the_visit_is_asked_all_the_same_and_through_this_link_too(self, office):
        first, second = office.arrives("A", "B", **CONSENTING).facts["transactions"]
        for transaction in (first, second):
            assert office.sari.serves() == transaction
            office.sari.completes(transaction)
        ours, others = invitation_of(office, first), invitation_of(office, second)

        office.budi.revokes(first)

        assert office.row(Delivery, state="pending").invitation_id == others.id
        for link in (ours.id, others.id):
            with office.refuses(Reason.LINK_WITHDRAWN):
                office.answers_all(link, {ours.id: (5, None)})
        assert office.answers_all(ours.id, {others.id: (5, None)})

    def test_a_reminder_that_waits_is_stopped(self, office):
        transaction = serve(office, **CONSENTING)
        with office.engine.begin() as connection:
            values = {"kind": "reminder", "state": "pending"}
            connection.execute(update(Delivery).values(**values))
        office.budi.revokes(transaction)

        assert office.row(Delivery).state == "cancelled"


def begins(office, *transactions):
    """The visitor turns the first page on their phone."""
    ids = [invitation_of(office, each).id for each in transactions]
    assert mark_begun(office.streams, office.id, ids, Channel.LINK) == len(ids)


class TestBegun:
    """Siti has begun to answer on her page, and nothing has gone out, when Sari opens her matter again."""

    def test_it_is_held_like_one_that_went_out(self, office):
        transaction = serve(office)
        begins(office, transaction)
        office.sari.reopens(transaction)

        row = invitation_of(office, transaction)
        assert (row.state, row.generation, row.held_at) == ("open", 1, office.clock.now)
        assert office.answers(row.id)
        office.sari.completes(transaction)
        assert office.findings() == []

    def test_what_was_not_begun_is_taken_back(self, office):
        transaction = serve(office)
        office.sari.reopens(transaction)

        assert invitation_of(office, transaction).state == "superseded"

    def test_its_message_waits_for_the_next_end(self, office):
        transaction = serve(office, **CONSENTING)
        begins(office, transaction)
        office.sari.reopens(transaction)
        assert (office.row(Delivery).state, office.row(Delivery).due_at) == ("pending", LIMIT)
        office.clock.tick(86_400)
        office.sari.completes(transaction)

        row, message = invitation_of(office, transaction), office.row(Delivery)
        assert (row.state, row.generation, row.held_at) == ("open", 1, None)
        assert (message.state, message.due_at) == ("pending", office.clock.now + timedelta(minutes=5))
        assert office.findings() == []

    def test_or_for_the_limit(self, office):
        transaction = serve(office, **CONSENTING)
        begins(office, transaction)
        office.sari.reopens(transaction)
        office.clock.now = LIMIT
        office.makes_up()

        assert office.row(Delivery).due_at == LIMIT + timedelta(minutes=5)

    def test_a_message_that_asks_about_more_waits_no_longer(self, office):
        first, second = office.arrives("A", "B", **CONSENTING).facts["transactions"]
        for transaction in (first, second):
            assert office.sari.serves() == transaction
            office.sari.completes(transaction)
        begins(office, first)
        due = office.row(Delivery).due_at
        office.sari.reopens(first)

        assert (office.row(Delivery).state, office.row(Delivery).due_at) == ("pending", due)
        assert invitation_of(office, second).state == "open"
