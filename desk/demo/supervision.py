"""What a supervisor does beside serving: thresholds of gaps, messages, an order; and who is away tomorrow.

The words on the displays are the administrator's.
"""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Final

from desk.demo.agenda import Deck
from desk.demo.loading import ZONE
from desk.demo.stage import Stage
from desk.domain.absence import Absence, AbsenceReason
from desk.domain.displays import MessageWish
from desk.domain.reasons import HandoffReason
from desk.operations import covering, floor, passing_on
from desk.operations.settings import displaying
from desk.reads.gaps import get_thresholds

SUPERVISOR: Final = "budi"
ADMINISTRATOR: Final = "agus"
SHOWN_ID: Final = "Siapkan KTP asli dan fotokopinya sebelum nomor Anda dipanggil."
SHOWN_EN: Final = "Please have your identity card and a copy of it ready before your number is called."
READERS: Final = ("sari", "dewi", "rina", "tono", "putri", "joko")
READING: Final = {"reads": 5, "does not": 1}
SILENT_SECONDS: Final = 3 * 3600
COMPLETENESS: Final = "Antrean seri B dan C sedang panjang. Mohon kelengkapan berkas diperiksa sejak awal."
FORMS: Final = "Formulir permohonan sewa yang lama jangan dibagikan lagi; yang baru ada di rak depan."
# In which minute of the played day, for how many minutes, and what.
MESSAGES: Final = ((91.0, 60, COMPLETENESS), (190.0, 180, FORMS))
AWAY, DEPUTY = "rina", "dewi"
ORDER: Final = "Petugas mengikuti diklat mulai besok; berkas dilanjutkan petugas pengganti."
RETRY_MINUTES: Final = 4.0


class Supervision:
    """The plans of whoever supervises."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.reading = Deck(stage.dice, READING)
        stage.agenda.after(60 * 4.0, self._show)
        stage.agenda.after(60 * 59.5, self._set_thresholds)
        stage.agenda.after(60 * 132.0, self._plan_absence)
        stage.agenda.after(60 * 151.0, self._reassign)
        for minute, shown, words in MESSAGES:
            stage.agenda.after(60 * minute, partial(self._tell, shown, words))

    def _set_thresholds(self) -> None:
        """Count it as a gap when nothing is done for three hours: the day is too short for the usual sixteen."""
        stage = self.stage
        with stage.streams.reading() as connection:
            wanted = replace(get_thresholds(connection, stage.office_id), gap_silent_s=SILENT_SECONDS)
        request = stage.asks(SUPERVISOR, "change_thresholds")
        stage.did(floor.change_thresholds(stage.streams, stage.office_id, request, wanted))

    def _show(self) -> None:
        """Have the displays say what to get ready."""
        stage = self.stage
        request = stage.asks(ADMINISTRATOR, "add_display_message", words=SHOWN_ID)
        wish = MessageWish(SHOWN_ID, SHOWN_EN, stage.agenda.now)
        stage.did(displaying.add_message(stage.streams, stage.office_id, wish, request))

    def _tell(self, minutes: int, words: str) -> None:
        stage = self.stage
        request = stage.asks(SUPERVISOR, "send_message", words=words)
        done = stage.did(floor.send_message(stage.streams, stage.office_id, request, words=words, minutes=minutes))
        for username in READERS:
            if self.reading.draw() == "reads":
                seconds = stage.dice.uniform(30, 540)
                stage.agenda.after(seconds, partial(self._read, username, done.facts["message"]))

    def _read(self, username: str, message_id: int) -> None:
        request = self.stage.asks(username, "read_message", message=message_id)
        self.stage.did(floor.read_message(self.stage.streams, message_id, request))

    def _plan_absence(self) -> None:
        """One of the officers is away on the day after this one."""
        stage, reason = self.stage, AbsenceReason.TRAINING
        tomorrow = stage.ends.astimezone(ZONE).date() + timedelta(days=1)
        wish = Absence(stage.people[AWAY][0], stage.people[DEPUTY][0], tomorrow, tomorrow)
        stage.did(
            covering.plan_absence(stage.streams, stage.office_id, wish, stage.asks(AWAY, "plan_absence"), reason=reason)
        )

    def _reassign(self) -> None:
        """Order that the deputy goes on with an application from now on, who is told and has a look."""
        stage = self.stage
        found = [case.id for case in stage.cases() if case.username == AWAY and case.id in stage.lasting]
        if not found:
            stage.agenda.after(60 * RETRY_MINUTES, self._reassign)
            return
        deputy_id, request = stage.people[DEPUTY][0], stage.asks(SUPERVISOR, "force", transaction=found[0])
        stage.did(
            passing_on.force(
                stage.streams, found[0], request, officer_id=deputy_id, reason=HandoffReason.OTHER, note=ORDER
            )
        )
        stage.agenda.after(60 * stage.dice.uniform(3, 9), partial(self._see, found[0]))

    def _see(self, transaction_id: int) -> None:
        request = self.stage.asks(DEPUTY, "see_news", transaction=transaction_id)
        self.stage.attempt(lambda: passing_on.see_news(self.stage.streams, transaction_id, request))
