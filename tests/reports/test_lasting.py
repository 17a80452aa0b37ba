"""What was worked out of the answers lasts as long as nothing changed them, and no longer, whoever changed them how."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from desk.domain.points import PointKind
from desk.domain.questionnaires import Measure
from desk.domain.shipped_questionnaires import SHIPPED
from desk.domain.skm_period import Period
from desk.domain.tallies import Origin
from desk.models import EventRow, InvitationRow, TransactionRow
from desk.operations.survey import taking_over
from desk.reports import associations, chain_scores, survey_lately
from desk.reports.associations import load_answered, scores_by_handoffs
from desk.reports.chain_scores import load_chain_telling
from desk.reports.lasting import OF_ITS_DAY, OF_WORK, Lasting, RestsOn, get_moment
from desk.reports.satisfaction import load_shares
from desk.reports.snapshot import snapshot
from desk.reports.survey_lately import find_served, find_survey
from desk.web.satisfaction import scores as satisfaction_scores
from tests.fixtures.office import DeskOffice
from tests.operations.test_improving import publishes
from tests.reads.full_day import play
from tests.web.test_satisfaction import ELEMENTS, ended, office

__all__ = ["office"]
ALWAYS = RestsOn(date(2100, 12, 31))
MEMORIES = (
    associations.LATELY,
    associations.QUARTERS,
    chain_scores.LATELY,
    chain_scores.CHAINS,
    survey_lately.SURVEYS,
    survey_lately.SERVED,
    satisfaction_scores.COUNTED,
    satisfaction_scores.TOLD,
)
# What figures of answers are made of, beside the transactions.
RESTS_ON = (
    *("survey_tallies", "leg_tallies", "survey_publications", "responses", "response_handlers"),
    *("response_legs", "questionnaires", "offices", "services"),
)


def forget():
    for each in MEMORIES:
        each._kept.clear()


def year_of(office):
    return Period(office.today.year)


def told(office):
    """All that the pages make of a year, its quarters and months."""
    year = year_of(office)
    found = []
    with snapshot(office.engine) as reader:
        now = get_moment(reader, office.id)
        for measure in (Measure.SKM_2017, Measure.SKM_2004):
            cells, telling = find_survey(reader, now, (year.first, year.last), office.today, measure)
            found.append((sorted(cells, key=repr), [telling.told(each) for each in (year, *year.parts)]))
        for period in (year, *year.parts, Period(year.year, 3, 1), Period(year.year, 1, 3)):
            found.append(dict(find_served(reader, now, period)))
            for measure in (Measure.CSAT, Measure.SKM_2017):
                chain = load_chain_telling(reader, office.id, period, office.today, measure)
                found.append(sorted(load_shares(reader, office.id, period, measure, chain), key=repr))
            answered = load_answered(reader, office.id, period, 0, at=office.clock.now, today=office.today)
            found.append((answered.linked.satisfaction.tolist(), scores_by_handoffs(answered)))
            found.append([(name, column.tolist()) for name, column in answered.linked.lengths.items()])
    return repr(found)


def pages(web, office):
    year, budi = year_of(office), web.as_("Budi")
    budi.speak("en")
    paths = [
        f"reports/{name}?period={each}" for name in ("scores", "ikm") for each in (year, f"{year}-Q1", f"{year}-03")
    ]
    return [budi.get(f"/offices/{office.id}/{path}").said for path in paths]


def as_if_anew(web, office):
    """Tell whether what is remembered is what is worked out anew."""
    lately = told(office), pages(web, office)
    forget()
    return lately == (told(office), pages(web, office))


def sheet(office, day, **said):
    return taking_over.Sheet({**dict.fromkeys(ELEMENTS, 3), **said}, {}, day)


def takes_over(office, *sheets):
    done = taking_over.take_over(
        office.streams,
        office.id,
        office.budi.asks("take_over"),
        questionnaire=SHIPPED["skm2017"],
        origin=Origin.PAPER,
        sheets=sheets,
    )
    return done.facts["import"]


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_whatever_happens_to_answers_is_told_at_once(web, office):
    """An answer, a correction, late sheets, an import undone, a publication, a reopening, another process."""
    invitations = [ended(office, series) for series in "AB" * 6]
    before = told(office)
    late = office.today - timedelta(days=40)
    batches = []
    steps = {
        "an answer": lambda: office.says(invitations[0], **dict.fromkeys(ELEMENTS, "4")),
        "more": lambda: [office.says(each, score=str(1 + n % 5)) for n, each in enumerate(invitations[1::2])],
        "a correction": lambda: office.corrects(invitations[0], **dict.fromkeys(ELEMENTS, "2")),
        "the same sums in other places": lambda: office.corrects(
            invitations[0], **{each: "13"[n % 2] for n, each in enumerate(ELEMENTS)}
        ),
        "late sheets": lambda: batches.append(takes_over(office, *[sheet(office, late)] * 6)),
        "a publication": lambda: publishes(office),
        "a sheet more": lambda: batches.append(takes_over(office, sheet(office, late, **{ELEMENTS[0]: 1}))),
        "undone": lambda: taking_over.take_back(
            office.streams, office.id, batches.pop(), office.budi.asks("take_back")
        ),
        "another process": lambda: DeskOffice(office.url, clock=office.clock).says(
            invitations[2], **dict.fromkeys(ELEMENTS, "1")
        ),
        "opened again": lambda: office.sari.reopens(
            office.row(InvitationRow, id=invitations[1]).transaction_id
        ),
    }  # fmt: skip
    for name, step in steps.items():
        step()
        after = told(office)
        assert after != before or name in {"a publication", "a sheet more", "undone"}, name  # those few are held back
        assert as_if_anew(web, office), name
        before = after
    office.clock.tick(3600)
    office.arrives("C")  # what is open again has grown longer, whatever happened
    assert told(office) != before and as_if_anew(web, office)


def test_a_clock_moves_on_and_the_same_is_told_again(web, office):
    for number in range(12):
        office.says(ended(office, "B"), score=str(1 + number % 5))
    before = told(office)
    office.arrives("A")
    office.dewi.takes_break()
    assert told(office) == before and as_if_anew(web, office)


@pytest.fixture
def counted():
    """A call that returns how often it was called."""
    calls = []

    def work():
        calls.append(None)
        return len(calls)

    return work


def look(kept, engine, office_id, key, work, rests_on=ALWAYS):
    with snapshot(engine) as reader:
        return kept.find(reader, get_moment(reader, office_id), key, work, lambda _: rests_on)


def test_the_same_question_is_answered_once_and_the_oldest_forgotten(desk_office, counted):
    kept, engine = Lasting[int](2), desk_office.engine
    asked = ("a", "a", "b", "a", "c", "a", "b")
    assert [look(kept, engine, desk_office.id, key, counted) for key in asked] == [1, 1, 2, 1, 3, 1, 4]


def test_another_engine_or_what_is_set_anew_is_another_question(desk_office, counted):
    kept, other = Lasting[int](2), DeskOffice(desk_office.url)
    found = [look(kept, each.engine, desk_office.id, "a", counted) for each in (desk_office, other, desk_office)]
    assert found == [1, 2, 1]
    with desk_office.streams.setting_up():
        pass  # whatever it was
    assert look(kept, desk_office.engine, desk_office.id, "a", counted) == 3
    other.engine.dispose()


def test_people_who_come_and_go_cost_nothing(office):
    """Tells of the work that is done; the year of the answers stays."""
    for number in range(6):
        office.says(ended(office, "B"), score=str(1 + number % 5))
    kept = Lasting[int](2)
    calls = []

    def look(rests_on):
        with snapshot(office.engine) as reader:
            now = get_moment(reader, office.id)
            kept.find(reader, now, "key", lambda: calls.append(None) or len(calls), lambda _: rests_on)
        return len(calls)

    this_year = RestsOn(date(office.today.year, 12, 31))
    last_year = RestsOn(date(office.today.year - 1, 12, 31))
    assert [look(this_year), look(this_year)] == [1, 1]
    invitation = ended(office, "B")  # comes, is served, goes
    assert look(last_year) == 1
    office.says(invitation, score="5")
    assert look(last_year) == 2
    office.says(ended(office, "B"), score="5")
    assert look(last_year) == 2, "an answer of this year does not touch the last"
    office.corrects(invitation, score="4")
    assert look(last_year) == 3, "what was corrected may be of any year"
    office.budi.sets_up(PointKind.POSTER)
    assert look(last_year) == 4, "so may whatever nobody said to be harmless"


def test_an_older_look_is_answered_from_what_was_there_then(office):
    """Two read at once, one of them as of before an answer: neither gets what is the other's."""
    invitation = ended(office, "B")
    kept, rests_on = Lasting[str](2), RestsOn(date(office.today.year, 12, 31))
    with snapshot(office.engine) as old:
        before = get_moment(old, office.id)
        old.execute(text("SELECT count(*) FROM responses"))
        office.says(invitation, score="5")
        with snapshot(office.engine) as new:
            after = get_moment(new, office.id)
            assert kept.find(new, after, "key", lambda: "after", lambda _: rests_on) == "after"
        assert kept.find(old, before, "key", lambda: "before", lambda _: rests_on) == "before"
        with snapshot(office.engine) as new:
            assert kept.find(new, after, "key", lambda: "anew", lambda _: rests_on) == "after"


def test_what_counts_as_harmless_changes_no_answer(desk_office):
    """Played is a day on which everything happens: after each unit what figures rest on is as it was, if harmless."""
    states, seen = [_state(desk_office)], [0]
    wrong = []

    def check(office_id):
        events = [each for each in desk_office.rows(EventRow) if each.number > seen[0]]
        new = _state(desk_office)
        old, (answers, transactions) = states[-1], new
        names = {each.name for each in events}
        if answers != old[0] and names <= OF_WORK:
            wrong.append(names)
        changed = {each for each in {*old[1], *transactions} if old[1].get(each) != transactions.get(each)}
        if not changed <= {each.transaction_id for each in events}:
            wrong.append((names, "of another transaction"))
        states.append(new)
        seen[0] = max([seen[0], *(each.number for each in events)])

    desk_office.streams._after_commit = check
    play(desk_office)
    assert not wrong
    assert not OF_WORK & OF_ITS_DAY


def _state(office):
    with office.engine.connect() as connection:
        answers = {}
        for table in RESTS_ON:
            rows = connection.execute(text(f"SELECT * FROM {table}")).all()
            answers[table] = sorted(map(repr, rows))
        transactions = {row.id: tuple(row) for row in connection.execute(TransactionRow.__table__.select())}
    return answers, transactions
