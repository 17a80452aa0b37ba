"""Those who come: when, for what, how patient they are, and what they say afterwards. Nobody has a name."""

from datetime import timedelta
from functools import partial
from itertools import count
from typing import Final

from sqlalchemy import select

from desk.demo.agenda import Deck
from desk.demo.opinions import Opinions
from desk.demo.stage import Matter, Stage
from desk.domain.access import KIOSK, VISITOR, Actor
from desk.domain.intake import CheckInChannel
from desk.domain.questionnaires import COMMENT
from desk.domain.reasons import CancelReason, PriorityReason
from desk.models import InvitationRow
from desk.operations import intake, serving
from desk.operations.intake import CheckIn
from desk.operations.requests import Done, Request
from desk.operations.survey import answering
from desk.reads.questionnaires import find_questionnaire

VISITS: Final = 111
LAST_MINUTES: Final = (9.0, 7.5, 6.0, 5.2, 4.1, 3.0, 1.8, 0.9)
# Who comes together for one service, minutes before the end: so that of the rarer ones too enough is known at the end
# for a range of the wait to be told.
TOGETHER: Final = {"B": (78.0, 77.0, 76.0, 42.0, 41.0), "C": (84.0, 83.0, 82.5, 82.0, 48.0, 47.0, 46.5)}
FIRST_MINUTE, RUSH_MINUTE, LAST_MINUTE = 1.0, 95.0, 230.0
WANTED: Final = {"A": 24, "B": 20, "C": 12, "D": 18, "E": 22, "AE": 1, "DE": 1, "BC": 2}
CHANNELS: Final = {"kiosk": 15, "phone": 3, "staff": 2}
REASONS: Final = {"elderly": 4, "disability": 2, "pregnant": 2, "child": 1, "": 78}
MANNERS: Final = {"patient": 44, "impatient": 3, "twice": 1}
CONTACT: Final = {"none": 17, "consents": 3, "without consent": 1}
ANSWERS: Final = {"answers": 2, "does not": 3}


class Visitors:
    """Everybody who comes during the day."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        decks = (WANTED, CHANNELS, REASONS, MANNERS, CONTACT, ANSWERS)
        self.wanted, self.channels, self.reasons, self.manners, self.contacts, self.answers = (
            Deck(stage.dice, cards) for cards in decks
        )
        self.opinions = Opinions(stage.dice)
        self._numbers = count(1)
        stage.ended.append(self.hear_end)

    def are_expected(self) -> None:
        """Put the arrivals of the day on the agenda."""
        dice = self.stage.dice
        minutes = [dice.triangular(FIRST_MINUTE, LAST_MINUTE, RUSH_MINUTE) for _ in range(VISITS)]
        for minute in minutes:
            self.stage.agenda.after(60 * minute, self.arrive)
        for minute in LAST_MINUTES:
            self.stage.agenda.at(self.stage.ends - timedelta(minutes=minute), self.arrive)
        for series, together in TOGETHER.items():
            for minute in together:
                self.stage.agenda.at(self.stage.ends - timedelta(minutes=minute), partial(self.arrive, series))

    def arrive(self, series: str = "") -> None:
        """Somebody comes and takes a number, for these services if they are given."""
        manner = self.manners.draw()
        done = self._check_in(series or self.wanted.draw())
        visit_id, transaction_id = done.facts["visit"], done.facts["transaction"]
        dice = self.stage.dice
        if manner == "impatient":
            self.stage.agenda.after(60 * dice.uniform(9, 20), partial(self._give_up, visit_id))
        if manner == "twice":
            self.stage.agenda.after(60 * dice.uniform(1, 3), partial(self._cancel, transaction_id))
        self.stage.wake()

    def _check_in(self, series: str) -> Done:
        reason, channel = self.reasons.draw(), CheckInChannel(self.channels.draw())
        contact = self.contacts.draw()
        wish = CheckIn(
            tuple(self.stage.services[each] for each in series),
            channel,
            PriorityReason(reason) if reason else None,
            language="en" if self.stage.dice.random() < 0.08 else "id",
            email=None if contact == "none" else f"pengguna-{next(self._numbers)}@contoh.invalid",
            consent=contact == "consents",
        )
        request = Request(self._receiver(channel), "check_in", {"services": wish.services})
        return self.stage.did(intake.check_in(self.stage.streams, self.stage.office_id, wish, request))

    def _receiver(self, channel: CheckInChannel) -> Actor:
        return self.stage.staff("putri") if channel is CheckInChannel.STAFF else KIOSK

    def _give_up(self, visit_id: int) -> None:
        request = Request(VISITOR, "leave_visit", {"visit": visit_id})
        self.stage.attempt(lambda: serving.leave_visit(self.stage.streams, visit_id, request))

    def _cancel(self, transaction_id: int) -> None:
        """Somebody took a second number for the same thing."""
        request = Request(self.stage.staff("putri"), "cancel", {"transaction": transaction_id})
        if self.stage.matter(transaction_id).state == "waiting":
            self.stage.attempt(
                lambda: serving.cancel(self.stage.streams, transaction_id, request, reason=CancelReason.DUPLICATE)
            )

    def come_back(self, transaction_id: int) -> None:
        """The visitor of an open transaction is here again."""
        request = Request(KIOSK, "come_back", {"transaction": transaction_id})
        wish = CheckIn((), CheckInChannel.KIOSK)
        if self.stage.attempt(lambda: intake.come_back(self.stage.streams, transaction_id, wish, request)):
            self.stage.wake()

    def hear_end(self, matter: Matter) -> None:
        """Some of those whose transaction ended answer the survey, sooner or later."""
        if self.answers.draw() == "answers":
            self.stage.agenda.after(60 * self.stage.dice.uniform(2, 45), lambda: self._answer(matter.id))

    def _answer(self, transaction_id: int) -> None:
        self.answer(transaction_id)

    def answer(self, transaction_id: int, *, mood: int | None = None, comment: str = "") -> bool:
        """Let the visitor of a transaction answer, if the question is still open; tells whether it was."""
        row = InvitationRow.__table__.c
        query = select(row.id, row.generation, row.state, row.questionnaire_id).where(
            row.office_id == self.stage.office_id, row.transaction_id == transaction_id
        )
        with self.stage.streams.reading() as connection:
            invitation = connection.execute(query).one_or_none()
            if invitation is None or invitation.state != "open":
                return False
            questionnaire = find_questionnaire(connection, self.stage.office_id, invitation.questionnaire_id)
        request = Request(VISITOR, "answer", {"invitation": invitation.id})
        link = answering.Link(invitation.id, invitation.generation)
        said = self.opinions.answers(questionnaire, mood=mood)
        given = {invitation.id: {**said, COMMENT: comment} if comment else said}
        return self.stage.attempt(lambda: answering.answer(self.stage.streams, link, given, request)) is not None
