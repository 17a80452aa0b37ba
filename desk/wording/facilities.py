"""The facilities an office begins with, in Indonesian and English; from then on the list is the office's own."""

from typing import Final

SEEDED: Final = (
    ("waiting_room", "Ruang tunggu", "Waiting room"),
    ("toilet", "Toilet", "Toilet"),
    ("lactation_room", "Ruang laktasi", "Lactation room"),
    ("play_corner", "Area bermain anak", "Play corner"),
    ("disability_access", "Akses penyandang disabilitas", "Access for disability"),
    ("consultation_room", "Ruang konsultasi", "Consultation room"),
)
