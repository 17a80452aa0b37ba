"""The program's log: one line an event, as text or JSON, each with the request or the work it belongs to.

No line holds whom it is about: what looks like an address, a phone number or a token is masked whoever wrote it, and an
error is told by its kind and place only, since its words may quote what a person typed or the row a database refused.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import getrandbits
from time import gmtime
from types import TracebackType
from typing import Any, Final

from desk.domain.masking import screened

TEXT: Final = "text"
JSON: Final = "json"
FORMATS: Final = (TEXT, JSON)
# By what a line tells of a request; the formatter takes it from the record.
FACTS: Final = "desk_facts"
# What a proxy of ours may call a request: hexadecimal, as proxies make them, so that nobody's token or name fits in.
_GIVEN: Final = re.compile(r"[0-9a-fA-F][0-9a-fA-F-]{14,62}[0-9a-fA-F]")
_ENCODE: Final = json.JSONEncoder(ensure_ascii=False, default=str).encode
_Info = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


@dataclass(slots=True)
class RequestMarks:
    """A request while it is answered: its id, and the WSGI environment once there is one."""

    id: str
    environ: dict[str, Any] | None = field(default=None, repr=False)


REQUEST: Final[ContextVar[RequestMarks | None]] = ContextVar("request", default=None)
WORK: Final[ContextVar[dict[str, int | str] | None]] = ContextVar("work", default=None)


def new_request_id() -> str:
    """Return an id that no other request has."""
    return f"{getrandbits(64):016x}"


def given_request_id(text: str | None) -> str | None:
    """Return the id a proxy gave a request; None for what is none."""
    return text if text is not None and _GIVEN.fullmatch(text) else None


def current_request_id() -> str | None:
    """Return the id of the request that is being answered."""
    marks = REQUEST.get()
    return None if marks is None else marks.id


@contextmanager
def working_on(**what: int | str) -> Iterator[None]:
    """Put ids of what is worked on (delivery=…, office=…, job=…) into every line of the block."""
    before = WORK.set({**(WORK.get() or {}), **what})
    try:
        yield
    finally:
        WORK.reset(before)


def told_of(error: BaseException | None) -> str:
    """Return the kind of an error and where it arose, then the same of what led to it; none of its words."""
    return "".join(_told(error)).rstrip()


def _told(error: BaseException | None) -> Iterator[str]:
    while error is not None:
        yield f"{type(error).__module__}.{type(error).__qualname__}\n"
        yield from traceback.format_list(traceback.extract_tb(error.__traceback__))
        error = error.__cause__ or error.__context__


def _belongs(record: logging.LogRecord) -> dict[str, Any]:
    """Return the ids of the request and the work that a line belongs to, and what it tells in figures."""
    marks, work = REQUEST.get(), WORK.get()
    found: dict[str, Any] = {} if marks is None else {"request": marks.id}
    if work:
        found.update(work)
    found.update(record.__dict__.get(FACTS, ()))
    return found


def _words_of(record: logging.LogRecord, words: str) -> str:
    """Return the words of a line as they may stand there; figures of our own need no look."""
    return words if FACTS in record.__dict__ else screened(words)


class TextLines(logging.Formatter):
    """For people: `2026-03-02T01:00:00.123Z INFO desk.access [3f0c…]: GET /v/<token> 200 …`."""

    converter = staticmethod(gmtime)  # UTC, as the other form
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self) -> None:
        """Make the formatter."""
        super().__init__("%(asctime)s %(levelname)s %(name)s%(desk_ids)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - so named by logging
        """Return the line."""
        marks = REQUEST.get()
        record.desk_ids = "" if marks is None else f" [{marks.id}]"
        record.message = _words_of(record, record.message)
        return super().formatMessage(record)

    def formatException(self, ei: _Info) -> str:  # noqa: N802
        """Return an error without its words."""
        return told_of(ei[1])


class JsonLines(logging.Formatter):
    """For programs: an object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _words_of(record, record.getMessage()),
            **_belongs(record),
        }
        if record.exc_info:
            line["error"] = told_of(record.exc_info[1])
        return _ENCODE(line)


def log_to_stderr(level: str, form: str) -> None:
    """Send the log to standard error, asking of each line only what is written in it."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == JSON else TextLines())
    logging.basicConfig(level=level.upper(), handlers=[handler])
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging.getLogger("alembic").setLevel(logging.WARNING)
