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
from desk.reads.items import Item
from desk.reads.requests import RequestView
from desk.reads.story import Chapter, Matter, Story
from desk.web.counter.receivers import Room, list_asked, list_ordered, list_receivers
from desk.web.counter.verbs import Hands, Slot, Verb, allowed, verbs_for
from desk.web.forms import counter as forms
from desk.web.forms import handing_on
from desk.web.forms.console import MatterForm
from desk.web.forms.counter import StepForm
from desk.web.forms.documents import DocumentsForm
from desk.web.forms.requests import AskForm

LOOK_AGAIN_AT = 16


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
    requests: Sequence[RequestView]
    buttons: tuple[Button, ...]
    ask_form: AskForm | None
    opened: bool
    note_form: StepForm
    matter_form: MatterForm | None

    def at(self, slot: str) -> list[Button]:
        """Return the buttons of a slot."""
        return [button for button in self.buttons if button.verb.slot == slot]

    @property
    def first(self) -> Button | None:
        """The obvious next step."""
        return next(iter(self.at(Slot.FIRST)), None)

    @property
    def columns(self) -> tuple[list[Button | str], list[Button | str], list[str]]:
        """The rest in two columns of the same length, and what then goes below both, so that no place is empty.

        Beside the buttons there are "ask", "further" (a further service) and "ends" (without result).
        """
        left: list[Button | str] = [*self.at(Slot.FIRST)[1:], *self.at(Slot.LEFT)]
        right: list[Button | str] = [*self.at(Slot.RIGHT)]
        more = {"ask": self.ask_form, "further": self.matter_form, "ends": self.at(Slot.ENDS)}
        there = [name for name, what in more.items() if what]
        below = there[-1:] if (len(left) + len(right) + len(there)) % 2 else []
        for name in there[: len(there) - len(below)]:
            (left if len(left) <= len(right) else right).append(name)
        return left, right, below


def make_card(
    item: Item,
    story: Story,
    matters: Sequence[Matter],
    requests: Sequence[RequestView],
    *,
    room: Room,
    hands: Hands,
    opened: bool,
    problem: StepForm | None,
) -> Card:
    """Return the card of a transaction; a form that came back with errors takes the place of its blank one."""
    actions = allowed(item, hands)
    before = story.had_before(item.handler_id)
    buttons = tuple(
        _button(verb, item, actions, room=room, hands=hands, opened=opened, problem=problem)
        for verb in verbs_for(actions)
        if verb.name != "give_back" or before not in (None, hands.me.id)
    )
    return Card(
        item,
        story,
        matters,
        requests,
        buttons,
        _ask_form(item, room, hands, problem),
        opened,
        _note_form(item, story, problem),
        _matter_form(item, matters, room, hands, problem),
    )


def _note_form(item: Item, story: Story, problem: StepForm | None) -> StepForm:
    if problem is not None and problem.place == f"note-{item.id}":
        return problem
    return make_note_form(item.id, story, blank=True)


def make_note_form(transaction_id: int, story: Story, *, blank: bool = False) -> StepForm:
    """Return the form that writes a note, or corrects one of those in the story."""
    earlier = [SelectChoice(str(each.id), _beginning(each)) for each in story.notes]
    return handing_on.NoteForm(f"note-{transaction_id}", earlier=earlier, blank=blank)


def _beginning(chapter: Chapter) -> str:
    words = " ".join((chapter.note or "").split())
    actor = chapter.actor or gettext("The system")
    return f"{actor}: {words if len(words) <= 40 else words[:39] + '…'}"


def _ask_form(item: Item, room: Room, hands: Hands, problem: StepForm | None) -> AskForm | None:
    """Return the form that asks about a transaction, for whoever has it and for supervisors; None for others."""
    if item.state is State.ENDED or not (hands.supervises or item.handler_id == hands.me.id):
        return None
    if isinstance(problem, AskForm) and problem.place == f"ask-{item.id}":
        return problem
    return make_ask_form(item, room=room, hands=hands, blank=True)


def _matter_form(
    item: Item, matters: Sequence[Matter], room: Room, hands: Hands, problem: StepForm | None
) -> MatterForm | None:
    """Return the form that adds a service for the visitor at the counter; None where none can be added."""
    mine = hands.supervises or item.handler_id == hands.me.id
    if isinstance(problem, MatterForm) and problem.place == f"further-{item.id}":
        return problem
    found = make_matter_form(item, matters, room=room, blank=True)
    return found if mine and item.at_counter and len(found.service.choices) > 1 else None


def make_matter_form(item: Item, matters: Sequence[Matter], *, room: Room, blank: bool = False) -> MatterForm:
    """Return the form that adds one of the services that the visitor is not here for already."""
    here = {item.service_id} | {each.service_id for each in matters if each.ending is None}
    names = [
        SelectChoice(str(each.id), f"{each.series} · {each.names[room.language]}")
        for each in room.services
        if not (each.retired or each.id in here)
    ]
    return MatterForm(f"further-{item.id}", services=names, blank=blank)


def make_ask_form(item: Item, *, room: Room, hands: Hands, blank: bool = False) -> AskForm:
    """Return the form that asks about a transaction; `blank` ignores what was posted."""
    due_at = _next_afternoon(hands.at, room.zone)
    receivers = list_asked(room, me=hands.me)
    return AskForm(f"ask-{item.id}", receivers=receivers, due_at=due_at, blank=blank, **_due(room, hands))


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
    receivers = list_receivers(item, allowed(item, hands), room=room, hands=hands)
    form = handing_on.HandOverForm(place, receivers=receivers, **_due(room, hands), **more)
    if not item.present:
        del form.walks_along
    return form


def _force(place: str, item: Item, room: Room, hands: Hands, more: dict[str, Any]) -> StepForm:
    return handing_on.ForceForm(place, receivers=list_ordered(item, room=room), **more)


FORMS: Mapping[str, Maker] = {
    "complete": lambda place, item, room, hands, more: forms.CompleteForm(place, **more),
    "process": lambda place, item, room, hands, more: forms.ProcessForm(place, **_due(room, hands), **more),
    "documents": lambda place, item, room, hands, more: DocumentsForm(place, **more),
    "pause": _pause,
    "hand_over": _hand_over,
    "force": _force,
    "seat": lambda place, item, room, hands, more: forms.ReturnForm(place, **more),
    "come_back": lambda place, item, room, hands, more: forms.ComeBackForm(
        place, priority_reason=item.priority_reason or "", **more
    ),
    "cancel": lambda place, item, room, hands, more: forms.CancelForm(place, **more),
    "reopen": lambda place, item, room, hands, more: forms.ReopenForm(place, **more),
    "call": lambda place, item, room, hands, more: forms.PickForm(place, transaction=item.id, **more),
}
