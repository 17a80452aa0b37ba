"""Reading an office's events once from the first to the last: chain, order, numbers, counters, calls.

What only needs the events so far is checked on the way, in memory that does not grow with their number; transactions
are rebuilt afterwards, part by part (`desk.reads.transaction_check`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection

from desk.domain.audit import FIRST_LINK, Entry, Head, digest_of, faults
from desk.domain.discipline import WhyCode
from desk.domain.facts import Event, EventName
from desk.domain.lifecycle import AT_COUNTER_STATES
from desk.domain.numbering import label
from desk.reads.findings import Findings
from desk.reads.replay import EVERYTHING, OF_THE_OFFICE, UNREADABLE, Rebuilt, Span, event_from, read_raw

# So many visits or transactions are rebuilt and compared at a time.
PART: Final = 2_000
_WHYS: Final = frozenset(WhyCode)
_FAULTS: Final = {
    "gap": "a number is missing or out of order",
    "key": "it was signed with a key that is not at hand",
    "signature": "it, or what came before it, is not what was signed",
    "retired": "it was signed with a key that was retired before",
    "rotation": "the key at hand is not the one that the chain was passed on to",
    "cut": "the trail differs from the checkpoint, or ends before it",
}


def read_entries(connection: Connection, office_id: int) -> Iterator[Entry]:
    """Yield an office's events as they are stored, in the order of their numbers."""
    for row in read_raw(connection, "events", office_id, EVERYTHING, "number"):
        yield Entry(*(getattr(row, name) for name in Entry.__slots__))


def _signs_after(entry: Entry) -> str:
    """Return the key that signs what follows an event."""
    if entry.name != EventName.KEY_ROTATED:
        return entry.key_id
    try:
        return str(event_from(entry).payload["to"])
    except UNREADABLE:
        return entry.key_id


# Tables whose words stand beside the events, and under which name an event has their digest.
_WORDED: Final = ("floor_messages", "improvement_steps", "survey_publications")
_SEALED: Final = {
    EventName.FLOOR_MESSAGE_SENT: "words",
    EventName.IMPROVEMENT_PLANNED: "words",
    EventName.IMPROVEMENT_CHANGED: "words",
    EventName.IMPROVEMENT_PROGRESSED: "note",
    EventName.SURVEY_PUBLISHED: "reason",
}


@dataclass(slots=True)
class StreamCheck:
    """One reading of one office's events."""

    connection: Connection
    findings: Findings
    rebuilt: Rebuilt
    # What the later checks need: where a part of the transactions ends, and how far each epoch's clock was wrong.
    parts: list[int] = field(default_factory=list)
    offsets: dict[int, int] = field(default_factory=lambda: {1: 0})
    _opened: int = 0
    _last: Entry | None = None
    _visits_after: int | None = None
    _numbers: dict[tuple[Any, Any], int] = field(default_factory=dict)
    _at_counter: dict[int | None, tuple[Any, Any, Any]] = field(default_factory=dict)
    _posts: dict[Any, Any] = field(default_factory=dict)
    _messages: dict[int, tuple[str, Any]] = field(default_factory=dict)

    def read(self, keys: Mapping[str, bytes], checkpoint: Head | None) -> None:
        """Read all events; the chain, then what they say."""
        seen = self._seen(read_entries(self.connection, self.findings.office_id))
        for fault in faults(seen, keys, expected=checkpoint):
            self.findings.add(5, fault.kind, f"event {fault.number}", _FAULTS[fault.kind])
        for _ in seen:  # the chain is read to its first fault only, everything else to the end
            pass
        self._check_head()
        self._compare_office()
        self._check_messages(keys)

    def _seen(self, entries: Iterator[Entry]) -> Iterator[Entry]:
        for entry in entries:
            try:
                self._check(entry)
            except UNREADABLE as error:
                self.findings.add(4, "event", f"event {entry.number}", f"{entry.name} makes no sense ({error!r})")
            self._last = entry
            yield entry

    def _check(self, entry: Entry) -> None:
        self._check_order(entry)
        event = event_from(entry)
        if event.transaction_id is None:
            self.rebuilt.apply(event)
        self._check_facts(event)
        if event.name in _SEALED:
            self._messages[event.id] = (entry.key_id, event.payload[_SEALED[event.name]])

    def _check_facts(self, event: Event) -> None:
        match event.name:
            case EventName.VISIT_STARTED:
                self._check_number(event)
                self._compare_visits(event)
            case EventName.TRANSACTION_OPENED:
                self._opened += 1
                if self._opened % PART == 0:
                    self.parts.append(event.id)
            case EventName.TRANSACTION_CALLED:
                self._check_call(event)
            case EventName.DUTY_STARTED | EventName.DUTY_ENDED:
                self._check_duty(event)
            case _:
                pass
        if "after" in event.payload:
            self._check_counter(event)

    def _check_order(self, entry: Entry) -> None:
        """Numbers without gap; times that do not go back within an epoch; epochs that a supervisor opened."""
        last = self._last
        subject = f"event {entry.number}"
        if entry.number != (0 if last is None else last.number) + 1:
            self.findings.add(8, "gap", subject, f"it follows event {0 if last is None else last.number}")
        if last is None or entry.epoch == last.epoch:
            if last is not None and entry.at < last.at:
                self.findings.add(8, "time", subject, f"its time is {last.at - entry.at} µs before the event before it")
            return
        if entry.epoch != last.epoch + 1 or entry.name != EventName.CLOCK_CONFIRMED:
            self.findings.add(8, "epoch", subject, f"epoch {entry.epoch} follows {last.epoch} without a confirmation")
        self.offsets[entry.epoch] = self.offsets.get(last.epoch, 0) + last.at - entry.at

    def _check_head(self) -> None:
        last = self._last
        rows = read_raw(self.connection, "streams", self.findings.office_id, EVERYTHING, "office_id")
        stream = next(rows, None)
        if stream is None:
            self.findings.add(8, "head", "stream", "the office has no stream")
            return
        stored = (stream.number, stream.mac, stream.epoch)
        expected = (0, FIRST_LINK, stream.epoch) if last is None else (last.number, last.mac, last.epoch)
        if stored != expected:
            self.findings.add(8, "head", "stream", f"it ends at event {stored[0]}, the events at {expected[0]}")
        if last is not None and stream.key_id not in (None, _signs_after(last)):
            self.findings.add(8, "head", "stream", f"{stream.key_id} is to sign, the events say {_signs_after(last)}")
        if last is not None and stream.at != last.at:
            self.findings.add(8, "head", "stream", "its time is not that of the last event")

    def _check_number(self, event: Event) -> None:
        payload = event.payload
        place = (payload["day"], payload["series"])
        expected = self._numbers.get(place, 0) + 1
        subject = f"visit {event.id}"
        if payload["ordinal"] != expected:
            self.findings.add(
                1, "number", subject, f"{payload['label']} of {place[0]} was given where {expected} was next"
            )
        if payload["label"] != label(str(payload["series"]), int(str(payload["ordinal"]))):
            self.findings.add(1, "number", subject, f"{payload['label']} is not how its number is printed")
        self._numbers[place] = int(str(payload["ordinal"]))

    def _check_call(self, event: Event) -> None:
        why, passed_over = event.payload["why"], event.payload["passed_over"]
        subject = f"call {event.id}"
        if not isinstance(why, dict) or why.get("code") not in _WHYS or not isinstance(passed_over, list):
            self.findings.add(7, "call", subject, "it does not say why this one was next and who was passed over")
        elif (why["code"] == WhyCode.PICKED) != (event.payload["picked"] is not None):
            self.findings.add(7, "call", subject, "a particular visitor was called without a reason")

    def _check_duty(self, event: Event) -> None:
        officer, counter = event.payload["officer"], event.payload["counter"]
        if event.name is EventName.DUTY_ENDED:
            self._posts.pop(officer, None)
            return
        if officer in self._posts or counter in self._posts.values():
            self.findings.add(
                3, "duty", f"duty {event.id}", f"officer {officer} or counter {counter} is on duty already"
            )
        self._posts[officer] = counter

    def _check_counter(self, event: Event) -> None:
        """An officer, a counter, a visitor: each in one place at a time."""
        self._at_counter.pop(event.transaction_id, None)
        if event.payload["after"] not in AT_COUNTER_STATES:
            return
        here = (event.payload["holder"], event.payload["counter"], event.visit_id)
        subject = f"transaction {event.transaction_id}"
        for other, there in self._at_counter.items():
            for what, mine, theirs in zip(("officer", "counter", "visitor"), here, there, strict=True):
                if mine == theirs:
                    self.findings.add(
                        3, "counter", subject, f"event {event.number}: the {what} is with transaction {other} already"
                    )
        if self._posts.get(here[0]) != here[1]:
            self.findings.add(3, "counter", subject, f"event {event.number}: officer {here[0]} is not on duty there")
        self._at_counter[event.transaction_id] = here

    def _compare_visits(self, event: Event) -> None:
        """Compare the visits so far once there are enough of them; no later event changes a visit."""
        if len(self.rebuilt.tables["visits"]) >= PART:
            part = Span(self._visits_after, event.id)
            self.rebuilt.compare(self.connection, "visits", part, "id")
            self._visits_after = event.id

    def _compare_office(self) -> None:
        self.rebuilt.compare(self.connection, "visits", Span(self._visits_after, None), "id")
        for name in OF_THE_OFFICE.keys() - {"visits"}:
            self.rebuilt.compare(self.connection, name, EVERYTHING, OF_THE_OFFICE[name])

    def _check_messages(self, keys: Mapping[str, bytes]) -> None:
        """Words may have been erased; those that stand are those that the event has the digest of."""
        for name in _WORDED:
            for row in read_raw(self.connection, name, self.findings.office_id, EVERYTHING, "id"):
                key_id, digest = self._messages.get(row.id, ("", None))
                key = keys.get(key_id)
                if row.words and (key is None or digest_of(key, row.words) != digest):
                    self.findings.add(5, "words", f"{name} {row.id}", "these words are not those that were written")
