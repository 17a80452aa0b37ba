"""Every event that changes the state is projected, and by the same definition everywhere."""

from datetime import UTC, datetime

import pytest

from desk.domain.facts import Event, EventName
from desk.domain.projection import changes

# These are told for the reader of the trail; no row of the state follows from them.
TOLD_ONLY = {
    EventName.OFFICE_OPENED,
    EventName.SETTING_CHANGED,
    EventName.CHANGE_PLANNED,  # what is wanted may hold words, so the change stands beside the events
    EventName.CHANGE_CANCELLED,
    EventName.CHANGE_CARRIED_OUT,
    EventName.CHANGE_REFUSED,
    EventName.STAFF_ENROLLED,
    EventName.TRIAL_MADE,
    EventName.NOTE_ADDED,
    EventName.NOTE_CORRECTED,
    EventName.STAFF_DEACTIVATED,
    EventName.STAFF_REACTIVATED,
    EventName.STAFF_CONTACT_CHANGED,  # the address itself is in no event
    EventName.CALENDAR_CHANGED,  # calendars are configuration, like services
    EventName.DAY_CLOSED,
    EventName.SKILL_CHANGED,  # configuration, like what offices are set up with
    EventName.QUESTIONNAIRE_CHOSEN,  # configuration
    EventName.CLOCK_STEPPED_BACK,
    EventName.KEY_ROTATED,
    EventName.REMINDER_QUEUED,
    EventName.SURVEY_OPTED_OUT,  # it says neither who nor about what
    EventName.SURVEY_OPTED_IN,
    EventName.MESSAGE_REDIRECTED,
    EventName.MESSAGE_INSTEAD,
    EventName.ANSWER_KEPT_APART,
    EventName.POSTER_ANSWERED,  # what was said stands beside the events
    EventName.MESSAGE_REQUEUED,  # messages are the worker's, not the stream's
}


def event(name, payload=None):
    return Event(1, 7, 1, datetime(2026, 3, 2, 1, tzinfo=UTC), name, payload or {}, 1 << 40 | 5, 1 << 40 | 4)


@pytest.mark.parametrize("name", sorted(TOLD_ONLY))
def test_what_is_only_told_changes_nothing(name):
    assert changes(event(name, {"anything": 1})) == []


@pytest.mark.parametrize("name", sorted(set(EventName) - TOLD_ONLY))
def test_everything_else_is_projected_and_needs_its_facts(name):
    """An event without the facts of its kind is refused, not half projected."""
    with pytest.raises((KeyError, TypeError)):
        changes(event(name))
