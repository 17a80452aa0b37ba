"""The gap list: each gap with its age and the one sensible thing to do, and from when on something is a gap.

Administrators see of it the follow-ups and complaints that are late or nobody's.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from desk.domain.access import Role
from desk.domain.gaps import GapAction
from desk.domain.reasons import ReturnReason
from desk.operations import floor as operations
from desk.operations import handing_off, serving, staffing
from desk.operations.requests import Done
from desk.reads.gap_finders import CASE_FINDERS, FINDERS, list_gaps
from desk.reads.gaps import Gap, get_scene, get_thresholds
from desk.reads.today import event_number, list_service_names
from desk.web.access import OVERSEEING, SUPERVISING, access, in_office
from desk.web.context import acting, asked, desk, get_office, language, reader
from desk.web.errors import done_and_told
from desk.web.forms.fields import new_key
from desk.web.forms.floor import ThresholdsForm
from desk.web.supervision.follow_ups import own_address, own_code
from desk.wording.gaps import ACTIONS, KINDS

blueprint = Blueprint("gaps", __name__)
GAPS = "/offices/<int:office_id>/gaps"
WATCHING: Final = in_office(Role.SUPERVISOR, Role.AUDITOR, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Way:
    """How an action is offered: a link to a page, or a button that posts; `argument` is what its address names."""

    endpoint: str
    argument: str
    icon: str
    posts: bool = True


WAYS: Final[dict[GapAction, Way]] = {
    GapAction.SEAT: Way("gaps.seat", "transaction_id", "arrow-return-left"),
    GapAction.REASSIGN: Way("floor.reassignment", "transaction_id", "arrow-left-right", posts=False),
    GapAction.NAME_HEAD: Way("administration_services.one", "service_id", "person-check", posts=False),
    GapAction.SAY_WHO_SERVES: Way("administration_skills.table", "", "person-check", posts=False),
    GapAction.WITHDRAW: Way("gaps.withdraw", "handoff_id", "arrow-return-left"),
    GapAction.RESUME: Way("gaps.resume", "transaction_id", "play-circle"),
    GapAction.LOOK: Way("supervisor.transaction", "transaction_id", "folder2-open", posts=False),
    GapAction.CLOSE_EARLIER_DAYS: Way("gaps.close_earlier_days", "", "door-closed"),
    GapAction.FOLLOW_UP: Way("follow_ups.one", "follow_up_id", "flag", posts=False),
    GapAction.ANSWER: Way("voices.one", "voice_id", "chat-left-text", posts=False),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A gap as the page shows it."""

    gap: Gap
    kind: str
    service: str
    action: str
    icon: str
    url: str
    posts: bool
    file: str  # where the number leads
    subject: int | str  # what it is about; not the id of what must not be found among the events

    @property
    def id(self) -> str:
        """What tells the row from the others, also after it has moved."""
        return f"gap-{self.gap.kind}-{self.subject}"


@blueprint.get(GAPS)
@access(WATCHING)
def page(office_id: int) -> ResponseReturnValue:
    """List the gaps."""
    return _page(office_id)


@blueprint.get(f"{GAPS}/list")
@access(WATCHING)
def fragment(office_id: int) -> ResponseReturnValue:
    """Return the part that changes."""
    get_office(office_id)
    return render_template("gaps/_list.html", **_shown(office_id))


def _shown(office_id: int) -> dict[str, Any]:
    scene = get_scene(reader(), office_id, at=desk().streams.clock())
    names = {service_id: names[language()] for service_id, names in list_service_names(reader(), office_id)}
    actor = acting(office_id)
    sees_all = bool(actor.roles & OVERSEEING.roles)
    found = list_gaps(scene, FINDERS if sees_all else CASE_FINDERS)
    return {
        "lines": [_line(gap, office_id, names) for gap in found if actor.person_id not in gap.barred],
        "sees_all": sees_all,
        "may_supervise": actor.supervises,
        "may_act": actor.supervises or not sees_all,
        "new_key": new_key,
    }


def _line(gap: Gap, office_id: int, names: dict[int, str]) -> Line:
    if gap.action is GapAction.NAME_HEAD:
        is_administrator = Role.ADMIN in acting(office_id).roles
        gap = replace(gap, subject_id=gap.service_id) if is_administrator else replace(gap, action=GapAction.LOOK)
    way = WAYS[gap.action]
    subject: int | str = gap.subject_id
    if gap.action is GapAction.FOLLOW_UP and not gap.number:
        gap, subject = replace(gap, number=own_code(gap.subject_id)), own_address(gap.subject_id)
    named: dict[str, Any] = {way.argument: subject} if way.argument else {}
    if gap.action is GapAction.REASSIGN:
        named["back"] = "gaps"
    url = url_for(way.endpoint, office_id=office_id, **named)
    words = _kind(gap), names.get(gap.service_id, ""), gettext(ACTIONS[gap.action])
    is_case = gap.action in (GapAction.FOLLOW_UP, GapAction.ANSWER)
    file = url if is_case else url_for("supervisor.transaction", office_id=office_id, transaction_id=gap.transaction_id)
    return Line(gap, *words, way.icon, url, way.posts, file, subject if is_case else gap.transaction_id)


def _kind(gap: Gap) -> str:
    kind = gettext(KINDS[gap.kind])
    if not gap.waiting:
        return kind
    waiting = ngettext("%(num)d waiting", "%(num)d waiting", gap.waiting)
    return f"{kind} ({waiting})"


def _page(office_id: int, *, form: ThresholdsForm | None = None, status: int = 200) -> ResponseReturnValue:
    get_office(office_id)
    number = event_number(reader(), office_id)
    thresholds = get_thresholds(reader(), office_id)
    filled = form or ThresholdsForm(thresholds, blank=True)
    path = url_for("gaps.page", office_id=office_id)
    shown = {"number": number, "filled": filled, "form": form, "language_path": path, **_shown(office_id)}
    return render_template("gaps/page.html", **shown), status


@blueprint.post(f"{GAPS}/thresholds")
@access(SUPERVISING)
def change_thresholds(office_id: int) -> ResponseReturnValue:
    """Set from when on something is a gap."""
    form = ThresholdsForm(get_thresholds(reader(), office_id))
    if not form.validate_on_submit():
        return _page(office_id, form=form, status=422)
    request_ = asked(acting(office_id), "change_thresholds", wanted=str(form.wanted))
    return _carry_out(
        office_id,
        lambda: operations.change_thresholds(desk().streams, office_id, request_, form.wanted),
        lambda done: gettext("The thresholds are changed. The list follows them from now on."),
    )


@blueprint.post(f"{GAPS}/handoffs/<int:handoff_id>/withdrawal")
@access(SUPERVISING)
def withdraw(office_id: int, handoff_id: int) -> ResponseReturnValue:
    """Take an unanswered offer back: the transaction is the giver's as before."""
    request_ = asked(acting(office_id), "withdraw", handoff=handoff_id)
    return _carry_out(
        office_id,
        lambda: handing_off.withdraw(desk().streams, handoff_id, request_),
        lambda done: gettext("Withdrawn. The transaction is where it was before the offer."),
    )


@blueprint.post(f"{GAPS}/transactions/<int:transaction_id>/return")
@access(SUPERVISING)
def seat(office_id: int, transaction_id: int) -> ResponseReturnValue:
    """Return a visitor who was called and never served to the queue, with the original arrival time."""
    request_ = asked(acting(office_id), "return", transaction=transaction_id)
    return _carry_out(
        office_id,
        lambda: serving.return_to_queue(
            desk().streams, transaction_id, request_, reason=ReturnReason.COUNTER_PROBLEM, minutes=0
        ),
        lambda done: gettext("The visitor waits again, with the original arrival time."),
    )


@blueprint.post(f"{GAPS}/transactions/<int:transaction_id>/resumption")
@access(SUPERVISING)
def resume(office_id: int, transaction_id: int) -> ResponseReturnValue:
    """End a pause that is past its time: the work is on its holder's desk again."""
    request_ = asked(acting(office_id), "resume", transaction=transaction_id)
    return _carry_out(
        office_id,
        lambda: serving.resume(desk().streams, transaction_id, request_),
        lambda done: gettext("Resumed. The transaction is on its officer's desk again."),
    )


@blueprint.post(f"{GAPS}/earlier-days/closing")
@access(SUPERVISING)
def close_earlier_days(office_id: int) -> ResponseReturnValue:
    """Close every earlier day over those who still wait from then."""
    request_ = asked(acting(office_id), "close_earlier_days")
    return _carry_out(
        office_id,
        lambda: staffing.close_earlier_days(desk().streams, office_id, request_),
        lambda done: ngettext(
            "Closed over %(num)d visitor of an earlier day.",
            "Closed over %(num)d visitors of earlier days.",
            done.facts["closed"],
        ),
    )


def _carry_out(office_id: int, operation: Callable[[], Done], said: Callable[[Done], str]) -> ResponseReturnValue:
    """Do one operation and come back to the list with a sentence."""
    return done_and_told(operation, said, url_for("gaps.page", office_id=office_id))
