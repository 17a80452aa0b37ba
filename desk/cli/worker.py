"""What works beside the server: mail goes out, offers not answered go back, absences begin, days and trail are kept."""

import logging
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from types import FrameType
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from desk.cli.backup_keeping import BackupKeeper
from desk.cli.case_keeping import CaseKeeper
from desk.cli.every_office import in_every_office
from desk.cli.planned_keeping import carry_out_changes
from desk.cli.privacy_keeping import PrivacyKeeper
from desk.cli.renewing import go_on
from desk.cli.sign_in_keeping import SignInKeeper
from desk.cli.trail_keeping import TrailKeeper
from desk.cli.wipe_keeping import WipeKeeper
from desk.delivery import print_worker
from desk.delivery import worker as delivery
from desk.demo.loading import is_held
from desk.models.engine import open_engine
from desk.operations.covering import begin_due, offices_with_due_absences
from desk.operations.handing_off import expire_due, offices_with_due_offers
from desk.operations.stream import Streams
from desk.operations.survey.reminding import offices_with_silent, remind_due
from desk.operations.survey.writing_instead import offices_with_returned, write_instead
from desk.settings import Settings, load_keys
from desk.watching.heartbeat import Heart

LOG: Final = logging.getLogger(__name__)
# Seconds between two looks for offers whose time is over, and after a database that did not answer.
LOOK_SECONDS, AWAY_SECONDS = 1.0, 5.0
# Seconds between two bites of events for the report days: while many are left, and once all are taken in.
NEXT_BITE_SECONDS, NEXT_ROUND_SECONDS = 0.2, 30.0


def worker(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; ends by itself, with an error, where the mail settings make no sense."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _setter(stop))
    _run(settings, stop)


def _setter(stop: threading.Event) -> Callable[[int, FrameType | None], None]:
    def told(number: int, frame: FrameType | None) -> None:
        stop.set()

    return told


def _run(settings: Settings, stop: threading.Event) -> None:
    failures: list[Exception] = []
    threads = [
        threading.Thread(target=_deliver, args=(settings, stop, failures), name="delivery", daemon=True),
        threading.Thread(
            target=_deliver_to_phones, args=(settings, stop, failures), name="delivery to phones", daemon=True
        ),
        threading.Thread(target=_print, args=(settings, stop, failures), name="printing", daemon=True),
        threading.Thread(target=_keep_days, args=(settings, stop), name="report days", daemon=True),
        threading.Thread(target=BackupKeeper(settings).run, args=(stop,), name="backups", daemon=True),
    ]
    for thread in threads:
        thread.start()
    engine = open_engine(settings.database)
    streams = Streams(engine, load_keys(settings))
    trail = TrailKeeper(settings, streams)
    cases, privacy = CaseKeeper(settings, streams), PrivacyKeeper(settings, streams)
    wiping, sign_in = WipeKeeper(settings, streams), SignInKeeper(streams)
    heart = Heart(engine)
    _beat(heart)
    try:
        while not stop.wait(_look(streams, settings, trail)):
            _beat(heart)
            cases.look()
            privacy.look()
            wiping.look()
            sign_in.look()
    finally:
        stop.set()
        for thread in threads:
            thread.join(LOOK_SECONDS)
        engine.dispose()
    if failures:
        raise failures[0]


def _beat(heart: Heart) -> None:
    """Say that the worker goes round; that it cannot is told by the silence."""
    try:
        heart.beat(datetime.now(UTC))
    except SQLAlchemyError as error:
        LOG.error("the database does not answer: %s", type(getattr(error, "orig", None) or error).__name__)


def _deliver(settings: Settings, stop: threading.Event, failures: list[Exception]) -> None:
    try:
        go_on(delivery.run, settings, stop)
    except Exception as error:  # noqa: BLE001 - raised again by the thread that waits for this one
        failures.append(error)
    stop.set()


def _deliver_to_phones(settings: Settings, stop: threading.Event, failures: list[Exception]) -> None:
    try:
        go_on(delivery.run_gateway, settings, stop)
    except Exception as error:  # noqa: BLE001 - raised again by the thread that waits for this one
        failures.append(error)
    stop.set()


def _print(settings: Settings, stop: threading.Event, failures: list[Exception]) -> None:
    try:
        go_on(print_worker.run, settings, stop)
    except Exception as error:  # noqa: BLE001 - raised again by the thread that waits for this one
        failures.append(error)
    stop.set()


def _keep_days(settings: Settings, stop: threading.Event) -> None:
    """Keep the report days up to date in small bites, out of everybody's way; not while a demo day is played."""
    engine = open_engine(settings.database)
    try:
        while not stop.is_set():
            stop.wait(NEXT_ROUND_SECONDS if is_held(settings.data) else _round(engine, stop))
    finally:
        engine.dispose()


def _round(engine: Engine, stop: threading.Event) -> float:
    """Take a bite for every office that is behind; returns the seconds to wait before the next."""
    from desk.reports.keeping import offices_behind, refresh

    left = 0
    try:
        for office_id in offices_behind(engine):
            if stop.is_set():
                break
            left += refresh(engine, office_id, at=datetime.now(UTC))
    except SQLAlchemyError as error:
        LOG.error("report days cannot be kept: %s", type(getattr(error, "orig", None) or error).__name__)
        return NEXT_ROUND_SECONDS
    return NEXT_BITE_SECONDS if left else NEXT_ROUND_SECONDS


def _look(streams: Streams, settings: Settings, trail: TrailKeeper) -> float:
    """Carry out, expire, begin what is due, watch over the trail; returns the seconds to wait before the next look.

    Not while a demo day is played: its offers lie in the past, and end there.
    """
    if is_held(settings.data):
        return LOOK_SECONDS
    try:
        carry_out_changes(streams)
        expire_offers(streams)
        begin_absences(streams)
        remind_silent(streams)
        write_to_other_addresses(streams)
        return 0.0 if trail.look() else LOOK_SECONDS
    except SQLAlchemyError as error:
        LOG.error("the database does not answer: %s", type(getattr(error, "orig", None) or error).__name__)
        return AWAY_SECONDS


def expire_offers(streams: Streams) -> int:
    """Give back every offer whose time is over, in all offices; returns how many."""
    return in_every_office(streams, offices_with_due_offers(streams), expire_due, "expire", "expired", what="offers")


def begin_absences(streams: Streams) -> int:
    """Begin every absence whose first day has come, in all offices; returns how many."""
    return in_every_office(
        streams, offices_with_due_absences(streams), begin_due, "begin_absences", "begun", what="absences"
    )


def write_to_other_addresses(streams: Streams) -> int:
    """Queue messages to the other addresses of those whose message came back, in all offices; returns how many."""
    return in_every_office(
        streams,
        offices_with_returned(streams),
        write_instead,
        "write_instead",
        "queued",
        what="messages to other addresses",
    )


def remind_silent(streams: Streams) -> int:
    """Queue the reminders of messages nobody has answered, in all offices; returns how many."""
    return in_every_office(streams, offices_with_silent(streams), remind_due, "remind", "reminded", what="reminders")
