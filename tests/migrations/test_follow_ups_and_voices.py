"""Follow-ups and voices, up and down with rows: what the events say comes back, and offices get their facilities."""

import json

import pytest
from sqlalchemy import inspect, text

from desk.cli import database
from desk.domain.access import SYSTEM, VISITOR
from desk.domain.complaints import VoiceKind, VoiceStep
from desk.domain.following_up import FollowUpStep
from desk.models import FollowUpRow, InvitationRow, VoiceRow
from desk.operations.complaints import complaining, following_up
from desk.operations.complaints.complaining import Wish
from desk.operations.complaints.escalating import look_after
from desk.operations.requests import Request
from tests.fixtures.office import DeskOffice, prepare_office

BEFORE = "0013"
NEW = {"follow_ups", "voices", "case_steps", "case_words", "voice_contacts", "voice_officers", "facilities"}
FOLDED = ("follow_ups", "voices", "case_steps", "voice_officers")


def prepare_cases(url):
    """An office with a follow-up of each kind at every step, an answered complaint and a compliment."""
    prepare_office(url)
    office = DeskOffice(url)
    office.sari.signs_on(1)
    for score in ("1", "1", "2"):
        office.arrives("A")
        transaction = office.sari.serves()
        office.sari.completes(transaction)
        office.says(office.row(InvitationRow, transaction_id=transaction).id, score=score, comment="Lama")
    office.corrects(office.rows(InvitationRow)[0].id, score="5")
    made = [row.id for row in office.rows(FollowUpRow)]
    for step in (FollowUpStep.CONTACTED, FollowUpStep.RESOLVED, FollowUpStep.REOPENED):
        request = office.budi.asks("step", step=step)
        following_up.take_step(office.streams, made[1], request, step=step, note="Catatan")
    day = office.today.isoformat()
    for kind in VoiceKind:
        wish = Wish(kind, "Kata pengguna jasa", number="A001", day=day, name="Wati")
        complaining.receive(office.streams, office.id, wish, Request(VISITOR, "say"))
    office.clock.tick(7 * 86_400)
    look_after(office.streams, office.id, Request(SYSTEM, "look_after"))
    complaint = office.row(VoiceRow, kind="complaint").id
    request = office.budi.asks("answer")
    complaining.take_step(office.streams, complaint, request, step=VoiceStep.ANSWERED, words="Maaf")
    complaining.erase(office.streams, complaint, office.agus.asks("erase"))
    office.engine.dispose()


@pytest.fixture
def office(fresh_database):
    """That office."""
    office = DeskOffice(fresh_database(prepare_cases))
    yield office
    office.engine.dispose()


def rows(office, table):
    with office.engine.connect() as connection:
        found = connection.execute(text(f"SELECT * FROM {table}")).mappings()
        plain = [{name: parsed(name, value) for name, value in row.items()} for row in found]
    return sorted(plain, key=lambda row: json.dumps(row, sort_keys=True, default=str))


def parsed(name, value):
    """JSON as what it says, whichever way the driver gives it."""
    return json.loads(value) if name == "barred" and isinstance(value, str) else value


def test_down_and_up_again_with_rows(office):
    url = office.engine.url.render_as_string(hide_password=False)
    before = {name: rows(office, name) for name in FOLDED}
    assert {row["state"] for row in before["follow_ups"]} == {"corrected", "open"}
    assert len(before["voice_officers"]) == 1
    assert office.findings() == []

    database.downgrade(url, BEFORE)
    assert not NEW & set(inspect(office.engine).get_table_names())
    assert not {"follow_up_percent", "complaint_ack_days"} & {
        each["name"] for each in inspect(office.engine).get_columns("offices")
    }
    with office.engine.connect() as connection:
        kept = connection.execute(text("SELECT count(*) FROM visitor_tokens WHERE kind = 'voice'")).scalar_one()
    assert kept == 0

    database.upgrade(url)
    assert {name: rows(office, name) for name in FOLDED} == before
    assert [row["code"] for row in sorted(rows(office, "facilities"), key=lambda row: row["position"])] == [
        "waiting_room", "toilet", "lactation_room", "play_corner", "disability_access", "consultation_room",
    ]  # fmt: skip
    # Words and contacts were in no event.
    assert rows(office, "case_words") == rows(office, "voice_contacts") == []
    assert office.findings() == []
