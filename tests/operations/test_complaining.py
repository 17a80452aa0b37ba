"""What visitors say of their own accord: tied or not, acknowledged, answered, acted on, escalated, erased."""

import json
from datetime import date

import pytest
from sqlalchemy import select

from desk.domain.access import SYSTEM, VISITOR
from desk.domain.complaints import VoiceKind, VoiceStep
from desk.domain.following_up import FollowUpStep
from desk.domain.refusals import Reason
from desk.domain.tokens import TokenKind, derive, hash_of
from desk.models import (
    CaseWords,
    EventRow,
    Facility,
    FollowUpRow,
    Remembered,
    VisitorToken,
    VoiceContact,
    VoiceOfficer,
    VoiceRow,
)
from desk.operations.complaints import complaining, following_up
from desk.operations.complaints.complaining import Wish
from desk.operations.complaints.escalating import look_after
from desk.operations.requests import Request
from desk.reads.complaints import list_compliments

WATI = {"name": "Wati", "email": "wati@example.id", "phone": "0812"}


@pytest.fixture
def office(desk_office):
    """Sari at counter 1 has served A001 to the end."""
    desk_office.sari.signs_on(1)
    desk_office.arrives("A")
    desk_office.sari.completes(desk_office.sari.serves())
    return desk_office


def says(office, kind="complaint", words="Petugas tidak ramah", key=None, **more):
    wish = Wish(VoiceKind(kind), words, **more)
    done = complaining.receive(office.streams, office.id, wish, Request(VISITOR, "say", {"wish": str(wish)}, key))
    return done.facts["voice"]


def steps(who, voice, step, words=None):
    request = who.asks("voice_step", voice=voice, step=step)
    return complaining.take_step(who.office.streams, voice, request, step=VoiceStep(step), words=words)


def passes(who, voice, *officers):
    ids = [each.id for each in officers]
    return complaining.pass_on(who.office.streams, voice, who.asks("pass", voice=voice, ids=ids), officer_ids=ids)


def visit(office):
    return {"number": "a1", "day": office.today.isoformat()}


def owns(office, person, place=1):
    facility = office.rows(Facility)[place]
    office.agus.changes_setting("facility", subject=facility.id, owner_id=person.id)
    return facility.id


class TestReceiving:
    def test_a_complaint_has_its_dates_its_code_and_its_follow_up(self, office):
        voice = says(office, service_id=office.services["C"], **WATI)

        row, follow_up = office.row(VoiceRow), office.row(FollowUpRow)
        assert (row.id, row.state, row.acknowledge_on, row.answer_on) == (
            voice, "received", date(2026, 3, 5), date(2026, 3, 20),
        )  # fmt: skip
        assert (follow_up.origin, follow_up.voice_id, follow_up.assigned_id) == ("complaint", voice, office.budi.id)
        token = derive(office.streams.keys.links, TokenKind.VOICE, voice)
        assert office.row(VisitorToken, kind="voice").token_hash == hash_of(token)
        assert office.findings() == []

    def test_no_event_and_no_memory_holds_what_was_typed(self, office):
        says(office, key="k" * 20, **WATI)
        with office.streams.reading() as connection:
            kept = [*connection.execute(select(EventRow.payload)).scalars()]
            kept += [str(row) for row in connection.execute(select(Remembered.__table__))]
        assert not [each for each in kept if "ramah" in each or "Wati" in each or "wati@" in each or "0812" in each]

    def test_a_repeat_is_the_same_voice(self, office):
        assert says(office, key="k" * 20) == says(office, key="k" * 20)

    def test_anonymous_keeps_no_contact_and_no_visit(self, office):
        says(office, anonymous=True, **WATI, **visit(office))
        row = office.row(VoiceRow)
        assert (row.transaction_id, row.service_id, row.contact) == (None, None, None)
        assert office.rows(VoiceContact) == []
        assert office.row(FollowUpRow).transaction_id is None

    @pytest.mark.parametrize("number", ["A001", "a1", "A-001", " A 001 "])
    def test_a_number_that_fits_ties_it(self, office, number):
        says(office, number=number, day=office.today.isoformat())
        assert office.row(VoiceRow).transaction_id is not None

    @pytest.mark.parametrize(
        ("number", "day"), [("A002", "2026-03-02"), ("A001", "2026-03-01"), ("1", "2026-03-02"), ("A001", "")]
    )
    def test_one_that_does_not_is_not_told(self, office, number, day):
        says(office, number=number, day=day)
        assert office.row(VoiceRow).transaction_id is None

    def test_two_matters_of_one_number_are_told_apart_by_the_service_only(self, office):
        office.arrives("A", "B")
        says(office, number="A002", day=office.today.isoformat())
        says(office, number="A002", day=office.today.isoformat(), service_id=office.services["B"])
        assert [row.transaction_id is None for row in office.rows(VoiceRow)] == [True, False]

    def test_who_handled_it_is_passed_by(self, office):
        office.budi.signs_on(2)
        office.arrives("A")
        office.budi.completes(office.budi.serves(counter=2))
        says(office, number="A002", day=office.today.isoformat(), anonymous=True)
        row = office.row(VoiceRow)
        # Sari served somebody else that day: who is no supervisor is barred by the day, lest it lead to the visit.
        assert (row.barred, row.transaction_id) == ([office.sari.id, office.budi.id], None)
        assert office.row(FollowUpRow).assigned_id is None
        with office.refuses(Reason.IN_THE_CHAIN):
            steps(office.budi, row.id, "answered", "Maaf")

    def test_refusals(self, office):
        with office.refuses(Reason.WORDS_MISSING):
            says(office, words="  ")
        with office.refuses(Reason.ANSWER_TOO_LONG):
            says(office, words="a" * 4001)
        with office.refuses(Reason.UNKNOWN):
            says(office, facility_id=10**6)
        with office.refuses(Reason.UNKNOWN):
            says(office, service_id=10**6)


class TestAnswering:
    def test_an_answer_comes_before_the_end(self, office):
        voice = says(office)
        follow_up = office.row(FollowUpRow).id
        request = office.budi.asks("step")
        with office.refuses(Reason.ANSWER_FIRST):
            following_up.take_step(office.streams, follow_up, request, step=FollowUpStep.RESOLVED, note="Selesai")
        steps(office.budi, voice, "acknowledged")
        with office.refuses(Reason.WORDS_MISSING):
            steps(office.budi, voice, "answered")
        steps(office.budi, voice, "answered", "Kami mohon maaf.")
        following_up.take_step(office.streams, follow_up, request, step=FollowUpStep.RESOLVED, note="Selesai")

        row = office.row(VoiceRow)
        assert (row.state, office.row(CaseWords, id=row.answer_id).words) == ("answered", "Kami mohon maaf.")
        assert office.findings() == []

    def test_a_suggestion_is_seen_considered_and_adopted_with_a_reason(self, office):
        voice = says(office, "suggestion", "Tambah kursi")
        assert office.rows(FollowUpRow) == []
        for step in ("seen", "considered"):
            steps(office.budi, voice, step)
        with office.refuses(Reason.WORDS_MISSING):
            steps(office.budi, voice, "adopted")
        steps(office.budi, voice, "adopted", "Kursi ditambah bulan depan.")
        with office.refuses(Reason.NOT_POSSIBLE_NOW):
            steps(office.budi, voice, "declined", "Tidak")
        assert office.row(VoiceRow).closed_at is not None
        assert office.findings() == []

    def test_only_supervisors(self, office):
        voice = says(office)
        for who in (office.sari, office.ratna, office.agus):
            with office.refuses(Reason.FORBIDDEN):
                steps(who, voice, "acknowledged")


class TestCompliments:
    def test_it_reaches_the_chain_and_nobody_else(self, office):
        voice = says(office, "compliment", "Sari sangat membantu", anonymous=True, **visit(office))
        assert [row.person_id for row in office.rows(VoiceOfficer)] == [office.sari.id]
        with office.streams.reading() as connection:
            assert [each.id for each in list_compliments(connection, office.id, office.sari.id, language="id")] == [
                voice
            ]
            assert list_compliments(connection, office.id, office.dewi.id, language="id") == []
        assert office.findings() == []

    def test_one_of_nobody_in_particular_is_kept(self, office):
        says(office, "compliment", "Bagus")
        row = office.row(VoiceRow)
        assert (office.rows(VoiceOfficer), row.state, row.closed_at is not None) == ([], "kept", True)

    def test_a_supervisor_passes_it_on(self, office):
        voice = says(office, "compliment", "Bagus")
        with office.refuses(Reason.FORBIDDEN):
            passes(office.agus, voice, office.dewi)
        with office.refuses(Reason.INVALID):
            passes(office.budi, voice)
        with office.refuses(Reason.INVALID):
            passes(office.budi, voice, office.ratna)
        with office.refuses(Reason.INVALID):
            steps(office.budi, voice, "passed_on")
        passes(office.budi, voice, office.dewi)
        with office.refuses(Reason.ALREADY_DONE):
            passes(office.budi, voice, office.dewi)
        passes(office.budi, voice, office.dewi, office.sari)

        assert {row.person_id for row in office.rows(VoiceOfficer)} == {office.dewi.id, office.sari.id}
        row = office.row(VoiceRow)
        assert (row.state, row.acknowledged_at) == ("passed_on", None)
        assert office.findings() == []

    def test_neither_a_complaint_nor_what_was_erased(self, office):
        complaint = says(office)
        with office.refuses(Reason.NOT_POSSIBLE_NOW):
            passes(office.budi, complaint, office.dewi)
        voice = says(office, "compliment", "Bagus")
        complaining.erase(office.streams, voice, office.agus.asks("erase"))
        with office.refuses(Reason.NOT_POSSIBLE_NOW):
            passes(office.budi, voice, office.dewi)


class TestFacilities:
    def test_every_office_begins_with_six(self, office):
        assert len(office.rows(Facility)) == 6

    def test_a_complaint_goes_to_the_owner_who_is_a_supervisor(self, office):
        facility = owns(office, office.budi)
        says(office, facility_id=facility, words="Toilet kotor")
        assert office.row(FollowUpRow).assigned_id == office.budi.id

    def test_any_other_owner_acts_and_says_so(self, office):
        facility = owns(office, office.joko)
        voice = says(office, "suggestion", "Sabun habis", facility_id=facility)
        with office.refuses(Reason.FORBIDDEN):
            complaining.act(office.streams, voice, office.sari.asks("act"), words="Sudah")
        with office.refuses(Reason.WORDS_MISSING):
            complaining.act(office.streams, voice, office.joko.asks("act"), words=" ")
        complaining.act(office.streams, voice, office.joko.asks("act"), words="Sabun diisi")
        with office.refuses(Reason.ALREADY_DONE):
            complaining.act(office.streams, voice, office.joko.asks("act", again=1), words="Lagi")
        row = office.row(VoiceRow)
        assert (row.state, row.done_at is not None) == ("received", True)
        assert office.findings() == []

    def test_a_suggestion_to_an_owner_who_supervises_is_followed_up(self, office):
        says(office, "suggestion", "Sabun habis", facility_id=owns(office, office.budi))
        assert office.row(FollowUpRow).origin == "facility"

    def test_naming_is_the_administrators(self, office):
        facility = office.rows(Facility)[0]
        with office.refuses(Reason.FORBIDDEN):
            office.budi.changes_setting("facility", subject=facility.id, owner_id=office.budi.id)
        ratna = office.ratna.id
        for wrong in ({"owner_id": ratna}, {"owner_id": "x"}, {"name_id": " "}, {"retired": 1}, {"code": "x"}):
            with office.refuses(Reason.INVALID):
                office.agus.changes_setting("facility", subject=facility.id, **wrong)
        with office.refuses(Reason.UNKNOWN):
            office.agus.changes_setting("facility", subject=10**6, name_id="Lobi")
        office.agus.changes_setting("facility", name_id="Parkir", name_en="Parking", owner_id=None)
        assert not office.row(Facility, name_en="Parking").retired


class TestLate:
    def test_told_at_either_date(self, office):
        says(office)
        told = []
        for days in range(16):
            done = look_after(office.streams, office.id, Request(SYSTEM, "look_after"))
            if done.facts["escalated"]:
                told.append(days)
            office.clock.tick(86_400)
        # Day 4: the follow-up is due after three days, and so is acknowledging; five days later both go up; day 15: the
        # answer.
        assert told == [4, 9, 15]
        payloads = [json.loads(row.payload) for row in office.rows(EventRow) if row.name == "CaseEscalated"]
        assert [(each["kind"], each["why"]) for each in payloads] == [
            ("follow_up", "due"), ("voice", "acknowledge"), ("voice", "answer"),
        ]  # fmt: skip
        assert office.findings() == []

    def test_an_answer_in_time_is_told_to_nobody(self, office):
        voice = says(office)
        steps(office.budi, voice, "answered", "Kami mohon maaf.")
        office.clock.tick(30 * 86_400)
        look_after(office.streams, office.id, Request(SYSTEM, "look_after"))
        assert office.row(VoiceRow).escalated_at is None


class TestErasing:
    def test_words_answers_and_contact_go_the_trail_stays(self, office):
        voice = says(office, **WATI)
        steps(office.budi, voice, "answered", "Kami mohon maaf.")
        with office.refuses(Reason.FORBIDDEN):
            complaining.erase(office.streams, voice, office.budi.asks("erase"))
        complaining.erase(office.streams, voice, office.agus.asks("erase"))

        assert (office.rows(VoiceContact), office.rows(CaseWords)) == ([], [])
        assert office.row(VoiceRow).erased_at is not None
        assert office.findings() == []
        with office.refuses(Reason.ALREADY_DONE):
            complaining.erase(office.streams, voice, office.agus.asks("erase", again=1))
