"""What is asked, answered, noted and waited for while work goes on without the visitor."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from desk.demo.stage import Case, Stage
from desk.domain.handoffs import HandoffState
from desk.domain.reasons import DeclineReason, HandoffReason, PauseCause
from desk.domain.requesting import RequestKind
from desk.operations import noting, passing_on, requesting, serving

CASEWORKERS: Final = ("joko", "sari", "dewi", "tono", "putri", "rina")
ADVISERS: Final = ("joko", "dewi", "sari", "putri")
HEAD: Final = "budi"
# The first application that he keeps lies on his desk all day, and nobody thinks of it.
FORGETFUL: Final = "tono"
ROUNDS: Final = (72.0, 118.0, 164.0, 210.0)
ROUND_MINUTES, RETRY_MINUTES = 12.0, 4.0
# How long before the end it was due what nobody thought of, and what is still in time by then.
LATE, IN_TIME = timedelta(minutes=35), timedelta(hours=20)
NOTES: Final[Mapping[str, tuple[str, ...]]] = {
    "B": (
        "Daftar barang dicocokkan dengan SIMAN; nilai perolehan sesuai.",
        "Permohonan diteliti; konsep surat persetujuan sedang disusun.",
    ),
    "C": (
        "Dokumen legalitas objek diteliti; surat tugas tim penilai disiapkan.",
        "Jadwal survei lapangan diusulkan kepada satuan kerja, menunggu kepastian pendamping.",
    ),
    "D": (
        "Sisa utang dicocokkan dengan berkas kasus piutang negara.",
        "Bukti setor diverifikasi ke bendahara penerimaan; konsep surat keterangan disusun.",
    ),
}
MISTAKEN: Final = "Konsep surat sudah ditandatangani kepala seksi."
CORRECTION: Final = "Ralat: konsep surat baru diparaf, belum ditandatangani kepala seksi."
AGENCY: Final = "Kantor pertanahan menjanjikan salinan buku tanah hari ini; dihubungi lagi bila belum datang."
UNANSWERED: Final = "Penawaran tidak dijawab; berkas lengkap, mohon diambil dari daftar seksi."


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question, and what comes of it; neither an answer nor a reason to decline: nothing on this day."""

    kind: RequestKind
    words: str
    answer: str | None = None
    declined: DeclineReason | None = None
    blocks: bool = False
    late: bool = False


CONSULTATION: Final = Inquiry(
    RequestKind.CONSULTATION,
    "Apakah sertifikat atas nama satuan kerja lama masih dapat diterima sebagai dokumen legalitas objek?",
    answer="Dapat, sepanjang dilampiri berita acara serah terima dan surat pernyataan tanggung jawab.",
)
REFUSED: Final = Inquiry(
    RequestKind.SUB_TASK,
    "Mohon luas tanah pada lampiran dicocokkan dengan data SIMAN.",
    answer="Masih menyelesaikan berkas lain yang jatuh tempo lebih dahulu.",
    declined=DeclineReason.BUSY,
)
ESCALATION: Final = Inquiry(
    RequestKind.ESCALATION,
    "Satuan kerja meminta percepatan karena perjanjian sewa segera berakhir; mohon arahan.",
    answer="Urutan tetap menurut tanggal berkas lengkap; sampaikan perkiraan tanggal selesai kepada pemohon.",
)
OVERDUE: Final = Inquiry(
    RequestKind.SUB_TASK,
    "Mohon dibuatkan konsep nota dinas ke Seksi Hukum dan Informasi; diperlukan hari ini.",
    blocks=True,
    late=True,
)
OPEN: Final = Inquiry(
    RequestKind.CONSULTATION,
    "Laporan penilaian yang dilampirkan berumur lebih dari enam bulan; apakah perlu penilaian ulang?",
)


class Casework:
    """Goes through what lies on the desks, and lets each of these things happen once."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._uses: Counter[int] = Counter()
        self._noted: set[int] = set()
        script: tuple[tuple[float, Callable[[Case], object]], ...] = (
            (66, partial(self._ask, CONSULTATION)),
            (84, partial(self._ask, REFUSED)),
            (100, self._note_mistakenly),
            (112, self._wait_for_agency),
            (126, partial(self._ask, OVERDUE)),
            (141, partial(self._ask, ESCALATION)),
            (203, partial(self._ask, OPEN)),
        )
        for minute, act in script:
            stage.agenda.after(60 * minute, partial(self._do, act))
        for username in CASEWORKERS:
            for minute in ROUNDS:
                seconds = 60 * (minute + stage.dice.uniform(0, ROUND_MINUTES))
                stage.agenda.after(seconds, partial(self._go_through, username))

    def _do(self, act: Callable[[Case], object]) -> None:
        """Let it happen about the application that was least thought of, as soon as there is one."""
        found = [case for case in self._cases(CASEWORKERS) if case.id in self.stage.lasting and case.series in "BC"]
        if found:
            case = min(found, key=lambda each: (self._uses[each.id], each.id))
            self._uses[case.id] += 1
            act(case)
        else:
            self.stage.agenda.after(60 * RETRY_MINUTES, partial(self._do, act))

    def _cases(self, usernames: Iterable[str]) -> list[Case]:
        found = {case.id: case for case in self.stage.cases()}
        lasting = (found[each] for each in self.stage.lasting if each in found)
        forgotten = next((case.id for case in lasting if case.username == FORGETFUL), None)
        return [case for case in found.values() if case.username in usernames and case.id != forgotten]

    def _go_through(self, username: str) -> None:
        """See what became of handoffs; hand on what nobody answered, and note how far the rest is."""
        for case in self._cases((username,)):
            if case.news is not None:
                self._see(case)
            if case.news == HandoffState.EXPIRED.value:
                self._hand_to_pool(case)
            elif case.id not in self._noted and case.series in NOTES:
                self._noted.add(case.id)
                self._note(case, self.stage.dice.choice(NOTES[case.series]))

    def _see(self, case: Case) -> None:
        request = self.stage.asks(case.username, "see_news", transaction=case.id)
        self.stage.did(passing_on.see_news(self.stage.streams, case.id, request))

    def _hand_to_pool(self, case: Case) -> None:
        stage, reason = self.stage, HandoffReason.NEXT_STEP
        request = stage.asks(case.username, "hand_to_pool", transaction=case.id)
        stage.did(
            passing_on.hand_to_pool(stage.streams, case.id, stage.pool_id, request, reason=reason, note=UNANSWERED)
        )

    def _note(self, case: Case, words: str, *, corrects: int | None = None) -> int:
        request = self.stage.asks(case.username, "note", transaction=case.id, words=words)
        done = self.stage.did(noting.add_note(self.stage.streams, case.id, request, words=words, corrects=corrects))
        note_id: int = done.facts["note"]
        return note_id

    def _note_mistakenly(self, case: Case) -> None:
        note_id, seconds = self._note(case, MISTAKEN), 60 * self.stage.dice.uniform(3, 8)
        self.stage.agenda.after(seconds, partial(self._correct, case, note_id))

    def _correct(self, case: Case, note_id: int) -> None:
        self._note(case, CORRECTION, corrects=note_id)

    def _wait_for_agency(self, case: Case) -> None:
        """Wait for what was promised for today, and let the time go by."""
        stage, cause, due_at = self.stage, PauseCause.OTHER_AGENCY, self.stage.ends - LATE
        request = stage.asks(case.username, "pause", transaction=case.id)
        stage.attempt(lambda: serving.pause(stage.streams, case.id, request, cause=cause, due_at=due_at, note=AGENCY))

    def _ask(self, inquiry: Inquiry, case: Case) -> None:
        stage, asked = self.stage, self._adviser(inquiry, case)
        request = stage.asks(case.username, "ask", transaction=case.id, words=inquiry.words)
        done = stage.attempt(
            lambda: requesting.ask(
                stage.streams,
                case.id,
                request,
                kind=inquiry.kind,
                question=inquiry.words,
                due_at=self._due(inquiry),
                blocks=inquiry.blocks,
                officer_id=stage.people[asked][0],
            )
        )
        if done is not None and inquiry.answer is not None:
            seconds = 60 * stage.dice.uniform(5, 14)
            stage.agenda.after(seconds, partial(self._answer, inquiry, done.facts["request"], asked))

    def _adviser(self, inquiry: Inquiry, case: Case) -> str:
        if inquiry.kind is RequestKind.ESCALATION:
            return HEAD
        return self.stage.dice.choice([each for each in ADVISERS if each != case.username])

    def _due(self, inquiry: Inquiry) -> datetime:
        return self.stage.ends - LATE if inquiry.late else self.stage.agenda.now + IN_TIME

    def _answer(self, inquiry: Inquiry, request_id: int, asked: str) -> None:
        stage, words = self.stage, inquiry.answer or ""
        request = stage.asks(asked, "answer", request=request_id)
        if inquiry.declined is None:
            stage.attempt(lambda: requesting.answer(stage.streams, request_id, request, words=words))
        else:
            reason = inquiry.declined
            stage.attempt(lambda: requesting.decline(stage.streams, request_id, request, reason=reason, note=words))
