"""One transaction as a card of the console: facts, story, and the buttons and forms for what may be done with it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext
from wtforms import SelectChoice

from desk.domain.lifecycle import Action, State
from desk.reads.colleagues import Colleague
from desk.reads.console import ServiceName
from desk.reads.items import Item
from desk.reads.story import Matter, Story
from desk.web.counter_verbs import Hands, Slot, Verb, allowed, verbs_for
from desk.web.forms import counter as forms
from desk.web.forms.counter import StepForm
from desk.web.forms.documents import DocumentsForm
from desk.wording.reasons import WORDS

LOOK_AGAIN_AT = 16


@dataclass(frozen=True, slots=True)
class Room:
    """What all cards of a page share: the office, the colleagues, the services, the language."""

    office_id: int
    zone: ZoneInfo
    language: str
    colleagues: Sequence[Colleague]
    services: Sequence[ServiceName]

    def service_name(self, service_id: int) -> str:
        """Return the name of a service in the language of the page."""
        return next((each.names[self.language] for each in self.services if each.id == service_id), "")

    @property
    def serves(self) -> bool:
        """Whether the officer is assigned to any service."""
        return any(each.mine for each in self.services)

    def colleague_name(self, person_id: int | None) -> str:
        """Return the name of somebody at the counters, or words for somebody who no longer is."""
        return next((each.name for each in self.colleagues if each.id == person_id), gettext("a colleague"))


@dataclass(frozen=True, slots=True)
class Button:
    """One verb on a card: a single press where it has no form."""

    verb: Verb
    url: str
    form: StepForm | None
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Card:
    """A transaction with its story and its buttons; `opened` if it was looked up rather than at the counter."""

    item: Item
    story: Story
    matters: Sequence[Matter]
    buttons: tuple[Button, ...]
    opened: bool

    def at(self, slot: str) -> list[Button]:
        """Return the buttons of a slot."""
        return [button for button in self.buttons if button.verb.slot == slot]

    @property
    def first(self) -> Button | None:
        """The obvious next step."""
        return next(iter(self.at(Slot.FIRST)), None)

    @property
    def further(self) -> list[Button]:
        """What could have been first but is not; it stands in the left column."""
        return self.at(Slot.FIRST)[1:]


def make_card(
    item: Item,
    story: Story,
    matters: Sequence[Matter],
    *,
    room: Room,
    hands: Hands,
    opened: bool,
    problem: StepForm | None,
) -> Card:
    """Return the card of a transaction; a form that came back with errors takes the place of its blank one."""
    actions = allowed(item, hands)
    buttons = tuple(
        _button(verb, item, actions, room=room, hands=hands, opened=opened, problem=problem)
        for verb in verbs_for(actions)
    )
    return Card(item, story, matters, buttons, opened)


def _button(
    verb: Verb,
    item: Item,
    actions: frozenset[Action],
    *,
    room: Room,
    hands: Hands,
    opened: bool,
    problem: StepForm | None,
) -> Button:
    fields = _fields(verb, item, opened=opened)
    came_back = problem is not None and problem.place == f"{verb.name}-{item.id}"
    form = problem if came_back else make_form(verb.name, item, room=room, hands=hands, blank=True)
    if isinstance(form, forms.PickForm):
        form.offer([SelectChoice(str(item.id), item.number)])
    return Button(verb, _url(verb, item, room.office_id, hands.me), form, fields)


def _fields(verb: Verb, item: Item, *, opened: bool) -> dict[str, Any]:
    """Return what a press sends along."""
    fields: dict[str, Any] = {"opened": 1} if opened else {}
    match verb.name:
        case "call":
            return {**fields, "transaction": item.id}
        case "resume_serving":
            return {**fields, "serving": 1}
        case _:
            return fields


def _url(verb: Verb, item: Item, office_id: int, me: Colleague) -> str:
    if verb.name == "call":
        counter_id = 0 if me.duty is None else me.duty.counter_id
        return url_for("counter.call", office_id=office_id, counter_id=counter_id)
    return url_for(verb.endpoint, office_id=office_id, transaction_id=item.id)


Maker = Callable[[str, Item, Room, Hands, dict[str, Any]], StepForm]


def make_form(name: str, item: Item, *, room: Room, hands: Hands, blank: bool = False) -> StepForm | None:
    """Return the form of a verb for a transaction, None for a verb without one; `blank` ignores what was posted."""
    maker = FORMS.get(name)
    if maker is None:
        return None
    return maker(f"{name}-{item.id}", item, room, hands, {"blank": blank})


def _due(room: Room, hands: Hands) -> dict[str, Any]:
    return {"zone": room.zone, "now": hands.at}


def _pause(place: str, item: Item, room: Room, hands: Hands, more: dict[str, Any]) -> StepForm:
    return forms.PauseForm(place, due_at=_next_afternoon(hands.at, room.zone), **_due(room, hands), **more)


def _next_afternoon(at: datetime, zone: ZoneInfo) -> datetime:
    """Return the afternoon of the next weekday on the wall clock: a time to look again that can be kept or changed."""
    local = at.astimezone(zone) + timedelta(days=1)
    while local.weekday() > 4:
        local += timedelta(days=1)
    return local.replace(hour=LOOK_AGAIN_AT, minute=0, second=0, microsecond=0, tzinfo=None)


def _hand_over(place: str, item: Item, room: Room, hands: Hands, more: dict[str, Any]) -> StepForm:
    receivers = list_receivers(item, allowed(item, hands), room=room, me=hands.me)
    return forms.HandOverForm(place, receivers=receivers, **_due(room, hands), **more)


FORMS: Mapping[str, Maker] = {
    "complete": lambda place, item, room, hands, more: forms.CompleteForm(place, **more),
    "process": lambda place, item, room, hands, more: forms.ProcessForm(place, **_due(room, hands), **more),
    "documents": lambda place, item, room, hands, more: DocumentsForm(place, **more),
    "pause": _pause,
    "hand_over": _hand_over,
    "seat": lambda place, item, room, hands, more: forms.ReturnForm(place, **more),
    "come_back": lambda place, item, room, hands, more: forms.ComeBackForm(
        place, priority_reason=item.priority_reason or "", **more
    ),
    "cancel": lambda place, item, room, hands, more: forms.CancelForm(place, **more),
    "reopen": lambda place, item, room, hands, more: forms.ReopenForm(place, **more),
    "call": lambda place, item, room, hands, more: forms.PickForm(place, transaction=item.id, **more),
}


def list_receivers(item: Item, actions: frozenset[Action], *, room: Room, me: Colleague) -> list[SelectChoice]:
    """Return to whom the transaction may be handed over; a present visitor only to somebody who is on duty."""
    found: list[SelectChoice] = []
    others = [each for each in room.colleagues if each.id not in (me.id, item.handler_id)]
    if Action.OFFER in actions:
        on_duty = [each for each in others if each.duty is not None]
        found += [_officer(each, gettext("Officers on duty")) for each in on_duty]
        found += [_counter(each, gettext("Counters")) for each in on_duty]
    if Action.TRANSFER in actions:
        found += [
            SelectChoice(
                f"service-{each.id}", f"{each.series} · {each.names[room.language]}", optgroup=gettext("Queues")
            )
            for each in room.services
            if not each.retired and (item.state is not State.WAITING or each.id != item.service_id)
        ]
    if Action.OFFER in actions and not item.present:
        away = [each for each in others if each.duty is None]
        found += [SelectChoice(f"officer-{each.id}", each.name, optgroup=gettext("Not on duty now")) for each in away]
    return found


def _officer(colleague: Colleague, group: str) -> SelectChoice:
    return SelectChoice(f"officer-{colleague.id}", f"{colleague.name} · {_stands(colleague)}", optgroup=group)


def _counter(colleague: Colleague, group: str) -> SelectChoice:
    duty = colleague.duty
    assert duty is not None  # noqa: S101 - only those on duty are asked for
    return SelectChoice(f"counter-{duty.counter_id}", f"{duty.counter} · {colleague.name}", optgroup=group)


def _stands(colleague: Colleague) -> str:
    duty = colleague.duty
    if duty is None:
        return ""
    state = State.SERVING.value if colleague.busy else duty.state
    return f"{duty.counter}, {gettext(WORDS[state])}"
