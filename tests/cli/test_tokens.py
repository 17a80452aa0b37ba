"""Tokens from the command line: what a script gets, whom it acts as, how it ends."""

import pytest

from desk.domain.tokens import hash_of
from desk.operations.accounts.granting import SCOPES


def _token(desk, role="agent", name="bench-1", *more):
    return desk.does("token", "create", "--role", role, "--name", name, *more).strip()


def _row(desk, token):
    (row,) = desk.rows("SELECT * FROM api_tokens WHERE token_hash = :hash", hash=hash_of(token))
    return row


def test_creating_prints_the_token_and_nothing_else(demo_desk):
    result = demo_desk.type("token", "create", "--role", "agent", "--name", "bench-1")

    assert result.exit_code == 0
    assert result.stdout == result.output
    token = result.stdout.removesuffix("\n")
    assert token.startswith("desk_") and token.isprintable() and len(token) == 48 and " " not in token


def test_only_the_hash_is_kept(demo_desk):
    token = _token(demo_desk)

    for (table,) in demo_desk.rows("SELECT 'events' UNION SELECT 'api_tokens' UNION SELECT 'people'"):
        assert token not in str(demo_desk.rows(f"SELECT * FROM {table}"))
    assert _row(demo_desk, token).token_hash == hash_of(token)


@pytest.mark.parametrize("role", [role.value for role in SCOPES])
def test_each_role_has_its_scopes(demo_desk, role):
    row = _row(demo_desk, _token(demo_desk, role, "somebody-new"))

    assert row.role == role
    assert row.scopes.split() == list(next(scopes for each, scopes in SCOPES.items() if each.value == role))
    assert row.office_id == 1
    assert demo_desk.findings() == []


def test_a_new_name_is_enrolled_without_a_password_and_serves_everything(demo_desk):
    _token(demo_desk, "agent", "bench-1")

    ((person_id, name, password),) = demo_desk.rows(
        "SELECT id, name, password_hash FROM people WHERE username = 'bench-1'"
    )
    assert (name, password) == ("bench-1", None)
    skills = demo_desk.rows("SELECT service_id FROM skills WHERE person_id = :id", id=person_id)
    services = demo_desk.rows("SELECT id FROM services WHERE office_id = 1")
    assert sorted(skills) == sorted(services)


def test_the_same_name_again_is_the_same_person(demo_desk):
    first, second = _token(demo_desk), _token(demo_desk)

    assert first != second
    assert _row(demo_desk, first).person_id == _row(demo_desk, second).person_id


@pytest.mark.parametrize("name", ["sari", "Sari Wulandari", "SARI", " sari "])
def test_a_member_of_staff_is_found_by_user_name_and_by_name(demo_desk, name):
    ((sari,),) = demo_desk.rows("SELECT id FROM people WHERE username = 'sari'")

    assert _row(demo_desk, _token(demo_desk, "agent", name)).person_id == sari


def test_somebody_with_another_role_is_not_taken_for_them(demo_desk):
    """Sari is an agent: a supervisor of that name is somebody else, under a user name of their own."""
    person_id = _row(demo_desk, _token(demo_desk, "supervisor", "sari")).person_id

    assert demo_desk.rows("SELECT username FROM people WHERE id = :id", id=person_id) == [("sari-2",)]


def test_a_token_of_another_office(demo_desk):
    row = _row(demo_desk, _token(demo_desk, "agent", "andi", "--office", "makassar"))

    assert row.office_id == 2
    assert demo_desk.rows("SELECT username FROM people WHERE id = :id", id=row.person_id) == [("andi",)]


def test_an_office_that_is_not_there_is_named(demo_desk):
    result = demo_desk.type("token", "create", "--role", "agent", "--name", "x", "--office", "nowhere")

    assert (result.exit_code, result.stdout) == (3, "")
    assert "jakarta, makassar" in result.stderr


@pytest.mark.parametrize("name", ["", "   ", "\x00", "x" * 81])
def test_a_name_that_is_none_is_not_understood(demo_desk, name):
    result = demo_desk.type("token", "create", "--role", "agent", "--name", name)

    assert (result.exit_code, result.stdout) == (2, "")


def test_a_token_may_last_for_some_days(demo_desk):
    row = _row(demo_desk, _token(demo_desk, "agent", "bench-1", "--days", "2"))

    assert row.expires_at - row.created_at == 2 * 86_400 * 1_000_000


def test_listing_shows_no_token_and_revoking_ends_it(demo_desk):
    kept, ended = _token(demo_desk, "agent", "one"), _token(demo_desk, "auditor", "two")
    entries = {entry["name"]: entry for entry in demo_desk.reads("token", "list")}
    assert {entry["state"] for entry in entries.values()} == {"live"}
    assert kept not in demo_desk.does("token", "list")

    demo_desk.does("token", "revoke", entries["two"]["id"])

    assert _row(demo_desk, ended).revoked_at is not None
    assert _row(demo_desk, kept).revoked_at is None
    again = demo_desk.type("token", "revoke", entries["two"]["id"])
    assert again.exit_code == 3 and "already" in again.stderr
    assert demo_desk.findings() == []


@pytest.mark.parametrize("token_id", ["", "abc", "ffffffffffff", "%"])
def test_an_id_that_names_no_token_is_refused(demo_desk, token_id):
    _token(demo_desk)

    assert demo_desk.type("token", "revoke", token_id).exit_code == 3


def test_granting_and_revoking_leave_a_trace(demo_desk):
    _token(demo_desk, "agent", "sari")
    (entry,) = demo_desk.reads("token", "list")
    demo_desk.does("token", "revoke", entry["id"])

    told = demo_desk.rows("SELECT payload FROM events WHERE office_id = 1 AND name = 'SettingChanged' ORDER BY number")
    assert ["token granted" in told[0][0], "token revoked" in told[1][0], len(told)] == [True, True, 2]
    assert "sari" not in str(told)
