"""Passing on from the console without an offer: out of a pool, back, by order; taking over by number; news; notes."""

import re
from typing import Any, Final

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from desk.domain.access import FRONT_LINE, Role
from desk.domain.refusals import Reason, Refused
from desk.domain.tokens import TokenKind
from desk.operations import handing_off, noting, passing_on
from desk.operations.keeping import looking
from desk.operations.requests import Done
from desk.reads.disposition import Slip, find_slip
from desk.reads.handoff_paper import HOLDING
from desk.reads.office_day import get_day
from desk.reads.story import get_story
from desk.reads.visit_numbers import find_visit_by_number
from desk.reads.visits import find_subject
from desk.web.access import AT_THE_FRONT, access, in_office
from desk.web.context import acting, asked, desk, get_office, reader
from desk.web.counter.answers import blueprint, carry_out, console_url
from desk.web.counter.cards import make_note_form
from desk.web.counter.handoffs import ANSWER, accepted
from desk.web.counter.page import Console
from desk.web.counter.steps import STEP, ask, posted, sealed
from desk.web.counter.story_words import spell
from desk.web.errors import error_page
from desk.web.forms.counter import whole_number
from desk.web.forms.fields import new_key
from desk.web.forms.handing_on import NoteForm, WithVisitorForm
from desk.web.interrupted import typed_words
from desk.web.lobby.paper_views import paper_of_handoff, printers_for
from desk.web.reason_words import handoff_word

# What a scanned ticket says: the address of the visitor's own page.
_SCANNED: Final = re.compile(r"/v/([0-9A-Za-z]+)")
READING: Final = in_office(Role.AGENT, Role.SUPERVISOR, Role.AUDITOR)


@blueprint.post(f"{STEP}/takings")
@access(AT_THE_FRONT)
def take(office_id: int, transaction_id: int) -> ResponseReturnValue:
    """Take work out of a pool the officer belongs to."""
    request_ = ask(office_id, "take_from_pool", transaction_id)
    return carry_out(
        office_id,
        lambda: passing_on.take_from_pool(desk().streams, transaction_id, request_),
        lambda done: gettext("Taken from the pool. It is on your desk, and you are responsible."),
        transaction_id=transaction_id,
        afterwards=transaction_id,
    )


@blueprint.post(f"{STEP}/returns")
@access(AT_THE_FRONT)
def give_back(office_id: int, transaction_id: int) -> ResponseReturnValue:
    """Offer it to whoever had it before."""
    request_ = ask(office_id, "give_back", transaction_id)
    return carry_out(
        office_id,
        lambda: passing_on.offer_back(desk().streams, transaction_id, request_),
        lambda done: gettext("Offered back. Until your colleague accepts, the transaction stays yours."),
        transaction_id=transaction_id,
    )


@blueprint.post(f"{STEP}/forced-handovers")
@access(in_office(Role.SUPERVISOR))
def force(office_id: int, transaction_id: int) -> ResponseReturnValue:
    """Pass custody on by a supervisor's order."""
    form = posted(office_id, transaction_id, "force")
    to, reason, note = form.to.data, form.reason.data, form.note.data
    request_ = ask(office_id, "force", transaction_id, to=to, reason=reason, note=sealed(note))

    def operation() -> Done:
        kind, _, receiver = to.partition("-")
        chosen = {"pool": "pool_id", "officer": "officer_id"}.get(kind)
        if chosen is None:
            raise Refused(Reason.INVALID, field="to")
        given: dict[str, Any] = {chosen: whole_number(receiver), "reason": reason, "note": note}
        return passing_on.force(desk().streams, transaction_id, request_, **given)

    return carry_out(
        office_id,
        operation,
        lambda done: gettext("Custody has passed on. Whoever has it now is told."),
        form=form,
        transaction_id=transaction_id,
    )


@blueprint.post(f"{STEP}/news/sightings")
@access(AT_THE_FRONT)
def see_news(office_id: int, transaction_id: int) -> ResponseReturnValue:
    """Have seen what became of a handoff."""
    request_ = ask(office_id, "see_news", transaction_id)
    return carry_out(
        office_id,
        lambda: passing_on.see_news(desk().streams, transaction_id, request_),
        lambda done: gettext("Seen."),
    )


@blueprint.post(f"{STEP}/notes")
@access(AT_THE_FRONT)
def add_note(office_id: int, transaction_id: int) -> ResponseReturnValue:
    """Write a note, or correct one; only about what the officer may see.

    What is not (or no longer) theirs is refused with who has it now, and what was typed is kept to be copied.
    """
    console = Console(get_office(office_id), opened_id=transaction_id)
    if transaction_id not in console.shown:
        return _not_theirs(office_id, console, transaction_id)
    form: NoteForm = make_note_form(transaction_id, get_story(reader(), office_id, transaction_id))
    words, corrects = form.note.data or "", form.corrects.data or None
    request_ = ask(office_id, "add_note", transaction_id, words=sealed(words), corrects=corrects)
    return carry_out(
        office_id,
        lambda: noting.add_note(desk().streams, transaction_id, request_, words=words, corrects=corrects),
        lambda done: gettext("The note is kept. It can be corrected by a new one, and is never lost."),
        form=form,
        transaction_id=transaction_id,
        afterwards=transaction_id,
    )


def _not_theirs(office_id: int, console: Console, transaction_id: int) -> ResponseReturnValue:
    item = console.find(transaction_id)
    if item is None:
        abort(404)
    said = {"name": console.room.colleague_name(item.handler_id), "number": item.number}
    happened = gettext("%(number)s is not on your desk: %(name)s is responsible. The note was not kept.", **said)
    step = gettext(
        "Give the words to %(name)s, or ask a supervisor to write the note. They stand below to copy.", **said
    )
    more = {"next_step": step, "typed": typed_words(), "back": console_url(office_id, None)}
    return error_page(409, text=happened, **more)


@blueprint.post("/offices/<int:office_id>/handoffs/takings")
@access(AT_THE_FRONT)
def take_with_visitor(office_id: int) -> ResponseReturnValue:
    """Accept what is offered of the visitor who stands here with this number."""
    get_office(office_id)
    form = WithVisitorForm("taking")
    typed = form.number.data or ""

    def operation() -> Done:
        visit_id = _visit_of(office_id, typed)
        if visit_id is None:
            raise Refused(Reason.NO_OFFER_FOR_NUMBER)
        request_ = asked(acting(office_id), "take_with_visitor", visit=visit_id)
        return handing_off.take_with_visitor(desk().streams, office_id, visit_id, request_)

    return carry_out(office_id, operation, accepted, form=form)


def _visit_of(office_id: int, typed: str) -> int | None:
    """Return the visit of a number of today, or of the address that a ticket's code gives."""
    scanned = _SCANNED.search(typed)
    if scanned is not None:
        subject = find_subject(reader(), scanned[1], TokenKind.STATUS)
        return subject.id if subject is not None and subject.office_id == office_id else None
    day = get_day(reader(), office_id, at=desk().streams.clock())
    return find_visit_by_number(reader(), office_id, typed, day=day.today)


@blueprint.get(f"{ANSWER}/slip")
@access(READING)
def slip(office_id: int, handoff_id: int) -> ResponseReturnValue:
    """Show a handoff as a slip to print; who was not part of it leaves a trace in the access log."""
    get_office(office_id)
    found = find_slip(reader(), office_id, handoff_id)
    if found is None or not may_read(office_id, found):
        abort(404)
    if current_user.id not in (found.giver_id, found.receiver_id, found.holder_id):
        actor = acting(office_id)
        looking.record_look(desk().streams, office_id, actor, verb="looked", subject="handoff", subject_id=handoff_id)
    prints = bool(current_user.roles_in(office_id) & FRONT_LINE) and found.state in HOLDING
    return render_template(
        "counter/slip.html",
        slip=found,
        reason=handoff_word(found.reason),
        words=spell,
        printers=printers_for(office_id) if prints else [],
        paper=paper_of_handoff(office_id, handoff_id) if prints else None,
        print_path=url_for("counter.print_slip", office_id=office_id, handoff_id=handoff_id),
        new_key=new_key,
    )


def may_read(office_id: int, slip: Slip) -> bool:
    """Tell whether who is signed in may read a slip: who oversees, has a part in it, or has the card open."""
    if current_user.roles_in(office_id) & {Role.SUPERVISOR, Role.AUDITOR}:
        return True
    mine = current_user.id in (slip.giver_id, slip.receiver_id, slip.holder_id)
    return mine or slip.transaction_id in Console(get_office(office_id), opened_id=slip.transaction_id).shown
