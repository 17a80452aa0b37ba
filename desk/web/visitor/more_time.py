"""A waiting visitor who needs more time: who would pass and which place follows, asked before; and taking it back."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.access import PUBLIC, VISITOR
from desk.domain.giving_way import next_behind, require_may
from desk.domain.refusals import Reason, Refused
from desk.operations import giving_way
from desk.reads.giving_way import find_standing
from desk.reads.visits import Matter
from desk.web.access import access
from desk.web.context import asked, desk, reader
from desk.web.errors import back_with, sentence
from desk.web.forms.visitor import ConfirmForm, GiveWayForm
from desk.web.visitor.status import Opened, get_matter, keep_private, open_visit

blueprint = Blueprint("more_time", __name__)
blueprint.after_request(keep_private)
PLACE = "/v/<token>/more-time/<int:transaction_id>"


@blueprint.get(PLACE)
@access(PUBLIC)
def ask(token: str, transaction_id: int) -> ResponseReturnValue:
    """Show who would pass and which place follows, or say why nobody can."""
    opened = open_visit(token)
    return _page(opened, get_matter(opened.visit, transaction_id))


@blueprint.post(PLACE)
@access(PUBLIC)
def give_way(token: str, transaction_id: int) -> ResponseReturnValue:
    """Let the one pass that was shown; where the queue has moved, or nobody was shown, ask once more."""
    opened = open_visit(token)
    matter = get_matter(opened.visit, transaction_id)
    form = GiveWayForm()
    passes = form.passed
    request_ = asked(VISITOR, "give_way", transaction=matter.id, passes=passes)
    try:
        done = giving_way.give_way(desk().streams, matter.id, request_, passes=passes)
    except Refused as refused:
        is_moved = refused.reason is Reason.QUEUE_MOVED
        return back_with(sentence(refused), request.full_path.rstrip("?") if is_moved else opened.path)
    words = gettext("%(number)s goes before you. Your number stays yours.", number=done.facts["passed"])
    flash(words, "success")
    return redirect(opened.path, 303)


@blueprint.get(f"{PLACE}/undoing")
@access(PUBLIC)
def ask_back(token: str, transaction_id: int) -> ResponseReturnValue:
    """Ask whether the visitor wants to stand where they stood before the last wish."""
    opened = open_visit(token)
    matter = get_matter(opened.visit, transaction_id)
    if not matter.can_undo or matter.newer_visit:
        return redirect(opened.path)
    return render_template("visitor/take_back.html", opened=opened, matter=matter, form=ConfirmForm())


@blueprint.post(f"{PLACE}/undoing")
@access(PUBLIC)
def take_back(token: str, transaction_id: int) -> ResponseReturnValue:
    """Put the visitor back where they stood before the last wish."""
    opened = open_visit(token)
    matter = get_matter(opened.visit, transaction_id)
    try:
        giving_way.take_back(desk().streams, matter.id, asked(VISITOR, "take_back_way", transaction=matter.id))
    except Refused as refused:
        return back_with(sentence(refused), opened.path)
    flash(gettext("You have your earlier place again."), "success")
    return redirect(opened.path, 303)


def _page(opened: Opened, matter: Matter) -> ResponseReturnValue:
    standing = find_standing(reader(), opened.visit.office_id, matter.id)
    if standing is None or matter.changing_hands or matter.newer_visit:
        return redirect(opened.path)
    times, hindrance = opened.visit.give_way_times, None
    try:
        require_may(standing, most=times)
    except Refused as refused:
        if not standing.can_undo:
            return back_with(sentence(refused), opened.path)
        hindrance = sentence(refused)
    passed = None if hindrance else next_behind(standing, at=desk().streams.clock())
    return render_template(
        "visitor/more_time.html",
        opened=opened,
        matter=matter,
        standing=standing,
        passed=passed,
        hindrance=hindrance,
        left=standing.left(times),
        form=GiveWayForm(passes=None if passed is None else passed.transaction_id),
        undo=ConfirmForm(),
        language_path=url_for("more_time.ask", token=opened.token, transaction_id=matter.id, via=opened.via),
    )
