"""Two pages from which a supervisor acts: an officer, and a transaction that is to be offered to somebody else."""

from collections.abc import Container, Iterable
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from desk.domain.lifecycle import Action, possible
from desk.reads import console
from desk.reads.absences import covers
from desk.reads.colleagues import Colleague, list_colleagues, list_skills
from desk.reads.items import Item
from desk.reads.office_day import get_day
from desk.reads.served import list_queues
from desk.web.context import OfficeView, acting, desk, language, reader
from desk.web.counter.receivers import Room, list_receivers
from desk.web.counter.story_words import spell
from desk.web.counter.verbs import Hands
from desk.web.forms.fields import new_key
from desk.web.forms.floor import SkillForm
from desk.web.forms.handing_on import HandOverForm

LARGEST_ID: Final = 2**31 - 1
BACK: Final = {"gaps": "gaps.page", "floor": "floor.now"}


def officer_page(
    office_id: int,
    officer_id: int,
    *,
    form: SkillForm | None = None,
    asked_of: tuple[int, str] = (0, ""),
    status: int = 200,
) -> ResponseReturnValue:
    """Return the page of somebody who works at the counters; 404 where there is nobody.

    `asked_of`: a service that nobody would serve any more, and in words whether that is meant so.
    """
    colleagues = list_colleagues(reader(), office_id)
    found = next((each for each in colleagues if each.id == officer_id), None)
    if found is None or officer_id > LARGEST_ID:
        abort(404)
    at = desk().streams.clock()
    day = get_day(reader(), office_id, at=at)
    services, queues = console.list_services(reader(), office_id, officer_id), list_queues(reader(), office_id)
    more = _assignable(services, queues)
    skill = form or SkillForm(more, blank=True)
    skill.service.choices = [*SkillForm([], blank=True).service.choices, *more]
    return render_template(
        "floor/officer.html",
        officer=found,
        served=[each for each in services if each.mine],
        names={each.id: each.names[language()] for each in services},
        held=console.list_mine(reader(), office_id, officer_id, at=at, day=day),
        form=form,
        skill=skill,
        asked_of=asked_of,
        may_supervise=acting(office_id).supervises,
        may_offer=may_offer,
        new_key=new_key,
        words=spell,
        language_path=url_for("floor.officer", office_id=office_id, officer_id=officer_id),
    ), status


def _assignable(services: Iterable[console.ServiceName], queues: Container[int]) -> list[SelectChoice]:
    """Return what somebody can be given visitors of beside what they are; of retired services those waited for."""
    return [
        SelectChoice(str(each.id), f"{each.series} · {each.names[language()]}")
        for each in services
        if not each.mine and (not each.retired or each.id in queues)
    ]


def may_offer(item: Item) -> bool:
    """Tell whether a transaction can be offered to somebody as it stands."""
    return Action.OFFER in possible(item.state, offered=item.offer_id is not None)


class Reassigning:
    """A transaction that a supervisor offers to somebody on behalf of whoever has it; 404 where there is none."""

    def __init__(self, office: OfficeView, transaction_id: int) -> None:
        self._office, self._at = office, desk().streams.clock()
        self._day = get_day(reader(), office.id, at=self._at)
        found = console.find_item(reader(), office.id, transaction_id, at=self._at, day=self._day)
        self.item: Item = found or abort(404)

    @property
    def actions(self) -> frozenset[Action]:
        """What the life cycle allows now."""
        return possible(self.item.state, offered=self.item.offer_id is not None)

    @property
    def back(self) -> str:
        """Where the supervisor came from."""
        return url_for(BACK.get(request.args.get("back", ""), BACK["floor"]), office_id=self._office.id)

    @cached_property
    def _room(self) -> Room:
        office_id = self._office.id
        return Room(
            office_id,
            ZoneInfo(self._office.zone),
            language(),
            list_colleagues(reader(), office_id),
            console.list_services(reader(), office_id, 0),
            [],
            list_skills(reader(), office_id),
            covers(reader(), office_id, day=self._day.today),
        )

    def form(self, *, blank: bool = False) -> HandOverForm | None:
        """Return the form with those who may be asked; None where nobody may."""
        nobody = Colleague(self.item.handler_id or 0, "", None, busy=False)
        hands = Hands(nobody, supervises=True, at=self._at, reopen_days=self._day.reopen_days)
        receivers = list_receivers(self.item, self.actions & {Action.OFFER}, room=self._room, hands=hands)
        if not receivers:
            return None
        place = f"reassign-{self.item.id}"
        form = HandOverForm(place, receivers=receivers, zone=self._room.zone, now=self._at, blank=blank)
        form.to.kinds = ("officer", "counter")  # a queue or a pool takes it at once: that is not asked here
        if not self.item.present:
            del form.walks_along
        return form

    def page(self, form: HandOverForm | None = None, *, status: int = 200) -> ResponseReturnValue:
        """Return the page, with a form that came back with errors."""
        room, holder = self._room, self.item.handler_id
        path = url_for("floor.reassignment", office_id=self._office.id, transaction_id=self.item.id)
        return render_template(
            "floor/reassignment.html",
            item=self.item,
            service=room.service_name(self.item.service_id),
            holder=room.colleague_name(holder),
            offered=self.item.offer_id is not None,
            possible=Action.OFFER in self.actions,
            form=form,
            filled=form or self.form(blank=True),
            back=self.back,
            words=spell,
            language_path=path,
        ), status
