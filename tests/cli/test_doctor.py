"""The doctor from the command line."""

import pytest


def test_all_is_well_in_the_demo(demo_desk):
    assert demo_desk.does("doctor") == "All is well.\n"
    answer = demo_desk.reads("doctor")
    assert (answer["well"], answer["findings"]) == (True, [])


def test_all_is_well_where_there_is_no_office_yet(empty_desk):
    empty_desk.does("db", "upgrade")

    assert empty_desk.does("doctor") == "All is well.\n"


def test_all_is_well_after_a_day(played_desk):
    assert played_desk.does("doctor") == "All is well.\n"


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE transactions SET holder_id = holder_id + 1 WHERE state = 'waiting'",
        "UPDATE visits SET ordinal = ordinal + 100",
        "DELETE FROM custody_segments WHERE ended_at IS NULL",
    ],
)
def test_damage_is_found_and_named(played_desk, damage):
    played_desk.change(damage)

    result = played_desk.type("doctor")
    assert result.exit_code == 1
    assert "findings." in result.stdout
    answer = played_desk.reads("doctor")
    assert answer["well"] is False
    assert {"office_id", "invariant", "kind", "subject", "message"} == set(answer["findings"][0])


def test_a_database_of_another_revision_cannot_be_examined(empty_desk):
    result = empty_desk.type("doctor")

    assert result.exit_code == 3
    assert "desk db upgrade" in result.stderr


def test_messages_that_wait_too_long_are_told(played_desk):
    played_desk.change("UPDATE deliveries SET state = 'pending', queued_at = 1, due_at = 1 WHERE channel = 'email'")

    answer = played_desk.reads("doctor")
    assert answer["well"] is True
    assert any("messages by email wait for longer than 24 hours" in each for each in answer["warnings"])


def test_files_that_may_still_hold_what_was_erased_are_told(played_desk):
    played_desk.change("DELETE FROM wipings")
    played_desk.change("INSERT INTO wipings (office_id, asked, done, asked_at) VALUES (1, 2, 1, 0)")

    answer = played_desk.reads("doctor")
    assert answer["well"] is True
    assert any("may still hold what was erased over an hour ago" in each for each in answer["warnings"])
