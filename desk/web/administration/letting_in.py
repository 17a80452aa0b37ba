"""Letting everybody in who has no password yet, in one step: links by mail, and a sheet of codes for the rest."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, format_datetime, gettext

from desk.domain.access import Role
from desk.domain.letting_in import MOST_AT_ONCE, LetIn, LetInBy
from desk.domain.signing_in import INVITED_FOR
from desk.models import db
from desk.operations.accounts.letting_in import let_many_in
from desk.operations.accounts.passwords import generate
from desk.operations.requests import Done
from desk.reads.newcomers import Newcomer, count_newcomers, list_let_in, list_newcomers
from desk.web.access import access, in_office
from desk.web.accounts.reauthentication import fresh
from desk.web.administration.checklist_steps import is_only_on_this_machine
from desk.web.administration.mail_doubt import find_mail_doubt
from desk.web.context import acting, asked, desk, get_office, reader
from desk.web.errors import back_with
from desk.web.forms.fields import new_key
from desk.wording.letting_in import BECAME

blueprint = Blueprint("letting_in", __name__)
ADMINISTERING: Final = in_office(Role.ADMIN)
PLACE: Final = "/offices/<int:office_id>/staff/invitations"
FIELD: Final = "by-"
LONGEST_ID: Final = 9


@dataclass(frozen=True, slots=True)
class Strip:
    """What is cut off the sheet for one person, in their language."""

    language: str
    title: str
    username: str
    how: str
    code: str
    until: str


@blueprint.get(PLACE)
@access(ADMINISTERING)
@fresh
def page(office_id: int) -> ResponseReturnValue:
    """Show who has no password yet, and by what each would be let in."""
    get_office(office_id)
    return _page(office_id)


@blueprint.post(PLACE)
@access(ADMINISTERING)
@fresh
def let_in(office_id: int) -> ResponseReturnValue:
    """Mail the links and make the codes, and show what became of each; codes are shown this once."""
    get_office(office_id)
    wanted = _wanted()
    if not 0 < len(wanted) <= MOST_AT_ONCE:
        return _page(office_id, fault=gettext("Choose for at least one person how they are let in.")), 422
    codes = {each: generate() for each, by in wanted.items() if by is LetInBy.CODE}
    request_ = asked(acting(office_id), "let_many_in", people=sorted(wanted.items()))
    done = let_many_in(desk().streams, office_id, wanted, codes, request_)
    if done.repeated:
        words = gettext("This was done already, and codes are shown only once. Make new ones if they were not printed.")
        return back_with(words, url_for("letting_in.page", office_id=office_id))
    return _result(office_id, done, codes)


def _wanted() -> dict[int, LetInBy]:
    """Return by what whom; what no page of ours sends is nobody."""
    known = {each.value for each in LetInBy}
    found = {}
    for name, by in request.form.items():
        number = name.removeprefix(FIELD)
        if name != number and number.isascii() and number.isdigit() and len(number) <= LONGEST_ID and by in known:
            found[int(number)] = LetInBy(by)
    return found


def _page(office_id: int, fault: str = "") -> str:
    newcomers = list_newcomers(reader(), office_id, at=desk().streams.clock())
    doubt = find_mail_doubt(office_id)
    return render_template(
        "staff/invitations.html",
        newcomers=newcomers,
        chosen={each.id: _proposed(each, is_mail_good=doubt is None) for each in newcomers},
        further=max(0, count_newcomers(reader(), office_id) - len(newcomers)),
        field=FIELD,
        mail_doubt=doubt,
        fault=fault,
        new_key=new_key,
    )


def _proposed(newcomer: Newcomer, *, is_mail_good: bool) -> LetInBy | None:
    """Return by what somebody would be let in: nothing while a link or a code of theirs still works."""
    if newcomer.invited_until is not None:
        return None
    return LetInBy.MAIL if newcomer.email and is_mail_good else LetInBy.CODE


def _result(office_id: int, done: Done, codes: dict[int, str]) -> str:
    db.session.rollback()  # what is read now is as of after the change
    office = get_office(office_id)
    became = {int(each): LetIn(said) for each, said in done.facts["people"]}
    people = list_let_in(reader(), office_id, became, at=done.time)
    with_code = [each for each in people if became[each.id] is LetIn.CODE_MADE]
    return render_template(
        "staff/invited.html",
        people=[(each, gettext(BECAME[became[each.id]])) for each in people],
        strips=list(_strips(office.name, with_code, codes, until=done.time + INVITED_FOR)),
        mail_doubt=find_mail_doubt(office_id) if LetIn.MAILED in became.values() else None,
        is_only_here=bool(with_code) and is_only_on_this_machine(desk().settings),
        language_path=url_for("letting_in.page", office_id=office_id),
    )


def _strips(office: str, people: Iterable[Newcomer], codes: dict[int, str], *, until: datetime) -> Iterable[Strip]:
    is_reachable = not is_only_on_this_machine(desk().settings)
    place = f"{desk().settings.public_url}{url_for('invitation.form')}" if is_reachable else ""
    for each in people:
        with force_locale(each.language):
            said = gettext("%(name)s, %(office)s", name=each.name, office=office)
            username = gettext("You sign in as %(username)s.", username=each.username)
            moment = format_datetime(until, gettext("d MMM y, HH:mm"))
            works = gettext("It works once, until %(moment)s. Give it to nobody else.", moment=moment)
            yield Strip(each.language, said, username, _how(place), codes[each.id], works)


def _how(place: str) -> str:
    if place:
        return gettext("Open %(place)s, type in this code and choose a password of your own:", place=place)
    return gettext("Choose “I was given a one-time code” on the page of the sign-in, type in this code and a password:")
