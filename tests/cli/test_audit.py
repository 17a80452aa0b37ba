"""The trail from the command line: the first bad row by name, a cut tail, checkpoints that cannot be talked over."""

import json
import shutil

import pytest

from tests.cli.conftest import Installation

# What keeps events as they are, and has to go before anybody can change one.
GUARDS = {
    "sqlite": ["DROP TRIGGER events_refuse_update", "DROP TRIGGER events_refuse_delete"],
    "postgres": ["DROP TRIGGER events_append_only ON events"],
}


@pytest.fixture
def forge(demo_desk, database_kind):
    """Change events as somebody with the whole database could."""

    def change(*statements):
        demo_desk.change(*GUARDS[database_kind], *statements)

    return change


@pytest.fixture
def checkpoint(tmp_path):
    """Where checkpoints are kept: not with the data."""
    (tmp_path / "elsewhere").mkdir()
    return tmp_path / "elsewhere" / "desk.checkpoint"


def _trail(desk: Installation, *more: object) -> dict:
    answer = desk.reads("audit", "verify", *more)
    return next(trail for trail in answer["trails"] if trail["office"] == 1)


def test_an_untouched_trail_holds(demo_desk):
    assert "The trail holds." in demo_desk.does("audit", "verify")
    answer = demo_desk.reads("audit", "verify")
    assert answer["holds"] is True
    assert [(trail["code"], trail["first_bad"]) for trail in answer["trails"]] == [
        ("jakarta", None),
        ("makassar", None),
    ]


@pytest.mark.parametrize(
    ("statement", "number", "kind"),
    [
        ("UPDATE events SET payload = '{}' WHERE office_id = 1 AND number = 4", 4, "signature"),
        ("UPDATE events SET at = at + 1 WHERE office_id = 1 AND number = 5", 5, "signature"),
        ("UPDATE events SET mac = 'é' WHERE office_id = 1 AND number = 6", 6, "signature"),
        ("UPDATE events SET key_id = 'chain-9' WHERE office_id = 1 AND number = 3", 3, "key"),
        ("DELETE FROM events WHERE office_id = 1 AND number = 7", 7, "gap"),
        ("DELETE FROM events WHERE office_id = 1 AND number > 7", 15, "head"),
    ],
)
def test_the_first_bad_row_is_named(demo_desk, forge, statement, number, kind):
    forge(statement)

    result = demo_desk.type("audit", "verify")
    assert result.exit_code == 1
    assert f"jakarta: event {number} " in result.stdout and "does NOT hold" in result.stdout
    assert "makassar: 6 events, the chain holds" in result.stdout
    bad = _trail(demo_desk)["first_bad"]
    assert (bad["event"], bad["kind"]) == (number, kind)


def test_a_tail_cut_without_a_trace_is_seen_with_a_checkpoint(demo_desk, forge, checkpoint):
    demo_desk.does("audit", "checkpoint", checkpoint)
    forge(
        "DELETE FROM events WHERE office_id = 1 AND number > 7",
        "UPDATE streams SET number = 7, mac = (SELECT mac FROM events WHERE office_id = 1 AND number = 7), "
        "at = (SELECT at FROM events WHERE office_id = 1 AND number = 7) WHERE office_id = 1",
    )

    assert demo_desk.type("audit", "verify").exit_code == 0, "nothing inside the database tells"
    assert demo_desk.type("audit", "verify", "--checkpoint", checkpoint).exit_code == 1
    assert _trail(demo_desk, "--checkpoint", checkpoint)["first_bad"]["kind"] == "cut"
    assert demo_desk.type("doctor", "--checkpoint", checkpoint).exit_code == 1


def test_an_office_that_vanished_is_seen_with_a_checkpoint(demo_desk, fresh_database, checkpoint):
    demo_desk.does("audit", "checkpoint", checkpoint)
    demo_desk.url = fresh_database()
    demo_desk.does("db", "upgrade")

    assert demo_desk.type("audit", "verify").exit_code == 0
    assert demo_desk.type("audit", "verify", "--checkpoint", checkpoint).exit_code == 1


def test_a_later_checkpoint_replaces_an_earlier_one(demo_desk, checkpoint):
    demo_desk.does("audit", "checkpoint", checkpoint)
    before = checkpoint.read_text()
    demo_desk.does("token", "create", "--role", "agent", "--name", "bench-1")
    demo_desk.does("audit", "checkpoint", checkpoint)

    lines = [json.loads(line) for line in checkpoint.read_text().splitlines()]
    assert checkpoint.read_text() != before
    assert [line["office_id"] for line in lines] == [1, 2]
    assert all(line["signature"] for line in lines)
    assert demo_desk.type("audit", "verify", "--checkpoint", checkpoint).exit_code == 0
    assert [path.name for path in checkpoint.parent.iterdir()] == [checkpoint.name], "no draft is left behind"


def test_an_older_database_does_not_replace_a_checkpoint(demo_desk, forge, checkpoint):
    demo_desk.does("audit", "checkpoint", checkpoint)
    kept = checkpoint.read_bytes()
    forge("DELETE FROM events WHERE office_id = 1 AND number > 7", "UPDATE streams SET number = 7 WHERE office_id = 1")

    result = demo_desk.type("audit", "checkpoint", checkpoint)

    assert result.exit_code == 3 and "no longer in the trail" in result.stderr
    assert checkpoint.read_bytes() == kept


@pytest.mark.parametrize("content", ["", "nonsense\n", '{"office_id": 1}\n', "[1]\n", "\0\0"])
def test_a_file_that_is_no_checkpoint_is_neither_believed_nor_replaced(demo_desk, checkpoint, content):
    checkpoint.write_text(content)

    for command in (("audit", "checkpoint", checkpoint), ("audit", "verify", "--checkpoint", checkpoint)):
        result = demo_desk.type(*command)
        assert result.exit_code == 3 and "cannot be trusted" in result.stderr
    assert checkpoint.read_text() == content


def test_a_changed_checkpoint_is_not_believed(demo_desk, checkpoint):
    demo_desk.does("audit", "checkpoint", checkpoint)
    line, *rest = checkpoint.read_text().splitlines()
    checkpoint.write_text("\n".join([json.dumps(json.loads(line) | {"number": 3}), *rest]))

    result = demo_desk.type("audit", "verify", "--checkpoint", checkpoint)
    assert result.exit_code == 3 and "line 1 was changed" in result.stderr


def test_a_checkpoint_of_another_desk_is_not_believed(demo_desk, checkpoint):
    demo_desk.does("audit", "checkpoint", checkpoint)
    shutil.rmtree(demo_desk.data / "secrets")

    assert demo_desk.type("audit", "verify", "--checkpoint", checkpoint).exit_code == 3


def test_a_checkpoint_that_is_not_there_and_one_that_cannot_be_written(demo_desk, tmp_path):
    assert demo_desk.type("audit", "verify", "--checkpoint", tmp_path / "none").exit_code == 3
    assert demo_desk.type("audit", "checkpoint", tmp_path / "no folder" / "x").exit_code == 3


def test_a_played_day_holds(played_desk):
    assert played_desk.reads("audit", "verify")["holds"] is True
