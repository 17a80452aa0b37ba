"""The follow-up plan with measures that go along from period to period, and what is published: all of it replayed."""

import pytest

from desk.domain.facts import EventName
from desk.domain.improvement import Status, Wish
from desk.domain.questionnaires import Measure
from desk.domain.refusals import Reason
from desk.domain.skm_period import Period, read_period
from desk.models import EventRow, ImprovementPlace, ImprovementRow, ImprovementStep, SurveyPublication
from desk.operations.survey import improving, publishing
from desk.reads.improvements import find_measure, list_plan, list_publications, list_unfinished, lowest_first
from desk.reports.skm_findings import Question, find
from tests.web.test_satisfaction import answered

NOW = Period(2026, 3, 1)
PROGRAM = "Menambah satu loket penyerahan"


@pytest.fixture
def office(desk_office):
    return desk_office


def wish(office, element="waktu", due="2026-Q2", owner=None):
    return Wish(element, read_period(due), (owner or office.sari).id)


def plans(office, who, *, period=NOW, words=PROGRAM, **given):
    request = who.asks("plan_improvement", period=str(period), words=words, **given)
    done = improving.plan(office.streams, office.id, request, period=period, wish=wish(office, **given), words=words)
    return done.facts["improvement"]


def comes_on(office, who, improvement, status, note=None):
    request = who.asks("progress", improvement=improvement, status=status, note=note)
    return improving.note_progress(office.streams, improvement, request, status=status, note=note)


def carries(office, who, period=NOW.after):
    request = who.asks("carry", period=str(period))
    return improving.carry_over(office.streams, office.id, request, period=period)


def plan_of(office, period=NOW):
    with office.streams.reading() as connection:
        return list_plan(connection, office.id, period)


def test_a_measure_is_planned_changed_and_followed(office):
    improvement = plans(office, office.budi)
    request = office.agus.asks("change", improvement=improvement)
    changed = wish(office, "waktu", "2026-Q3", office.dewi)
    improving.change(office.streams, improvement, request, wish=changed, words="Dua loket")
    comes_on(office, office.budi, improvement, Status.UNDER_WAY)
    comes_on(office, office.budi, improvement, Status.DONE, "Loket 4 dibuka")

    (measure,) = plan_of(office)
    assert (measure.program, str(measure.due), measure.owner, measure.status) == (
        "Dua loket", "2026-Q3", "Dewi", Status.DONE,
    )  # fmt: skip
    with office.streams.reading() as connection:
        _, steps, periods = find_measure(connection, office.id, improvement)
    assert [each.words for each in steps] == ["Loket 4 dibuka", None, "Dua loket", PROGRAM]
    assert periods == ["2026-Q1"]
    assert office.findings() == []


def test_what_is_unfinished_goes_along_with_its_history(office):
    going, done = plans(office, office.budi), plans(office, office.budi, element="sarana")
    comes_on(office, office.budi, going, Status.UNDER_WAY, "Mulai")
    comes_on(office, office.budi, done, Status.DONE)

    assert carries(office, office.budi).facts["carried"] == 1
    (taken,) = plan_of(office, NOW.after)
    assert (taken.id, taken.carried_from, taken.status) == (going, "2026-Q1", Status.UNDER_WAY)
    assert {each.id for each in plan_of(office)} == {going, done}
    comes_on(office, office.budi, going, Status.DONE)
    assert {each.status for each in plan_of(office)} == {Status.DONE}
    with office.refuses(Reason.ALREADY_DONE):
        carries(office, office.budi)
    assert office.findings() == []


@pytest.mark.parametrize("to", ["2026-Q2", "2026-S1", "2026", "2027-03"])
def test_what_is_unfinished_is_offered_though_periods_were_skipped_or_have_another_length(office, to):
    old = plans(office, office.budi, period=read_period("2025-Q2"))
    newer = plans(office, office.budi, period=read_period("2025-Q4"), element="sarana")
    both = plans(office, office.budi, period=read_period("2025-Q3"), element="produk")
    carries(office, office.budi, read_period("2025-S2"))  # begins with the third quarter: only the second is before it
    assert [each.id for each in plan_of(office, read_period("2025-S2"))] == [old]
    finished = plans(office, office.budi, period=read_period("2025-Q1"), element="biaya")
    comes_on(office, office.budi, finished, Status.DONE)
    later = plans(office, office.budi, period=read_period("2027-Q3"), element="perilaku", due="2027-Q4")
    period = read_period(to)

    with office.streams.reading() as connection:
        found = [(each.id, str(left)) for each, left in list_unfinished(connection, office.id, period)]
    assert found == [(newer, "2025-Q4"), (old, "2025-S2"), (both, "2025-Q3")]

    assert carries(office, office.budi, period).facts["carried"] == 3
    taken = {each.id: each.carried_from for each in plan_of(office, period)}
    assert taken == {old: "2025-S2", newer: "2025-Q4", both: "2025-Q3"} and later not in taken
    with office.streams.reading() as connection:
        assert list_unfinished(connection, office.id, period) == []
        assert list_unfinished(connection, office.id, read_period("2025-12")) == []
    with office.refuses(Reason.ALREADY_DONE):
        carries(office, office.budi, period)
    assert office.findings() == []


def test_the_lowest_elements_come_first_in_a_plan(office):
    for element in ("sarana", "biaya", "waktu", "produk"):
        plans(office, office.budi, element=element)

    found = lowest_first(plan_of(office), ["produk", "perilaku", "biaya"])
    assert [each.element for each in found] == ["produk", "biaya", "sarana", "waktu"]


def test_no_word_is_in_an_event_and_words_may_be_erased(office):
    improvement = plans(office, office.budi)
    comes_on(office, office.budi, improvement, Status.UNDER_WAY, "Ibu Sri bertanya")
    payloads = " ".join(row.payload for row in office.rows(EventRow))

    assert PROGRAM not in payloads and "Sri" not in payloads
    with office.engine.begin() as connection:
        connection.execute(ImprovementStep.__table__.update().values(words=None))
    assert office.findings() == []
    assert plan_of(office)[0].program == ""


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"element": "keramahan"}, Reason.INVALID),
        ({"due": "2025-Q4"}, Reason.DUE_IN_THE_PAST),
        ({"words": "  "}, Reason.WORDS_MISSING),
        ({"words": "x" * 1001}, Reason.NOTE_TOO_LONG),
    ],
)
def test_what_is_no_measure_is_refused(office, given, reason):
    with office.refuses(reason):
        plans(office, office.budi, **given)
    assert office.rows(ImprovementRow) == []


def test_nobody_else_may_and_nobody_else_answers_for_it(office):
    for who in (office.sari, office.ratna):
        with office.refuses(Reason.FORBIDDEN):
            plans(office, who)
    request = office.budi.asks("plan", owner=9_999)
    with office.refuses(Reason.INVALID):
        improving.plan(office.streams, office.id, request, period=NOW, wish=Wish("waktu", NOW, 9_999), words=PROGRAM)


def test_silence_is_no_progress(office):
    improvement = plans(office, office.budi)
    with office.refuses(Reason.ALREADY_DONE):
        comes_on(office, office.budi, improvement, Status.PLANNED)
    with office.refuses(Reason.NOTE_MISSING):
        comes_on(office, office.budi, improvement, Status.DROPPED)
    comes_on(office, office.budi, improvement, Status.DROPPED, "Tidak ada anggaran")
    with office.refuses(Reason.NOTE_MISSING):
        comes_on(office, office.budi, improvement, Status.UNDER_WAY)
    with office.refuses(Reason.UNKNOWN):
        comes_on(office, office.budi, improvement + 1000, Status.DONE)


@pytest.fixture
def surveyed(office):
    """Six answers of this quarter, and a plan."""
    office.sari.signs_on(1)
    office.asks_with("skm2017", service="A")
    answered(office, 6)
    plans(office, office.budi)
    return office


def ready(office, connection, period=NOW):
    return find(connection, Question(office.id, period, Measure.SKM_2017, "exact", today=office.today)).ready


def publishes(office, who=None, *, seen=None, confirmed=True, reason=None, key=None, period=NOW):
    with office.streams.reading() as connection:
        seen = seen or ready(office, connection, period).figures.seen
    request = (who or office.budi).asks("publish", key, seen=seen)
    return publishing.publish_survey(
        office.streams, office.id, request, lambda connection: ready(office, connection, period),
        seen=seen, confirmed=confirmed, reason=reason,
    )  # fmt: skip


def publications(office):
    with office.streams.reading() as connection:
        return list_publications(connection, office.id)


def test_what_is_published_is_frozen_whatever_comes_later(surveyed):
    publishes(surveyed)
    (first,) = publications(surveyed)
    assert (first.version, first.figures.tallied.respondents, len(first.figures.plan)) == (1, 6, 1)

    answered(surveyed, 1)
    comes_on(surveyed, surveyed.budi, first.figures.plan[0].id, Status.DONE)
    assert publications(surveyed) == [first]

    publishes(surveyed, surveyed.agus, reason="Rencana selesai")
    second, still = publications(surveyed)
    assert still == first
    assert second.figures.tallied == first.figures.tallied  # one answer more: comparing would tell what it said
    answered(surveyed, 4)
    publishes(surveyed, surveyed.agus, reason="Lima jawaban lagi")
    second, *earlier = publications(surveyed)
    assert all(each.is_public for each in earlier)
    assert (second.version, second.figures.tallied.respondents, second.reason) == (3, 11, "Lima jawaban lagi")
    assert second.figures.plan[0].status is Status.DONE
    assert surveyed.findings() == []


def test_the_event_has_the_sums_and_no_words(surveyed):
    publishes(surveyed)
    (row,) = surveyed.rows(SurveyPublication)
    (event,) = surveyed.rows_of_event(EventName.SURVEY_PUBLISHED)

    assert '"waktu":[' in event.payload.replace(" ", "")
    assert PROGRAM not in event.payload and "Budi" not in event.payload
    assert row.figures["elements"]["waktu"][1] == 6


def test_publishing_is_refused(surveyed):
    with surveyed.refuses(Reason.FORBIDDEN):
        publishes(surveyed, surveyed.sari)
    with surveyed.refuses(Reason.LIST_CHANGED):
        publishes(surveyed, seen="0" * 32)
    publishes(surveyed)
    with surveyed.refuses(Reason.ALREADY_DONE):
        publishes(surveyed)
    answered(surveyed, 1)
    with surveyed.refuses(Reason.WARNINGS_UNCONFIRMED):  # the figure differs from what was published
        publishes(surveyed, confirmed=False, reason="Menyusul")
    with surveyed.refuses(Reason.WORDS_MISSING):
        publishes(surveyed)


def test_too_few_are_never_published(office):
    office.sari.signs_on(1)
    office.asks_with("skm2017", service="A")
    answered(office, 4)
    with office.refuses(Reason.TOO_FEW_TO_PUBLISH):
        publishes(office)
    assert office.rows(SurveyPublication) == []
    assert office.rows(ImprovementPlace) == []
