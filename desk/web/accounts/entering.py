"""Letting somebody in whose first factor is proven: by password, by a one-time code, or by an identity provider.

Who has a second factor shows it first, and whom an office demands one of sets it up first: until then they are half way
in (`desk.web.accounts.half_way`), with which nothing opens.
"""

from typing import Final

from flask import redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user

from desk.domain.access import Role
from desk.domain.signing_in import How
from desk.operations.accounts.second_factors import is_demanded_of
from desk.reads.offices_of import list_retired
from desk.reads.opening import get_furniture
from desk.reads.second_factors import find_factor
from desk.web.accounts.half_way import begin_half
from desk.web.accounts.sessions import SignedIn, begin_session, find_signed_in
from desk.web.context import desk

# In the cookie: the session began at the identity provider; whose session did has signed out here.
AT_PROVIDER: Final = "openid_session"
LEFT_PROVIDER: Final = "openid_left"


def admit(
    person_id: int, *, wanted: str = "", how: How = How.PASSWORD, is_second_proven: bool = False
) -> ResponseReturnValue:
    """Lead the person on whose first factor is proven: to the second one, or in.

    `is_second_proven` where the identity provider, which the desk trusts in this, has asked for one.
    """
    streams = desk().streams
    with streams.reading() as connection:
        has_factor = find_factor(connection, person_id) is not None
        is_demanded = is_demanded_of(connection, person_id)
    if is_second_proven or not (has_factor or is_demanded):
        return let_in(person_id, wanted=wanted, how=how)
    begin_half(streams.engine, person_id, how=how, wanted=wanted, has_factor=has_factor, at=streams.clock())
    return redirect(url_for("second_factor.ask" if has_factor else "second_factor.set_up"), 303)


def let_in(person_id: int, *, wanted: str, how: How, first: How | None = None) -> ResponseReturnValue:
    """Begin a session and send the person to the page of ours they wanted, or to the first of their day."""
    person = begin(person_id, how=how, first=first)
    if person is None:
        return redirect(url_for("signin.form"), 303)
    return redirect(wanted or first_page(person), 303)


def begin(person_id: int, *, how: How, first: How | None = None) -> SignedIn | None:
    """Begin a session and return who is signed in; None for somebody who was disabled at this very moment.

    `first` is by what they came half way in.
    """
    streams = desk().streams
    at = streams.clock()
    secret = begin_session(streams.engine, person_id, at=at, hours=desk().settings.session_hours, how=how)
    person = find_signed_in(streams.engine, secret, at=at)
    if person is not None:
        login_user(person)
        if How.OIDC in (how, first):
            session[AT_PROVIDER] = True
    return person


def first_page(person: SignedIn) -> str:
    """Return where the day of the person begins: in an office that is in use, before one that is retired."""
    retired = _list_retired(person) if len(person.offices) > 1 else ()
    for office_id, roles in sorted(person.offices.items(), key=lambda each: (each[0] in retired, each[0])):
        if Role.AGENT in roles:
            return url_for("counter.console", office_id=office_id)
        if roles & {Role.SUPERVISOR, Role.AUDITOR}:
            return url_for("supervisor.today", office_id=office_id)
        if Role.ADMIN in roles and not _can_call(office_id):
            return url_for("checklist.page", office_id=office_id)
        if Role.ADMIN in roles:
            return url_for("gaps.page", office_id=office_id)  # what is late, of which nobody else would tell them
    return url_for("home.index")


def _list_retired(person: SignedIn) -> frozenset[int]:
    with desk().streams.reading() as connection:
        return list_retired(connection, person.offices)


def _can_call(office_id: int) -> bool:
    streams = desk().streams
    with streams.reading() as connection:
        return get_furniture(connection, office_id, at=streams.clock()).can_call
