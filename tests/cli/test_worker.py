"""The worker: offers whose time is over go back, and one signal ends it all."""

import os
import signal
import subprocess
import sys
import time

import pytest

from desk.cli.worker import begin_absences, expire_offers
from desk.domain.lifecycle import State


def test_offers_whose_time_is_over_go_back_to_their_givers(desk_office):
    desk_office.sari.signs_on(1)
    desk_office.dewi.signs_on(2)
    desk_office.arrives()
    transaction = desk_office.sari.serves()
    desk_office.sari.offers(transaction, desk_office.dewi)

    assert expire_offers(desk_office.streams) == 0
    desk_office.clock.tick(601)
    assert expire_offers(desk_office.streams) == 1
    assert expire_offers(desk_office.streams) == 0

    assert desk_office.state(transaction) is State.WAITING
    assert desk_office.transaction(transaction).holder_id == desk_office.sari.id
    assert desk_office.findings() == []


def test_absences_begin_on_their_first_day(desk_office):
    desk_office.sari.plans_absence(desk_office.dewi)

    assert begin_absences(desk_office.streams) == 0
    desk_office.clock.tick(86_400)
    assert begin_absences(desk_office.streams) == 1
    assert begin_absences(desk_office.streams) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it(demo_desk, tmp_path, number):
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "desk.cli.main", "worker"],
            env={**os.environ, **demo_desk.environ}, stdout=log, stderr=log,
        )  # fmt: skip
        deadline = time.monotonic() + 60
        while "mail is not set up" not in (tmp_path / "log").read_text():
            assert time.monotonic() < deadline and process.poll() is None, (tmp_path / "log").read_text()
            time.sleep(0.05)
        process.send_signal(number)
        assert process.wait(10) == 0
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_a_sender_that_is_no_address_is_said(demo_desk):
    environ = {"DESK_SMTP_HOST": "127.0.0.1", "DESK_MAIL_FROM": "nobody at all"}
    done = subprocess.run(
        [sys.executable, "-m", "desk.cli.main", "worker"],
        env={**os.environ, **demo_desk.environ, **environ}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert done.returncode == 3
    assert "DESK_MAIL_FROM" in done.stderr and "Traceback" not in done.stderr
