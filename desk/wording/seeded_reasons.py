"""The reasons an office begins with, each in Indonesian and English; from then on the list is the office's own."""

from dataclasses import dataclass
from typing import Final

from desk.domain.handoffs import ReasonKind
from desk.domain.reasons import NEED_NOTE, DeclineReason, HandoffReason, PauseCause, PriorityReason


@dataclass(frozen=True, slots=True)
class Seeded:
    """One reason as it goes into an office's list."""

    kind: ReasonKind
    code: str
    label_id: str
    label_en: str
    needs_note: bool


_HANDOFF: Final = (
    (HandoffReason.SPECIALIST, "Perlu keahlian khusus", "Needs a specialist"),
    (HandoffReason.WRONG_SERVICE, "Termasuk layanan lain", "Belongs to another service"),
    (HandoffReason.NEXT_STEP, "Tahap prosedur berikutnya", "Next step of the procedure"),
    (HandoffReason.APPROVAL, "Perlu persetujuan", "Needs approval"),
    (HandoffReason.SHIFT_END, "Akhir giliran kerja", "End of the shift"),
    (HandoffReason.WORKLOAD, "Pembagian beban kerja", "To share the work"),
    (HandoffReason.CONFLICT_OF_INTEREST, "Benturan kepentingan", "Conflict of interest"),
    (HandoffReason.RETURNED, "Kembali ke petugas sebelumnya", "Back to whoever had it"),
    (HandoffReason.OTHER, "Alasan lain", "Other reason"),
)
_DECLINE: Final = (
    (DeclineReason.BUSY, "Sedang terlalu sibuk", "Too busy at the moment"),
    (DeclineReason.NOT_MINE, "Bukan tugas saya", "Not within my duties"),
    (DeclineReason.INCOMPLETE, "Berkas belum lengkap", "Documents incomplete"),
    (DeclineReason.CONFLICT_OF_INTEREST, "Benturan kepentingan", "Conflict of interest"),
    (DeclineReason.OTHER, "Alasan lain", "Other reason"),
)
_PAUSE: Final = (
    (PauseCause.VISITOR, "Menunggu pengguna jasa", "Waiting for the visitor"),
    (PauseCause.OTHER_AGENCY, "Menunggu instansi lain", "Waiting for another agency"),
    (PauseCause.SYSTEM, "Sistem sedang terganggu", "A system is down"),
    (PauseCause.CLOSING_TIME, "Jam layanan berakhir", "Closing time"),
)
# Code, Indonesian, English: why a visitor may go before others, in an office that has just been opened.
FIRST_PRIORITY_REASONS: Final = (
    (PriorityReason.ELDERLY.value, "Lanjut usia", "Elderly"),
    (PriorityReason.PREGNANT.value, "Ibu hamil", "Pregnant"),
    (PriorityReason.DISABILITY.value, "Penyandang disabilitas", "Person with a disability"),
    (PriorityReason.CHILD.value, "Membawa anak kecil", "With a small child"),
)
SEEDED: Final = tuple(
    Seeded(kind, code.value, indonesian, english, code in NEED_NOTE)
    for kind, rows in ((ReasonKind.HANDOFF, _HANDOFF), (ReasonKind.DECLINE, _DECLINE), (ReasonKind.PAUSE, _PAUSE))
    for code, indonesian, english in rows
)
