"""The supervisor's face: today's transactions with waits and promises, and the file of one transaction."""

from datetime import datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from desk.domain.access import Actor
from desk.domain.clocks import ClockRules
from desk.domain.lifecycle import State
from desk.domain.refusals import Refused
from desk.operations import staffing
from desk.operations.keeping import looking
from desk.reads import today as reads
from desk.reads.clocks import list_clocks, list_running_promises
from desk.reads.transaction_file import find_transaction_file, verify_transaction
from desk.reads.transaction_views import TransactionFile
from desk.web.access import OVERSEEING, SUPERVISING, access
from desk.web.context import acting, asked, desk, get_office, language, reader
from desk.web.errors import back_with, sentence
from desk.web.filters_asked import Choices
from desk.web.reason_words import handoff_word
from desk.web.supervision.timeline import decision_word, told, word
from desk.wording.answers import NOT_SHOWN, THROUGH

blueprint = Blueprint("supervisor", __name__)

STATES = ("waiting", "called", "serving", "processing", "paused", "completed", "no_show", "left", "cancelled",
          "closed_unserved")  # fmt: skip


def _rules(office_id: int) -> ClockRules:
    return desk().streams.configuration(reader(), office_id).clock_rules


def _wanted(choices: Choices, services: dict[int, Any]) -> reads.Filter:
    return reads.Filter(
        state=choices.code("state", STATES),
        service_id=choices.number("service", services),
        number=request.args.get("q", "").strip()[:12],
        late=request.args.get("late") == "1",
    )


@blueprint.get("/offices/<int:office_id>/today")
@access(OVERSEEING)
def today(office_id: int) -> ResponseReturnValue:
    """List today's transactions; the filter is in the address."""
    get_office(office_id)
    day = _day(office_id)
    return render_template("supervisor/today.html", **day), 422 if day["unknown"] else 200


@blueprint.get("/offices/<int:office_id>/today/list")
@access(OVERSEEING)
def today_list(office_id: int) -> ResponseReturnValue:
    """Return the part of the page that changes."""
    get_office(office_id)
    return render_template("supervisor/_day.html", **_day(office_id))


def _day(office_id: int) -> dict[str, Any]:
    at = desk().streams.clock()
    choices, services = Choices(), reads.list_service_names(reader(), office_id)
    wanted, page = _wanted(choices, dict(services)), request.args.get("page", 1, type=int)
    day = reads.read_day(reader(), office_id, at=at, wanted=wanted, page=page)
    return {
        "number": reads.event_number(reader(), office_id),
        "promises": list_running_promises(reader(), office_id, _rules(office_id), at=at),
        "word": word,
        "day": day,
        "rows": [] if choices.unknown else day.rows,
        "unknown": choices.unknown,
        "invalid": bool(choices.unknown),
        "filters": {name: value for name, value in request.args.to_dict().items() if name != "page"},
        "limit": reads.LIMIT,
        "figures": day.figures,
        "posts": reads.list_posts(reader(), office_id),
        "services": services,
        "clock": reads.clock_state(reader(), office_id, at=at),
        "wanted": wanted,
        "may_supervise": acting(office_id).supervises,
        "states": STATES,
        "query": request.query_string.decode("ascii", "replace"),
    }


@blueprint.get("/offices/<int:office_id>/transactions/<int:transaction_id>")
@access(OVERSEEING)
def transaction(office_id: int, transaction_id: int) -> ResponseReturnValue:
    """Show the file of a transaction, and record who looked at it."""
    get_office(office_id)
    streams = desk().streams
    found = find_transaction_file(reader(), office_id, transaction_id, at=streams.clock())
    if found is None:
        abort(404)
    looking.record_look(
        streams, office_id, acting(office_id), verb="looked", subject="transaction", subject_id=transaction_id
    )
    proof = verify_transaction(reader(), office_id, transaction_id, streams.keys.known)
    number = reads.event_number(reader(), office_id)
    return render_template(
        "supervisor/transaction.html",
        file=found,
        proof=proof,
        happened=told(found, language()),
        number=number,
        word=word,
        handoff_word=handoff_word,
        decision=decision_word,
        not_shown=NOT_SHOWN,
        through=THROUGH,
        may_correct=acting(office_id).supervises and found.ended_at is None,
        clocks=list_clocks(reader(), office_id, [transaction_id], _rules(office_id), at=streams.clock())[
            transaction_id
        ],
        may_supervise=acting(office_id).supervises,
        may_revoke=_may_revoke(found, acting(office_id), streams.clock()),
    )


def _may_revoke(file: TransactionFile, actor: Actor, at: datetime) -> bool:
    """Tell whether a supervisor outside the chain of handlers looks at a survey whose link works."""
    is_open = file.asked is not None and file.asked.revocable_at(at)
    handlers = {each.holder_id for each in file.segments if each.state != State.WAITING}
    return is_open and actor.supervises and actor.person_id not in handlers


@blueprint.get("/offices/<int:office_id>/day/closing")
@access(SUPERVISING)
def closing(office_id: int) -> ResponseReturnValue:
    """Ask before the day is closed, and say over whom."""
    get_office(office_id)
    rows = reads.read_day(reader(), office_id, at=desk().streams.clock(), most=None).rows
    over = [row for row in rows if row.state in ("waiting", "called")]
    return render_template("supervisor/closing.html", over=over)


@blueprint.post("/offices/<int:office_id>/day/closing")
@access(SUPERVISING)
def close_day(office_id: int) -> ResponseReturnValue:
    """Close the day."""
    done = staffing.close_day(desk().streams, office_id, asked(acting(office_id), "close_day"))
    closed = done.facts["closed"]
    flash(
        ngettext(
            "The day is closed. %(num)d visitor was still waiting.",
            "The day is closed. %(num)d visitors were still waiting.",
            closed,
        ),
        "success",
    )
    return redirect(url_for("supervisor.today", office_id=office_id), 303)


@blueprint.post("/offices/<int:office_id>/clock/confirmation")
@access(SUPERVISING)
def confirm_clock(office_id: int) -> ResponseReturnValue:
    """Confirm that the clock is right although events carry later times."""
    target = url_for("supervisor.today", office_id=office_id)
    try:
        staffing.confirm_clock(desk().streams, office_id, asked(acting(office_id), "confirm_clock"))
    except Refused as refused:
        return back_with(sentence(refused), target)
    flash(gettext("The clock is confirmed. A new clock epoch has begun."), "success")
    return redirect(target, 303)
