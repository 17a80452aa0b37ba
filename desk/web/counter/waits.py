"""What waits for an officer, in one list: offers, requests, what is due, news of handoffs, answers that have come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from desk.domain.console import Alert
from desk.domain.lifecycle import State
from desk.domain.slips import NoShowRule
from desk.reads.handoff_news import News
from desk.reads.items import Item
from desk.reads.offers import Offer
from desk.reads.requests import RequestView

URGENT = {Alert.DUE: 0, Alert.OFFERS: 1, Alert.REQUESTS: 2, Alert.ANSWERS: 3}


@dataclass(frozen=True, slots=True)
class Wait:
    """One thing that waits: what it is, by when, and where on the page it is seen to."""

    kind: Alert
    what: str
    number: str
    service_id: int
    transaction_id: int
    due_at: datetime | None
    overdue: bool
    anchor: str | None


def list_waits(
    *,
    offers: Iterable[Offer],
    requests: Iterable[RequestView],
    looks: Iterable[Item],
    news: Iterable[News],
    answers: Iterable[RequestView],
    at: datetime,
) -> list[Wait]:
    """Return all of it, what is overdue first, then by when it is due."""
    found = [
        *(_of_offer(each) for each in offers),
        *(_of_request(each, at) for each in requests),
        *(_of_look(each) for each in looks),
        *(_of_news(each) for each in news),
        *(_of_answer(each) for each in answers),
    ]
    return sorted(found, key=lambda each: (not each.overdue, each.due_at is None, each.due_at or at, URGENT[each.kind]))


def count_waits(waits: Iterable[Wait]) -> dict[str, int]:
    """Return how many there are of each kind, none left out."""
    counts = dict.fromkeys((kind.value for kind in URGENT), 0)
    for each in waits:
        counts[each.kind.value] += 1
    return counts


def _of_offer(offer: Offer) -> Wait:
    place = f"offer-{offer.id}"
    args = offer.number, offer.service_id, offer.transaction_id, offer.expires_at
    return Wait(Alert.OFFERS, "offer", *args, False, place)


def _of_request(request: RequestView, at: datetime) -> Wait:
    args = request.number, request.service_id, request.transaction_id, request.due_at
    return Wait(Alert.REQUESTS, "request", *args, request.overdue(at), f"request-{request.id}")


def _of_look(item: Item) -> Wait:
    return Wait(Alert.DUE, "look", item.number, item.service_id, item.id, item.due_at, item.overdue, None)


def _of_news(news: News) -> Wait:
    args = news.number, news.service_id, news.transaction_id
    return Wait(Alert.OFFERS, "news", *args, None, False, f"news-{news.transaction_id}")


def _of_answer(request: RequestView) -> Wait:
    args = request.number, request.service_id, request.transaction_id
    return Wait(Alert.ANSWERS, "answer", *args, None, False, f"asked-{request.id}")


@dataclass(frozen=True, slots=True)
class NoShowWait:
    """So many calls are missing, or it is to be waited until then; `seconds` is what is set after the last call."""

    calls: int
    seconds: int
    until: datetime | None


def still_missing(rule: NoShowRule, item: Item, *, at: datetime) -> NoShowWait | None:
    """Return what is missing before it can be said that a called visitor did not come."""
    if item.state is not State.CALLED or item.call is None:
        return None
    calls = rule.calls_left(item.call.times)
    until = rule.allowed_at(item.call.last_called_at)
    if calls:
        return NoShowWait(calls, rule.seconds, None)
    return NoShowWait(0, rule.seconds, until) if until > at else None
