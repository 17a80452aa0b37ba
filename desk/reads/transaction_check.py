"""Rebuilding transactions part by part: rows equal events, custody tiles their life, asking was decided once."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection

from desk.domain.audit import Entry, canonical, digest_of
from desk.domain.invitation import DecidedAt, InvitationState, Privacy
from desk.domain.lifecycle import AT_COUNTER_STATES, State
from desk.domain.requesting import RequestState
from desk.domain.rows import Row
from desk.reads.findings import Findings
from desk.reads.replay import OF_TRANSACTIONS, UNREADABLE, Rebuilt, Span, event_from, read_raw

Grouped = dict[Any, list[Row]]


@dataclass(frozen=True, slots=True)
class Closing:
    """How a custody segment ended, as its event tells: in which epoch, and whether the transaction ended with it."""

    epoch: int
    ended: bool


@dataclass(slots=True)
class TransactionCheck:
    """The transactions of one part of an office's history; `offsets` make times of different epochs comparable."""

    connection: Connection
    findings: Findings
    rebuilt: Rebuilt
    offsets: dict[int, int]
    keys: Any
    _closings: dict[tuple[Any, Any], Closing] = field(default_factory=dict)
    _digests: dict[tuple[int, str], tuple[str, Any]] = field(default_factory=dict)

    def check(self, part: Span) -> None:
        """Rebuild and check the transactions of this part."""
        self._closings.clear()
        self._digests.clear()
        office_id = self.findings.office_id
        for row in read_raw(self.connection, "events", office_id, part, "transaction_id"):
            self._follow(Entry(*(getattr(row, name) for name in Entry.__slots__)))
        stored = {name: self.rebuilt.compare(self.connection, name, part, by) for name, by in OF_TRANSACTIONS.items()}
        self._check_words(part)
        self._check_custody(stored)
        self._check_counters(stored["transactions"])
        self._check_calls(stored["calls"])
        self._check_offers(stored["handoffs"])
        self._check_requests(stored)
        self._check_invitations(stored)

    def _follow(self, entry: Entry) -> None:
        try:
            event = event_from(entry)
        except UNREADABLE:
            return  # found already when the events were read in order
        self.rebuilt.apply(event)
        closes = event.payload.get("closes")
        if closes is not None:
            ended = event.payload.get("after") == State.ENDED
            self._closings[event.transaction_id, closes] = Closing(event.epoch, ended)
        digest = event.payload.get("note") or event.payload.get("comment")
        if digest is not None:
            self._digests[event.id, "note"] = (entry.key_id, digest)
        for name in ("expects", "papers"):
            if event.payload.get(name) is not None:
                self._digests[event.id, name] = (entry.key_id, event.payload[name])
        if "details" in event.payload:
            response = event.payload.get("response", event.id)
            self._digests[_number(response), "details"] = (entry.key_id, event.payload["details"])

    def _check_words(self, part: Span) -> None:
        """Words may have been erased; those that stand are those that the event has the digest of."""
        for note in read_raw(self.connection, "notes", self.findings.office_id, part, "transaction_id"):
            key_id, digest = self._digests.get((note.id, "note"), ("", None))
            key = self.keys.get(key_id)
            if note.words and (key is None or digest_of(key, note.words) != digest):
                self.findings.add(5, "words", f"notes {note.id}", "these words are not those that were written")
        for row in read_raw(self.connection, "handoff_words", self.findings.office_id, part, "transaction_id"):
            for name in ("expects", "papers"):
                key_id, digest = self._digests.get((row.id, name), ("", None))
                key, words = self.keys.get(key_id), getattr(row, name)
                if words and (key is None or digest_of(key, words) != digest):
                    self.findings.add(5, "words", f"handoff_words {row.id}", f"{name} is not what was written")
        self._check_details(part)

    def _check_details(self, part: Span) -> None:
        """Profiles and further words may have been erased too; those that stand are those that were given."""
        for row in read_raw(self.connection, "response_details", self.findings.office_id, part, "transaction_id"):
            key_id, digest = self._digests.get((row.response_id, "details"), ("", None))
            key = self.keys.get(key_id)
            details = {name: _parsed(getattr(row, name)) for name in ("profile", "texts")}
            if not any(details.values()):
                continue
            told = canonical(details)
            if key is None or digest_of(key, told) != digest:
                self.findings.add(
                    5, "words", f"response_details {row.response_id}", "these answers are not those that were given"
                )

    def _check_custody(self, stored: dict[str, list[Row]]) -> None:
        segments = _grouped(stored["custody_segments"])
        for transaction in stored["transactions"]:
            try:
                wrong = self._custody_fault(transaction, segments.get(transaction["id"], []))
            except (TypeError, KeyError) as error:
                wrong = f"custody cannot be added up ({error!r})"
            if wrong is not None:
                self.findings.add(2, "custody", f"transaction {transaction['id']}", wrong)

    def _custody_fault(self, transaction: Row, segments: list[Row]) -> str | None:
        """Return what is wrong with custody, which tiles the life of the transaction exactly; None for nothing."""
        if not segments or [each["ordinal"] for each in segments] != list(range(1, transaction["segment"] + 1)):
            return f"its {len(segments)} segments are not numbered 1 to {transaction['segment']}"
        if segments[0]["started_at"] != transaction["opened_at"]:
            return "custody does not begin with the transaction"
        for one, following in pairwise(segments):
            if one["ended_at"] is None or (one["ended_at"] != following["started_at"] and not self._closing(one).ended):
                return f"custody has a gap or an overlap after segment {one['ordinal']}"
        return self._last_segment_fault(transaction, segments[-1]) or self._sum_fault(transaction, segments)

    def _last_segment_fault(self, transaction: Row, last: Row) -> str | None:
        if transaction["state"] == State.ENDED:
            return None if last["ended_at"] == transaction["ended_at"] else "custody does not end with the transaction"
        if last["ended_at"] is not None:
            return "it is open and nobody has custody"
        same = all(last[name] == transaction[name] for name in ("state", "holder_id", "counter_id"))
        return None if same else "the open segment is not how the transaction stands"

    def _sum_fault(self, transaction: Row, segments: list[Row]) -> str | None:
        """Compare the segments' times, each by its own epoch's clock, with the time from check-in to the end."""
        spans = [self._span(each) for each in segments if each["ended_at"] is not None]
        if any(end < start for start, end in spans):
            return "a segment ends before it starts"
        starts = [self._true(each["started_at"], each["epoch"]) for each in segments]
        between = [
            start - end for (_, end), start in zip(spans, starts[1:], strict=False)
        ]  # not under anybody's custody: ended, and opened again later
        if any(gap < 0 for gap in between):
            return "a segment starts before the one before it ends"
        if transaction["state"] != State.ENDED:
            return None
        elapsed = spans[-1][1] - starts[0] - sum(between)
        return None if elapsed == sum(end - start for start, end in spans) else "its times do not add up"

    def _span(self, segment: Row) -> tuple[int, int]:
        start = self._true(segment["started_at"], segment["epoch"])
        return start, self._true(segment["ended_at"], self._closing(segment).epoch)

    def _closing(self, segment: Row) -> Closing:
        return self._closings[segment["transaction_id"], segment["ordinal"]]

    def _true(self, at: int, epoch: int) -> int:
        return at + self.offsets[epoch]

    def _check_counters(self, transactions: list[Row]) -> None:
        here = [each for each in transactions if each["state"] in AT_COUNTER_STATES]
        for what in ("holder_id", "counter_id", "visit_id"):
            for value, together in _grouped(here, what).items():
                if len(together) > 1:
                    ids = [each["id"] for each in together]
                    self.findings.add(3, "counter", f"transactions {ids}", f"they share {what} {value}")

    def _check_calls(self, calls: list[Row]) -> None:
        for call in calls:
            why, passed_over = call["why"], call["passed_over"]
            complete = isinstance(why, dict) and "code" in why and isinstance(passed_over, list)
            if not complete or len(passed_over) != call["passed_count"]:
                self.findings.add(7, "call", f"calls {call['id']}", "it does not tell why, and who was passed over")

    def _check_offers(self, handoffs: list[Row]) -> None:
        open_offers = [each for each in handoffs if each["state"] == "offered"]
        for transaction_id, offers in _grouped(open_offers).items():
            if len(offers) > 1:
                self.findings.add(2, "offer", f"transaction {transaction_id}", "it is offered more than once")

    def _check_requests(self, stored: dict[str, list[Row]]) -> None:
        """An open request is about an open transaction."""
        there = {each["id"] for each in stored["transactions"] if each["state"] != State.ENDED}
        for request in stored["requests"]:
            if request["state"] == RequestState.ASKED and request["transaction_id"] not in there:
                self.findings.add(2, "request", f"requests {request['id']}", "it is open and its transaction is not")

    def _check_invitations(self, stored: dict[str, list[Row]]) -> None:
        invitations, responses = _grouped(stored["invitations"]), _grouped(stored["responses"])
        for transaction in stored["transactions"]:
            mine = invitations.get(transaction["id"], [])
            answers = responses.get(transaction["id"], [])
            wrong = _invitation_fault(transaction, mine, len(answers))
            if wrong is not None:
                self.findings.add(6, "invitation", f"transaction {transaction['id']}", wrong)


def _invitation_fault(transaction: Row, invitations: list[Row], answers: int) -> str | None:
    states = [each["state"] for each in invitations]
    ended = transaction["state"] == State.ENDED
    if len(states) > 1 or (ended and not states):
        return f"it has {len(states)} decisions on asking"
    if ended and InvitationState.SUPERSEDED in states:
        return "it ended again and no decision on asking was made"
    if ended and any(each["held_at"] and each["state"] == InvitationState.OPEN for each in invitations):
        return "it ended again and its question still waits for that"
    at_end = [each for each in invitations if each["decided_by"] != DecidedAt.LIMIT]
    if not ended and InvitationState.NONE in [each["state"] for each in at_end]:
        return "it was opened again and the decision not to ask stands"
    # An anonymous answer is known to have come in, and not which one it is.
    named = [each for each in invitations if each["privacy"] != Privacy.ANONYMOUS]
    if answers != [each["state"] for each in named].count(InvitationState.ANSWERED):
        return f"it has {answers} answers, and its question is {states}"
    return None


def _parsed(value: Any) -> Any:
    """Return a stored JSON value as an object; what cannot be read stands as it is and fits no digest."""
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _grouped(rows: Iterable[Row], by: str = "transaction_id") -> Grouped:
    groups: Grouped = defaultdict(list)
    for row in rows:
        groups[row[by]].append(row)
    return groups
