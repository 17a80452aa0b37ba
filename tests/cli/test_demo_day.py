"""Playing the day: every kind of thing happens, through the real operations, and the doctor finds nothing."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest

from desk.cli import worker
from desk.cli.trail_keeping import TrailKeeper
from desk.demo import day
from desk.demo.day import NotPlayable, play
from desk.demo.loading import held
from desk.demo.voices import OWNERS
from desk.domain.access import KIOSK
from desk.domain.facts import EventName
from desk.domain.gaps import GapKind
from desk.domain.projection import changes
from desk.operations import intake
from desk.operations.intake import CheckIn
from desk.operations.stream import Request, Streams
from desk.reads.gap_finders import list_gaps
from desk.reads.gaps import get_scene
from desk.reads.paces import list_paces
from desk.reads.replay import event_from
from desk.reads.stream_check import read_entries
from desk.reports.lasting import OF_WORK
from desk.settings import load_settings
from tests.cli.conftest import Installation, prepare_demo, settle

# After everything that was set up for the tests, whenever they run.
FAR = datetime.now(UTC).replace(hour=3, minute=30, second=0, microsecond=0) + timedelta(days=400)
# Not part of an ordinary half day.
RARE = {
    EventName.CLOSED_UNSERVED,
    EventName.DAY_CLOSED,
    EventName.CLOCK_CONFIRMED,
    EventName.CLOCK_STEPPED_BACK,
    EventName.MESSAGE_REQUEUED,
    EventName.MESSAGE_REDIRECTED,
    EventName.MESSAGE_INSTEAD,
    EventName.SURVEY_POINT_OPENED,
    EventName.SURVEY_POINT_CLOSED,
    EventName.POSTER_ANSWERED,
    EventName.VISITOR_GAVE_WAY,
    EventName.GIVING_WAY_UNDONE,
    EventName.DEVICE_PAIRED,
    EventName.DEVICE_CHANGED,
    EventName.DEVICE_REVOKED,
    EventName.SKILL_CHANGED,
    EventName.CALENDAR_CHANGED,
    EventName.TRIAL_MADE,
    EventName.CHANGE_PLANNED,
    EventName.CHANGE_CANCELLED,
    EventName.CHANGE_CARRIED_OUT,
    EventName.CHANGE_REFUSED,
    EventName.KEY_ROTATED,
    EventName.CALL_TAKEN_BACK,
    EventName.START_TAKEN_BACK,
    EventName.CALL_CONTINUED,
    EventName.SERVICE_CONTINUED,
    EventName.REQUEST_WITHDRAWN,
    EventName.REQUEST_CLOSED,
    EventName.REQUEST_REOPENED,
    EventName.ABSENCE_BEGAN,
    EventName.ABSENCE_CANCELLED,
    EventName.STAFF_DEACTIVATED,
    EventName.STAFF_REACTIVATED,
    EventName.STAFF_CONTACT_CHANGED,
    EventName.COMPLETENESS_CORRECTED,
    EventName.INVITATION_USED,
    EventName.ANSWER_KEPT_APART,
    EventName.INVITATION_REVOKED,
    EventName.INVITATION_HELD,
    EventName.INVITATION_RETIMED,
    EventName.RESPONSE_REVISED,
    EventName.ANSWERS_TAKEN_OVER,
    EventName.ANSWERS_TAKEN_BACK,
    EventName.SURVEY_OPTED_OUT,
    EventName.SURVEY_OPTED_IN,
    EventName.REMINDER_QUEUED,
    EventName.CASE_ESCALATED,
    EventName.CASE_RAISED,
    EventName.CASE_TOLD,
    EventName.SURVEY_PUBLISHED,
    EventName.PERSONAL_DATA_ERASED,
    EventName.PERSONAL_DATA_EXPIRED,
    EventName.VOICE_ERASED,
    EventName.FOLLOW_UP_ASSIGNED,
    EventName.IMPROVEMENT_CHANGED,
    EventName.IMPROVEMENT_CARRIED,
}


def _play_in(desk, *, now=FAR, seed=1):
    streams = desk.streams()
    try:
        return play(streams.engine, streams.keys, desk.data, now=now, seed=seed)
    finally:
        streams.engine.dispose()


@pytest.fixture
def far_desk(demo_desk):
    """An installation after a day that ended at FAR: by its end it is not midnight, whenever the tests run."""
    _play_in(demo_desk)
    return demo_desk


def _hours_from_the_end(micros):
    return round((micros / 1_000_000 - FAR.timestamp()) / 3600)


def _counts(desk, column, table):
    return dict(desk.rows(f"SELECT {column}, count(*) FROM {table} WHERE office_id = 1 GROUP BY {column}"))


def test_everything_happens_that_happens_in_half_a_day(played_desk):
    happened = set(_counts(played_desk, "name", "events"))

    assert {name.value for name in set(EventName) - RARE} - happened == set()
    assert set(_counts(played_desk, "state", "handoffs")) >= {"accepted", "declined", "expired", "withdrawn"}
    assert set(_counts(played_desk, "kind", "handoffs")) == {"officer", "counter", "queue", "pool", "forced"}
    assert set(_counts(played_desk, "ending", "transactions")) >= {"completed", "no_show", "left", "cancelled"}
    assert set(_counts(played_desk, "outcome", "transactions")) >= {"fulfilled", "incomplete", "referred", "refused"}
    assert len(_counts(played_desk, "picked", "calls")) > 1
    assert set(_counts(played_desk, "channel", "visits")) == {"kiosk", "phone", "staff"}
    assert _counts(played_desk, "priority", "visits")["priority"] >= 5


def test_what_is_only_work_changes_no_answer_in_the_state_tables(played_desk):
    streams, found = played_desk.streams(), {}
    with streams.engine.connect() as connection:
        for event in map(event_from, read_entries(connection, 1)):
            if event.name in OF_WORK:
                found.setdefault(event.name, set()).update(each.table for each in changes(event))
    streams.engine.dispose()

    answers = {"responses", "response_revisions", "survey_publications", "questionnaires", "offices", "services"}
    assert set(found) == OF_WORK
    assert not {name: tables & answers for name, tables in found.items() if tables & answers}


def test_it_is_as_large_as_half_a_day(played_desk):
    ((visits, services, officers),) = played_desk.rows(
        "SELECT count(DISTINCT visits.id), count(DISTINCT service_id), count(DISTINCT calls.officer_id) FROM visits "
        "LEFT JOIN calls ON calls.visit_id = visits.id"
    )

    assert 110 <= visits <= 140
    assert (services, officers) == (5, 6)


def test_at_the_end_people_wait_are_called_and_are_served(played_desk):
    states = _counts(played_desk, "state", "transactions")

    assert states["waiting"] >= 3 and states["called"] >= 1 and states["serving"] >= 1
    assert states["processing"] >= 3 and states["paused"] >= 1
    assert "break" in _counts(played_desk, "state", "duties")


def test_at_the_end_every_phone_is_told_how_long_it_takes(far_desk):
    streams = far_desk.streams()
    with streams.reading() as connection:
        paces = list_paces(connection, 1, range(1, 6), at=FAR)
    streams.engine.dispose()

    assert sorted(paces) == [1, 2, 3, 4, 5]


def test_at_the_end_a_few_things_are_about_to_be_forgotten(far_desk):
    streams = far_desk.streams()
    with streams.reading() as connection:
        gaps = list_gaps(get_scene(connection, 1, at=FAR))
    streams.engine.dispose()

    assert 4 <= len(gaps) <= 5
    assert {gap.kind for gap in gaps} >= {
        GapKind.OFFER_UNANSWERED,
        GapKind.REQUEST_OVERDUE,
        GapKind.PAUSE_PAST_DUE,
        GapKind.HOLDER_SILENT,
    }


def test_of_the_open_requests_one_is_overdue_and_one_is_not(far_desk):
    dues = far_desk.rows("SELECT due_at FROM requests WHERE state = 'asked' ORDER BY due_at")

    assert _counts(far_desk, "state", "requests") == {"answered": 2, "declined": 1, "asked": 2}
    assert [_hours_from_the_end(due) for (due,) in dues] == [-1, 19]


def test_whoever_goes_home_hands_over_and_only_one_of_the_receivers_answers(far_desk):
    ((giver, went_at),) = far_desk.rows("SELECT officer_id, ended_at FROM duties WHERE ended_at IS NOT NULL")
    offers = far_desk.rows("SELECT state, giver_id, reason, offered_at FROM handoffs WHERE batch_id IS NOT NULL")

    assert {offer.state for offer in offers} == {"offered", "accepted"}
    assert {(offer.giver_id, offer.reason) for offer in offers} == {(giver, "shift_end")}
    assert all(offer.offered_at <= went_at for offer in offers)


def test_an_order_is_explained_and_whoever_got_the_work_has_seen_it(far_desk):
    ((words, alert),) = far_desk.rows(
        "SELECT words, alert_id FROM handoffs JOIN notes ON notes.id = handoffs.id "
        "JOIN transactions ON transactions.id = handoffs.transaction_id WHERE handoffs.kind = 'forced'"
    )

    assert "diklat" in words and alert is None


def test_somebody_is_away_tomorrow_and_somebody_stands_in(far_desk):
    ((away, deputy, begins, ends),) = far_desk.rows(
        "SELECT away.username, deputy.username, begins_on, ends_on FROM absences "
        "JOIN people AS away ON away.id = person_id JOIN people AS deputy ON deputy.id = deputy_id"
    )

    assert (away, deputy) == ("rina", "dewi")
    assert {str(begins), str(ends)} == {str(FAR.date() + timedelta(days=1))}


def test_what_goes_on_without_the_visitor_has_a_promise_from_complete_documents(far_desk):
    parted = "SELECT transaction_id FROM events WHERE name IN ('VisitorPartFinished', 'HandedToPool')"
    rows = far_desk.rows(f"SELECT complete_at, promised_at FROM transactions WHERE id IN ({parted})")
    ((valuations,),) = far_desk.rows(
        "SELECT count(*) FROM transactions JOIN services ON services.id = transactions.service_id "
        "WHERE series = 'C' AND promised_at IS NOT NULL"
    )

    assert len(rows) >= 10 and all(row.complete_at < row.promised_at for row in rows)
    assert valuations >= 3


def test_every_facility_has_somebody_who_looks_after_it(far_desk):
    owners = far_desk.rows(
        "SELECT code, username FROM facilities LEFT JOIN people ON people.id = owner_id WHERE office_id = 1"
    )

    assert dict(owners) == OWNERS


def test_a_note_is_corrected_by_another_one_and_both_can_be_read(far_desk):
    notes = far_desk.rows("SELECT kind, words FROM notes WHERE kind IN ('NoteAdded', 'NoteCorrected')")

    assert all(note.words for note in notes)
    assert [note.words[:6] for note in notes if note.kind == "NoteCorrected"] == ["Ralat:"]


def test_a_message_of_the_supervisor_stands_on_the_consoles_and_was_read_by_most(far_desk):
    messages = far_desk.rows("SELECT id, until_at FROM floor_messages ORDER BY id")
    readings = dict(far_desk.rows("SELECT message_id, count(*) FROM floor_readings GROUP BY message_id"))

    assert [_hours_from_the_end(message.until_at) > 0 for message in messages] == [False, True]
    assert all(4 <= readings[message.id] <= 6 for message in messages)


def test_the_pool_was_worked_off_in_part(far_desk):
    ((taken, left),) = far_desk.rows(
        "SELECT (SELECT count(*) FROM events WHERE name = 'TakenFromPool'), "
        "(SELECT count(*) FROM transactions WHERE pool_id IS NOT NULL)"
    )

    assert taken >= 2 and left >= 1


def test_it_lasts_four_hours_and_ends_now(played_desk):
    ((first, last),) = played_desk.rows(
        "SELECT min(at), max(at) FROM events WHERE office_id = 1 AND actor_id IS NOT NULL"
    )

    assert timedelta(hours=3, minutes=50) < timedelta(microseconds=last - first) <= timedelta(hours=4)
    ((ahead,),) = played_desk.rows("SELECT max(at) FROM streams")
    assert ahead <= datetime.now(UTC).timestamp() * 1_000_000


def test_visitors_have_no_names_and_no_address_that_could_be_somebodys(played_desk):
    contacts = played_desk.rows("SELECT name, email FROM visit_contacts")

    assert contacts
    assert all(name is None and email.endswith("@contoh.invalid") for name, email in contacts)


def test_it_is_played_once(played_desk):
    with pytest.raises(NotPlayable):
        _play_in(played_desk)

    result = played_desk.type("demo", "--day")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "only where nobody has" in result.stderr


def test_it_needs_the_demo_office(empty_desk):
    empty_desk.does(
        "init", "--name", "KPKNL Bandung", "--code", "bandung", "--zone", "Asia/Jakarta", "--admin-username", "agus"
    )

    assert empty_desk.type("demo", "--day").exit_code == 3


@pytest.mark.slow
def test_the_same_seed_plays_the_same_day_and_another_seed_another(sqlite_url, tmp_path):
    days = []
    for number, seed in enumerate((3, 3, 4)):
        desk = Installation(tmp_path / str(number), sqlite_url(prepare_demo))
        settle(desk.data)
        _play_in(desk, now=FAR, seed=seed)
        days.append(desk.rows("SELECT at, name, payload FROM events WHERE office_id = 1 ORDER BY number"))

    assert days[0] == days[1]
    assert days[0] != days[2]


def test_a_day_that_ends_after_midnight_is_sound(demo_desk):
    played = _play_in(demo_desk, now=FAR.replace(hour=18))  # 01.00 in Jakarta

    assert played.disturbed_at is None
    assert len(_counts(demo_desk, "day", "visits")) == 2
    assert demo_desk.findings() == []


def test_something_set_up_a_moment_ago_does_not_stand_in_the_way(demo_desk):
    """The hours before are played in a new epoch of the clock, which the supervisor confirms."""
    demo_desk.does("token", "create", "--role", "agent", "--name", "bench-1")

    assert "Played" in demo_desk.does("demo", "--day")
    assert demo_desk.rows("SELECT count(*) FROM events WHERE name = 'ClockConfirmed'") == [(1,)]
    assert demo_desk.findings() == []


def test_whoever_comes_in_between_ends_it_and_nothing_breaks(demo_desk):
    arrive, comers = day.Visitors.arrive, []

    def arrive_for_real(visitors):
        arrive(visitors)
        comers.append(visitors)
        if len(comers) == 30:
            stage = visitors.stage
            streams = Streams(stage.streams.engine, stage.streams.keys, clock=lambda: FAR)
            wish = CheckIn((stage.services["A"],))
            intake.check_in(streams, stage.office_id, wish, Request(KIOSK, "check_in"))

    with patch.object(day.Visitors, "arrive", arrive_for_real):
        played = _play_in(demo_desk)

    assert played.disturbed_at is not None and played.disturbed_at < FAR
    assert 30 <= played.visits < 60
    assert demo_desk.findings() == []


def test_the_worker_leaves_a_day_alone_while_it_is_played(played_desk):
    """Its offers lie in the past: they would all expire at once, and now."""
    streams, settings = played_desk.streams(), load_settings(played_desk.environ)
    trail, expired = TrailKeeper(settings, streams), []
    with patch.object(worker, "expire_offers", expired.append):
        with held(played_desk.data):
            worker._look(streams, settings, trail)
        assert expired == []
        worker._look(streams, settings, trail)
    streams.engine.dispose()

    assert expired == [streams]


def test_a_complaint_a_suggestion_and_a_compliment_are_taken_up(far_desk):
    voices = far_desk.rows("SELECT kind, state, channel, acknowledged_at, answered_at, done_at FROM voices ORDER BY id")
    told = [(voice.kind, voice.state, voice.channel) for voice in voices]

    assert sorted(told) == [
        ("complaint", "answered", "visit"),
        ("compliment", "passed_on", "survey"),
        ("suggestion", "adopted", "kiosk"),
    ]
    (complaint,) = [voice for voice in voices if voice.kind == "complaint"]
    assert complaint.acknowledged_at < complaint.answered_at
    (suggestion,) = [voice for voice in voices if voice.kind == "suggestion"]
    assert suggestion.done_at is not None
    assert far_desk.rows("SELECT count(*) FROM voice_officers") != [(0,)]


@pytest.mark.parametrize("seed", [1, 5])
def test_low_answers_are_followed_up_one_to_its_end_and_one_not_yet(demo_desk, seed):
    _play_in(demo_desk, seed=seed)
    states = _counts(demo_desk, "state", "follow_ups")
    low = demo_desk.rows("SELECT state FROM follow_ups WHERE origin = 'score' AND assigned_id IS NOT NULL ORDER BY id")

    assert states["resolved"] == states["contacted"] == 1
    assert {row.state for row in low} == {"open", "resolved"}
    assert len(low) <= 8


def test_a_measure_is_planned_for_this_quarter_and_has_begun(far_desk):
    ((period, due, status),) = far_desk.rows(
        "SELECT period, due, status FROM improvements JOIN improvement_places ON improvement_id = improvements.id"
    )
    quarter = (FAR.month + 2) // 3

    assert (period, status) == (f"{FAR.year}-Q{quarter}", "under_way")
    assert period < due
    ((owner,),) = far_desk.rows("SELECT username FROM improvements JOIN people ON people.id = owner_id")
    assert owner == "dewi"
