"""The questionnaires that come with the desk; an office takes one over as a version of its own before it asks with it.

*SKM 2017*: elements, questions and answers of the sample questionnaire of Permenpan RB 14/2017. *SKM 2004*: the
elements of KEP/25/M.PAN/2/2004, for offices that compare with their older surveys; the words of its questions are ours.
*CES*: ease of getting it done, 1 to 7 (Dixon et al. 2010, second form). *NPS*: likelihood to recommend, 0 to 10
(Reichheld 2003).
"""

from collections.abc import Mapping
from typing import Final

from desk.domain.questionnaires import (
    COMMENT,
    About,
    Condition,
    Kind,
    Measure,
    Option,
    Question,
    Questionnaire,
    Words,
)
from desk.domain.skm_elements import INSTRUMENTS, Regulation
from desk.domain.skm_profile import VALUES

FIRST: Final = "one"  # what every office asks until it chooses another; answers without a version are answers to it


def _scale(first: int, *words: tuple[str, str]) -> tuple[Option, ...]:
    return tuple(Option(value, Words(*each)) for value, each in enumerate(words, first))


def _scored(key: str, text: tuple[str, str], options: tuple[Option, ...]) -> Question:
    return Question(key, Kind.SCALE, Words(*text), options=options, required=True, scored=True)


def _open(text: tuple[str, str], shown_if: Condition | None = None) -> Question:
    return Question(COMMENT, Kind.TEXT, Words(*text), shown_if=shown_if)


_WELL: Final = ("Apa yang sudah baik, apa yang perlu diperbaiki?", "What went well, what should be better?")
_ONE: Final = Questionnaire(
    FIRST,
    Measure.CSAT,
    Words("Satu pertanyaan", "One question"),
    Words(
        "Satu pertanyaan tentang kunjungan Anda. Pertanyaan sesudahnya boleh dilewati.",
        "One question about your visit. What follows may be left out.",
    ),
    (
        _scored(
            "score",
            ("Seberapa puas Anda dengan layanan ini?", "How satisfied are you with this service?"),
            _scale(
                1,
                ("Sangat tidak puas", "Very dissatisfied"),
                ("Tidak puas", "Dissatisfied"),
                ("Cukup", "Neutral"),
                ("Puas", "Satisfied"),
                ("Sangat puas", "Very satisfied"),
            ),
        ),
        Question(
            "what_failed",
            Kind.CHOICE,
            Words("Apa yang paling perlu diperbaiki?", "What needs to be better most of all?"),
            options=(
                Option("wait", Words("Waktu tunggu", "The wait")),
                Option("staff", Words("Sikap petugas", "How staff treated me")),
                Option("information", Words("Kejelasan informasi", "Clear information")),
                Option("result", Words("Hasil layanan", "The result")),
                Option("facilities", Words("Sarana dan prasarana", "The facilities")),
            ),
            shown_if=Condition("score", at_most=2),
        ),
        _open(_WELL),
    ),
)

_FIT: Final = (
    ("Tidak sesuai", "Not suitable"),
    ("Kurang sesuai", "Less suitable"),
    ("Sesuai", "Suitable"),
    ("Sangat sesuai", "Very suitable"),
)
# Element key to what it asks about and its four answers, in both languages.
_ASKED_2017: Final[Mapping[str, tuple[tuple[str, str], tuple[tuple[str, str], ...]]]] = {
    "persyaratan": (
        ("kesesuaian persyaratan pelayanan dengan jenis pelayanannya", "how the requirements fit the kind of service"),
        _FIT,
    ),
    "prosedur": (
        ("kemudahan prosedur pelayanan di unit ini", "the ease of the procedure at this office"),
        (
            ("Tidak mudah", "Not easy"),
            ("Kurang mudah", "Less easy"),
            ("Mudah", "Easy"),
            ("Sangat mudah", "Very easy"),
        ),
    ),
    "waktu": (
        ("kecepatan waktu dalam memberikan pelayanan", "the speed of the service"),
        (
            ("Tidak cepat", "Not fast"),
            ("Kurang cepat", "Less fast"),
            ("Cepat", "Fast"),
            ("Sangat cepat", "Very fast"),
        ),
    ),
    "biaya": (
        ("kewajaran biaya/tarif dalam pelayanan", "the fairness of the fee for the service"),
        (
            ("Sangat mahal", "Very expensive"),
            ("Cukup mahal", "Rather expensive"),
            ("Murah", "Inexpensive"),
            ("Gratis", "Free of charge"),
        ),
    ),
    "produk": (
        (
            "kesesuaian produk pelayanan antara yang tercantum dalam standar pelayanan dengan hasil yang diberikan",
            "how the result fits what the service standard says",
        ),
        _FIT,
    ),
    "kompetensi": (
        ("kompetensi/kemampuan petugas dalam pelayanan", "the competence of the staff"),
        (
            ("Tidak kompeten", "Not competent"),
            ("Kurang kompeten", "Less competent"),
            ("Kompeten", "Competent"),
            ("Sangat kompeten", "Very competent"),
        ),
    ),
    "perilaku": (
        ("perilaku petugas terkait kesopanan dan keramahan", "the courtesy and friendliness of the staff"),
        (
            ("Tidak sopan dan ramah", "Not courteous and friendly"),
            ("Kurang sopan dan ramah", "Less courteous and friendly"),
            ("Sopan dan ramah", "Courteous and friendly"),
            ("Sangat sopan dan ramah", "Very courteous and friendly"),
        ),
    ),
    "sarana": (
        ("kualitas sarana dan prasarana", "the quality of the facilities"),
        (("Buruk", "Poor"), ("Cukup", "Fair"), ("Baik", "Good"), ("Sangat baik", "Very good")),
    ),
    "pengaduan": (
        ("penanganan pengaduan pengguna layanan", "the handling of complaints of service users"),
        (
            ("Tidak ada", "There is none"),
            ("Ada tetapi tidak berfungsi", "There is, but it does not work"),
            ("Berfungsi kurang maksimal", "It works, but not well enough"),
            ("Dikelola dengan baik", "It is well managed"),
        ),
    ),
}
_GOOD: Final = (
    ("Tidak baik", "Poor"),
    ("Kurang baik", "Below standard"),
    ("Baik", "Good"),
    ("Sangat baik", "Very good"),
)


def _element(key: str, subject: tuple[str, str], answers: tuple[tuple[str, str], ...]) -> Question:
    text = (f"Bagaimana pendapat Saudara tentang {subject[0]}?", f"What do you think of {subject[1]}?")
    return _scored(key, text, _scale(1, *answers))


def _choice(key: str, text: tuple[str, str], words: Mapping[str, tuple[str, str]]) -> Question:
    options = tuple(Option(code, Words(*words.get(code, (code, code)))) for code in (VALUES[key] or tuple(words)))
    return Question(key, Kind.CHOICE, Words(*text), About.PERSON, options)


_PROFILE: Final = (
    _choice("jenis_kelamin", ("Jenis kelamin", "Sex"), {"L": ("Laki-laki", "Male"), "P": ("Perempuan", "Female")}),
    _choice(
        "usia",
        ("Usia", "Age"),
        {
            "<20": ("Di bawah 20 tahun", "Under 20"),
            "20–29": ("20–29 tahun", "20–29"),
            "30–39": ("30–39 tahun", "30–39"),
            "40–49": ("40–49 tahun", "40–49"),
            "50–59": ("50–59 tahun", "50–59"),
            "60+": ("60 tahun ke atas", "60 and over"),
        },
    ),
    _choice(
        "pendidikan",
        ("Pendidikan terakhir", "Education"),
        {
            "SD": ("SD", "Primary school (SD)"),
            "SMP": ("SMP", "Junior secondary (SMP)"),
            "SMA": ("SMA", "Senior secondary (SMA)"),
            "DIII": ("DIII", "Diploma (DIII)"),
            "S1": ("S1", "Bachelor (S1)"),
            "S2": ("S2", "Master (S2)"),
            "S3": ("S3", "Doctorate (S3)"),
        },
    ),
    _choice(
        "pekerjaan",
        ("Pekerjaan", "Occupation"),
        {
            "PNS": ("PNS", "Civil servant (PNS)"),
            "TNI": ("TNI", "Armed forces (TNI)"),
            "POLRI": ("POLRI", "Police (POLRI)"),
            "Swasta": ("Swasta", "Private sector"),
            "Wirausaha": ("Wirausaha", "Self-employed"),
            "Lainnya": ("Lainnya", "Other"),
        },
    ),
)
_SUGGESTION: Final = ("Apa saran Saudara untuk perbaikan?", "What do you suggest to make it better?")
_INTRO_SKM: Final = Words(
    "Survei Kepuasan Masyarakat. Jawaban Saudara dipakai untuk memperbaiki pelayanan dan diumumkan sebagai indeks.",
    "Public satisfaction survey. Your answers serve to improve the service and are published as an index.",
)
_SKM_2017: Final = Questionnaire(
    "skm2017",
    Measure.SKM_2017,
    Words("Survei Kepuasan Masyarakat (SKM)", "Public satisfaction survey (SKM)"),
    _INTRO_SKM,
    (*(_element(key, *asked) for key, asked in _ASKED_2017.items()), _open(_SUGGESTION), *_PROFILE),
)
_SKM_2004: Final = Questionnaire(
    "skm2004",
    Measure.SKM_2004,
    Words("Indeks Kepuasan Masyarakat (2004)", "Public satisfaction index (2004)"),
    _INTRO_SKM,
    (
        *(
            _element(each.key, (each.name.lower(), each.english.lower()), _GOOD)
            for each in INSTRUMENTS[Regulation.RULE_2004].elements
        ),
        _open(_SUGGESTION),
        *_PROFILE,
    ),
)
_CES: Final = Questionnaire(
    "ces",
    Measure.CES,
    Words("Kemudahan layanan (CES)", "Customer effort score (CES)"),
    Words("", ""),
    (
        _scored(
            "ease",
            (
                "Kantor ini memudahkan saya menyelesaikan urusan saya.",
                "This office made it easy for me to get my matter done.",
            ),
            _scale(
                1,
                ("Sangat tidak setuju", "Strongly disagree"),
                ("Tidak setuju", "Disagree"),
                ("Agak tidak setuju", "Somewhat disagree"),
                ("Netral", "Neither agree nor disagree"),
                ("Agak setuju", "Somewhat agree"),
                ("Setuju", "Agree"),
                ("Sangat setuju", "Strongly agree"),
            ),
        ),
        _open(("Apa yang membuatnya sulit?", "What made it hard?"), Condition("ease", at_most=4)),
    ),
)


def _likelihood(value: int) -> Words:
    """Return the words of 0 to 10: the number, and at both ends what it means."""
    if value == 0:
        return Words("0 – sama sekali tidak mungkin", "0 – not at all likely")
    return Words("10 – sangat mungkin", "10 – extremely likely") if value == 10 else Words(str(value), str(value))


_NPS: Final = Questionnaire(
    "nps",
    Measure.NPS,
    Words("Kesediaan merekomendasikan (NPS)", "Net promoter score (NPS)"),
    Words("", ""),
    (
        _scored(
            "recommend",
            (
                "Seberapa mungkin Anda merekomendasikan layanan ini kepada orang lain?",
                "How likely are you to recommend this service to somebody else?",
            ),
            tuple(Option(value, _likelihood(value)) for value in range(11)),
        ),
        _open(("Apa alasan utama nilai itu?", "What is the main reason for your score?")),
    ),
)

SHIPPED: Final[Mapping[str, Questionnaire]] = {each.code: each for each in (_ONE, _SKM_2017, _SKM_2004, _CES, _NPS)}
