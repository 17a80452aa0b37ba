"""Whoever carries planned changes out knows every kind, whatever else the program has come by so far."""

import subprocess
import sys
from pathlib import Path

from desk.operations.settings.plannable import PLANNING, known_kinds

SETTINGS = Path(__file__).parents[2] / "desk" / "operations" / "settings"
ASKING = "from desk.operations.settings.plannable import known_kinds; print(*sorted(known_kinds()))"


def test_every_module_that_registers_a_kind_is_named():
    found = {path.stem for path in SETTINGS.glob("*.py") if "planned.register(" in path.read_text()}
    assert found == {*PLANNING}


def test_a_worker_that_has_come_by_nothing_else_knows_every_kind():
    told = subprocess.run(
        [sys.executable, "-c", ASKING], capture_output=True, text=True, check=True, cwd=SETTINGS.parents[2]
    )
    assert {*told.stdout.split()} == known_kinds() - {"broken"}
