"""Whether to ask afterwards: decided by the system, by one table."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from desk.domain.asking import About, Asked, Told, decide, decided
from desk.domain.clock import micros
from desk.domain.facts import EventName
from desk.domain.invitation import (
    Channel,
    Decision,
    DecisionReason,
    Invitation,
    InvitationState,
    Privacy,
    Response,
    Standing,
    answered,
    require_answerable,
    revised,
    superseded,
    used,
)
from desk.domain.lifecycle import Ending
from desk.domain.questionnaires import fill
from desk.domain.refusals import Reason, Refused
from desk.domain.shipped_questionnaires import SHIPPED

ONE = SHIPPED["one"]
NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
# Every ending with every combination of what the rule looks at, in the order of the fields of `Asked`.
FLAGS = tuple(field.name for field in fields(Asked) if field.name != "ending")
COMBINATIONS = list(product(*[(False, True)] * len(FLAGS)))


def by_email(it):
    return it["consented"] and it["has_email"] and not it["bounced"]


def by_phone(it):
    return it["consented"] and it["has_phone"] and not it["phone_bounced"]


def reachable(it):
    return by_email(it) or by_phone(it)


# The order of precedence of docs/survey.md, written down apart from the rule.
PRECEDENCE = (
    ("survey_off", lambda it: not it["surveys"]),
    ("service_excluded", lambda it: it["service_excluded"]),
    ("not_served", lambda it: not it["was_served"] and not it["unserved_too"]),
    ("own_staff", lambda it: it["own_staff"]),
    ("opted_out", lambda it: it["opted_out"]),
    ("no_contact", lambda it: not it["links"] and not reachable(it)),
    ("asked_lately", lambda it: it["asked_lately"]),
    ("not_sampled", lambda it: not it["sampled"]),
    ("by_link", lambda it: not reachable(it)),
    ("same_visit", lambda it: it["message_pending"]),
    ("by_phone", lambda it: by_phone(it) and (it["phone_first"] or not by_email(it))),
    ("by_email", lambda it: True),
)
INVITED = {"by_link", "same_visit", "by_email", "by_phone"}


def invitation(state=InvitationState.OPEN, expires_at=NOW + timedelta(days=14), generation=1):
    return Invitation(11, 12, 13, state, generation, expires_at)


def said(it, score, questionnaire=ONE, key="score"):
    filled = fill(questionnaire, {key: str(score)})
    return answered(it, questionnaire, filled, at=NOW, channel=Channel.LINK, standing=Standing.VISITOR)


@pytest.mark.parametrize("ending", Ending)
def test_the_whole_table(ending):
    """Nothing but the first of the reasons that hold decides; the ending itself never does."""
    for combination in COMBINATIONS:
        it = dict(zip(FLAGS, combination, strict=True))
        expected = next(name for name, holds in PRECEDENCE if holds(it))
        decision = Decision.INVITED if expected in INVITED else Decision.NOT_INVITED

        assert decide(Asked(ending, **it)) == (decision, DecisionReason(expected)), it


def test_every_reason_has_its_place_and_occurs():
    assert [name for name, _ in PRECEDENCE[:8]] == [each.value for each in DecisionReason if each not in INVITED]
    assert {decide(Asked(None, *each))[1] for each in COMBINATIONS} == set(DecisionReason)


def test_no_message_without_consent_nor_to_a_mailbox_that_is_not_there():
    for combination in COMBINATIONS:
        it = Asked(None, *combination)
        reason = decide(it)[1]
        if reason is DecisionReason.BY_EMAIL:
            assert (it.has_email, it.consented, it.bounced, it.opted_out) == (True, True, False, False)
        if reason is DecisionReason.BY_PHONE:
            assert (it.has_phone, it.consented, it.phone_bounced, it.opted_out) == (True, True, False, False)
        if reason is DecisionReason.SAME_VISIT:
            assert (it.consented, it.opted_out) == (True, False)


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
            "questionnaire": None,
            "privacy": "linked",
            "correction": None,
            "service": None,
            "officer": None,
            "by": "end",
        }

    def test_it_keeps_what_the_visitor_is_told(self):
        told = Told(Privacy.CONFIDENTIAL, timedelta(minutes=20))
        fact = decided(12, 13, self.ASKED, at=NOW, last=None, valid_days=14, told=told)

        assert (fact.payload["privacy"], fact.payload["correction"]) == ("confidential", 1200)

    def test_it_says_which_service_and_who_had_it_last_and_runs_from_when_the_message_goes_out(self):
        later = NOW + timedelta(days=2)
        fact = decided(12, 13, self.ASKED, at=NOW, last=None, valid_days=14, about=About(3, 9, later))

        assert (fact.payload["service"], fact.payload["officer"]) == (3, 9)
        assert fact.payload["expires"] == micros(later + timedelta(days=14))

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
        for act in (lambda it: require_answerable(it, at=NOW), lambda it: said(it, 3), lambda it: used(it, at=NOW)):
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
            assert said(invitation(), score).payload == {
                "invitation": 11,
                "questionnaire": None,
                "channel": "link",
                "standing": "visitor",
                "service": None,
                "answers": {"score": score},
                "satisfaction": (score - 1) * 2_500,
                "score": score,
            }
            return
        with pytest.raises(Refused) as caught:
            said(invitation(), score)
        assert caught.value.reason is Reason.SCORE_MISSING

    def test_an_answer_on_another_scale_has_no_score_of_one_to_five(self):
        payload = said(invitation(), 9, questionnaire=SHIPPED["nps"], key="recommend").payload

        assert (payload["score"], payload["answers"], payload["satisfaction"]) == (None, {"recommend": 9}, 9_000)

    def test_an_anonymous_answer_leaves_nothing_but_that_it_came(self):
        assert used(invitation(), at=NOW).payload == {"invitation": 11}


class TestRevised:
    BEFORE = Response(21, 11, 12, NOW, {"score": 1}, 0, 1)

    def revise(self, score, after):
        filled = fill(ONE, {"score": str(score)})
        limit = timedelta(minutes=30)
        return revised(self.BEFORE, invitation(InvitationState.ANSWERED), ONE, filled, at=NOW + after, within=limit)

    def test_keeps_what_was_said_before(self):
        assert self.revise(5, timedelta(minutes=30) - timedelta(microseconds=1)).payload == {
            "response": 21,
            "revision": 1,
            "before": {"score": 1},
            "satisfaction_before": 0,
            "answers": {"score": 5},
            "satisfaction": 10_000,
            "score": 5,
        }

    @pytest.mark.parametrize(
        ("score", "after", "reason"),
        [(5, timedelta(minutes=30), Reason.LINK_USED), (6, timedelta(0), Reason.SCORE_MISSING)],
    )
    def test_not_for_ever_and_not_off_the_scale(self, score, after, reason):
        with pytest.raises(Refused) as caught:
            self.revise(score, after)
        assert caught.value.reason is reason


def test_a_question_that_is_taken_back_names_itself():
    fact = superseded(invitation())

    assert (fact.name, fact.payload) == (EventName.INVITATION_SUPERSEDED, {"invitation": 11, "first": None})
