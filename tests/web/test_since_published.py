"""What came after a period was published: the live pages beside the published one tell of no few people."""

import io
from datetime import UTC, date, datetime

import pytest
from docx import Document
from sqlalchemy import update

from desk.domain.questionnaires import Measure
from desk.domain.skm_period import read_period
from desk.models import SurveyPublication
from desk.operations.survey import taking_over
from desk.reports.telling_scores import load_scores_telling
from tests.operations.test_improving import publishes
from tests.web.test_satisfaction import office, path_of
from tests.web.test_satisfaction_public import preview, public

__all__ = ["office"]
LATER = date(2027, 1, 5)
BOTH = pytest.mark.parametrize("language", ["id", "en"])
HELD = {"id": "Sebagaimana diterbitkan pada", "en": "As published on"}
NO_PROFILE = {"id": "Siapa yang menjawab tidak ditampilkan", "en": "Who answered is not told"}
INSTEAD = {"id": "menyebut", "en": "the answers now give"}


def takes(office, count, score, **profile):
    for _ in range(count):
        batch = office.takes_over_paper(profile=profile, waktu=score)
    return batch


def tables(browser, office, period, *, report="ikm", names=("elements", "trend")):
    """What stands in the tables of a page, as files."""
    return [browser.get(path_of(office, f"{report}/tables/{each}?period={period}")).text for each in names]


@BOTH
def test_one_more_is_not_counted_in_beside_what_was_published_but_five_are(web, office, language):
    takes(office, 20, 3)
    publishes(office)
    budi = web.as_("Budi")
    budi.speak(language)
    periods = ("2026-03", "2026-Q1", "2026-S1", "2026")
    before = [tables(budi, office, each) for each in periods]
    scores = tables(budi, office, "2026-Q1", report="scores", names=("measures", "month"))
    takes(office, 1, 1)

    assert [tables(budi, office, each) for each in periods] == before
    assert tables(budi, office, "2026-Q1", report="scores", names=("measures", "month")) == scores
    assert all(HELD[language] in budi.get(path_of(office, f"ikm?period={each}")).said for each in periods)
    said = budi.get(preview(office)).said
    assert HELD[language] in said and INSTEAD[language] not in said
    for name in ("report.pdf", "report.docx", "sheet.pdf"):
        assert budi.client.get(path_of(office, f"ikm/{name}")).status_code == 200
    refused = budi.get(path_of(office, "ikm/answers.xlsx"), status=422)
    assert {"id": "kurang dari 5 orang", "en": "fewer than 5 people"}[language] in refused.said
    takes(office, 4, 2)
    assert HELD[language] not in budi.get(path_of(office, "ikm?period=2026-Q1")).said
    assert tables(budi, office, "2026-Q1") != before[1]
    assert INSTEAD[language] in budi.get(preview(office)).said
    assert "version=1" in web.get(public(office)).text


@BOTH
def test_the_day_of_what_was_published_is_that_of_the_office(web, office, language):
    takes(office, 20, 3, jenis_kelamin="P")
    office.clock.now = datetime(2026, 3, 2, 17, 30, tzinfo=UTC)  # 00.30 of 3 March in Jakarta
    publishes(office)
    takes(office, 1, 1, jenis_kelamin="P")
    budi = web.as_("Budi")
    budi.speak(language)
    published_on = f"{HELD[language]} " + {"id": "3 Maret 2026", "en": "3 March 2026"}[language]

    page = budi.get(path_of(office, "ikm?period=2026-Q1"))
    assert page.said.count(published_on) == 2, "of the figures and of the profile"
    assert published_on in budi.get(preview(office)).said
    report = Document(io.BytesIO(budi.client.get(path_of(office, f"ikm/report.docx?in={language}")).data))
    assert any(published_on in each.text for each in report.paragraphs)


def test_taken_back_after_it_was_published_it_stays_as_published(web, office):
    takes(office, 20, 3)
    batch = takes(office, 1, 1)
    publishes(office)
    budi = web.as_("Budi")
    before = tables(budi, office, "2026-Q1")
    taking_over.take_back(office.streams, office.id, batch, office.budi.asks("take_back", batch=batch))

    assert tables(budi, office, "2026-Q1") == before
    assert HELD["id"] in budi.get(path_of(office, "ikm?period=2026-Q1")).said


@BOTH
def test_numbers_of_the_profile_stay_as_published_and_older_versions_have_none(web, office, language):
    takes(office, 20, 3, jenis_kelamin="L")
    takes(office, 10, 3, jenis_kelamin="P")
    publishes(office)
    takes(office, 1, 1, jenis_kelamin="P")
    budi = web.as_("Budi")
    budi.speak(language)
    path = path_of(office, "ikm/tables/profile?period=2026-Q1")
    women = {"id": "Perempuan,10", "en": "Female,10"}[language]
    assert women in budi.get(path).text
    takes(office, 5, 2, jenis_kelamin="P")
    assert women in budi.get(path).text, "as published, until it is published again"
    budi.get(path_of(office, "ikm/tables/profile?period=2026-S1"), status=404)
    assert NO_PROFILE[language] in budi.get(path_of(office, "ikm?period=2026-S1")).said

    publishes(office, reason="Enam jawaban lagi")
    assert women.replace("10", "16") in budi.get(path).text
    who = {"id": "Yang menjawab", "en": "Who answered"}[language]
    assert who in web.get(f"{public(office)}/2026-Q1?language={language}").said
    assert who not in web.get(f"{public(office)}/2026-Q1?version=1&language={language}").said


def test_of_what_was_published_before_cells_were_kept_only_the_same_period_is_told(web, office):
    takes(office, 20, 3)
    publishes(office)
    with office.streams.engine.begin() as connection:
        connection.execute(update(SurveyPublication).values(cells=None))
    budi = web.as_("Budi")
    path, month = (path_of(office, f"ikm?period={each}") for each in ("2026-Q1", "2026-03"))
    assert "Terlalu sedikit" not in budi.get(month).said
    takes(office, 1, 1)
    hidden = "di samping yang telah diterbitkan"
    assert hidden in budi.get(path).said and hidden in budi.get(month).said
    takes(office, 4, 1)
    assert hidden not in budi.get(path).said and hidden in budi.get(month).said
    publishes(office, reason="Lima jawaban lagi")
    assert hidden not in budi.get(month).said
    web.get(f"{public(office)}/2026-Q1?version=1", status=404)


def test_the_quarter_in_which_something_changed_is_known_to_what_stands_beside_the_scores(office):
    """Groups of *What goes along with satisfaction*, officers and legs are not told of it."""

    def changed():
        with office.streams.reading() as reader:
            return set(load_scores_telling(reader, office.id, read_period("2026"), Measure.SKM_2017, LATER)[1])

    takes(office, 20, 3)
    assert changed() == set()
    publishes(office)
    assert changed() == set()
    takes(office, 1, 1)
    assert changed() == {1}
    takes(office, 4, 1)
    publishes(office, reason="Lima jawaban lagi")
    assert changed() == {1}
