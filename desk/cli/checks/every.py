"""All checks in the order in which they are told, and how one is run."""

import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from desk.cli import database as versions
from desk.cli.checks import browser, database, keeping, machine, network, offices, printers, voice, watching
from desk.cli.checks.base import Check, Result, Subject, Unreadable, unknown
from desk.cli.refusing import reason_of
from desk.models.engine import open_engine
from desk.settings import Settings

CHECKS: Final[Mapping[str, Check]] = {
    "python": machine.check_python,
    "user": machine.check_user,
    "data-folder": machine.check_folder,
    "secrets": machine.check_secrets,
    "second-factors": keeping.check_second_factors,
    "disk": machine.check_disk,
    "local-disk": machine.check_local_disk,
    "open-files": machine.check_files,
    "debugging": machine.check_debugging,
    "sqlite-library": database.check_library,
    "revision": database.check_revision,
    "durable": database.check_durable,
    "whole": database.check_whole,
    "database-role": database.check_role,
    "connections": database.check_connections,
    "database-tls": database.check_password,
    "demo": database.check_demo,
    "clock": machine.check_clock,
    "set-in-browser": browser.check_set_in_browser,
    "base-address": network.check_base_address,
    "tls": network.check_tls,
    "proxies": network.check_proxies,
    "listening": network.check_listening,
    "rate-limits": network.check_limits,
    "mail": network.check_mail,
    "sender": network.check_sender,
    "gateway": network.check_gateway,
    "offices": offices.check_offices,
    "administrators": offices.check_administrators,
    "server-keeper": offices.check_keepers,
    "services": offices.check_services,
    "series": offices.check_series,
    "counters": offices.check_counters,
    "hours": offices.check_hours,
    "holidays": offices.check_holidays,
    "planned": offices.check_planned,
    "backup": keeping.check_backup,
    "backup-place": keeping.check_backup_place,
    "backup-tools": keeping.check_backup_tools,
    "worker": watching.check_worker,
    "metrics": watching.check_metrics,
    "checkpoint": offices.check_checkpoint,
    "outbox": offices.check_outbox,
    "printers": printers.check_printers,
    "voice": voice.check_voice,
    "tokens": offices.check_tokens,
}


def run(settings: Settings, names: Iterator[str] | None = None) -> Iterator[tuple[str, Result]]:
    """Yield what each check finds, in order; none of them changes anything."""
    subject = _subject(settings)
    try:
        for name in names or CHECKS:
            for result in _results(CHECKS[name], subject):
                yield name, result
    finally:
        if subject.engine is not None:
            subject.engine.dispose()


def _results(check: Check, subject: Subject) -> Iterator[Result]:
    """Yield what a check finds; that it could not look is an answer, too."""
    try:
        yield from check(subject)
    except Unreadable:
        yield unknown("It was not looked at: the database cannot be read.", "See the check `revision`.")
    except (SQLAlchemyError, OSError) as error:
        yield unknown(f"It was not looked at: {reason_of(error)}")


def _subject(settings: Settings) -> Subject:
    url, now, environment = settings.database, datetime.now(UTC), dict(os.environ)
    if not versions.exists(url):
        return Subject(settings, environment, now, None, is_current=False)
    try:
        is_current = versions.current(url) == versions.head()
    except SQLAlchemyError:
        return Subject(settings, environment, now, None, is_current=False)
    return Subject(settings, environment, now, open_engine(url), is_current)
