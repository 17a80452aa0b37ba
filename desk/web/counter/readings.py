"""What is read for the counter console: each part when it is shown, and at most once."""

from functools import cached_property

from flask_login import current_user

from desk.domain.console import KEYS, Habits
from desk.operations.configuration import Configuration
from desk.reads import console as reads
from desk.reads.absences import covers
from desk.reads.colleagues import Colleague, CounterPlace, list_colleagues, list_counters, list_skills
from desk.reads.console_settings import SnippetView, get_habits, list_snippets
from desk.reads.floor_messages import Message, list_messages_for
from desk.reads.handoff_news import News, list_news
from desk.reads.items import Item
from desk.reads.last_step import LastStep, find_last_step
from desk.reads.offers import Offer, list_open_offers
from desk.reads.office_day import Day, get_day
from desk.reads.pools import PoolView, PoolWork, list_pool_work, list_pools
from desk.reads.requests import RequestView, list_answers_to, list_requests_around
from desk.reads.waiting import QueueView, get_queue
from desk.web.context import OfficeView, desk, reader


class Readings:
    """Everything of an office that one officer's console may show."""

    def __init__(self, office: OfficeView) -> None:
        self._office = office
        self._at = desk().streams.clock()

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
        counter_id = None if self.me.duty is None else self.me.duty.counter_id
        return list_open_offers(reader(), self._office.id, current_user.id, counter_id)

    @cached_property
    def news(self) -> list[News]:
        """What became of handoffs the officer has not seen yet."""
        return list_news(reader(), self._office.id, current_user.id)

    @cached_property
    def pools(self) -> list[PoolView]:
        """The pools of the office."""
        return list_pools(reader(), self._office.id)

    @cached_property
    def pool_work(self) -> list[PoolWork]:
        """What lies in the officer's pools."""
        return list_pool_work(reader(), self._office.id, current_user.id)

    @cached_property
    def skills(self) -> frozenset[tuple[int, int]]:
        """Who may be given visitors of which service."""
        return list_skills(reader(), self._office.id)

    @cached_property
    def requests(self) -> list[RequestView]:
        """The open requests to and by the officer."""
        return list_requests_around(reader(), self._office.id, current_user.id)

    @cached_property
    def covers(self) -> dict[int, str]:
        """Who is absent today, with the name of the deputy."""
        return covers(reader(), self._office.id, day=self.day.today)

    @cached_property
    def messages(self) -> list[Message]:
        """What a supervisor tells the officer on duty here."""
        duty = self.me.duty
        if duty is None:
            return []
        return list_messages_for(reader(), self._office.id, current_user.id, duty.counter_id, self._at)

    @cached_property
    def answers(self) -> list[RequestView]:
        """What was answered today about what the officer still has."""
        ids = [each.id for each in self.mine]
        return list_answers_to(reader(), self._office.id, current_user.id, ids, since=self.day.began_at)

    @cached_property
    def habits(self) -> Habits:
        """How the officer has the console."""
        return get_habits(reader(), self._office.id, current_user.id)

    @property
    def keys(self) -> dict[str, str]:
        """Which key each verb has."""
        return KEYS[self.habits.hand]

    @cached_property
    def snippets(self) -> list[SnippetView]:
        """The texts that can be inserted into a note."""
        return list_snippets(reader(), self._office.id, current_user.id)

    @cached_property
    def rules(self) -> Configuration:
        """What is set of the office."""
        return desk().streams.configuration(reader(), self._office.id)

    @cached_property
    def last_step(self) -> LastStep | None:
        """What the officer can take back."""
        within_s = self.rules.rules.undo_s
        return find_last_step(
            reader(), self._office.id, current_user.id, post=self.me.post, at=self._at, within_s=within_s
        )

    @property
    def me(self) -> Colleague:
        """The officer; somebody whose role has just gone is off duty."""
        known = next((each for each in self.colleagues if each.id == current_user.id), None)
        return known or Colleague(current_user.id, current_user.name, None, busy=False)
