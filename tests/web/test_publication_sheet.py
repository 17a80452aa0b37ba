"""The publication sheet fits whatever stands in it: no words over others, over a line or off the page."""

from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest
from flask_babel import force_locale

from desk.domain.skm_profile import VALUES
from desk.reports.profiles import Profile
from desk.reports.skm_poster import as_poster
from desk.web.satisfaction.poster import ON_SHEET, poster_of
from desk.web.satisfaction.report import About
from tests.fixtures.pdf_words import boxes_of
from tests.web.test_satisfaction_documents import PERIOD, SUMMED, told

OFFICE = "Kantor Pelayanan Kekayaan Negara dan Lelang Provinsi Daerah Khusus Ibukota Jakarta dan Sekitarnya "
SERVICE = "Permohonan Penetapan Status Penggunaan, Pemindahtanganan dan Penghapusan Barang Milik Negara "
LONGEST = 200  # of the name of an office and of a service
# Every value of every characteristic, those who did not say, numbers of thousands and ones that are not told.
EVERYTHING = {
    column: {value: 12_345 if place % 3 else None for place, value in enumerate((*VALUES[column], ""))}
    for column in ON_SHEET
}
CASES = {
    "quarter": ("KPKNL Jakarta II", "", EVERYTHING),
    "nothing": ("KPKNL Jakarta II", "", {}),
    "usual": (OFFICE.strip(), SERVICE.strip(), EVERYTHING),
    "longest": ((OFFICE * 3)[:LONGEST].strip(), (SERVICE * 3)[:LONGEST].strip(), EVERYTHING),
    "one word": ("W" * LONGEST, "M" * LONGEST, EVERYTHING),
    "free words": (OFFICE, SERVICE, {column: {**counts, "W" * 60: 5} for column, counts in EVERYTHING.items()}),
}


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("today", [date(2026, 2, 28), PERIOD.last], ids=["running", "over"])
@pytest.mark.parametrize("name", CASES)
def test_everything_has_its_place(web_app, name, today, language):
    office, service, profile = CASES[name]
    found = told(SUMMED[0])
    question = replace(found.question, service_id=1 if service else 0, today=today)
    found = replace(found, question=question, who=Profile(profile))
    with web_app.test_request_context("/"), force_locale(language):
        poster = poster_of(found, About(office, "", {1: service}, today))
    for paper in ("a4", "a3"):
        page, words, lines = boxes_of(as_poster(poster, paper))

        said = " ".join(each.words for each in words)
        assert poster.figure in said and poster.thanks in said and (not profile or poster.foot in said)
        assert [(one.words, other.words) for one, other in combinations(words, 2) if one.overlaps(other)] == [], (
            "words over words"
        )
        assert [each.words for each in words if any(each.overlaps(line) for line in lines)] == [], "over a line"
        frame = lines[:4]
        left, right = min(each.left for each in frame), max(each.right for each in frame)
        bottom, top = min(each.bottom for each in frame), max(each.top for each in frame)
        assert 0 < left < right < page.right and 0 < bottom < top < page.top
        assert all(left < each.left and each.right < right for each in words)
        assert all(bottom < each.bottom and each.top < top for each in words)
        assert min(each.size for each in words) >= 7, "still readable"
