"""Who had a hand in a matter, by its custody and not by today's roles: barred, told of nothing, erasing nothing."""

import pytest
from sqlalchemy import delete, update

from desk.domain.access import SYSTEM, VISITOR, Actor, Role
from desk.domain.complaints import VoiceKind, VoiceStep
from desk.domain.facts import EventName
from desk.domain.following_up import FollowUpStep
from desk.domain.hours import business_day
from desk.domain.invitation import Privacy
from desk.domain.refusals import Reason
from desk.models import (
    CaseStep,
    CaseWords,
    Erasure,
    Facility,
    FollowUpRow,
    InvitationRow,
    Membership,
    Person,
    VisitContact,
    VoiceContact,
    VoiceRow,
)
from desk.operations.complaints import complaining, following_up
from desk.operations.complaints.complaining import Wish
from desk.operations.complaints.escalating import look_after
from desk.operations.keeping import privacy
from desk.operations.requests import Request
from desk.reads.complaints import find_voice, list_of_owner, list_voices
from desk.reads.erasures import list_erasures
from desk.reads.follow_up_counts import count_period
from desk.reads.follow_ups import Wanted, find_follow_up, list_follow_ups, may_know_of
from desk.reads.kept_of_person import Sought, find_kept
from desk.reads.late_cases import count_waiting, list_overdue
from tests.operations.test_following_up import another_supervisor, ended, keeps

EMAIL = "wati@example.id"
WORDS = "Petugas tidak ramah"


@pytest.fixture
def office(desk_office):
    """Sari at counter 1 has served Wati, A001."""
    desk_office.sari.signs_on(1)
    desk_office.arrives("A", name="Wati", email=EMAIL, consent=True)
    desk_office.sari.completes(desk_office.sari.serves())
    return desk_office


def complains(office, number="A001", **more):
    wish = Wish(VoiceKind.COMPLAINT, WORDS, number=number, day=office.today.isoformat(), **more)
    return complaining.receive(office.streams, office.id, wish, Request(VISITOR, "say")).facts["voice"]


def promotes(office, who, role=Role.SUPERVISOR):
    with office.streams.setting_up() as connection:
        row = {"person_id": who.id, "office_id": office.id, "role": role.value}
        connection.execute(Membership.__table__.insert(), row)


def erases(office, who, *roles, **sought):
    request = Request(Actor.staff(who.id, *(roles or (who.role,))), "erase_person")
    wish = privacy.Wish(Sought(**(sought or {"address": EMAIL})))
    return privacy.erase_person(office.streams, office.id, wish, request)


def names(office, people):
    """Let the cases name these as having had a hand in them."""
    with office.streams.setting_up() as connection:
        for table in (VoiceRow, FollowUpRow):
            connection.execute(update(table).values(barred=people))


def totals(office, viewer):
    zone = office.streams.configuration
    with office.streams.reading() as connection:
        rules = zone(connection, office.id).rules
        day_of = lambda at: business_day(at, rules.zone, starts_at=rules.day_starts_at)  # noqa: E731
        since, until = office.clock.now.replace(year=2020), office.clock.now.replace(year=2030)
        counted = count_period(connection, office.id, since, until, viewer_id=viewer.id, day_of=day_of)
    return sum(each.opened for each in counted)


def sees(office, viewer):
    """Return in how many places somebody finds a case: lists, gaps, counts, totals."""
    with office.streams.reading() as connection:
        shown = {"viewer_id": viewer.id, "language": "id"}
        follow_ups = list_follow_ups(connection, office.id, Wanted(), today=office.today, **shown)
        voices = list_voices(connection, office.id, **shown)
        late = [
            each
            for each in list_overdue(connection, office.id, today=office.today, most=50)
            if viewer.id not in each.barred
        ]
        waiting = count_waiting(connection, office.id, viewer.id)
    counts = waiting.late_follow_ups + waiting.late_complaints
    return (len(follow_ups), len(voices), len(late), counts, totals(office, viewer))


class TestMadeASupervisorAfterwards:
    @pytest.mark.parametrize("anonymous", [False, True])
    def test_of_a_complaint_nothing_is_there_for_them(self, office, anonymous):
        voice = complains(office, anonymous=anonymous)
        office.clock.tick(20 * 86_400)
        look_after(office.streams, office.id, Request(SYSTEM, "look_after"))
        promotes(office, office.sari)

        assert sees(office, office.sari) == (0, 0, 0, 0, 0)
        assert sees(office, office.budi) == (1, 1, 2, 2, 1)
        request = Request(Actor.staff(office.sari.id, Role.SUPERVISOR), "step")
        with office.refuses(Reason.IN_THE_CHAIN):
            complaining.take_step(office.streams, voice, request, step=VoiceStep.ANSWERED, words="Maaf")
        follow_up = office.row(FollowUpRow).id
        with office.refuses(Reason.IN_THE_CHAIN):
            following_up.take_step(office.streams, follow_up, request, step=FollowUpStep.CONTACTED)
        with office.refuses(Reason.IN_THE_CHAIN):
            following_up.assign(office.streams, follow_up, office.agus.asks("assign"), to_id=office.sari.id)
        assert office.findings() == []

    @pytest.mark.parametrize("kept", [Privacy.CONFIDENTIAL, Privacy.ANONYMOUS])
    def test_of_an_answer_beside_no_name_neither(self, office, kept):
        keeps(office, kept)
        office.says(ended(office).id, score="1")
        office.clock.tick(86_400)
        look_after(office.streams, office.id, Request(SYSTEM, "look_after"))
        promotes(office, office.sari)
        assert sees(office, office.sari)[0] == totals(office, office.sari) == 0
        assert sees(office, office.budi)[0] == totals(office, office.budi) == 1

    def test_of_a_linked_answer_they_know_and_do_nothing(self, office):
        office.says(ended(office).id, score="1")
        promotes(office, office.sari)
        follow_up = office.row(FollowUpRow).id
        with office.streams.reading() as connection:
            line = find_follow_up(connection, office.id, follow_up, language="id")
        assert office.sari.id in line.barred and may_know_of(line, office.sari.id)
        assert totals(office, office.sari) == 1
        request = Request(Actor.staff(office.sari.id, Role.SUPERVISOR), "step")
        with office.refuses(Reason.IN_THE_CHAIN):
            following_up.take_step(office.streams, follow_up, request, step=FollowUpStep.CONTACTED)

    def test_of_a_row_that_names_supervisors_only(self, office):
        """As earlier versions wrote it: custody says the rest."""
        voice = complains(office)
        names(office, [])
        promotes(office, office.sari)
        assert sees(office, office.sari) == (0, 0, 0, 0, 0)
        with office.streams.reading() as connection:
            assert office.sari.id in find_voice(connection, office.id, voice, language="id").barred
        names(office, [office.sari.id])  # as the event says, with which the rows are compared

    def test_new_cases_pass_them_by_too(self, office):
        promotes(office, office.sari)
        complains(office)
        assert office.row(FollowUpRow).assigned_id == office.budi.id

    def test_others_of_that_day_may_become_supervisors_of_other_matters(self, office):
        promotes(office, office.joko)  # had no hand in anything
        complains(office, anonymous=True)
        assert office.joko.id not in office.row(VoiceRow).barred

    def test_who_takes_it_up_after_a_reopening_sees_it_no_more(self, office):
        complains(office)
        assert sees(office, office.budi)[0] == 1
        matter = office.row(InvitationRow).transaction_id
        office.budi.reopens(matter)
        office.budi.completes(matter)
        assert sees(office, office.budi) == (0, 0, 0, 0, 0)


def test_an_anonymous_complaint_names_all_who_served_that_day(office):
    """The handlers of its matter together would lead to the visit."""
    office.dewi.signs_on(2)
    office.arrives("B")
    office.dewi.completes(office.dewi.serves(counter=2))
    complains(office, anonymous=True)
    assert office.row(VoiceRow).barred == sorted([office.sari.id, office.dewi.id])


def test_the_person_in_charge_of_a_facility_hears_no_complaint_about_a_matter_of_theirs(office):
    facility = office.rows(Facility)[0]
    office.agus.changes_setting("facility", subject=facility.id, owner_id=office.sari.id)
    own = complains(office, facility_id=facility.id)
    other = complains(office, number="", facility_id=facility.id)
    with office.streams.reading() as connection:
        heard = list_of_owner(connection, office.id, office.sari.id, language="id")
    assert [each.id for each in heard] == [other]
    with office.refuses(Reason.UNKNOWN):
        complaining.act(office.streams, own, office.sari.asks("act"), words="Dibersihkan")
    complaining.act(office.streams, other, office.sari.asks("act", other=1), words="Dibersihkan")


class TestErasing:
    def test_who_had_a_hand_in_it_erases_nothing_and_is_told_who_can(self, office):
        voice = complains(office, email=EMAIL)
        promotes(office, office.sari)
        with office.refuses(Reason.NOT_BY_A_HANDLER):
            erases(office, office.sari, Role.SUPERVISOR)
        assert office.row(VoiceRow).erased_at is None
        assert len(office.rows(VoiceContact)) == len(office.rows(VisitContact)) == 1

        erases(office, office.budi)
        assert office.row(VoiceRow, id=voice).erased_at is not None
        assert office.findings() == []

    def test_whether_there_is_a_complaint_or_not(self, office):
        """Else the refusal would tell that there is one."""
        promotes(office, office.sari)
        with office.refuses(Reason.NOT_BY_A_HANDLER):
            erases(office, office.sari, Role.SUPERVISOR)

    def test_a_complaint_about_another_matter_of_theirs_counts_too(self, office):
        office.budi.signs_on(2)
        office.arrives("A")
        office.budi.completes(office.budi.serves(counter=2))
        complains(office, "A002", email=EMAIL)
        with office.refuses(Reason.NOT_BY_A_HANDLER):
            erases(office, office.budi)
        erases(office, office.agus)
        assert office.row(VoiceRow).erased_at is not None

    def test_of_what_is_all_hidden_nothing_is_there(self, office):
        office.budi.signs_on(2)
        office.arrives("A")
        office.budi.completes(office.budi.serves(counter=2))
        complains(office, "A002", email="siti@example.id")
        with office.refuses(Reason.UNKNOWN):
            erases(office, office.budi, address="siti@example.id")

    def test_an_administrator_where_nobody_else_is_and_the_register_says_so(self, office):
        complains(office, email=EMAIL)
        promotes(office, office.sari)
        promotes(office, office.sari, Role.ADMIN)
        with office.streams.setting_up() as connection:
            mine = Person.id.in_([office.budi.id, office.agus.id])
            connection.execute(update(Person).where(mine).values(disabled_at=office.clock()))
        with office.refuses(Reason.NOT_BY_A_HANDLER):
            erases(office, office.sari, Role.SUPERVISOR)
        erases(office, office.sari, Role.ADMIN)

        assert office.row(VoiceRow).erased_at is not None
        assert office.row(Erasure).by_handler is True
        assert '"by_handler":true' in office.rows_of_event(EventName.PERSONAL_DATA_ERASED)[0].payload
        with office.streams.reading() as connection:
            (line,) = list_erasures(connection, office.id, viewer_id=office.ratna.id)
            (own,) = list_erasures(connection, office.id, viewer_id=office.sari.id)
        assert (line.by_handler, "voices" in line.counts, "voices" in own.counts) == (True, True, False)
        assert office.findings() == []

    def test_a_supervisor_only_where_no_administrator_is(self, office):
        promotes(office, office.sari)
        with office.streams.setting_up() as connection:
            connection.execute(update(Person).where(Person.id == office.budi.id).values(disabled_at=office.clock()))
            connection.execute(delete(Membership).where(Membership.role == Role.ADMIN.value))
        erases(office, office.sari, Role.SUPERVISOR)
        assert office.row(Erasure).by_handler is True
        assert office.rows(VisitContact) == []

    def test_an_erasure_by_others_says_nothing_of_hands(self, office):
        erases(office, office.budi)
        assert office.row(Erasure).by_handler is False
        assert "by_handler" not in office.rows_of_event(EventName.PERSONAL_DATA_ERASED)[0].payload

    def test_an_administrator_who_handled_it_cannot_erase_one_complaint_either(self, office):
        voice = complains(office)
        request = Request(Actor.staff(office.sari.id, Role.ADMIN), "erase")
        with office.refuses(Reason.IN_THE_CHAIN):
            complaining.erase(office.streams, voice, request)

    def test_that_there_was_a_complaint_its_dates_and_its_end_stay(self, office):
        voice = complains(office, email=EMAIL)
        request = office.budi.asks("step")
        complaining.take_step(office.streams, voice, request, step=VoiceStep.ANSWERED, words="Maaf")
        follow_up, done = office.row(FollowUpRow).id, {"step": FollowUpStep.RESOLVED, "note": "Selesai"}
        following_up.take_step(office.streams, follow_up, office.budi.asks("end"), **done)
        before = (office.row(VoiceRow), office.row(FollowUpRow), totals(office, office.budi))
        steps = [(row.id, row.step, row.at) for row in office.rows(CaseStep)]

        office.clock.tick(60)
        erases(office, office.budi)
        after = (office.row(VoiceRow), office.row(FollowUpRow), totals(office, office.budi))
        assert office.rows(CaseWords) == []
        assert after[0].erased_at is not None
        for kept in ("kind", "state", "day", "received_at", "acknowledge_on", "answer_on", "answered_at", "closed_at"):
            assert getattr(after[0], kept) == getattr(before[0], kept), kept
        assert (after[1], after[2]) == (before[1], before[2])
        assert [(row.id, row.step, row.at) for row in office.rows(CaseStep)][: len(steps)] == steps
        assert office.findings() == []

    def test_who_had_no_hand_in_it_sees_what_there_is(self, office):
        complains(office, email=EMAIL)
        with office.streams.reading() as connection:
            kept = find_kept(connection, office.id, Sought(EMAIL))
        assert len(kept.shown_to(office.budi.id).voices) == 1
        assert len(kept.shown_to(office.sari.id).voices) == 0


def test_two_readers_have_totals_of_their_own(office):
    """By subtraction from a total of all, a complaint about oneself would be known."""
    another_supervisor(office)
    complains(office)
    office.says(ended(office).id, score="1")
    promotes(office, office.sari)
    assert (totals(office, office.sari), totals(office, office.budi)) == (1, 2)
