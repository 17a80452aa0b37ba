"""Before somebody changes what lets people in, they show once more that it is them (ASVS 5.0, 7.5.1 and 7.5.3).

`@fresh` goes on a view for people who are signed in, below `@access`: whoever has not shown it in the last ten minutes
is led to the page that asks, and from there back.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from desk.web.accounts.sessions import SignedIn, prove_again
from desk.web.context import desk

View = TypeVar("View", bound=Callable[..., Any])


def fresh(view: View) -> View:
    """Let through who showed a few minutes ago that it is them; a form that was sent too late is to be sent again."""

    @wraps(view)
    def guarded(*arguments: Any, **named: Any) -> Any:
        if is_fresh():
            return view(*arguments, **named)
        if request.method in ("GET", "HEAD"):
            return redirect(url_for("account.confirmation", next=request.full_path.rstrip("?") or None), 303)
        return ask_first(page_of_form())

    return cast(View, guarded)


def ask_first(page: str) -> ResponseReturnValue:
    """Lead whoever sent a form too late to the page that asks, and from there to a page of ours to send it again."""
    flash(gettext("Nothing was changed yet. Confirm that it is you, and do it once more."), "error")
    return redirect(url_for("account.confirmation", next=page), 303)


def is_fresh() -> bool:
    """Tell whether whoever is signed in showed a few minutes ago that it is them."""
    return bool(current_user.is_authenticated and signed_in().is_proven(at=desk().streams.clock()))


def prove() -> None:
    """Note that whoever is signed in has shown it once more, by whatever way; their session gets a new secret."""
    streams = desk().streams
    prove_again(streams.engine, signed_in().secret, at=streams.clock())


def signed_in() -> SignedIn:
    """Return who is signed in."""
    return cast(SignedIn, current_user._get_current_object())


def page_of_form() -> str:
    """Return a page from which a form that cannot be taken now may have been sent: that with its address, if any."""
    if request.url_rule is not None and _is_page(request.path):
        return request.path
    office_id = (request.view_args or {}).get("office_id")
    return url_for("account.page") if office_id is None else url_for("staff.people", office_id=office_id)


def _is_page(path: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    return adapter is not None and adapter.test(path, method="GET")
