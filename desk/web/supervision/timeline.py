"""The timeline of a transaction: each event in words, with what goes under it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import format_date, gettext

from desk.domain.clock import instant
from desk.domain.facts import EventName
from desk.domain.identity import event_of
from desk.reads.requests import RequestView
from desk.reads.transaction_views import CallView, HandoffView, Happening, TransactionFile
from desk.web.counter_words import called
from desk.web.reason_words import pause_word, reason_of
from desk.wording.events import DECISIONS, SENTENCES
from desk.wording.reasons import WORDS
from desk.wording.whys import spell_duration, why_sentence

HANDOFF_EVENTS = frozenset(name for name in EventName if name.value.startswith("Hand")) | {EventName.TAKEN_FROM_POOL}


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the timeline; of some only the day is told, and no number."""

    number: int | None
    at: datetime
    kind: str
    words: str
    lines: tuple[str, ...]
    note: str | None
    erased_at: datetime | None = None
    day_only: bool = False


def told(file: TransactionFile, language: str) -> list[Told]:
    """Return the events of a transaction in words, in the language of the request, in the order they happened."""
    calls = {event_of(call.id): call for call in file.calls}
    handoffs = {event_of(handoff.id): handoff.receiver for handoff in file.handoffs}
    holders = {segment.holder_id: segment.holder for segment in file.segments}
    about: list[HandoffView | RequestView] = [*file.handoffs, *file.requests]
    covered = {event_of(each.id): each.meant_for for each in about if each.meant_for is not None}
    asked = {event_of(request.id): request.asked for request in file.requests}
    service = file.service_en_name if language == "en" else file.service_id_name
    return [
        _told(each, calls.get(each.number or 0), handoffs | asked, holders, service, covered.get(each.number or 0))
        for each in file.events
    ]


def _told(
    event: Happening,
    call: CallView | None,
    receivers: dict[int, str],
    holders: dict[int, str],
    service: str,
    covered: str | None,
) -> Told:
    name = EventName(event.name)
    payload = event.payload
    receiver = receivers.get(event.number or 0) or holders.get(payload.get("receiver") or 0, "")
    facts = defaultdict(
        str,
        actor=event.actor or _who(event.actor_kind),
        holder=holders.get(payload.get("holder") or 0, ""),
        receiver=receiver,
        asked=receiver,
        service=service,
        counter=called(call.counter) if call is not None else "",
        times=str(payload.get("times", "")),
        label=str(payload.get("label") or ""),
        decision=decision_word(payload.get("reason")) if "decision" in payload else "",
        reason=reason_of(name, payload.get("reason")),
        cause=pause_word(payload.get("cause")),
        **{key: word(payload.get(key)) for key in ("outcome", "kind")},
    )
    words = gettext(SENTENCES[name]) % facts
    lines = (*_lines(call), *_covering(covered), *_promise(name, payload))
    kind = _kind(name, payload)
    return Told(event.number, event.at, kind, words, lines, event.note, event.erased_at, event.day_only)


def _who(kind: str) -> str:
    return {"visitor": gettext("The visitor"), "kiosk": gettext("The kiosk")}.get(kind, gettext("The system"))


def word(code: Any) -> str:
    """Return a code of a pick-list in words, in the language of the request."""
    return gettext(WORDS[code]) if code in WORDS else str(code or "")


def decision_word(reason: Any) -> str:
    """Return in words why a visitor was or was not asked afterwards."""
    return gettext(DECISIONS[reason]) if reason in DECISIONS else ""


def _kind(name: EventName, payload: dict[str, Any]) -> str:
    if name in HANDOFF_EVENTS or name is EventName.TRANSFERRED_TO_QUEUE:
        return "handoff"
    return str(payload.get("after", "note"))


def _covering(covered: str | None) -> tuple[str, ...]:
    return () if covered is None else (gettext("Meant for %(name)s, who is absent.", name=covered),)


def _promise(name: EventName, payload: dict[str, Any]) -> tuple[str, ...]:
    """Say under complete documents, and under each correction, what was recorded then and what was promised by it."""
    if name not in (EventName.DOCUMENTS_COMPLETED, EventName.COMPLETENESS_CORRECTED):
        return ()
    if payload.get("promised") is None:
        return (gettext("No promise runs."),)
    days = {key: format_date(instant(payload[key])) for key in ("complete", "promised")}
    return (
        gettext(
            "Number of objects: %(quantity)s. Complete on %(complete)s, promised by %(promised)s.",
            quantity=payload["quantity"],
            **days,
        ),
    )


def _lines(call: CallView | None) -> tuple[str, ...]:
    """Say under a call why this visitor was next, and who had waited longer."""
    if call is None:
        return ()
    lines = [why_sentence(call.why, told=True)]
    if call.picked is not None:
        lines.append(gettext("Called out of order: %(reason)s.", reason=word(call.picked)))
    lines += [
        gettext(
            "Passed over: %(number)s, who had arrived %(time)s earlier.",
            number=each["label"],
            time=spell_duration(each["by"]),
        )
        for each in call.passed_over[:10]
    ]
    if len(call.passed_over) > 10:
        lines.append(gettext("… and %(more)d more.", more=len(call.passed_over) - 10))
    return tuple(lines)
