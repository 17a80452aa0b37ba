"""`kill -9` while a long file is taken over: whole parts are left, and the file goes on when it is imported again."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from desk.models import LooseResponse, Office, SurveyImport, SurveyTally
from desk.operations.stream import Streams
from desk.operations.survey.long_files import AT_ONCE
from desk.reads.doctor import Finding, examine
from tests.fixtures.dying import mortal
from tests.fixtures.office import DeskOffice, furnish
from tests.fixtures.real_server import ROOT, RealServer

pytestmark = pytest.mark.slow
ROWS = 2 * AT_ONCE + 500
HEAD = "persyaratan,prosedur,waktu,biaya,produk,kompetensi,perilaku,pengaduan,sarana"
COMMAND = "import sys\nfrom desk.cli.main import main\nmain(sys.argv[1:])\n"


def counted(office: DeskOffice) -> tuple[int, int]:
    """Return how many answers there are, and how many are counted."""
    with office.streams.reading() as connection:
        answers = connection.execute(select(func.count()).select_from(LooseResponse)).scalar_one()
    return answers, sum(row.answers for row in office.rows(SurveyTally, holder_id=0))


def findings(streams: Streams) -> list[Finding]:
    """Return what is wrong with the database, by the keys of this installation."""
    with streams.reading() as connection:
        return list(examine(connection, streams.keys.known))


@pytest.mark.parametrize("more", [[], ["--count-again"]], ids=["again", "further"])
def test_nobody_is_lost_or_counts_twice(real_server: RealServer, tmp_path: Path, more: list[str]) -> None:
    streams = real_server.streams()
    office = DeskOffice(real_server.database_url, furnish(streams), engine=streams.engine)
    file = tmp_path / "answers.csv"
    file.write_text("\n".join([HEAD, *(",".join(str(3 + (number % 2)) * 9) for number in range(ROWS))]))
    with streams.reading() as connection:
        code = connection.execute(select(Office.code).where(Office.id == office.id)).scalar_one()
    arguments = ["survey", "import", str(file), "--period", "2025-Q1", "--office", code, "--json", *more]
    killed = subprocess.run(
        [sys.executable, "-c", mortal(COMMAND), *arguments], cwd=ROOT, capture_output=True, check=False, timeout=120,
        env={**real_server.environ, "PATH": os.environ["PATH"], "DIES_AT": "commit 2"},
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert counted(office) == (AT_ONCE, AT_ONCE)
    assert findings(streams) == []

    done = real_server.command(*arguments)
    said = json.loads(done.stdout)
    assert (done.returncode, said["before"], said["kept"], said["refused"]) == (0, AT_ONCE, ROWS - AT_ONCE, [])
    assert counted(office) == (ROWS, ROWS)
    assert len(office.rows(SurveyImport)) == 3
    assert findings(streams) == []
    if not more:
        again = real_server.command(*arguments)
        assert (again.returncode, len(json.loads(again.stdout)["refused"])) == (1, ROWS)
        assert counted(office) == (ROWS, ROWS)
    office.engine.dispose()
