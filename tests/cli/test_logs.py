"""The log's lines: as text and as JSON, with the ids of what they belong to, and without anybody's data."""

import json
import logging
import sys
from typing import Any

import pytest

from desk.logs import (
    FACTS,
    REQUEST,
    JsonLines,
    RequestMarks,
    TextLines,
    current_request_id,
    given_request_id,
    new_request_id,
    working_on,
)

TOKEN = "e3hgyopsxba4odff55v6xvwoey"
PERSONAL = ("wati.lestari@example.id", "+6281234567890", TOKEN)


def line_of(formatter: logging.Formatter, words: str, *values: object, error: Any = None, extra: Any = None) -> str:
    """Return the line that is logged."""
    logger = logging.getLogger("desk.example")
    return formatter.format(
        logger.makeRecord(logger.name, logging.ERROR, __file__, 1, words, values, error, extra=extra)
    )


def test_json_says_what_it_belongs_to() -> None:
    marked = REQUEST.set(RequestMarks("00ff00ff00ff00ff"))
    try:
        with working_on(delivery=7, office=1), working_on(job="remind"):
            line = line_of(JsonLines(), "delivery %d: %s", 7, "sent", extra={FACTS: {"ms": 1.5}})
        assert current_request_id() == "00ff00ff00ff00ff"
    finally:
        REQUEST.reset(marked)
    found = json.loads(line)
    assert found.pop("time").endswith("+00:00")
    assert found == {
        "level": "ERROR", "logger": "desk.example", "message": "delivery 7: sent", "request": "00ff00ff00ff00ff",
        "delivery": 7, "office": 1, "job": "remind", "ms": 1.5,
    }  # fmt: skip
    assert "request" not in json.loads(line_of(JsonLines(), "later"))


@pytest.mark.parametrize("formatter", [JsonLines(), TextLines()], ids=["json", "text"])
def test_no_line_holds_anybodys_data_whoever_wrote_it(formatter: logging.Formatter) -> None:
    for each in PERSONAL:
        assert each not in line_of(formatter, "said %s and %r", each, {"to": each})
        try:
            raise RuntimeError(each) from ValueError(each)
        except RuntimeError:
            line = line_of(formatter, "failed", error=sys.exc_info())
        assert each not in line
        assert "builtins.RuntimeError" in line and "builtins.ValueError" in line and "test_logs.py" in line
    assert "\n" not in line_of(JsonLines(), "one\ntwo")


def test_text_says_the_request() -> None:
    marked = REQUEST.set(RequestMarks("00ff00ff00ff00ff"))
    try:
        assert line_of(TextLines(), "odd").endswith("ERROR desk.example [00ff00ff00ff00ff]: odd")
    finally:
        REQUEST.reset(marked)
    assert line_of(TextLines(), "odd").endswith("ERROR desk.example: odd")


def test_ids_of_requests() -> None:
    assert len({new_request_id() for _ in range(1000)}) == 1000
    assert given_request_id(new_request_id()) is not None
    for good in ("7b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0", "0123456789abcdef", "A" * 64):
        assert given_request_id(good) == good
    for odd in (None, "", "short", TOKEN, "wati@example.id", "0812345678", "0" * 65, "0123456789abcdef\n", "-" * 20):
        assert given_request_id(odd) is None
