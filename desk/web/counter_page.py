"""What the counter console shows: each part is read when it is shown, and at most once."""

import hashlib
from functools import cached_property
from zoneinfo import ZoneInfo

from flask_login import current_user
from wtforms import SelectChoice

from desk.domain.access import Role
from desk.domain.lifecycle import State
from desk.reads import console as reads
from desk.reads.colleagues import Colleague, CounterPlace, list_colleagues, list_counters
from desk.reads.floor_messages import Message, list_messages_for
from desk.reads.items import Item
from desk.reads.offers import Offer, list_open_offers
from desk.reads.office_day import Day, get_day
from desk.reads.story import Matter, Story, get_story, list_other_matters
from desk.reads.waiting import QueueView, get_queue
from desk.web.context import OfficeView, desk, language, reader
from desk.web.counter_cards import Card, Room, make_card
from desk.web.counter_verbs import Hands
from desk.web.forms.counter import BreakForm, DeclineForm, PickForm, StepForm
from desk.web.story_words import Told, passed_on, tell


class Console:
    """Everything the console may show; each part is read at most once, and only if it is shown."""

    def __init__(self, office: OfficeView, *, opened_id: int | None = None, problem: StepForm | None = None) -> None:
        self._office = office
        self.opened_id = opened_id
        self._at = desk().streams.clock()
        self._backgrounds: dict[int, tuple[Story, list[Matter]]] = {}
        self.problem = problem
        self.zone = ZoneInfo(office.zone)
        self.supervises = Role.SUPERVISOR in current_user.roles_in(office.id)

    # -- what is read ----------------------------------------------------------------------------------------------

    @cached_property
    def day(self) -> Day:
        """The business day."""
        return get_day(reader(), self._office.id, at=self._at)

    @cached_property
    def colleagues(self) -> list[Colleague]:
        """Everybody at the counters."""
        return list_colleagues(reader(), self._office.id)

    @cached_property
    def counters(self) -> list[CounterPlace]:
        """The counters, for somebody who signs on."""
        return list_counters(reader(), self._office.id)

    @cached_property
    def services(self) -> list[reads.ServiceName]:
        """The services of the office."""
        return reads.list_services(reader(), self._office.id, current_user.id)

    @cached_property
    def mine(self) -> list[Item]:
        """What the officer has."""
        return reads.list_mine(reader(), self._office.id, current_user.id, at=self._at, day=self.day)

    @cached_property
    def finished(self) -> list[Item]:
        """What the officer finished today."""
        return reads.list_finished(reader(), self._office.id, current_user.id, at=self._at, day=self.day)

    @cached_property
    def queue(self) -> QueueView:
        """Who waits for the officer."""
        own = reads.own_services(self.services)
        return get_queue(reader(), self._office.id, current_user.id, own, at=self._at)

    @cached_property
    def offers(self) -> list[Offer]:
        """The open offers to and of the officer."""
        return list_open_offers(reader(), self._office.id, current_user.id)

    @cached_property
    def messages(self) -> list[Message]:
        """What a supervisor tells the officer on duty here."""
        duty = self.me.duty
        if duty is None:
            return []
        return list_messages_for(reader(), self._office.id, current_user.id, duty.counter_id, self._at)

    # -- what follows from it --------------------------------------------------------------------------------------

    @property
    def me(self) -> Colleague:
        """The officer; somebody whose role has just gone is off duty."""
        known = next((each for each in self.colleagues if each.id == current_user.id), None)
        return known or Colleague(current_user.id, current_user.name, None, busy=False)

    @property
    def offers_to_me(self) -> list[Offer]:
        """What colleagues want to hand over to the officer."""
        return [each for each in self.offers if each.receiver_id == current_user.id]

    @property
    def my_offers(self) -> list[Offer]:
        """What the officer offered and nobody has answered yet."""
        return [each for each in self.offers if each.giver_id == current_user.id]

    @property
    def on_desk(self) -> list[Item]:
        """What the officer works on without the visitor."""
        return [each for each in self.mine if not each.at_counter]

    @property
    def hands(self) -> Hands:
        """Who acts here, and when."""
        return Hands(self.me, self.supervises, self._at, self.day.reopen_days)

    @property
    def room(self) -> Room:
        """What the cards share."""
        return Room(self._office.id, self.zone, language(), self.colleagues, self.services)

    @cached_property
    def current_item(self) -> Item | None:
        """The transaction at the counter."""
        return next((each for each in self.mine if each.at_counter), None)

    @cached_property
    def opened_item(self) -> Item | None:
        """The transaction that was looked up, unless it is at the counter anyway or not the officer's to see."""
        if self.opened_id is None or (self.current_item is not None and self.current_item.id == self.opened_id):
            return None
        item = self.find(self.opened_id)
        return item if item is not None and self._may_see(item) else None

    @cached_property
    def current(self) -> Card | None:
        """The visitor at the counter."""
        return None if self.current_item is None else self._card(self.current_item, opened=False)

    @cached_property
    def opened(self) -> Card | None:
        """What was looked up."""
        return None if self.opened_item is None else self._card(self.opened_item, opened=True)

    def find(self, transaction_id: int) -> Item | None:
        """Return any transaction of the office."""
        held = next((each for each in self.mine if each.id == transaction_id), None)
        return held or reads.find_item(reader(), self._office.id, transaction_id, at=self._at, day=self.day)

    def _may_see(self, item: Item) -> bool:
        """Whoever has it, had it last, was offered it or may call it; supervisors everything."""
        offered = any(each.transaction_id == item.id for each in self.offers)
        own = current_user.id in (item.handler_id, item.addressee_id)
        callable_by_me = item.state is State.WAITING and item.service_id in reads.own_services(self.services)
        return self.supervises or own or offered or callable_by_me

    def _card(self, item: Item, *, opened: bool) -> Card:
        story, matters = self._background(item)
        return make_card(item, story, matters, room=self.room, hands=self.hands, opened=opened, problem=self.problem)

    def _background(self, item: Item) -> tuple[Story, list[Matter]]:
        """Return what happened to a transaction so far, and what else its visitor is here for."""
        if item.id not in self._backgrounds:
            story = get_story(reader(), self._office.id, item.id)
            self._backgrounds[item.id] = (
                story,
                list_other_matters(reader(), self._office.id, item.visit_id, but=item.id),
            )
        return self._backgrounds[item.id]

    # -- forms beside the cards ------------------------------------------------------------------------------------

    def pick_form(self) -> StepForm:
        """The form that calls a particular visitor of the queue."""
        form = self._unless_back("pick") or PickForm("pick", blank=True)
        form.offer(
            [
                SelectChoice(str(each.transaction_id), f"{each.number} · {self.room.service_name(each.service_id)}")
                for each in self.queue.entries
                if not (each.offered or each.elsewhere)
            ]
        )
        return form

    def decline_form(self, offer: Offer) -> StepForm:
        """The form that declines an offer."""
        place = f"decline-{offer.id}"
        return self._unless_back(place) or DeclineForm(place, blank=True)

    def break_form(self) -> StepForm:
        """The form that begins a break."""
        return self._unless_back("break") or BreakForm("break", blank=True)

    def _unless_back(self, place: str) -> StepForm | None:
        return self.problem if self.problem is not None and self.problem.place == place else None

    def shows(self, form: StepForm) -> bool:
        """Whether the page has a place for this form as things stand now."""
        cards = [card for card in (self.current, self.opened) if card is not None]
        places = {button.form.place for card in cards for button in card.buttons if button.form is not None}
        places |= {f"decline-{offer.id}" for offer in self.offers_to_me}
        duty = self.me.duty
        if duty is not None and not self.me.busy:
            places |= {"break", "pick"}
        return form.place in places

    # -- words -----------------------------------------------------------------------------------------------------

    def story(self, card: Card) -> list[Told]:
        """The story of a card in words, the newest first."""
        return tell(card.story, self._people, self._service_names)

    def handed_on(self, card: Card) -> Told | None:
        """How the transaction came to whoever has it, if it was handed over."""
        return passed_on(card.story, self._people, self._service_names)

    @property
    def _people(self) -> dict[int, str]:
        return {each.id: each.name for each in self.colleagues}

    @property
    def _service_names(self) -> dict[int, str]:
        return {each.id: each.names[language()] for each in self.services}

    def seen(self, part: str) -> str:
        """Return a digest of all that a part shows, so that one which looks the same need not be made again."""
        match part:
            case "now":
                facts = self._seen_now()
            case "inbox":
                facts = self.offers, self.day
            case "queue":
                facts = self.queue, self.me
            case "messages":
                facts = (self.messages,)
            case _:
                facts = self.on_desk, self.finished, self.day
        return hashlib.sha256(repr((language(), part, facts)).encode()).hexdigest()[:32]

    def _seen_now(self) -> tuple[object, ...]:
        """The cards, and the call of the next one; whether a colleague is busy may be a moment old."""
        items = [each for each in (self.current_item, self.opened_item) if each is not None]
        cards = [(each, self._background(each)) for each in items]
        receivers = [(each.id, each.name, each.duty) for each in self.colleagues]
        places = self.counters if self.me.duty is None else None
        return cards, receivers, self.me, places, self.queue.next_one if self.me.may_call else None
