"""The demo offices: complete in both languages, loaded once, whole after a kill, without a made-up visitor."""

import json
import re
import stat
from datetime import UTC, datetime
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest

from desk.demo import loading
from desk.demo.offices import demo_plans, demo_usernames
from desk.domain.fee_words import FEE, FREE, PAID
from desk.domain.hours import Calendar, is_open
from desk.domain.questionnaire_json import read
from desk.operations.opening import furnishing
from desk.reads.calendars import get_calendar
from desk.wording.facilities import SEEDED
from tests.guards.tree import ROOT

NOW = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)
PARTS = ("name", "requirements", "procedure", "time", "fee", "product", "complaints")


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch):
    """Hashing is slow on purpose, and nobody signs in here."""
    monkeypatch.setattr(loading, "hashed", lambda password: "no hash")


@pytest.fixture
def load(empty_desk):
    """Load the demo as `desk up` does, and return the new passwords."""
    empty_desk.does("db", "upgrade")

    def run():
        streams = empty_desk.streams()
        try:
            return loading.load(streams.engine, streams.keys, empty_desk.data, now=NOW)
        finally:
            streams.engine.dispose()

    return run


def test_it_is_the_office_that_was_promised(demo_desk):
    assert demo_desk.rows("SELECT name, zone FROM offices ORDER BY id") == [
        ("KPKNL Jakarta (Demo)", "Asia/Jakarta"),
        ("KPKNL Makassar (Demo)", "Asia/Makassar"),
    ]
    services = demo_desk.rows("SELECT series, name_id FROM services WHERE office_id = 1 ORDER BY position")
    assert services == [
        ("A", "Lelang"),
        ("B", "Pengelolaan Kekayaan Negara"),
        ("C", "Penilaian"),
        ("D", "Piutang Negara"),
        ("E", "Informasi dan Pengaduan"),
    ]
    counters = demo_desk.rows("SELECT name, back_office FROM counters WHERE office_id = 1 ORDER BY number")
    assert [name for name, back in counters if not back] == [f"Loket {number}" for number in range(1, 7)]
    assert [name for name, back in counters if back] == ["Meja Belakang 1", "Meja Belakang 2"]
    roles = demo_desk.rows("SELECT role, count(*) FROM memberships WHERE office_id = 1 GROUP BY role ORDER BY role")
    assert roles == [("admin", 1), ("agent", 6), ("auditor", 1), ("supervisor", 1)]


def test_every_service_says_everything_in_both_languages(demo_desk):
    names = [f"{part}_{language}" for part in PARTS for language in ("id", "en")]
    rows = demo_desk.rows(f"SELECT series, {', '.join(names)} FROM services")

    assert [(row.series, name) for row in rows for name in names if not getattr(row, name).strip()] == []


def test_both_languages_say_the_same_number_of_things(demo_desk):
    for row in demo_desk.rows("SELECT * FROM services"):
        for part in PARTS:
            here, there = (getattr(row, f"{part}_{language}").splitlines() for language in ("id", "en"))
            assert len(here) == len(there), (row.series, part)


def test_a_valuation_takes_as_long_as_published():
    plan = demo_plans(dict.fromkeys(demo_usernames(), ""), today=NOW.date())[0]
    valuation = next(service.row for service in plan.services if service.row["series"] == "C")

    assert valuation["completion_steps"] == [[5, 17], [10, 19], [15, 21]]
    assert valuation["time_id"].startswith("17 hari kerja")


def test_both_offices_begin_with_their_facilities(demo_desk):
    rows = demo_desk.rows("SELECT office_id, code, name_id, name_en FROM facilities ORDER BY office_id, position")
    assert rows == [(office_id, *each) for office_id in (1, 2) for each in SEEDED]


def test_every_icon_is_there(demo_desk):
    sprite = (ROOT / "static/vendor/bootstrap-icons/sprite.svg").read_text()

    icons = [icon for (icon,) in demo_desk.rows("SELECT icon FROM services")]
    assert [icon for icon in icons if f'id="{icon}"' not in sprite] == []


def test_nobody_has_been_there(demo_desk):
    for table in ("visits", "transactions", "visit_contacts", "duties", "responses"):
        assert demo_desk.rows(f"SELECT count(*) FROM {table}") == [(0,)]


@pytest.mark.parametrize(
    ("local", "open_there"),
    [
        ("2026-11-24T03:00", False),  # night
        ("2026-11-24T08:00", True),
        ("2026-11-24T12:30", True),  # no stop at noon at the counter
        ("2026-11-24T16:00", False),
        ("2026-11-28T10:00", False),  # Saturday
        ("2026-12-25T10:00", False),  # Natal
        ("2026-12-24T10:00", False),  # joint leave
    ],
)
def test_one_office_keeps_hours_and_the_other_never_closes(load, empty_desk, local, open_there):
    load()

    def calendar(office_id: int) -> Calendar:
        ((calendar_id,),) = empty_desk.rows(
            "SELECT calendar_id FROM services WHERE office_id = :office AND series = 'A'", office=office_id
        )
        streams = empty_desk.streams()
        with streams.reading() as connection:
            found = get_calendar(connection, calendar_id)
        streams.engine.dispose()
        return found

    at = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo("Asia/Makassar")).astimezone(UTC)
    assert is_open(calendar(1), at)
    assert is_open(calendar(2), at) is open_there


def test_passwords_are_made_here_and_kept_for_the_owner_alone(load, empty_desk):
    passwords = load()

    file = empty_desk.data / loading.PASSWORDS
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(passwords) == sorted(demo_usernames())
    assert len(set(passwords.values())) == len(passwords)
    assert all(re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", password) for password in passwords.values())
    assert all(f"{name} " in file.read_text() and password in file.read_text() for name, password in passwords.items())


def test_loading_again_changes_nothing(load, empty_desk):
    load()
    kept = (empty_desk.data / loading.PASSWORDS).read_bytes()

    assert load() == {}
    assert (empty_desk.data / loading.PASSWORDS).read_bytes() == kept
    assert empty_desk.rows("SELECT count(*) FROM offices") == [(2,)]
    assert empty_desk.findings() == []


class _Killed(BaseException):
    """What a kill looks like from inside."""


@pytest.mark.parametrize("where", ["_person", "record_openings", "_record_opening"])
def test_a_kill_half_way_is_made_good_by_the_next_start(load, empty_desk, where):
    with patch.object(furnishing, where, side_effect=_Killed), pytest.raises(_Killed):
        load()
    load()

    ((offices, people),) = empty_desk.rows("SELECT (SELECT count(*) FROM offices), (SELECT count(*) FROM people)")
    assert (offices, people) == (2, len(demo_usernames()))
    assert empty_desk.rows("SELECT count(*) FROM events WHERE name = 'OfficeOpened'") == [(2,)]
    assert empty_desk.rows("SELECT count(*) FROM events WHERE name = 'StaffEnrolled'") == [(len(demo_usernames()),)]
    assert empty_desk.findings() == []
    assert (empty_desk.data / loading.PASSWORDS).exists()


def test_the_hours_before_now_are_free(load, empty_desk):
    load()

    ((latest,),) = empty_desk.rows("SELECT max(at) FROM streams")
    assert latest == int(datetime(2026, 11, 23, 1, 0, tzinfo=UTC).timestamp() * 1_000_000)


def test_typing_it_says_so(empty_desk):
    empty_desk.does("db", "upgrade")

    assert "The demo offices are loaded" in empty_desk.does("demo")
    assert "none was loaded" in empty_desk.does("demo")


def test_the_fee_is_asked_about_as_the_services_charge_it(demo_desk):
    ((definition,),) = demo_desk.rows("SELECT definition FROM questionnaires WHERE office_id = 1 AND code = 'skm2017'")
    asked = read(json.loads(definition))
    variants = next(each for each in asked.questions if each.key == FEE).variants
    fees = dict(demo_desk.rows("SELECT series, fee_id FROM services WHERE office_id = 1"))
    assert {series: variant.text for series, variant in variants.items()} == {
        series: (FREE if fee == "Gratis" else PAID).text for series, fee in fees.items()
    }
    assert {FREE.text.id, PAID.text.id} == {each.text.id for each in variants.values()}
