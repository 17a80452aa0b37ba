"""The public satisfaction survey (*SKM*): what each regulation asks, how it weighs, and which letter a figure gets.

Two regulations, as versioned data that is never mixed: Permenpan RB 14/2017 with nine elements (*unsur*) and KEP/25/
M.PAN/2/2004 with fourteen. Elements are known by key, never by a U-number: offices number *pengaduan* and *sarana* in
either order. Every answer is a whole number from 1 to 4.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from desk.domain.refusals import Reason, Refused

LOWEST_SCORE: Final = 1
HIGHEST_SCORE: Final = 4
PER_POINT: Final = 25  # from the scale of 1 to 4 to that of 25 to 100
DECIMALS: Final = 2
EXACT: Final = "exact"


class Regulation(StrEnum):
    """The rule a survey follows, by its year."""

    RULE_2017 = "2017"
    RULE_2004 = "2004"


class Letter(StrEnum):
    """Quality of service (*mutu pelayanan*), the best first."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


@dataclass(frozen=True, slots=True)
class Element:
    """One element of the survey (*unsur*), in the words of the regulation and in English."""

    key: str
    name: str
    english: str


@dataclass(frozen=True, slots=True)
class Band:
    """The figures of one letter, from `lowest` to `highest` on the scale of 25 to 100, both included."""

    letter: Letter
    performance: str
    english: str
    lowest: Decimal
    highest: Decimal


@dataclass(frozen=True, slots=True)
class Weight:
    """What each element counts for: `exact` is one nth; the others are decimals as offices print them."""

    name: str
    value: Fraction


@dataclass(frozen=True, slots=True)
class Instrument:
    """A regulation's questionnaire: its elements in its order, its letters (best first), the weights in use.

    `apart` are the elements that are always shown apart too: *biaya* cannot score 4 for a service with a lawful tariff,
    and *pengaduan* asks whether a channel exists.
    """

    regulation: Regulation
    title: str
    elements: tuple[Element, ...]
    bands: tuple[Band, ...]
    decimal_weights: tuple[str, ...]
    apart: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the elements, in the order of the regulation."""
        return tuple(element.key for element in self.elements)

    @property
    def weights(self) -> tuple[Weight, ...]:
        """The weights to choose from, the exact one first."""
        exact = Weight(EXACT, Fraction(1, len(self.elements)))
        return (exact, *(Weight(name, Fraction(name)) for name in self.decimal_weights))


def _bands(*lowest: str) -> tuple[Band, ...]:
    """Return the letters A to D that begin at these figures."""
    words = [("Sangat baik", "Very good"), ("Baik", "Good"), ("Kurang baik", "Below standard"), ("Tidak baik", "Poor")]
    begins = [Decimal(each) for each in lowest]
    ends = [Decimal("100.00"), *(begin - Decimal("0.01") for begin in begins[:-1])]
    found = zip(Letter, words, begins, ends, strict=True)
    return tuple(Band(letter, name, english, begin, end) for letter, (name, english), begin, end in found)


_RULE_2017: Final = Instrument(
    Regulation.RULE_2017,
    "Permenpan RB 14/2017",
    (
        Element("persyaratan", "Persyaratan", "Requirements"),
        Element("prosedur", "Sistem, Mekanisme, dan Prosedur", "System, mechanism and procedure"),
        Element("waktu", "Waktu Penyelesaian", "Completion time"),
        Element("biaya", "Biaya/Tarif", "Fees and charges"),
        Element("produk", "Produk Spesifikasi Jenis Pelayanan", "Service product as specified"),
        Element("kompetensi", "Kompetensi Pelaksana", "Staff competence"),
        Element("perilaku", "Perilaku Pelaksana", "Staff conduct"),
        Element("pengaduan", "Penanganan Pengaduan, Saran, dan Masukan", "Handling of complaints and suggestions"),
        Element("sarana", "Sarana dan Prasarana", "Facilities"),
    ),
    _bands("88.31", "76.61", "65.00", "25.00"),
    ("0.11", "0.111", "0.1111"),
    apart=("biaya", "pengaduan"),
)
_RULE_2004: Final = Instrument(
    Regulation.RULE_2004,
    "KEP/25/M.PAN/2/2004",
    (
        Element("prosedur_pelayanan", "Prosedur pelayanan", "Service procedure"),
        Element("persyaratan_pelayanan", "Persyaratan pelayanan", "Service requirements"),
        Element("kejelasan_petugas", "Kejelasan petugas pelayanan", "Clarity of who serves"),
        Element("kedisiplinan_petugas", "Kedisiplinan petugas pelayanan", "Discipline of staff"),
        Element("tanggung_jawab_petugas", "Tanggung jawab petugas pelayanan", "Responsibility of staff"),
        Element("kemampuan_petugas", "Kemampuan petugas pelayanan", "Ability of staff"),
        Element("kecepatan_pelayanan", "Kecepatan pelayanan", "Speed of service"),
        Element("keadilan_mendapatkan_pelayanan", "Keadilan mendapatkan pelayanan", "Fairness in obtaining service"),
        Element("kesopanan_keramahan", "Kesopanan dan keramahan petugas", "Courtesy and friendliness of staff"),
        Element("kewajaran_biaya", "Kewajaran biaya pelayanan", "Reasonableness of fees"),
        Element("kepastian_biaya", "Kepastian biaya pelayanan", "Certainty of fees"),
        Element("kepastian_jadwal", "Kepastian jadwal pelayanan", "Certainty of the schedule"),
        Element("kenyamanan_lingkungan", "Kenyamanan lingkungan", "Comfort of the surroundings"),
        Element("keamanan_pelayanan", "Keamanan pelayanan", "Safety of the service"),
    ),
    _bands("81.26", "62.51", "43.76", "25.00"),
    ("0.071",),
)
INSTRUMENTS: Final[Mapping[Regulation, Instrument]] = {each.regulation: each for each in (_RULE_2017, _RULE_2004)}


def weight_of(instrument: Instrument, name: str) -> Weight:
    """Return the weight that is called so ("exact", "0.11" …).

    Raises `Refused(INVALID)` for one that is not in use under this regulation: fourteen elements at 0.11 would exceed
    the scale.
    """
    found = next((weight for weight in instrument.weights if weight.name == name), None)
    if found is None:
        raise Refused(Reason.INVALID, field="weight")
    return found


def half_up(value: Fraction, decimals: int = DECIMALS) -> Decimal:
    """Return a value of 0 or more, rounded half up: 86.625 is 86.63, as published (`round` would say 86.62)."""
    scale = 10**decimals
    return Decimal((2 * value.numerator * scale + value.denominator) // (2 * value.denominator)).scaleb(-decimals)


def band_of(instrument: Instrument, value: Fraction) -> Band:
    """Return the letter of a figure on the scale of 25 to 100, judged as it is shown, with two decimals.

    So 64.994 is D and 64.995 is C. Below 25.00, which decimal weights reach, it is D too.
    """
    shown = half_up(value)
    return next((band for band in instrument.bands if shown >= band.lowest), instrument.bands[-1])
