"""Who may open which page: denied unless the view says otherwise."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from desk.domain.access import PUBLIC, Role, Rule
from desk.domain.identity import office_of
from desk.operations.accounts.security_log import Alarm

View = TypeVar("View", bound=Callable[..., Any])
ENTITY_ARGUMENTS: Final = frozenset(
    {
        "transaction_id", "handoff_id", "visit_id", "invitation_id", "delivery_id", "request_id", "batch_id",
        "absence_id", "duty_id", "message_id", "snippet_id", "follow_up_id", "voice_id", "improvement_id", "point_id",
        "change_id", "device_id", "notice_id",
    }
)  # fmt: skip


SIGNED_IN: Final = Rule(signed_in=True)


def in_office(*roles: Role) -> Rule:
    """Return the rule for holders of one of the roles in the office that the address names."""
    return Rule(roles=frozenset(roles))


AT_THE_FRONT: Final = in_office(Role.AGENT, Role.SUPERVISOR)
OVERSEEING: Final = in_office(Role.SUPERVISOR, Role.AUDITOR)
SUPERVISING: Final = in_office(Role.SUPERVISOR)
AUDITING: Final = in_office(Role.AUDITOR)


def access(rule: Rule) -> Callable[[View], View]:
    """Declare who may open a view; a test demands it of every route."""

    def declare(view: View) -> View:
        view.access = rule  # type: ignore[attr-defined]
        return view

    return declare


def rule_of(app: Flask, endpoint: str) -> Rule | None:
    """Return the declared rule of an endpoint, None for one that declares nothing (and is therefore closed)."""
    if endpoint == "static":
        return PUBLIC
    return getattr(app.view_functions[endpoint], "access", None)


def guard() -> ResponseReturnValue | None:
    """Let a request through, send it to the sign-in, or refuse it; runs before every view."""
    if request.endpoint is None:
        return None
    rule = rule_of(current_app, request.endpoint)
    if rule is None:
        abort(403)
    if rule.public:
        return None
    if not current_user.is_authenticated:
        if request.method in ("GET", "HEAD"):
            g.alarm = Alarm.NOT_SIGNED_IN
            return redirect(url_for("signin.form", next=request.full_path.rstrip("?")))
        abort(401)
    if rule.signed_in:
        return None
    _require_office(rule, dict(request.view_args or {}))
    return None


def _require_office(rule: Rule, arguments: dict[str, Any]) -> None:
    """Refuse without one of the roles in that office; what belongs to another office does not exist here."""
    office_id = arguments.get("office_id")
    if not isinstance(office_id, int) or not current_user.roles_in(office_id) & rule.roles:
        abort(403)
    for name in ENTITY_ARGUMENTS & arguments.keys():
        if office_of(arguments[name]) != office_id:
            g.alarm = Alarm.NOT_THEIRS
            abort(404)
