"""The people, tickets and forms of the gallery: a morning at a state-assets office, made up for the pictures."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import segno
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FileField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from desk.domain.shipped_questionnaires import FIRST, SHIPPED

NOW = datetime(2026, 11, 24, 3, 20, 15, tzinfo=UTC)


@dataclass(frozen=True)
class Segment:
    """A stretch of custody as `custody_bar()` takes it."""

    state: str
    holder: str
    seconds: int


def minutes_ago(minutes: float) -> datetime:
    """Return the moment that many minutes before the gallery's now."""
    return NOW - timedelta(minutes=minutes)


CUSTODY = [
    Segment("waiting", "Antrean C", 740),
    Segment("called", "Sari", 45),
    Segment("serving", "Sari", 610),
    Segment("waiting", "Sari", 180),
    Segment("serving", "Budi", 420),
    Segment("processing", "Budi", 900),
    Segment("paused", "Penilaian", 1300),
    Segment("serving", "Budi", 300),
]

SERVICES: list[dict[str, Any]] = [
    {"letter": "A", "name": "Lelang", "icon": "hammer", "waiting": 4, "wait": "10–20", "open": True},
    {
        "letter": "B",
        "name": "Pengelolaan Kekayaan Negara",
        "icon": "building",
        "waiting": 0,
        "wait": "0–5",
        "open": True,
    },
    {"letter": "C", "name": "Penilaian", "icon": "calculator", "waiting": 7, "wait": "25–40", "open": True},
    {"letter": "D", "name": "Piutang Negara", "icon": "cash-coin", "waiting": 2, "wait": "5–10", "open": True},
    {
        "letter": "E",
        "name": "Informasi dan Pengaduan",
        "icon": "info-circle",
        "waiting": 1,
        "wait": "5–10",
        "open": False,
    },
]

QUEUE: list[dict[str, Any]] = [
    {"number": "C013", "service": "Penilaian", "note": "", "since": minutes_ago(31)},
    {"number": "C014", "service": "Penilaian", "note": "lanjut usia", "since": minutes_ago(12)},
    {"number": "A008", "service": "Lelang", "note": "", "since": minutes_ago(11)},
    {"number": "C015", "service": "Penilaian", "note": "serah terima dari Sari", "since": minutes_ago(4)},
    {"number": "D004", "service": "Piutang Negara", "note": "", "since": minutes_ago(1)},
]

TODAY: list[dict[str, Any]] = [
    {
        "number": "C012",
        "service": "Penilaian",
        "state": "serving",
        "holder": "Budi",
        "wait": 745,
        "total": 4495,
        "late": False,
    },
    {
        "number": "A007",
        "service": "Lelang",
        "state": "called",
        "holder": "Sari",
        "wait": 1260,
        "total": 1290,
        "late": True,
    },
    {
        "number": "D003",
        "service": "Piutang Negara",
        "state": "processing",
        "holder": "Pengolahan",
        "wait": 300,
        "total": 95000,
        "late": False,
    },
    {
        "number": "B001",
        "service": "Pengelolaan Kekayaan Negara",
        "state": "paused",
        "holder": "Rina",
        "wait": 60,
        "total": 7300,
        "late": False,
    },
    {
        "number": "E002",
        "service": "Informasi dan Pengaduan",
        "state": "completed",
        "holder": "Dewi",
        "wait": 30,
        "total": 410,
        "late": False,
    },
    {
        "number": "A006",
        "service": "Lelang",
        "state": "no_show",
        "holder": "Sari",
        "wait": 900,
        "total": 1020,
        "late": False,
    },
]


def choices(*pairs: tuple[str, str]) -> list[SelectChoice]:
    """Return pairs of value and label as WTForms wants them."""
    return [SelectChoice(value, label) for value, label in pairs]


REASONS = choices(
    ("", "– pilih –"),
    ("expertise", "Perlu keahlian lain"),
    ("closing", "Akhir giliran"),
)


class EveryField(FlaskForm):
    """One of each kind that `field()` renders."""

    name = StringField(
        "Nama layanan",
        [InputRequired("Isi nama layanan."), Length(max=80)],
        description="Seperti tertulis di standar pelayanan.",
    )
    password = PasswordField("Kata sandi", [InputRequired("Isi kata sandi.")])
    reason = SelectField("Alasan", [InputRequired("Pilih satu alasan.")], choices=REASONS)
    places = IntegerField("Kuota per hari", [Optional(), NumberRange(min=1, max=999)])
    due = DateField("Tenggat", [Optional()])
    note = TextAreaField(
        "Catatan",
        [Optional(), Length(max=500)],
        description="Dibaca oleh petugas berikutnya, tidak oleh pengguna jasa.",
    )
    priority = RadioField(
        "Prioritas",
        [InputRequired("Pilih prioritas.")],
        choices=choices(
            ("none", "Tanpa prioritas"),
            ("elderly", "Lanjut usia"),
            ("disability", "Penyandang disabilitas"),
        ),
    )
    days = SelectMultipleField(
        "Hari layanan",
        [Optional()],
        choices=choices(("1", "Senin"), ("2", "Selasa"), ("3", "Rabu")),
    )
    papers = FieldList(StringField("Berkas", [Optional()]), label="Berkas yang diserahkan", min_entries=2)
    logo = FileField("Logo")
    consent = BooleanField("Kirim undangan survei lewat e-mail", [Optional()])
    send = SubmitField("Simpan")


class HandOver(FlaskForm):
    """The form behind "hand over" on the console."""

    receiver = SelectField(
        "Kepada",
        [InputRequired("Pilih penerima.")],
        choices=choices(
            ("", "– pilih –"),
            ("4", "Budi, loket 4"),
            ("q", "Antrean Lelang"),
        ),
    )
    reason = SelectField("Alasan", [InputRequired("Pilih satu alasan.")], choices=REASONS, id="hand-reason")
    note = TextAreaField("Catatan", [Optional()], id="hand-note")


QUESTION = SHIPPED[FIRST].questions[0]


@dataclass(frozen=True)
class Code:
    """A code on paper as `printed_code()` takes it."""

    picture: Markup
    said: tuple[tuple[str, str], ...]


CODE = Code(
    Markup(segno.make("https://desk.example/v/8f3a", error="m").svg_inline(scale=4, svgclass="qr")),  # noqa: S704
    (("id", "Pindai untuk memantau antrean dari ponsel."), ("en", "Scan to follow the queue on your phone.")),
)
