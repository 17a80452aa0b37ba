"""The tallies by leg against the legs that were frozen with each answer."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, select

from desk.domain.handlers import WHOLE
from desk.domain.tallies import Tally
from desk.models import LegTally, ResponseLeg
from desk.reads.findings import Findings

LEGS: Any = ResponseLeg.__table__
TALLIES: Any = LegTally.__table__
KEY: Final = ("day", "leg", "service_id", "measure", "origin")
SUMS: Final = ("answers", "rated", "weight", "weight_square", "total", "square")


def check_legs(
    connection: Connection,
    findings: Findings,
    answers: Iterable[tuple[int, tuple[date, int, str, str], Mapping[str, Any], int | None]],
) -> None:
    """Note each tally by leg that is not the sum of its answers; `answers` as (id, place, answers, satisfaction)."""
    legs = _legs(connection, findings)
    expected: dict[tuple[Any, ...], Tally] = {}
    for response_id, (day, _, measure, origin), _, satisfaction in answers:
        for leg in legs.get(response_id, ()):
            key = (day, leg.leg, leg.service_id, measure, origin)
            expected.setdefault(key, Tally()).add({}, satisfaction, {}, weight=leg.share)
    for row in connection.execute(select(TALLIES).where(TALLIES.c.office_id == findings.office_id)):
        key = tuple(getattr(row, name) for name in KEY)
        if expected.pop(key, None) != Tally(*(getattr(row, name) for name in SUMS)):
            findings.add(4, "tally", f"leg_tallies {_told(key)}", "it is not the sum of its answers")
    for key in expected:
        findings.add(4, "tally", f"leg_tallies {_told(key)}", "there are answers, and no tally of them")


def _legs(connection: Connection, findings: Findings) -> dict[int, list[Any]]:
    """Return the legs of each answer, and note where they are not the whole."""
    legs: dict[int, list[Any]] = {}
    for row in connection.execute(select(LEGS).where(LEGS.c.office_id == findings.office_id)):
        legs.setdefault(row.response_id, []).append(row)
    for response_id, found in legs.items():
        if sum(each.share for each in found) != WHOLE:
            findings.add(4, "tally", f"response_legs {response_id}", "the shares of its legs are not the whole")
    return legs


def _told(key: tuple[Any, ...]) -> str:
    return "/".join(str(part) for part in key)
