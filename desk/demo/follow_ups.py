"""Low answers that the supervisor follows up, one to its end; and the measure that is planned because of them."""

from collections.abc import Callable
from functools import partial
from typing import Final

from sqlalchemy import select

from desk.demo.loading import ZONE
from desk.demo.stage import Stage
from desk.demo.visitors import Visitors
from desk.domain.following_up import FollowUpStep
from desk.domain.improvement import Status, Wish
from desk.domain.skm_period import Period
from desk.models import FollowUpRow, ResponseRow
from desk.operations.complaints.following_up import take_step
from desk.operations.survey import improving

SUPERVISOR, IN_CHARGE = "budi", "dewi"
LOW: Final = 1
RETRY_MINUTES: Final = 4.0
# In which minute somebody answers like that, and what; only the first is followed up to its end on this day.
ANSWERS: Final = (
    (112.0, "Persyaratan di papan berbeda dengan yang diminta di loket, jadi saya harus pulang dulu."),
    (204.0, "Dipanggil lama sekali padahal yang datang sesudah saya sudah dilayani."),
)
CONTACTED: Final = "Ditemui di ruang tunggu; papan persyaratan masih memuat daftar yang lama."
RESOLVED: Final = "Papan persyaratan diganti dan berkas diterima tanpa antre ulang. Pengguna jasa sudah diberi tahu."
ELEMENT: Final = "persyaratan"
PROGRAM: Final = "Memeriksa daftar persyaratan di papan, situs, dan loket setiap bulan, lalu menyamakannya."
BEGUN: Final = "Daftar kelima layanan sudah dibandingkan; dua papan diganti hari ini."
PLANNED_AT, BEGUN_AT = 176.0, 221.0
QUARTER: Final = 3


class FollowUps:
    """What comes of low answers."""

    def __init__(self, stage: Stage, visitors: Visitors) -> None:
        self.stage, self.visitors = stage, visitors
        self._passed: set[int] = set()
        for place, (minute, comment) in enumerate(ANSWERS):
            self._after(minute, partial(self._answer, comment, is_first=place == 0))
        self._after(PLANNED_AT, self._plan)

    def _after(self, minutes: float, act: Callable[[], None]) -> None:
        self.stage.agenda.after(60 * minutes, act)

    def _answer(self, comment: str, *, is_first: bool) -> None:
        """Whoever was served last, not by the supervisor, and was not asked in vain, is not content at all."""
        matter = self.stage.latest_without(SUPERVISOR, self._passed)
        if matter is None:
            self._after(RETRY_MINUTES, partial(self._answer, comment, is_first=is_first))
            return
        self._passed.add(matter.id)
        if not self.visitors.answer(matter.id, mood=LOW, comment=comment):
            self._answer(comment, is_first=is_first)
        elif is_first:
            self._after(13.0, partial(self._step, matter.id, FollowUpStep.CONTACTED, CONTACTED))
            self._after(49.0, partial(self._step, matter.id, FollowUpStep.RESOLVED, RESOLVED))

    def _step(self, transaction_id: int, step: FollowUpStep, note: str) -> None:
        follow_up_id = self._find(transaction_id)
        request = self.stage.asks(SUPERVISOR, "follow_up", follow_up=follow_up_id, step=step)
        self.stage.attempt(lambda: take_step(self.stage.streams, follow_up_id, request, step=step, note=note))

    def _find(self, transaction_id: int) -> int:
        row, said = FollowUpRow, ResponseRow
        query = (
            select(row.id)
            .join(said, (said.office_id == row.office_id) & (said.id == row.response_id))
            .where(row.office_id == self.stage.office_id, said.transaction_id == transaction_id)
        )
        with self.stage.streams.reading() as connection:
            return connection.execute(query).scalar_one()

    def _plan(self) -> None:
        """Plan for this quarter, until the end of the next, what the answers call for."""
        stage, today = self.stage, self.stage.ends.astimezone(ZONE).date()
        period = Period(today.year, QUARTER, (today.month - 1) // QUARTER + 1)
        wish = Wish(ELEMENT, period.after, stage.people[IN_CHARGE][0])
        request = stage.asks(SUPERVISOR, "plan_improvement", period=str(period))
        done = stage.did(
            improving.plan(stage.streams, stage.office_id, request, period=period, wish=wish, words=PROGRAM)
        )
        self._after(BEGUN_AT - PLANNED_AT, partial(self._begin, done.facts["improvement"]))

    def _begin(self, improvement_id: int) -> None:
        request = self.stage.asks(SUPERVISOR, "progress", improvement=improvement_id)
        status = Status.UNDER_WAY
        self.stage.did(improving.note_progress(self.stage.streams, improvement_id, request, status=status, note=BEGUN))
