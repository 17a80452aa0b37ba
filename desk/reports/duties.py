"""Duties as stretches: from one event of a duty to the next the officer was in one state, available or on a break."""

import json
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ColumnElement, column, select, table

from desk.domain.facts import EventName
from desk.domain.identity import id_of
from desk.domain.queueing import DutyState
from desk.reads.reader import Reader
from desk.reports.days import Days

EVENTS: Final = (EventName.DUTY_STARTED, EventName.BREAK_STARTED, EventName.BREAK_ENDED, EventName.DUTY_ENDED)
Open = list[Any]  # officer, counter, back office, state, reason, since: as JSON keeps it


@dataclass(slots=True)
class DutyLog:
    """The duties open at an event, by id; following later events closes stretches, which become rows."""

    days: Days
    on_duty: dict[str, Open] = field(default_factory=dict)
    rows: list[tuple[Any, ...]] = field(default_factory=list)

    def follow(self, reader: Reader, office_id: int, *, after: int, upto: int) -> None:
        """Read the events of duties above number `after`, up to and with `upto`."""
        number: ColumnElement[Any] = column("number")
        query = (
            select(number, column("name"), column("at"), column("payload"))
            .select_from(table("events"))
            .where(column("office_id") == office_id, number > after, number <= upto)
            .where(column("name").in_([each.value for each in EVENTS]))
            .order_by(number)
        )
        for row in reader.execute(query):
            payload = json.loads(row.payload)
            if row.name == EventName.DUTY_STARTED:
                said = [payload["officer"], payload["counter"], int(payload["back_office"]), payload["state"]]
                self.on_duty[str(id_of(office_id, number=row.number))] = [*said, None, row.at]
            else:
                self._change(str(payload["duty"]), row.name, payload, row.at)

    def _change(self, duty: str, name: str, payload: dict[str, Any], at: int) -> None:
        known = self.on_duty.pop(duty, None)
        if known is None:
            return
        self._close(duty, known, at)
        if name == EventName.BREAK_STARTED:
            self.on_duty[duty] = [*known[:3], DutyState.BREAK.value, payload["reason"], at]
        if name == EventName.BREAK_ENDED:
            self.on_duty[duty] = [*known[:3], DutyState.AVAILABLE.value, None, at]

    def close_all(self, at: int) -> None:
        """End every open stretch at `at`, for a report of this moment."""
        for duty, known in self.on_duty.items():
            self._close(duty, known, at)
        self.on_duty.clear()

    def _close(self, duty: str, known: Open, at: int) -> None:
        officer, counter, back_office, state, reason, since = known
        for day, start, end in self.days.pieces(since, at) if at > since else ():
            self.rows.append((int(duty), day, officer, counter, back_office, state, reason, start, end - start))
