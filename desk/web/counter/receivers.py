"""Whom a card may name: to whom it may be handed over, by order or by offer, and who may be asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask_babel import gettext
from wtforms import SelectChoice

from desk.domain.lifecycle import Action, State
from desk.reads.colleagues import Colleague
from desk.reads.console import ServiceName
from desk.reads.items import Item
from desk.reads.pools import PoolView
from desk.web.counter.verbs import Hands
from desk.web.counter_words import called
from desk.wording.reasons import WORDS


@dataclass(frozen=True, slots=True)
class Room:
    """What all cards of a page share: the office, the colleagues, who of them is absent, the services, the language."""

    office_id: int
    zone: ZoneInfo
    language: str
    colleagues: Sequence[Colleague]
    services: Sequence[ServiceName]
    pools: Sequence[PoolView]
    skills: frozenset[tuple[int, int]]
    covers: Mapping[int, str]

    def service_name(self, service_id: int) -> str:
        """Return the name of a service in the language of the page."""
        return next((each.names[self.language] for each in self.services if each.id == service_id), "")

    def service(self, service_id: int) -> ServiceName | None:
        """Return a service of the office, None for one it does not have."""
        return next((each for each in self.services if each.id == service_id), None)

    @property
    def serves(self) -> bool:
        """Whether the officer is assigned to any service."""
        return any(each.mine for each in self.services)

    def colleague_name(self, person_id: int | None) -> str:
        """Return the name of somebody at the counters, or words for somebody who no longer is."""
        return next((each.name for each in self.colleagues if each.id == person_id), gettext("a colleague"))


def list_ordered(item: Item, *, room: Room) -> list[SelectChoice]:
    """Return to whom a supervisor may pass the transaction on: a present visitor only to somebody who is on duty."""
    others = [each for each in room.colleagues if each.id != item.handler_id]
    here = [each for each in others if each.duty is not None]
    found = [_officer(each, gettext("Officers on duty"), room) for each in here]
    found += _pools(item, room)
    if not item.present:
        away = [each for each in others if each.duty is None]
        group = gettext("Not on duty now")
        found += [SelectChoice(f"officer-{each.id}", named(each, room.covers), optgroup=group) for each in away]
    return found


def _pools(item: Item, room: Room) -> list[SelectChoice]:
    return [
        SelectChoice(f"pool-{each.id}", each.name, optgroup=gettext("Back-office pools"))
        for each in room.pools
        if each.id != item.pool_id
    ]


def _could_serve(colleague: Colleague, item: Item, room: Room, hands: Hands) -> bool:
    """Whether the rules let it be offered to somebody on duty; a supervisor may overrule a missing skill."""
    behind = colleague.duty is not None and colleague.duty.back_office
    return hands.supervises or behind or not item.present or (colleague.id, item.service_id) in room.skills


def list_receivers(item: Item, actions: frozenset[Action], *, room: Room, hands: Hands) -> list[SelectChoice]:
    """Return to whom the transaction may be handed over; a present visitor only to somebody who is on duty."""
    found: list[SelectChoice] = []
    others = [each for each in room.colleagues if each.id not in (hands.me.id, item.handler_id)]
    if Action.OFFER in actions:
        on_duty = [each for each in others if each.duty is not None and _could_serve(each, item, room, hands)]
        found += [_officer(each, gettext("Officers on duty"), room) for each in on_duty]
        found += [_counter(each, gettext("Counters")) for each in on_duty]
    if Action.TRANSFER in actions:
        found += [
            SelectChoice(
                f"service-{each.id}", f"{each.series} · {each.names[room.language]}", optgroup=gettext("Queues")
            )
            for each in room.services
            if not each.retired and each.id != item.service_id
        ]
    if Action.POOL in actions:
        found += _pools(item, room)
    if Action.OFFER in actions and not item.present:
        away = [each for each in others if each.duty is None]
        group = gettext("Not on duty now")
        found += [SelectChoice(f"officer-{each.id}", named(each, room.covers), optgroup=group) for each in away]
    return found


def _officer(colleague: Colleague, group: str, room: Room) -> SelectChoice:
    words = f"{named(colleague, room.covers)} · {_stands(colleague)}"
    return SelectChoice(f"officer-{colleague.id}", words, optgroup=group)


def _counter(colleague: Colleague, group: str) -> SelectChoice:
    duty = colleague.duty
    assert duty is not None  # noqa: S101 - only those on duty are asked for
    return SelectChoice(f"counter-{duty.counter_id}", f"{called(duty.counter)} · {colleague.name}", optgroup=group)


def _stands(colleague: Colleague) -> str:
    duty = colleague.duty
    if duty is None:
        return ""
    state = State.SERVING.value if colleague.busy else duty.state
    return f"{called(duty.counter)}, {gettext(WORDS[state])}"


def list_asked(room: Room, *, me: Colleague) -> list[SelectChoice]:
    """Return who may be asked about a transaction: a colleague, or the head of a service's queue."""
    others = [each for each in room.colleagues if each.id != me.id]
    found = [
        SelectChoice(f"officer-{each.id}", named(each, room.covers), optgroup=gettext("Colleagues")) for each in others
    ]
    found += [
        SelectChoice(
            f"service-{each.id}", f"{each.series} · {each.names[room.language]}", optgroup=gettext("Heads of queues")
        )
        for each in room.services
        if not each.retired
    ]
    return found


def named(colleague: Colleague, covers: Mapping[int, str]) -> str:
    """Return the name, and who stands in for somebody absent."""
    deputy = covers.get(colleague.id)
    if deputy is None:
        return colleague.name
    return gettext("%(name)s (absent, goes to %(deputy)s)", name=colleague.name, deputy=deputy)
