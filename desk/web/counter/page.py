"""What the counter console shows: cards, lists and forms, from what is read for it."""

import hashlib
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from flask_login import current_user
from wtforms import SelectChoice

from desk.domain.access import Role
from desk.domain.lifecycle import State
from desk.reads import console as reads
from desk.reads.clocks import ClockView, list_clocks
from desk.reads.items import Item
from desk.reads.offers import Offer
from desk.reads.requests import RequestView, list_requests_of
from desk.reads.story import Matter, Story, get_story, list_other_matters
from desk.web.context import OfficeView, language, reader
from desk.web.counter.cards import Card, make_card
from desk.web.counter.readings import Readings
from desk.web.counter.receivers import Room
from desk.web.counter.story_words import Told, passed_on, tell
from desk.web.counter.verbs import Hands
from desk.web.counter.waits import NoShowWait, Wait, count_waits, list_waits, still_missing
from desk.web.forms.counter import BreakForm, PickForm, StepForm
from desk.web.forms.handing_on import DeclineForm, WithVisitorForm
from desk.web.forms.requests import AnswerForm, RefuseForm
from desk.web.reason_words import office_reasons

Background = tuple[Story, list[Matter], list[RequestView]]


class Console(Readings):
    """Everything the console may show, and the forms on it."""

    def __init__(self, office: OfficeView, *, opened_id: int | None = None, problem: StepForm | None = None) -> None:
        super().__init__(office)
        self.opened_id = opened_id
        self._backgrounds: dict[int, Background] = {}
        self.problem = problem
        self.zone = ZoneInfo(office.zone)
        self.supervises = Role.SUPERVISOR in current_user.roles_in(office.id)

    # -- what follows from it --------------------------------------------------------------------------------------

    @property
    def offers_to_me(self) -> list[Offer]:
        """What colleagues want to hand over to the officer."""
        counter_id = None if self.me.duty is None else self.me.duty.counter_id
        return [
            each
            for each in self.offers
            if each.receiver_id == current_user.id or (counter_id is not None and each.to_counter_id == counter_id)
        ]

    @property
    def my_offers(self) -> list[Offer]:
        """What the officer offered and nobody has answered yet."""
        return [each for each in self.offers if each.giver_id == current_user.id]

    @property
    def requests_to_me(self) -> list[RequestView]:
        """What the officer was asked and has not answered."""
        return [each for each in self.requests if each.asked_id == current_user.id]

    @property
    def my_requests(self) -> list[RequestView]:
        """What the officer asked and nobody has answered yet."""
        return [each for each in self.requests if each.asker_id == current_user.id]

    @property
    def on_desk(self) -> list[Item]:
        """What the officer works on without the visitor."""
        return [each for each in self.mine if not each.at_counter]

    @property
    def looks(self) -> list[Item]:
        """What asks to be looked at: overdue, due today, or to be reminded of."""
        return [each for each in self.on_desk if each.look is not None]

    @cached_property
    def waits(self) -> list[Wait]:
        """What waits for the officer, in one list."""
        return list_waits(
            offers=self.offers_to_me,
            requests=self.requests_to_me,
            looks=self.looks,
            news=self.news,
            answers=self.answers,
            at=self._at,
        )

    @property
    def counts(self) -> dict[str, int]:
        """How many of each kind wait."""
        return count_waits(self.waits)

    def no_show_wait(self, item: Item) -> NoShowWait | None:
        """What is missing before it can be said that the visitor did not come; None when nothing is."""
        return still_missing(self.rules.no_show(item.service_id), item, at=self._at)

    @property
    def hands(self) -> Hands:
        """Who acts here, and when."""
        mine = frozenset(each.id for each in self.pools if current_user.id in each.members)
        return Hands(self.me, self.supervises, self._at, self.day.reopen_days, mine)

    @property
    def room(self) -> Room:
        """What the cards share."""
        return Room(
            self._office.id,
            self.zone,
            language(),
            self.colleagues,
            self.services,
            self.pools,
            self.skills,
            self.covers,
        )

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
        return item if item is not None and (self.supervises or self._concerns(item)) else None

    @property
    def looked_into(self) -> int | None:
        """The transaction that is shown to somebody whom it does not concern: a supervisor who looks into it."""
        item = self.opened_item
        return None if item is None or self._concerns(item) else item.id

    @cached_property
    def current(self) -> Card | None:
        """The visitor at the counter."""
        return None if self.current_item is None else self._card(self.current_item, opened=False)

    @cached_property
    def opened(self) -> Card | None:
        """What was looked up."""
        return None if self.opened_item is None else self._card(self.opened_item, opened=True)

    def late(self, request: RequestView) -> bool:
        """Whether a request is past its time."""
        return request.overdue(self._at)

    @cached_property
    def clocks(self) -> dict[int, ClockView]:
        """The clocks of the transactions on the cards."""
        shown = [each.id for each in (self.current_item, self.opened_item) if each is not None]
        if not shown:
            return {}
        return list_clocks(reader(), self._office.id, shown, self.rules.clock_rules, at=self._at)

    def find(self, transaction_id: int) -> Item | None:
        """Return any transaction of the office."""
        held = next((each for each in self.mine if each.id == transaction_id), None)
        return held or reads.find_item(reader(), self._office.id, transaction_id, at=self._at, day=self.day)

    @property
    def shown(self) -> frozenset[int]:
        """The transactions that have a card on the page."""
        return frozenset(each.id for each in (self.current_item, self.opened_item) if each is not None)

    def _concerns(self, item: Item) -> bool:
        """Whoever has it, had it last, was offered it, asked about it or may call it."""
        known = {each.transaction_id for each in self.offers} | {each.transaction_id for each in self.requests}
        own = current_user.id in (item.handler_id, item.addressee_id)
        callable_by_me = item.state is State.WAITING and item.service_id in reads.own_services(self.services)
        in_my_pool = item.pool_id is not None and item.pool_id in self.hands.pools
        return own or item.id in known or callable_by_me or in_my_pool

    def _card(self, item: Item, *, opened: bool) -> Card:
        story, matters, requests = self._background(item)
        shared: dict[str, Any] = {"room": self.room, "hands": self.hands, "problem": self.problem}
        return make_card(item, story, matters, requests, opened=opened, **shared)

    def _background(self, item: Item) -> Background:
        """Return what happened so far, what else the visitor is here for, and what was asked about it."""
        if item.id not in self._backgrounds:
            story = get_story(reader(), self._office.id, item.id)
            matters = list_other_matters(reader(), self._office.id, item.visit_id, but=item.id)
            requests = list_requests_of(reader(), self._office.id, item.id) if story.has_requests else []
            self._backgrounds[item.id] = story, matters, requests
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

    def with_visitor_form(self) -> StepForm:
        """The form that takes over the visitor who stands here."""
        return self._unless_back("taking") or WithVisitorForm("taking", blank=True)

    def answer_form(self, request: RequestView) -> StepForm:
        """The form that answers a request."""
        place = f"answer-{request.id}"
        return self._unless_back(place) or AnswerForm(place, blank=True)

    def refuse_form(self, request: RequestView) -> StepForm:
        """The form that declines a request."""
        place = f"refuse-{request.id}"
        return self._unless_back(place) or RefuseForm(place, blank=True)

    def break_form(self) -> StepForm:
        """The form that begins a break."""
        return self._unless_back("break") or BreakForm("break", blank=True)

    def _unless_back(self, place: str) -> StepForm | None:
        return self.problem if self.problem is not None and self.problem.place == place else None

    def shows(self, form: StepForm) -> bool:
        """Whether the page has a place for this form as things stand now."""
        cards = [card for card in (self.current, self.opened) if card is not None]
        places = {button.form.place for card in cards for button in card.buttons if button.form is not None}
        places |= {form.place for card in cards for form in (card.ask_form, card.matter_form) if form is not None}
        places |= {f"decline-{offer.id}" for offer in self.offers_to_me}
        places |= {"taking"} | {card.note_form.place for card in cards}
        places |= {f"{verb}-{each.id}" for each in self.requests_to_me for verb in ("answer", "refuse")}
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
                late = [each.overdue(self._at) for each in self.requests]
                waits = self.waits, self.habits
                facts = self.offers, self.news, self.pool_work, self.requests, late, waits, self.day, office_reasons()
            case "queue":
                facts = self.queue, self.me, self.habits
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
        ways = self.pools, self.skills, self.covers, office_reasons()
        late = [each.overdue(self._at) for _, (_, _, requests) in cards for each in requests]
        missing = [self.no_show_wait(each) for each in items]
        mine = self.me, self.habits, self.rules.version, missing
        return cards, late, receivers, mine, places, ways, self.queue.next_one if self.me.may_call else None
