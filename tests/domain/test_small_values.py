"""Ids, numbers, instants, tokens, and who may: the small values everything is built of."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.access import (
    FRONT_LINE,
    KIOSK,
    SYSTEM,
    VISITOR,
    Actor,
    Role,
    acting_person,
    require,
    require_custodian,
)
from desk.domain.clock import EPOCH, TOLERANCE, instant, micros, read_clock
from desk.domain.identity import MAX_EVENT_NUMBER, MAX_OFFICE_ID, event_of, id_of, office_of
from desk.domain.numbering import LAST_ORDINAL, label, next_ordinal
from desk.domain.refusals import Reason, Refused
from desk.domain.tokens import TokenKind, derive, hash_of

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
INSTANTS = st.integers(0, 2**52)


class TestIdentity:
    @given(st.integers(1, MAX_OFFICE_ID), st.integers(1, MAX_EVENT_NUMBER))
    def test_an_id_tells_its_office_and_its_event(self, office_id, number):
        entity_id = id_of(office_id, number=number)

        assert (office_of(entity_id), event_of(entity_id)) == (office_id, number)
        assert entity_id < 2**53, "a browser's numbers hold it exactly"

    @given(*[st.integers(1, MAX_OFFICE_ID)] * 2, *[st.integers(1, MAX_EVENT_NUMBER)] * 2)
    def test_no_two_are_alike(self, one_office, other_office, one, other):
        same = (one_office, one) == (other_office, other)

        assert (id_of(one_office, number=one) == id_of(other_office, number=other)) is same

    @pytest.mark.parametrize("number", [0, -1, 1, MAX_EVENT_NUMBER, -(2**70), 2**53, 2**80])
    def test_a_number_that_cannot_be_an_id_is_unknown(self, number):
        with pytest.raises(Refused) as caught:
            office_of(number)
        assert caught.value.reason is Reason.UNKNOWN


class TestNumbering:
    @pytest.mark.parametrize(
        ("series", "ordinal", "expected"),
        [("A", 7, "A007"), ("A", 999, "A999"), ("A", 1000, "A1000"), ("KB", 1, "KB001")],
    )
    def test_how_a_number_is_printed(self, series, ordinal, expected):
        assert label(series, ordinal) == expected

    def test_they_count_from_one(self):
        assert next_ordinal(None) == 1
        assert next_ordinal(1) == 2
        assert next_ordinal(LAST_ORDINAL - 1) == LAST_ORDINAL

    def test_up_to_the_last(self):
        with pytest.raises(Refused) as caught:
            next_ordinal(LAST_ORDINAL)
        assert caught.value.reason is Reason.INVALID

    @given(st.sampled_from("ABC"), st.integers(1, LAST_ORDINAL), st.sampled_from("ABC"), st.integers(1, LAST_ORDINAL))
    def test_no_two_are_printed_alike(self, one, first, other, second):
        assert (label(one, first) == label(other, second)) is ((one, first) == (other, second))


class TestClock:
    @given(INSTANTS)
    def test_instants_are_whole_microseconds(self, value):
        assert micros(instant(value)) == value

    @given(INSTANTS, st.integers(-14 * 60, 14 * 60))
    def test_in_whatever_zone_they_are_said(self, value, minutes):
        zone = timezone(timedelta(minutes=minutes))

        assert micros(instant(value).astimezone(zone)) == value

    def test_the_beginning(self):
        assert micros(EPOCH) == 0

    def test_a_time_without_its_zone_is_none(self):
        with pytest.raises(ValueError, match="naive"):
            micros(NOW.replace(tzinfo=None))

    @given(*[INSTANTS] * 2, st.booleans())
    def test_it_never_goes_back_nor_invents_time(self, now, latest, known):
        reading = read_clock(instant(now), latest=instant(latest), known_behind=known)

        assert reading.at == max(instant(now), instant(latest))
        assert reading.behind == max(timedelta(0), instant(latest) - instant(now))
        assert not (known and reading.newly_behind)

    @pytest.mark.parametrize(
        ("behind", "known", "expected"),
        [
            (timedelta(0), False, False),
            (TOLERANCE, False, False),
            (TOLERANCE + timedelta(microseconds=1), False, True),
            (timedelta(hours=1), False, True),
            (timedelta(hours=1), True, False),
        ],
    )
    def test_a_step_back_is_news_once(self, behind, known, expected):
        assert read_clock(NOW - behind, latest=NOW, known_behind=known).newly_behind is expected


SUBJECTS = st.tuples(
    st.sampled_from(TokenKind), st.integers(1, 2**53), st.sampled_from(["link", "email", "print"]), st.integers(1, 99)
)


class TestTokens:
    KEY = b"the key of the links, 32 bytes.."

    @given(SUBJECTS, SUBJECTS)
    def test_kinds_subjects_channels_and_generations_never_meet(self, one, other):
        first, second = (
            derive(self.KEY, kind, subject, channel=channel, generation=generation)
            for kind, subject, channel, generation in (one, other)
        )

        assert (first == second) is (one == other)
        assert (hash_of(first) == hash_of(second)) is (one == other)

    def test_one_of_each_kind_for_everything(self):
        made = {
            derive(self.KEY, kind, subject, channel=channel, generation=generation)
            for kind in TokenKind
            for subject in range(1, 60)
            for channel in ("link", "email")
            for generation in range(1, 12)
        }

        assert len(made) == len(TokenKind) * 59 * 2 * 11

    @given(SUBJECTS)
    def test_it_can_be_read_out_and_typed(self, subject):
        kind, number, channel, generation = subject
        token = derive(self.KEY, kind, number, channel=channel, generation=generation)

        assert len(token) == 26
        assert set(token) <= set("abcdefghijklmnopqrstuvwxyz234567")

    def test_without_the_key_it_is_another(self):
        assert derive(self.KEY, TokenKind.STATUS, 1) != derive(b"a guess", TokenKind.STATUS, 1)

    def test_what_is_kept_does_not_tell_it(self):
        token = derive(self.KEY, TokenKind.STATUS, 1)

        assert len(hash_of(token)) == 64
        assert token not in hash_of(token)


class TestAccess:
    @pytest.mark.parametrize("role", Role)
    def test_one_needs_one_of_the_roles(self, role):
        actor = Actor.staff(1, role)
        if role in FRONT_LINE:
            require(actor, FRONT_LINE)
        else:
            with pytest.raises(Refused) as caught:
                require(actor, FRONT_LINE)
            assert caught.value.reason is Reason.FORBIDDEN

    def test_any_one_of_them_is_enough(self):
        require(Actor.staff(1, Role.AUDITOR, Role.AGENT), FRONT_LINE)

    def test_the_system_may(self):
        require(SYSTEM, FRONT_LINE)

    @pytest.mark.parametrize("actor", [KIOSK, VISITOR, Actor.staff(1)])
    def test_nobody_else_may(self, actor):
        with pytest.raises(Refused) as caught:
            require(actor, FRONT_LINE)
        assert caught.value.reason is Reason.FORBIDDEN

    @pytest.mark.parametrize("actor", [KIOSK, VISITOR, SYSTEM])
    def test_some_are_nobody_in_particular(self, actor):
        with pytest.raises(Refused) as caught:
            acting_person(actor)
        assert caught.value.reason is Reason.FORBIDDEN

    def test_a_member_of_staff_is_somebody(self):
        assert acting_person(Actor.staff(7, Role.AGENT)) == 7

    @pytest.mark.parametrize("actor", [Actor.staff(1, Role.AGENT), Actor.staff(2, Role.SUPERVISOR), SYSTEM])
    def test_the_custodian_a_supervisor_and_the_system_may_act(self, actor):
        require_custodian(actor, 1)

    @pytest.mark.parametrize("actor", [Actor.staff(2, Role.AGENT), Actor.staff(2, Role.ADMIN), KIOSK, VISITOR])
    @pytest.mark.parametrize("holder", [1, None])
    def test_others_may_not(self, actor, holder):
        with pytest.raises(Refused) as caught:
            require_custodian(actor, holder)
        assert (caught.value.reason, caught.value.details) == (Reason.NOT_CUSTODIAN, {"holder": holder})

    def test_a_refusal_says_its_reason(self):
        assert str(Refused(Reason.UNKNOWN, id=3)) == "unknown"
