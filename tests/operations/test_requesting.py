"""Requests: custody stays, the answer comes back, completion waits where it was said so, and the end closes them."""

from datetime import timedelta

import pytest

from desk.domain.facts import EventName
from desk.domain.lifecycle import Outcome
from desk.domain.reasons import DeclineReason
from desk.domain.refusals import Reason
from desk.domain.requesting import RequestKind
from desk.models import Note, RequestRow
from desk.reads.requests import list_open_requests, list_requests_around, list_requests_of
from tests.fixtures.office import DeskOffice


@pytest.fixture
def transaction(desk_office: DeskOffice) -> int:
    """What Sari is serving; Dewi is at the next counter."""
    desk_office.sari.signs_on(1)
    desk_office.dewi.signs_on(2)
    desk_office.arrives("A")
    return desk_office.sari.serves()


def test_a_request_leaves_custody_where_it_is_and_its_answer_is_kept(desk_office, transaction):
    custody = desk_office.custody(transaction)
    request = desk_office.sari.requests(transaction, desk_office.dewi)
    with desk_office.streams.reading() as reader:
        (seen,) = list_requests_around(reader, desk_office.id, desk_office.dewi.id)
    assert (seen.number, seen.asker, seen.question) == ("A001", "Sari", "Apakah surat kuasa ini berlaku?")

    done = desk_office.dewi.answers(request, "Berlaku sampai 2027.")

    assert done.facts["state"] == "answered"
    assert desk_office.custody(transaction) == custody
    with desk_office.streams.reading() as reader:
        (kept,) = list_requests_of(reader, desk_office.id, transaction)
        assert list_requests_around(reader, desk_office.id, desk_office.dewi.id) == []
    assert (kept.state, kept.answer, kept.open) == ("answered", "Berlaku sampai 2027.", False)
    assert {row.words for row in desk_office.rows(Note)} == {kept.question, kept.answer}


def test_no_word_stands_in_an_event(desk_office, transaction):
    request = desk_office.sari.requests(transaction, desk_office.dewi, question="Rahasia sekali")
    desk_office.dewi.answers(request, "Rahasia pula")
    (made,) = desk_office.rows_of_event(EventName.REQUEST_MADE)
    (answered,) = desk_office.rows_of_event(EventName.REQUEST_ANSWERED)
    assert "ahasia" not in made.payload + answered.payload


def test_the_head_of_a_queue_may_be_asked(desk_office, transaction):
    request = desk_office.sari.requests(transaction, "C")
    assert desk_office.row(RequestRow, id=request).asked_id == desk_office.budi.id
    assert desk_office.row(RequestRow, id=request).queue_id == desk_office.services["C"]


def test_a_request_stays_with_the_transaction_when_custody_passes_on(desk_office, transaction):
    request = desk_office.sari.requests(transaction, desk_office.budi)
    desk_office.dewi.accepts(desk_office.sari.offers(transaction, desk_office.dewi))
    assert desk_office.row(RequestRow, id=request).state == "asked"
    desk_office.dewi.withdraws_request(request)
    assert desk_office.row(RequestRow, id=request).state == "withdrawn"


@pytest.mark.parametrize("outcome", Outcome)
def test_a_request_that_blocks_keeps_the_transaction_from_being_fulfilled(desk_office, transaction, outcome):
    request = desk_office.sari.requests(transaction, desk_office.dewi, blocks=True)
    if outcome is Outcome.FULFILLED:
        with desk_office.refuses(Reason.BLOCKED_BY_REQUEST, request=request, name="Dewi"):
            desk_office.sari.completes(transaction)
        desk_office.dewi.answers(request)
    desk_office.sari.completes(transaction, outcome, note="Sebab tercatat")
    assert desk_office.row(RequestRow).state == ("answered" if outcome is Outcome.FULFILLED else "closed")


def test_one_that_does_not_block_is_closed_by_the_end(desk_office, transaction):
    desk_office.sari.requests(transaction, desk_office.dewi)
    done = desk_office.sari.requests(transaction, desk_office.budi, kind=RequestKind.SUB_TASK)
    desk_office.budi.refuses_request(done, DeclineReason.NOT_MINE)
    before = desk_office.head.number

    desk_office.sari.completes(transaction)

    assert desk_office.happened(before)[:2] == [EventName.TRANSACTION_COMPLETED, EventName.REQUEST_CLOSED]
    assert [row.state for row in desk_office.rows(RequestRow)] == ["closed", "declined"]


@pytest.mark.parametrize("end", ["cancels", "sees_leave"])
def test_other_endings_are_not_blocked(desk_office, transaction, end):
    desk_office.sari.requests(transaction, desk_office.dewi, blocks=True)
    getattr(desk_office.sari, end)(transaction)
    assert desk_office.row(RequestRow).state == "closed"


def test_an_escalation_goes_to_a_supervisor(desk_office, transaction):
    with desk_office.refuses(Reason.NOT_A_SUPERVISOR):
        desk_office.sari.requests(transaction, desk_office.dewi, kind=RequestKind.ESCALATION)
    assert desk_office.sari.requests(transaction, desk_office.budi, kind=RequestKind.ESCALATION)


def test_what_makes_no_sense_is_refused(desk_office, transaction):
    another = desk_office.another()
    now = desk_office.clock.now
    with desk_office.refuses(Reason.REQUEST_TO_ONESELF):
        desk_office.sari.requests(transaction, desk_office.sari)
    for stranger in (another.dewi, desk_office.ratna):
        with desk_office.refuses(Reason.UNKNOWN):
            desk_office.sari.requests(transaction, stranger)
    with desk_office.refuses(Reason.DUE_IN_THE_PAST):
        desk_office.sari.requests(transaction, desk_office.dewi, due_at=now)
    with desk_office.refuses(Reason.WORDS_MISSING):
        desk_office.sari.requests(transaction, desk_office.dewi, question=" ")
    with desk_office.refuses(Reason.NOT_CUSTODIAN):
        desk_office.joko.requests(transaction, desk_office.dewi)
    desk_office.sari.completes(transaction)
    with desk_office.refuses(Reason.TRANSACTION_ENDED):
        desk_office.sari.requests(transaction, desk_office.dewi)


def test_only_the_one_asked_answers_and_only_once(desk_office, transaction):
    request = desk_office.sari.requests(transaction, desk_office.dewi)
    with desk_office.refuses(Reason.NOT_THE_ONE_ASKED):
        desk_office.joko.answers(request)
    with desk_office.refuses(Reason.NOT_THE_ONE_ASKED):
        desk_office.budi.refuses_request(request)
    with desk_office.refuses(Reason.NOT_CUSTODIAN):
        desk_office.joko.withdraws_request(request)
    with desk_office.refuses(Reason.WORDS_MISSING):
        desk_office.dewi.answers(request, "")
    desk_office.dewi.answers(request)
    for late in (desk_office.dewi.answers, desk_office.dewi.refuses_request, desk_office.sari.withdraws_request):
        with desk_office.refuses(Reason.REQUEST_CLOSED):
            late(request)


def test_what_is_past_due_is_flagged(desk_office, transaction):
    desk_office.sari.requests(transaction, desk_office.dewi, due_at=desk_office.clock.now + timedelta(hours=1))
    with desk_office.streams.reading() as reader:
        (found,) = list_open_requests(reader, desk_office.id)
    assert not found.overdue(desk_office.clock.now)
    assert found.overdue(desk_office.clock.tick(3600))
