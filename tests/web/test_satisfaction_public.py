"""Publishing a survey, the page for everybody, and the follow-up plan on its pages."""

import re
from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import insert

from desk.domain.improvement import Status
from desk.domain.points import PointKind
from desk.domain.refusals import Reason
from desk.domain.skm_period import Period
from desk.models import EventRow, ImprovementRow, InvitationRow, SurveyPublication
from tests.fixtures.web import everything
from tests.operations.test_improving import NOW, comes_on, plans, publishes
from tests.web.test_satisfaction import answered, office, published

__all__ = ["office"]
BOTH = pytest.mark.parametrize("language", ["id", "en"])
UNTIL = {"id": "jawaban sampai 2 Maret 2026", "en": "answers until 2 March 2026"}
NOTED = {"id": "Sudah diterbitkan: ", "en": "Published already: "}
MARCH = Period(2026, 1, 3)


def preview(office):
    return f"/offices/{office.id}/reports/ikm/publication"


def public(office):
    return f"/offices/{office.id}/satisfaction"


def plan(office, rest=""):
    return f"/offices/{office.id}/follow-up-plan{rest}"


@BOTH
def test_nothing_is_published_yet(web, office, language):
    page = web.get(f"{public(office)}?language={language}")

    assert {"id": "Belum ada yang diterbitkan", "en": "Nothing has been published yet"}[language] in page.said
    web.get(f"{public(office)}/2026-Q1", status=404)


@BOTH
@pytest.mark.parametrize("who", ["Budi", "Agus"])
def test_a_period_is_published_and_everybody_reads_it(web, office, language, who):
    said = answered(office, 6)
    plans(office, office.budi)
    browser = web.as_(who)
    browser.speak(language)
    page = browser.get(preview(office))
    assert {"id": "Periode ini belum berakhir", "en": "This period is not over"}[language] in page.said
    browser.send(page, preview(office), status=422, confirmed=None)
    done = browser.send(page, preview(office), confirmed="y")
    assert {"id": "Diterbitkan sebagai versi 1", "en": "Published as version 1"}[language] in browser.follow(done).said

    shown = web.get(f"{public(office)}?language={language}")
    figure = published(said, Fraction(1, 9))
    assert (figure if language == "id" else figure.replace(",", ".")) in shown.said
    assert "1/9" in shown.said and "Permenpan RB 14/2017" in shown.said
    assert "Menambah satu loket" in shown.said
    for name in ("Sari", "Budi", "Agus"):
        assert name not in shown.text
    assert UNTIL[language] in shown.said
    office.clock.tick(60 * 86_400)
    later = web.get(f"{public(office)}?language={language}")
    assert UNTIL[language] in later.said, "also after the period: it is what was published"
    assert shown.queries <= 6


def test_anybody_may_keep_the_page_and_it_sets_no_cookie(web, office):
    answered(office, 6)
    publishes(office)
    budi = web.as_("Budi")
    budi.speak("en")
    before = everything(office)
    for browser in (web, budi):
        for path in (public(office), f"{public(office)}/2026-Q1", f"{public(office)}?language=en"):
            answer = browser.get(path)
            assert answer.headers["Cache-Control"] == "public, max-age=300"
            assert answer.headers.get("Set-Cookie") is None
            assert "Cookie" not in answer.headers.get("Vary", "")
            again = browser.client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
            assert (again.status_code, again.data) == (304, b"")
    assert budi.get(public(office)).text == web.get(public(office)).text
    assert "<script" not in re.sub(r'<script type="module" src="[^"]+"></script>', "", web.get(public(office)).text)
    assert everything(office) == before


def test_a_published_page_stays_as_it_was_but_tells_how_far_the_plan_is(web, office):
    said = answered(office, 6)
    measure = plans(office, office.budi)
    publishes(office)
    answered(office, 4)
    comes_on(office, office.budi, measure, Status.DONE)
    page = web.get(public(office))

    assert published(said, Fraction(1, 9)) in page.said
    assert "Direncanakan" in page.said and "kini: Selesai" in page.said


def test_a_new_version_says_why_and_the_old_one_stays(web, office):
    first = published(answered(office, 6), Fraction(1, 9))
    publishes(office)
    answered(office, 5)
    budi = web.as_("Budi")
    page = budi.get(preview(office))
    assert "Yang diterbitkan untuk periode ini menyebut" in page.said

    budi.send(page, preview(office), status=422, confirmed=None)  # the warning is not confirmed
    budi.send(page, preview(office), status=422, confirmed="y")  # no reason is given
    budi.send(page, preview(office), confirmed="y", reason="Jawaban kertas menyusul")
    newest = web.get(public(office))
    assert "Jawaban kertas menyusul" in newest.said and "versi 2" in newest.said
    assert first in web.get(f"{public(office)}/2026-Q1?version=1").said
    assert "Versi yang lebih baru" in web.get(f"{public(office)}/2026-Q1?version=1").said
    web.get(f"{public(office)}/2026-Q1?version=3", status=404)


@BOTH
def test_a_version_is_withdrawn_where_few_answers_differ(web, office, language):
    """As if it had been published again with three more, before that waited for five."""
    answered(office, 6)
    publishes(office)
    (row,) = office.rows(SurveyPublication)
    figures = {**row.figures, "respondents": 9}
    with office.streams.engine.begin() as connection:
        connection.execute(
            insert(SurveyPublication).values(
                office_id=office.id, id=row.id + 1_000, period=row.period, version=2, figures=figures,
                published_at=row.published_at, published_by=row.published_by,
            )
        )  # fmt: skip
    newest = web.get(f"{public(office)}?language={language}")

    assert {"id": "ditarik: ", "en": "withdrawn: "}[language] in newest.said
    assert "version=1" not in newest.text
    web.get(f"{public(office)}/2026-Q1?version=1", status=404)
    budi = web.as_("Budi")
    budi.speak(language)
    assert {"id": "ditarik: ", "en": "withdrawn: "}[language] in budi.get(preview(office)).said


@BOTH
def test_what_still_runs_waits_and_a_quarter_that_is_over_stays_told(web, office, language):
    """Two answers of April beside six of March: March and its quarter are told, the half year around them is not."""
    answered(office, 6)
    office.clock.now += timedelta(days=31)
    for _ in range(2):
        office.takes_over_paper()
    budi = web.as_("Budi")
    budi.speak(language)
    words = {
        "id": "Masih berjalan: ditampilkan setelah sedikitnya lima orang lagi menjawab",
        "en": "Still running: shown once at least five more people have answered",
    }[language]
    for period in ("2026-S1", "2026"):
        for page in ("ikm/publication", "ikm", "scores"):
            assert words in budi.get(f"/offices/{office.id}/reports/{page}?period={period}").said
        for name in ("answers.xlsx", "report.pdf", "sheet.pdf"):
            path = f"/offices/{office.id}/reports/ikm/{name}?period={period}"
            assert words in budi.get(path, status=422).said
    for period in (NOW.around, Period(2026)):
        with office.refuses(Reason.TELLS_OF_FEW):
            publishes(office, period=period)
    pages = [f"{page}?period={each}" for page in ("ikm/publication", "ikm") for each in ("2026-03", "2026-Q1")]
    assert not any(words in budi.get(f"/offices/{office.id}/reports/{page}").said for page in pages)
    publishes(office)

    for _ in range(3):
        office.takes_over_paper()
    assert words not in budi.get(f"/offices/{office.id}/reports/ikm?period=2026-S1").said
    publishes(office, period=NOW.around)
    assert NOTED[language] not in budi.get(preview(office)).said


@BOTH
def test_a_month_waits_for_enough_after_it_in_its_quarter(web, office, language):
    """Of six in May two in June are no reason to take the quarter back; May waits until five answered after it."""
    office.clock.now += timedelta(days=60)
    for _ in range(6):
        office.takes_over_paper()
    office.clock.now += timedelta(days=31)
    for _ in range(2):
        office.takes_over_paper()
    budi = web.as_("Budi")
    budi.speak(language)
    words = {
        "id": "Bulan ini sudah berakhir, triwulannya masih berjalan",
        "en": "This month is over, its quarter still running",
    }[language]
    may, quarter = (f"/offices/{office.id}/reports/ikm?period={each}" for each in ("2026-05", "2026-Q2"))
    assert words in budi.get(may).said and words not in budi.get(quarter).said
    for _ in range(3):
        office.takes_over_paper()
    assert words not in budi.get(may).said


@BOTH
def test_what_was_published_before_that_was_looked_at_is_named(web, office, language):
    """As if a month of six had been published beside its quarter of eight."""
    answered(office, 6)
    publishes(office, period=MARCH)
    (row,) = office.rows(SurveyPublication)
    figures = {**row.figures, "period": str(NOW), "respondents": 8}
    with office.streams.engine.begin() as connection:
        connection.execute(
            insert(SurveyPublication).values(
                office_id=office.id, id=row.id + 1_000, period=str(NOW), version=1, figures=figures,
                published_at=row.published_at, published_by=row.published_by,
            )
        )  # fmt: skip
    budi = web.as_("Budi")
    budi.speak(language)
    said = budi.get(preview(office)).said
    assert NOTED[language] in said
    assert {"id": "triwulan 1 2026 dan Maret 2026", "en": "quarter 1 of 2026 and March 2026"}[language] in said


def test_what_changed_meanwhile_is_not_published_unseen(web, office):
    answered(office, 6)
    budi = web.as_("Budi")
    page = budi.get(preview(office))
    answered(office, 1)

    budi.send(page, preview(office), status=409, confirmed="y")
    assert office.rows(SurveyPublication) == []


def test_too_few_cannot_be_published(web, office):
    answered(office, 4)
    budi = web.as_("Budi")
    page = budi.get(preview(office))

    assert "tidak ada yang dapat diterbitkan" in page.said
    budi.post(preview(office), status=409, seen="x", confirmed="y")
    budi.get(f"{preview(office)}?period=nonsense", status=404)


@BOTH
def test_the_plan_proposes_the_lowest_and_takes_along_what_is_unfinished(web, office, language):
    answered(office, 7)
    budi = web.as_("Budi")
    budi.speak(language)
    page = budi.get(plan(office, "?period=2026-Q1"))
    assert {"id": "Usulan", "en": "Proposed"}[language] in page.said

    action = plan(office, "/2026-Q1")
    budi.post(action, status=422, place="new", element="", program="", due="", owner="")
    wish = {"place": "new", "element": "sarana", "due": "2026-Q2", "owner": str(office.sari.id)}
    budi.post(action, **wish, program="Memperbaiki pendingin ruangan")
    assert "Memperbaiki pendingin" in budi.get(plan(office, "?period=2026-Q1")).said

    following = budi.get(plan(office, "?period=2026-Q2"))
    assert "Memperbaiki pendingin" in following.said
    budi.send(following, plan(office, "/2026-Q2/unfinished"))
    taken = budi.get(plan(office, "?period=2026-Q2"))
    assert {"id": "dari triwulan 1 2026", "en": "from quarter 1 of 2026"}[language] in taken.said
    assert len(office.rows(ImprovementRow)) == 1


@BOTH
def test_a_measure_with_its_history(web, office, language):
    measure = plans(office, office.budi)
    budi = web.as_("Budi")
    budi.speak(language)
    path = plan(office, f"/measures/{measure}")
    page = budi.get(path)

    budi.send(page, path, program="Dua loket penyerahan")
    changed = budi.get(path)
    assert "Dua loket penyerahan" in changed.said and "Menambah satu loket" in changed.said
    # The field is called as the argument for the expected answer is, so the form is filled by hand.
    said = {**changed.form(f"{path}/progress"), "csrf_token": budi.csrf_token()}
    silent = budi.client.post(f"{path}/progress", data={**said, "status": "dropped"})
    assert silent.status_code == 422
    done = budi.client.post(f"{path}/progress", data={**said, "status": "under_way", "note": "Sudah dipesan"})
    assert done.status_code == 303
    assert "Sudah dipesan" in budi.get(path).said
    budi.get(plan(office, f"/measures/{measure + 1}"), status=404)


def test_an_auditor_reads_the_plan_and_changes_nothing(web, office):
    measure = plans(office, office.budi)
    ratna = web.as_("Ratna")

    assert "<textarea" not in ratna.get(plan(office)).text
    assert "<textarea" not in ratna.get(plan(office, f"/measures/{measure}")).text


def test_the_words_of_the_plan_are_in_no_event(web, office):
    budi = web.as_("Budi")
    wish = {"place": "new", "element": "sarana", "due": "2026-Q2", "owner": str(office.sari.id)}
    budi.post(plan(office, "/2026-Q1"), **wish, program="Memperbaiki pendingin ruangan")

    assert "pendingin" not in " ".join(row.payload for row in office.rows(EventRow))


@BOTH
def test_a_visitor_is_led_to_it_once_something_is_published(web, office, language):
    web.speak(language)
    poster = office.point_token(office.budi.sets_up(PointKind.POSTER))
    answered(office, 6)
    invitation = office.rows(InvitationRow)[-1]
    status = web.status_path(invitation.visit_id)
    thanks = f"{web.survey_path(invitation.id)}/thanks"
    link = f'href="{public(office)}?language={language}"'
    for path in (status, thanks, f"/p/{poster}/thanks"):
        assert link not in web.get(path).text
    publishes(office)

    words = {"id": "Seberapa puas pengguna jasa kantor ini", "en": "How satisfied visitors of this office are"}[
        language
    ]
    for path in (status, thanks, f"/p/{poster}/thanks"):
        page = web.get(path)
        assert link in page.text and words in page.said
        web.get(f"{public(office)}?language={language}")
