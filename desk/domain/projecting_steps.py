"""What every step of a transaction does to its row, its queue entry and its custody."""

from collections.abc import Mapping
from typing import Final

from desk.domain.clock import micros
from desk.domain.facts import JSON, Event, EventName
from desk.domain.identity import event_of
from desk.domain.lifecycle import Action, State
from desk.domain.rows import Change, Insert, Row, Update
from desk.domain.waits import Beginning

_LOOKS: Final = {"due_at": "due", "remind_at": "remind"}
# Both clocks as they stood when it ended; a transaction that is opened again has clocks that run.
_CLOCKS: Final = ("visitor_s", "office_s", "used_s")
# The due time of the work is set by these; handing it on, or the visitor's next visit, does not take it away.
_SET_DUE: Final = frozenset({Action.PROCESS, Action.PAUSE, Action.RESUME, Action.RESUME_SERVING})
_RESTING: Final = frozenset({State.PROCESSING.value, State.PAUSED.value})
# With what a wait began, so that the first one can be told from the one a handoff brought.
_BEGINNINGS: Final[dict[EventName, Beginning]] = {
    EventName.TRANSACTION_OPENED: Beginning.CHECK_IN,
    EventName.RETURNED_TO_QUEUE: Beginning.RETURN,
    EventName.TRANSFERRED_TO_QUEUE: Beginning.TRANSFER,
    EventName.HANDOFF_OFFERED: Beginning.HANDOFF,
    EventName.HANDOFF_ACCEPTED: Beginning.HANDOFF,
    EventName.HANDOFF_DECLINED: Beginning.HANDOFF,
    EventName.HANDOFF_WITHDRAWN: Beginning.HANDOFF,
    EventName.HANDOFF_EXPIRED: Beginning.HANDOFF,
    EventName.HANDOVER_FORCED: Beginning.HANDOFF,
    EventName.VISITOR_CAME_BACK: Beginning.COMING_BACK,
    EventName.NO_SHOW_REINSTATED: Beginning.REINSTATEMENT,
}


def opened(event: Event) -> list[Change]:
    """Project the beginning of a transaction: its row, its first wait, its first custody segment."""
    payload, at = event.payload, micros(event.at)
    joins = as_object(payload["joins"])
    row: Row = {
        "office_id": event.office_id,
        "id": event.id,
        "visit_id": event.visit_id,
        "first_visit_id": event.visit_id,
        "service_id": payload["service"],
        "first_service_id": payload["service"],
        "state": payload["after"],
        "holder_id": payload["holder"],
        "segment": 1,
        "priority": payload["priority"],
        "opened_at": at,
        "since": at,
        "arrived_at": joins["arrived"],
        "entry_id": event.id,
        "addressee_id": joins["addressee"],
        "handoffs": 0,
        "moved_by": event.number,
        "wait_promise_s": payload.get("wait_promise_s"),  # visitors of older events were told none that was kept
    }
    return [Insert("transactions", row), _entry(event, event.id, joins), _segment(event, event.id)]


def moved(event: Event, **values: JSON) -> list[Change]:
    """Project the common part of every step of a transaction; `values` are what this step alone sets in its row."""
    payload, at = event.payload, micros(event.at)
    transaction_id = _id(event.transaction_id)
    key: Row = {"office_id": event.office_id, "id": transaction_id}
    found: list[Change] = [Update("transactions", key, {**_transaction_values(event), **values})]
    if payload["closes"] is not None:
        segment_key: Row = {
            "office_id": event.office_id, "transaction_id": transaction_id, "ordinal": payload["closes"]
        }  # fmt: skip
        found.append(Update("custody_segments", segment_key, {"ended_at": at}))
    if payload["segment"] is not None:
        found.append(_segment(event, transaction_id))
    if payload["entry"] is not None:
        found.append(_entry_update(event, as_object(payload["entry"])))
    if payload["joins"] is not None:
        found.append(_entry(event, transaction_id, as_object(payload["joins"])))
    return found


def _transaction_values(event: Event) -> Row:
    payload, at = event.payload, micros(event.at)
    rest = payload["rest"]
    ended = payload["after"] == State.ENDED.value
    values: Row = {
        "state": payload["after"],
        "holder_id": payload["holder"],
        "counter_id": payload["counter"],
        "service_id": payload["service"],
        "visit_id": event.visit_id,
        "resting": rest[0] if isinstance(rest, list) else None,
        "resting_holder_id": rest[1] if isinstance(rest, list) else None,
        "ending": payload["ending"],
        "ended_at": at if ended else None,
        "outcome": payload.get("outcome"),
        "moved_by": event.number,
    }
    due = due_after(payload)
    if due is not None:
        values |= {name: due[fact] for name, fact in _LOOKS.items()}
    if ended or payload["before"] == State.ENDED.value:
        values |= _clocks(payload.get("clocks"))
    if payload["segment"] is not None:
        values |= {"segment": payload["segment"], "since": at}
    if payload["served_first"]:
        values["served_at"] = at
    if "priority" in payload:
        values["priority"] = payload["priority"]
    values |= _entry_pointers(event)
    values |= _offer_pointers(event)
    values |= _pool_and_alert(event)
    return values


def due_after(payload: Mapping[str, JSON]) -> dict[str, JSON] | None:
    """Return with which `due` and `remind` an event leaves the work; None for one that leaves both as they were.

    Taking a slip back tells both, as they stood before it.
    """
    if payload.get("after") == State.ENDED.value:
        return dict.fromkeys(_LOOKS.values())
    if payload.get("action") in _SET_DUE or "remind" in payload:
        return {fact: payload.get(fact) for fact in _LOOKS.values()}
    return None


def _clocks(snapshot: JSON) -> Row:
    if not isinstance(snapshot, dict):
        return dict.fromkeys((*_CLOCKS, "clock_basis"))
    return {**{name: snapshot[name] for name in _CLOCKS}, "clock_basis": snapshot["basis"]}


def start_taken_back(event: Event) -> list[Change]:
    """Project a start that was a slip: the wait that it had ended goes on, called since when it was.

    Custody tells of no service meanwhile, so that nothing counts one.
    """
    back = as_object(event.payload["back"])
    values: Row = {"entry_id": back["entry"], "addressee_id": back["addressee"]}
    if back["unserved"]:
        values["served_at"] = None
    segment: Row = {"transaction_id": event.transaction_id, "ordinal": event.payload["closes"]}
    return [
        *moved(event, **values),
        Update("custody_segments", {"office_id": event.office_id, **segment}, {"state": State.CALLED.value}),
        Update(
            "queue_entries",
            {"office_id": event.office_id, "id": back["entry"]},
            {"place": "called", "ended_at": None, "ended_by": None},
        ),
    ]


def completed_documents(event: Event) -> list[Change]:
    """Project complete documents, or their correction: since when, how many, and the promise that follows."""
    payload = event.payload
    values: Row = {
        "complete_at": payload["complete"],
        "promised_at": payload["promised"],
        "quantity": payload["quantity"],
        "promise_s": payload["promise_s"],
    }
    promise = Update("transactions", {"office_id": event.office_id, "id": _id(event.transaction_id)}, values)
    return [*(moved(event) if "action" in payload else []), promise]


def _entry_pointers(event: Event) -> Row:
    joins, entry = event.payload["joins"], event.payload["entry"]
    if joins is not None:
        joined = as_object(joins)
        return {"entry_id": event.id, "addressee_id": joined["addressee"], "arrived_at": joined["arrived"]}
    if entry is not None and as_object(entry)["place"] == "over":
        return {"entry_id": None, "addressee_id": None}
    return {}


def _offer_pointers(event: Event) -> Row:
    values: Row = {}
    match event.payload.get("offer"):
        case "opens":
            values["offer_id"] = event.id
        case "closes":
            values["offer_id"] = None
        case _:
            pass
    if "handoffs" in event.payload:
        values["handoffs"] = event.payload["handoffs"]
    return values


def _pool_and_alert(event: Event) -> Row:
    """The pool the work lies in, and the news (a handoff that came back or was ordered) its custodian has not seen."""
    values: Row = {}
    if "pool" in event.payload:
        values["pool_id"] = event.payload["pool"]
    match event.payload.get("alert"):
        case "opens":
            values["alert_id"] = event.payload.get("handoff", event.id)
        case "closes":
            values["alert_id"] = None
        case _:
            pass
    return values


def _segment(event: Event, transaction_id: int) -> Change:
    payload = event.payload
    row: Row = {
        "office_id": event.office_id,
        "transaction_id": transaction_id,
        "ordinal": payload["segment"],
        "state": payload["after"],
        "holder_id": payload["holder"],
        "counter_id": payload.get("counter"),
        "service_id": payload["service"],
        "epoch": event.epoch,
        "started_at": micros(event.at),
        "opened_by": event.number,
        "cause": payload.get("cause"),
        "due_at": payload.get("due"),
    }
    if payload.get("pool") is not None and payload["after"] in _RESTING:
        row["pool_id"] = payload["pool"]
    return Insert("custody_segments", row)


def _entry(event: Event, transaction_id: int, joins: dict[str, JSON]) -> Change:
    row: Row = {
        "office_id": event.office_id,
        "id": event.id,
        "transaction_id": transaction_id,
        "visit_id": event.visit_id,
        "service_id": joins["service"],
        "addressee_id": joins["addressee"],
        "arrived_at": joins["arrived"],
        "rank_at": joins["rank"],
        "not_before": joins["not_before"],
        "joined_at": micros(event.at),
        "place": "waiting",
        "began_by": _BEGINNINGS[event.name].value,
    }
    return Insert("queue_entries", row)


def _entry_update(event: Event, entry: dict[str, JSON]) -> Change:
    at = micros(event.at)
    values: Row = {"place": entry["place"]}
    match entry["place"]:
        case "called":
            values["called_at"] = at
        case "waiting":
            values |= {"called_at": None, "not_before": entry["not_before"]}
        case _:
            values |= {"ended_at": at, "ended_by": entry["ended_by"]}
    return Update("queue_entries", {"office_id": event.office_id, "id": entry["id"]}, values)


def as_object(value: JSON) -> dict[str, JSON]:
    """Return a part of a payload that is an object; raise `TypeError` for anything else."""
    if not isinstance(value, dict):
        raise TypeError(f"an object was expected, not {value!r}")
    return value


def _id(value: int | None) -> int:
    if value is None or event_of(value) == 0:
        raise TypeError("a step without its transaction")
    return value
