"""The trail outside the desk: daily checkpoints, exports, the verifier that stands alone, the change of the key."""

import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from desk.cli.trail_keeping import TrailKeeper
from desk.domain.access import Role
from desk.domain.refusals import Refused
from desk.models.engine import open_engine
from desk.operations.accounts.granting import grant
from desk.operations.keeping.rotating import rotate
from desk.operations.requests import KeyRing, Keys, newest
from desk.operations.stream import Streams
from desk.settings import load_settings
from tests.cli.test_audit import GUARDS
from tests.fixtures.mail import SENDER

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
CUT = (
    "DELETE FROM events WHERE office_id = 1 AND number > 7",
    "UPDATE streams SET number = 7 WHERE office_id = 1",
    "UPDATE streams SET mac = (SELECT mac FROM events WHERE office_id = 1 AND number = 7) WHERE office_id = 1",
    "UPDATE streams SET at = (SELECT at FROM events WHERE office_id = 1 AND number = 7) WHERE office_id = 1",
)


class Keeper:
    """The worker's part for the trail, on a day that the test chooses."""

    def __init__(self, desk, **environ):
        self.settings = load_settings({**desk.environ, **environ})
        keys = KeyRing(self.settings.chain_keys)
        self.engine = open_engine(self.settings.database)
        self.now = NOON
        self.streams = Streams(self.engine, Keys(newest(keys), keys, b"links"), clock=lambda: self.now)
        self.trail = TrailKeeper(self.settings, self.streams)

    def looks(self, *, days: int = 0):
        self.now += timedelta(days=days)
        while self.trail.look():
            pass
        return sorted(path.name for path in self.settings.checkpoints.glob("*"))


@pytest.fixture
def keeper(demo_desk):
    keepers = []

    def keep(**environ):
        keepers.append(Keeper(demo_desk, **environ))
        return keepers[-1]

    yield keep
    for each in keepers:
        each.engine.dispose()


@pytest.fixture
def verifier(demo_desk, tmp_path):
    """The standalone program in a folder without the project; call it with its arguments."""
    alone = tmp_path / "alone"
    alone.mkdir()
    demo_desk.does("audit", "verifier", alone / "verify_trail.py")

    def run(export, *more):
        shutil.copy(export, alone / "export.jsonl")
        arguments = [sys.executable, "-I", "-S", "verify_trail.py", "export.jsonl", "--key", demo_desk.data / "secrets"]
        done = subprocess.run([*map(str, [*arguments, *more])], cwd=alone, capture_output=True, text=True)
        assert "Traceback" not in done.stderr
        return done

    return run


def forge(desk, kind, *statements):
    desk.change(*GUARDS[kind], *statements)


class TestDaily:
    def test_one_a_day_is_written_names_the_one_before_and_is_never_replaced(self, keeper):
        worker = keeper()
        assert worker.looks() == ["2026-03-02.jsonl"]
        first = (worker.settings.checkpoints / "2026-03-02.jsonl").read_bytes()
        assert worker.looks() == ["2026-03-02.jsonl"]
        assert (worker.settings.checkpoints / "2026-03-02.jsonl").read_bytes() == first
        assert worker.looks(days=1) == ["2026-03-02.jsonl", "2026-03-03.jsonl"]
        title = json.loads((worker.settings.checkpoints / "2026-03-03.jsonl").read_text().splitlines()[0])
        assert (title["before"], title["offices"]) == ("2026-03-02.jsonl", 2)

    def test_a_folder_of_them_finds_a_cut_tail(self, demo_desk, database_kind, keeper):
        worker = keeper()
        worker.looks()
        worker.looks(days=1)
        folder = worker.settings.checkpoints
        assert demo_desk.type("audit", "verify", "--checkpoint", folder).exit_code == 0
        assert demo_desk.type("doctor", "--checkpoint", folder).exit_code == 0

        forge(demo_desk, database_kind, *CUT)
        assert demo_desk.type("audit", "verify").exit_code == 0
        result = demo_desk.type("audit", "verify", "--checkpoint", folder)
        assert result.exit_code == 1 and "the trail was cut or rewritten" in result.stdout
        assert worker.looks(days=1) == ["2026-03-02.jsonl", "2026-03-03.jsonl"], "none that hides the cut"

    @pytest.mark.parametrize("harm", ["missing", "changed", "line"])
    def test_a_folder_with_a_missing_or_changed_one_is_not_believed(self, demo_desk, keeper, harm):
        worker = keeper()
        for _ in range(3):
            worker.looks(days=1)
        middle = worker.settings.checkpoints / "2026-03-04.jsonl"
        content = middle.read_text().splitlines(keepends=True)
        match harm:
            case "missing":
                middle.unlink()
            case "changed":
                middle.write_text(content[0].replace("2", "3", 1) + "".join(content[1:]))
            case _:
                middle.write_text("".join(content[:2]))

        result = demo_desk.type("audit", "verify", "--checkpoint", worker.settings.checkpoints)
        assert result.exit_code == 3 and "cannot be trusted" in result.stderr

    def test_the_doctor_warns_of_an_old_one(self, demo_desk, keeper):
        assert "no checkpoint" in demo_desk.type("doctor").stderr
        worker = keeper()
        worker.looks()
        result = demo_desk.type("doctor")
        assert result.exit_code == 0 and "older than a day" in result.stderr
        worker.now = datetime.now(UTC)
        worker.looks()
        assert demo_desk.type("doctor").stderr == ""
        assert demo_desk.reads("doctor")["warnings"] == []

    def test_it_is_mailed_once_with_numbers_and_signatures_only(self, demo_desk, keeper, mail_server):
        worker = keeper(
            DESK_CHECKPOINT_MAIL="auditor@example.go.id",
            DESK_SMTP_HOST="127.0.0.1",
            DESK_SMTP_PORT=str(mail_server.port),
            DESK_MAIL_FROM=SENDER,
        )
        worker.looks()
        worker.looks()
        (letter,) = mail_server.letters
        heads = demo_desk.rows("SELECT office_id, number, mac FROM streams ORDER BY office_id")
        assert [f"{row.office_id} {row.number} {row.mac}" in letter.body() for row in heads] == [True, True]


class TestSince:
    def test_from_a_checkpoint_on_nothing_before_it_is_read(self, demo_desk, database_kind, keeper):
        worker = keeper()
        worker.looks()
        folder = worker.settings.checkpoints
        demo_desk.does("token", "create", "--role", "agent", "--name", "bench-1", "--office", "jakarta")
        (number,) = demo_desk.rows("SELECT number FROM streams WHERE office_id = 1")[0]
        verify = ("audit", "verify", "--checkpoint", folder, "--office", "jakarta", "--since")
        forge(demo_desk, database_kind, "UPDATE events SET payload = '{}' WHERE office_id = 1 AND number = 2")
        assert demo_desk.type(*verify, "checkpoint").exit_code == 0
        head = json.loads((folder / "2026-03-02.jsonl").read_text().splitlines()[1])["number"]
        assert "from event" in demo_desk.does(*verify, head)
        assert demo_desk.type(*verify, head - 1).exit_code == 3
        assert demo_desk.type("audit", "verify", "--since", head).exit_code == 3
        assert demo_desk.type("audit", "verify").exit_code == 1
        assert number > head


class TestExport:
    def test_an_export_is_checked_with_the_key_alone(self, demo_desk, verifier, tmp_path, keeper):
        worker = keeper()
        worker.looks()
        export = tmp_path / "trail.jsonl"
        demo_desk.does("audit", "export", export)
        done = verifier(export, "--checkpoint", worker.settings.checkpoints)
        assert (done.returncode, done.stderr) == (0, "")
        assert "jakarta: events 1 to" in done.stdout and "1 of 1 checkpoints compared" in done.stdout
        assert demo_desk.type("audit", "export", export).exit_code == 3, "an export is not replaced"
        assert demo_desk.rows("SELECT count(*) FROM access_records WHERE verb = 'exported'")[0][0] == 2

    def test_a_number_beyond_all_numbers_is_refused_in_a_sentence(self, demo_desk, tmp_path):
        done = demo_desk.type("audit", "export", tmp_path / "x.jsonl", "--since", "9" * 23)
        assert (done.exit_code, "--since" in done.output) == (2, True)

    def test_part_of_one_office(self, demo_desk, verifier, tmp_path):
        export = tmp_path / "part.jsonl"
        demo_desk.does("audit", "export", export, "--office", "jakarta", "--since", 3, "--until", 6)
        assert len(export.read_text().splitlines()) == 5
        assert "events 3 to 6 hold" in verifier(export).stdout
        assert demo_desk.type("audit", "export", tmp_path / "none", "--since", 10**6).exit_code == 3
        assert not (tmp_path / "none").exists()

    def test_what_was_changed_in_the_database_shows_in_the_export(self, demo_desk, database_kind, verifier, tmp_path):
        forge(demo_desk, database_kind, "UPDATE events SET payload = '{}' WHERE office_id = 1 AND number = 4")
        export = tmp_path / "trail.jsonl"
        demo_desk.does("audit", "export", export)
        done = verifier(export)
        assert done.returncode == 1 and "line 5: event 4 is not what was signed" in done.stdout

    def test_a_cut_tail_is_found_with_a_checkpoint(self, demo_desk, database_kind, verifier, tmp_path, keeper):
        worker = keeper()
        worker.looks()
        forge(demo_desk, database_kind, *CUT)
        export = tmp_path / "trail.jsonl"
        demo_desk.does("audit", "export", export, "--office", "jakarta")
        assert verifier(export).returncode == 0
        done = verifier(export, "--checkpoint", worker.settings.checkpoints)
        assert done.returncode == 1 and "event 8 is missing: the trail was cut" in done.stdout

    def test_a_key_or_a_checkpoint_that_is_not_there(self, demo_desk, verifier, tmp_path):
        export = tmp_path / "trail.jsonl"
        demo_desk.does("audit", "export", export)
        assert verifier(export, "--checkpoint", tmp_path / "none").returncode == 3


class TestRotation:
    def test_a_process_that_runs_signs_with_the_new_key_at_once(self, demo_desk, verifier, tmp_path):
        running = demo_desk.streams()
        assert "chain-2 signs from event" in demo_desk.does("audit", "rotate-key")
        assert running.keys.signing == "chain-1"
        grant(running, 1, "bench-1", Role.AGENT, days=None)
        running.engine.dispose()
        events = demo_desk.rows("SELECT name, key_id FROM events WHERE office_id = 1 ORDER BY number")
        passed_on = [row.name for row in events].index("KeyRotated")
        assert {row.key_id for row in events[: passed_on + 1]} == {"chain-1"}
        assert {row.key_id for row in events[passed_on + 1 :]} == {"chain-2"}
        assert demo_desk.findings() == []
        assert demo_desk.type("audit", "verify").exit_code == 0
        demo_desk.does("audit", "export", tmp_path / "trail.jsonl")
        assert verifier(tmp_path / "trail.jsonl").returncode == 0

    def test_a_machine_without_the_new_key_signs_nothing(self, demo_desk):
        elsewhere = demo_desk.streams()
        demo_desk.does("audit", "rotate-key", "--prepare")
        assert demo_desk.rows("SELECT count(*) FROM events WHERE name = 'KeyRotated'")[0][0] == 0
        demo_desk.does("audit", "rotate-key")
        assert not (demo_desk.data / "secrets" / "chain-3").exists(), "the prepared key is taken"
        (demo_desk.data / "secrets" / "chain-2").rename(demo_desk.data / "kept")
        with pytest.raises(Refused, match="signing_key_missing"):
            rotate(elsewhere, 1, "chain-1")
        elsewhere.engine.dispose()
        assert demo_desk.type("audit", "verify").exit_code == 0, "nothing was signed with a key that is not here"

    def test_a_retired_key_and_an_exchanged_one_are_found(self, demo_desk, database_kind, verifier, tmp_path):
        demo_desk.does("audit", "rotate-key")
        demo_desk.change("UPDATE streams SET key_id = 'chain-1'")
        demo_desk.does("token", "create", "--role", "agent", "--name", "bench-1", "--office", "jakarta")
        result = demo_desk.type("audit", "verify")
        assert result.exit_code == 1 and "signed with a key that was retired before" in result.stdout
        demo_desk.does("audit", "export", tmp_path / "trail.jsonl")
        assert "was retired before" in verifier(tmp_path / "trail.jsonl").stdout

        (demo_desk.data / "secrets" / "chain-2").write_text("ab" * 32)
        result = demo_desk.type("audit", "verify")
        assert result.exit_code == 1 and "is not the one at hand" in result.stdout
        assert "than the one at hand" in verifier(tmp_path / "trail.jsonl").stdout
