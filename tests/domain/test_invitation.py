"""Whether to ask afterwards: decided by the system, by one table."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from desk.domain.clock import micros
from desk.domain.facts import EventName
from desk.domain.invitation import (
    Asked,
    Decision,
    DecisionReason,
    Invitation,
    InvitationState,
    answered,
    decide,
    decided,
    require_answerable,
    superseded,
)
from desk.domain.lifecycle import Ending
from desk.domain.refusals import Reason, Refused

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
CASES = list(product(Ending, *[(False, True)] * 5))


def invitation(state=InvitationState.OPEN, expires_at=NOW + timedelta(days=14), generation=1):
    return Invitation(11, 12, 13, state, generation, expires_at)


@pytest.mark.parametrize(("ending", "served", "email", "consent", "pending", "surveys"), CASES)
def test_the_whole_table(ending, served, email, consent, pending, surveys):
    asked = Asked(ending, served, email, consent, pending, surveys)
    by_mail = DecisionReason.SAME_VISIT if pending else DecisionReason.BY_EMAIL
    expected = {
        (False, False): (Decision.NOT_INVITED, DecisionReason.SURVEY_OFF),
        (False, True): (Decision.NOT_INVITED, DecisionReason.SURVEY_OFF),
        (True, False): (Decision.NOT_INVITED, DecisionReason.NOT_SERVED),
        (True, True): (Decision.INVITED, by_mail if email and consent else DecisionReason.BY_LINK),
    }

    assert decide(asked) == expected[surveys, served]


def test_no_message_without_consent():
    mailed = {DecisionReason.BY_EMAIL, DecisionReason.SAME_VISIT}
    decisions = {(case[2] and case[3], decide(Asked(*case))[1]) for case in CASES}

    assert {consented for consented, reason in decisions if reason in mailed} == {True}


class TestDecided:
    ASKED = Asked(Ending.COMPLETED, was_served=True, has_email=False, consented=False)

    def test_the_first_is_the_first_generation_and_expires(self):
        fact = decided(12, 13, self.ASKED, at=NOW, last=None, valid_days=14)

        assert (fact.name, fact.transaction_id, fact.visit_id) == (EventName.INVITATION_DECIDED, 12, 13)
        assert fact.payload == {
            "decision": "invited",
            "reason": "by_link",
            "invitation": None,
            "generation": 1,
            "expires": micros(NOW + timedelta(days=14)),
        }

    def test_after_a_reopening_the_next_generation_of_the_same(self):
        fact = decided(12, 13, self.ASKED, at=NOW, last=invitation(generation=4), valid_days=14)

        assert (fact.payload["invitation"], fact.payload["generation"]) == (11, 5)

    def test_who_is_not_asked_has_nothing_that_expires(self):
        nobody = Asked(Ending.NO_SHOW, was_served=False, has_email=True, consented=True)

        assert decided(12, 13, nobody, at=NOW, last=None, valid_days=14).payload["expires"] is None


class TestAnswerable:
    @pytest.mark.parametrize(
        ("state", "reason"),
        [
            (InvitationState.ANSWERED, Reason.LINK_USED),
            (InvitationState.SUPERSEDED, Reason.LINK_REVOKED),
            (InvitationState.NONE, Reason.LINK_REVOKED),
        ],
    )
    def test_not_in_every_state(self, state, reason):
        for act in (lambda it: require_answerable(it, at=NOW), lambda it: answered(it, at=NOW, score=3)):
            with pytest.raises(Refused) as caught:
                act(invitation(state))
            assert caught.value.reason is reason

    @pytest.mark.parametrize("expires_at", [NOW, NOW - timedelta(days=1), None])
    def test_not_when_it_has_expired(self, expires_at):
        with pytest.raises(Refused) as caught:
            require_answerable(invitation(expires_at=expires_at), at=NOW)
        assert caught.value.reason is Reason.LINK_EXPIRED

    def test_to_the_last_microsecond(self):
        require_answerable(invitation(expires_at=NOW + timedelta(microseconds=1)), at=NOW)

    @pytest.mark.parametrize("score", range(-2, 9))
    def test_only_scores_of_the_scale(self, score):
        if 1 <= score <= 5:
            assert answered(invitation(), at=NOW, score=score).payload == {"invitation": 11, "score": score}
            return
        with pytest.raises(Refused) as caught:
            answered(invitation(), at=NOW, score=score)
        assert caught.value.reason is Reason.SCORE_MISSING


def test_a_question_that_is_taken_back_names_itself():
    fact = superseded(invitation())

    assert (fact.name, fact.payload) == (EventName.INVITATION_SUPERSEDED, {"invitation": 11})
