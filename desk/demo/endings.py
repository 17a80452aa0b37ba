"""What becomes of a visitor who was served: finished, worked on, handed over, seated again, paused."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Final

from desk.demo.agenda import Deck
from desk.demo.documents import record
from desk.demo.stage import Matter, Player, Stage
from desk.demo.visitors import Visitors
from desk.domain.lifecycle import Outcome
from desk.domain.reasons import HandoffReason, PauseCause, ReopenReason, ReturnReason
from desk.operations import handing_off, passing_on, serving
from desk.operations.terms import Disposition

Ending = Callable[["Endings", Player, Matter], None]

CARDS: Final = {
    "finish": 32,
    "process": 6,
    "back_office": 4,
    "pool": 4,
    "transfer": 3,
    "officer": 4,
    "counter": 2,
    "return": 3,
    "fetch": 2,
    "system": 1,
    "reopen": 1,
}
WHY_REFUSED: Final = "Persyaratan tidak terpenuhi; dasarnya dijelaskan kepada pengguna jasa."
OUTCOMES: Final = {"fulfilled": 20, "incomplete": 4, "referred": 2, "refused": 1}
WITH_LETTER: Final = frozenset("BCD")
ELSEWHERE: Final[Mapping[str, str]] = {"A": "E", "B": "C", "C": "B", "D": "E", "E": "B"}
GIVEN_REASONS: Final = (HandoffReason.SPECIALIST, HandoffReason.WORKLOAD, HandoffReason.NEXT_STEP)
NOTES: Final = (
    "Berkas sudah diperiksa, tinggal penjelasan teknis.",
    "Membawa dokumen asli; mohon dicocokkan dengan salinan.",
    "Pertanyaan tentang jadwal; sudah dijelaskan sebagian.",
    None,
)
PAPERS: Final = "Kurang satu salinan surat pernyataan; diambil sekarang."
FOR_POOL: Final = "Berkas lengkap dan sudah diberi tanda terima; siap diteliti."
PASSED_ON: Final = Disposition(
    expects="Konsep surat beserta nota dinas pengantar",
    papers=("Surat permohonan", "Daftar objek", "Dokumen pendukung"),
)
EXPIRY_SECONDS: Final = 601
WITHDRAWN_ONE_IN: Final = 7


class Endings:
    """The ways to end serving, dealt so that each comes up."""

    def __init__(self, stage: Stage, visitors: Visitors) -> None:
        self.stage = stage
        self.visitors = visitors
        self.back_office: Player | None = None
        self.cards = Deck(stage.dice, CARDS)
        self.outcomes = Deck(stage.dice, OUTCOMES)
        self._offers = 0

    def conclude(self, officer: Player, matter: Matter) -> None:
        """End serving in one of the ways that suit the transaction."""
        WAYS[self.cards.draw(self._suited(officer, matter))](self, officer, matter)

    def _suited(self, officer: Player, matter: Matter) -> set[str]:
        if matter.has_rested:
            return {"finish"}
        cards = set(CARDS)
        if matter.series not in WITH_LETTER:
            cards -= {"process", "back_office", "pool"}
        if not self._colleagues(officer, matter):
            cards -= {"officer", "counter"}
        return cards

    def _colleagues(self, officer: Player, matter: Matter) -> list[Player]:
        """Return who else could go on with it at a counter, or in the back office."""
        others = [each for each in self.stage.players if each is not officer and each.present and not each.still_called]
        return [each for each in others if each is self.back_office or self.stage.may_serve(each.person_id, matter)]

    def finish(self, officer: Player, matter: Matter) -> None:
        """Complete it."""
        outcome = Outcome(self.outcomes.draw({"fulfilled"} if matter.has_rested else None))
        note = WHY_REFUSED if outcome is Outcome.REFUSED else None
        request = officer.asks("complete", transaction=matter.id)
        self.stage.did(serving.complete(self.stage.streams, matter.id, request, outcome=outcome, note=note))
        self.stage.has_ended(matter)

    def reopen(self, officer: Player, matter: Matter) -> None:
        """Complete it by mistake, notice, and complete it again."""
        self.finish(officer, matter)
        self.stage.agenda.after(60 * self.stage.dice.uniform(2, 5), partial(self._notice, officer, matter))

    def _notice(self, officer: Player, matter: Matter) -> None:
        request = officer.asks("reopen", transaction=matter.id)
        reason = ReopenReason.ENDED_BY_MISTAKE
        self.stage.attempt(lambda: serving.reopen(self.stage.streams, matter.id, request, reason=reason))
        self.stage.agenda.after(60 * self.stage.dice.uniform(3, 8), partial(self._finish_again, officer, matter))

    def _finish_again(self, officer: Player, matter: Matter) -> None:
        if self.stage.matter(matter.id).state == "processing":
            self.finish(officer, matter)

    def process(self, officer: Player, matter: Matter) -> None:
        """Let the visitor go and work on; sometimes the back office is asked to take it over."""
        self._go_on_without(officer, matter)
        if self.back_office is not None and self.stage.dice.random() < 0.7:
            receiver = self.back_office
            self.stage.agenda.after(30, lambda: self._offer(officer, matter, receiver, HandoffReason.NEXT_STEP))
        else:
            self.stage.lasting.append(matter.id)

    def may_keep(self, matter: Matter) -> bool:
        """Whether it is work for longer than this day, and new."""
        return matter.series in WITH_LETTER and not matter.has_rested

    def keep(self, officer: Player, matter: Matter) -> None:
        """Let the visitor go and work on it alone, beyond this day."""
        self._go_on_without(officer, matter)
        self.stage.lasting.append(matter.id)

    def _go_on_without(self, officer: Player, matter: Matter) -> None:
        due_at = record(self.stage, officer, matter)
        request = officer.asks("process", transaction=matter.id)
        self.stage.did(serving.process(self.stage.streams, matter.id, request, due_at=due_at))

    def to_pool(self, officer: Player, matter: Matter) -> None:
        """Let the visitor go and hand it over to the back office's pool."""
        stage, due_at = self.stage, record(self.stage, officer, matter)
        request, reason = officer.asks("hand_to_pool", transaction=matter.id), HandoffReason.NEXT_STEP
        stage.did(
            passing_on.hand_to_pool(
                stage.streams, matter.id, stage.pool_id, request,
                reason=reason, note=FOR_POOL, due_at=due_at, disposition=PASSED_ON,
            )
        )  # fmt: skip

    def to_back_office(self, officer: Player, matter: Matter) -> None:
        """Offer it to the back office while the visitor waits for the answer."""
        if self.back_office is None or not self.back_office.present:
            self.process(officer, matter)
        else:
            self._offer(officer, matter, self.back_office, HandoffReason.NEXT_STEP)

    def to_officer(self, officer: Player, matter: Matter) -> None:
        """Offer it to a colleague by name."""
        receiver = self.stage.dice.choice(self._colleagues(officer, matter))
        self._offer(officer, matter, receiver, self.stage.dice.choice(GIVEN_REASONS))

    def to_counter(self, officer: Player, matter: Matter) -> None:
        """Offer it to whoever is at a counter."""
        receiver = self.stage.dice.choice(self._colleagues(officer, matter))
        stage, note = self.stage, self.stage.dice.choice(NOTES)
        request = officer.asks("offer", transaction=matter.id)
        done = stage.attempt(
            lambda: handing_off.offer_to_counter(
                stage.streams, matter.id, receiver.counter_id, request, reason=HandoffReason.SPECIALIST, note=note
            )
        )
        if done is not None:
            self._follow(officer, matter, receiver, done.facts["handoff"])

    def _offer(self, officer: Player, matter: Matter, receiver: Player, reason: HandoffReason) -> None:
        stage, note = self.stage, self.stage.dice.choice(NOTES)
        request = officer.asks("offer", transaction=matter.id)
        done = stage.attempt(
            lambda: handing_off.offer_to_officer(
                stage.streams, matter.id, receiver.person_id, request, reason=reason, note=note
            )
        )
        if done is not None:
            self._follow(officer, matter, receiver, done.facts["handoff"])

    def _follow(self, officer: Player, matter: Matter, receiver: Player, handoff_id: int) -> None:
        """Wait for the answer: one is given, or the giver loses patience, or the time is over."""
        self._offers += 1
        if self._offers % WITHDRAWN_ONE_IN == 0:
            self.stage.agenda.after(self.stage.dice.uniform(120, 300), partial(self._withdraw, officer, handoff_id))
        else:
            receiver.offered(handoff_id, matter, officer)
        self.stage.agenda.after(EXPIRY_SECONDS, self.stage.expire)

    def _withdraw(self, officer: Player, handoff_id: int) -> None:
        request = officer.asks("withdraw", handoff=handoff_id)
        if self.stage.attempt(lambda: handing_off.withdraw(self.stage.streams, handoff_id, request)):
            self.stage.wake()

    def transfer(self, officer: Player, matter: Matter) -> None:
        """Hand over to the queue of another service."""
        service_id = self.stage.services[ELSEWHERE[matter.series]]
        request = officer.asks("transfer", transaction=matter.id)
        reason = HandoffReason.WRONG_SERVICE
        self.stage.did(handing_off.transfer(self.stage.streams, matter.id, service_id, request, reason=reason))
        self.stage.wake()

    def seat_again(self, officer: Player, matter: Matter) -> None:
        """Return the visitor to the queue for some minutes."""
        request = officer.asks("return", transaction=matter.id)
        minutes, reason = self.stage.dice.randint(5, 12), ReturnReason.FILLING_FORM
        self.stage.did(serving.return_to_queue(self.stage.streams, matter.id, request, reason=reason, minutes=minutes))
        self.stage.agenda.after(60 * minutes + 1, self.stage.wake)

    def fetch(self, officer: Player, matter: Matter) -> None:
        """Pause until the visitor brings a missing paper, which may be today."""
        self._pause(officer, matter, PauseCause.VISITOR, days=3, note=PAPERS)
        minutes = self.stage.dice.uniform(30, 80)
        self.stage.agenda.after(60 * minutes, partial(self.visitors.come_back, matter.id))

    def system_down(self, officer: Player, matter: Matter) -> None:
        """Pause because a system does not answer; go on without the visitor when it does."""
        self._pause(officer, matter, PauseCause.SYSTEM, days=1, note=None)
        self.stage.agenda.after(60 * self.stage.dice.uniform(10, 25), partial(self._go_on, officer, matter))

    def _pause(self, officer: Player, matter: Matter, cause: PauseCause, *, days: int, note: str | None) -> None:
        due_at = self.stage.agenda.now + timedelta(days=days)
        request = officer.asks("pause", transaction=matter.id)
        self.stage.did(serving.pause(self.stage.streams, matter.id, request, cause=cause, due_at=due_at, note=note))

    def _go_on(self, officer: Player, matter: Matter) -> None:
        request = officer.asks("resume", transaction=matter.id)
        if self.stage.attempt(lambda: serving.resume(self.stage.streams, matter.id, request)):
            self.stage.agenda.after(60 * self.stage.dice.uniform(3, 9), partial(self._finish_again, officer, matter))


WAYS: Final[Mapping[str, Ending]] = {
    "finish": Endings.finish,
    "reopen": Endings.reopen,
    "process": Endings.process,
    "back_office": Endings.to_back_office,
    "pool": Endings.to_pool,
    "officer": Endings.to_officer,
    "counter": Endings.to_counter,
    "transfer": Endings.transfer,
    "return": Endings.seat_again,
    "fetch": Endings.fetch,
    "system": Endings.system_down,
}
