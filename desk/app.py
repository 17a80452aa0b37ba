"""The application: extensions, faces, API, headers. Everything that is set up once is set up here."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from flask import Flask
from flask_babel import Babel
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from desk import api
from desk.limiting import limits_uri
from desk.models import db
from desk.models.engine import engine_options, prepared
from desk.operations.stream import Streams
from desk.secret_names import COOKIES
from desk.settings import Settings, load_keys
from desk.watching.sharing import Sharing
from desk.watching.traffic import Traffic
from desk.web import (
    branding,
    by_address,
    changes,
    compression,
    counter_words,
    errors,
    gateway_receipts,
    home,
    icons,
    probes,
    security_notes,
    themes,
)
from desk.web.access import guard
from desk.web.accounts import (
    account,
    factor_demand,
    invitation,
    known_devices,
    openid,
    openid_leaving,
    own_factor,
    second_factor,
    signin,
)
from desk.web.accounts.sessions import SignedIn, find_signed_in, note_use
from desk.web.administration import (
    access_log,
    calendar_imports,
    calendar_keeping,
    checklist,
    console_settings,
    devices,
    display_messages,
    facilities,
    first_run,
    identity,
    letting_in,
    outbox,
    privacy,
    reasons,
    retirement,
    server_backups,
    server_keepers,
    server_settings,
    setting_changes,
    sign_ins,
    staff,
    staff_access,
    staff_names,
    survey_settings,
    trail,
)
from desk.web.administration import calls_by_voice as announcements
from desk.web.administration import counters as administration_counters
from desk.web.administration import imports as administration_imports
from desk.web.administration import messages as administration_messages
from desk.web.administration import office as administration_office
from desk.web.administration import phones as administration_phones
from desk.web.administration import planned as administration_planned
from desk.web.administration import pools as administration_pools
from desk.web.administration import priorities as administration_priorities
from desk.web.administration import services as administration_services
from desk.web.administration import skills as administration_skills
from desk.web.context import Desk
from desk.web.counter import absences, own_day, reception, shift
from desk.web.counter import console as counter
from desk.web.counter import habits as console_habits
from desk.web.headers import CookieSessions, add_headers, never_kept, with_fixed_headers
from desk.web.kiosk import aloud, door
from desk.web.kiosk import returning as kiosk_return
from desk.web.limits import bound_bodies, limit_posts
from desk.web.lobby import display, pairing, printing
from desk.web.locale import DATES, choose_language, choose_zone, page_context
from desk.web.marking import mark_route
from desk.web.reports import coverage as survey_coverage
from desk.web.reports import fairness, follow_up_report
from desk.web.reports import waits_and_work as reports
from desk.web.satisfaction import documents as satisfaction_documents
from desk.web.satisfaction import pages as satisfaction
from desk.web.satisfaction import public as satisfaction_public
from desk.web.supervision import corrections, floor, follow_ups, gaps, improvement_plans, transaction_print, voices
from desk.web.supervision import transactions as supervisor
from desk.web.survey import by_link as survey
from desk.web.survey import paper, posters, revoking, tablet
from desk.web.survey import points as survey_points
from desk.web.survey import preview as questionnaire_preview
from desk.web.visitor import complaints, more_time, phone_app, unsubscribe
from desk.web.visitor import status as visitor

PACKAGE: Final = Path(__file__).parent
MAX_BODY: Final = 256 * 1024
FACES: Final = (
    home, signin, counter_words, icons, more_time, phone_app, door, aloud, administration_phones,
    console_settings, console_habits, own_day, kiosk_return, visitor, survey, display, changes,
    counter, reception, shift, floor, gaps, supervisor, outbox,
    absences, staff, reasons, corrections, calendar_imports, calendar_keeping, questionnaire_preview, reports, fairness,
    satisfaction,
    paper, satisfaction_documents, satisfaction_public, improvement_plans,
    trail, access_log, transaction_print, revoking, survey_settings, survey_coverage, unsubscribe,
    follow_ups, follow_up_report, voices, facilities, complaints, gateway_receipts, posters, tablet,
    first_run, checklist, identity, privacy, setting_changes, sign_ins,
    invitation, account, themes, branding, staff_access, staff_names, letting_in,
    administration_services, administration_skills,
    survey_points, announcements,
    second_factor, own_factor, factor_demand, openid, openid_leaving,
    probes,
    devices, pairing, printing, administration_imports,
    administration_messages,
    administration_office, retirement, administration_counters, administration_pools,
    administration_priorities, administration_planned,
    server_settings, server_backups, server_keepers, display_messages,
)  # fmt: skip


def resource(name: str) -> Path:
    """Return a folder that lies beside the package in a checkout and inside it in the wheel."""
    inside = PACKAGE / "_resources" / name
    return inside if inside.is_dir() else PACKAGE.parent / name


def quiet(office_id: int) -> None:
    """Tell nobody of a commit: the processes that hold streams notice by themselves."""


def create_app(
    settings: Settings,
    *,
    after_commit: Callable[[int], None] = quiet,
    traffic: Traffic | None = None,
    sharing: Sharing | None = None,
) -> Flask:
    """Return the application for these settings; the database must have been upgraded.

    `after_commit` is told the office of every change (the push hub of a server process), `traffic` of every commit;
    `sharing` knows what all processes of the server counted.
    """
    app = Flask("desk", template_folder=str(resource("templates")), static_folder=str(resource("static")))
    _configure(app, settings)
    db.init_app(app)
    with app.app_context():
        engine = prepared(db.engine)
    streams = Streams(engine, load_keys(settings), after_commit=after_commit, watch=traffic)
    app.extensions["desk"] = Desk(settings, streams)
    _extend(app)
    for face in FACES:
        app.register_blueprint(face.blueprint)
    limit_posts(app)
    known_devices.install(app)
    probes.install(app, engine, revision=_revision, knows=_knows, sharing=sharing or Sharing(traffic or Traffic()))
    errors.install(app, errors.page_of)
    app.url_value_preprocessor(mark_route)
    app.before_request(guard)
    app.after_request(add_headers)
    app.after_request(compression.compress)
    app.after_request(aloud.give_voice)  # before it is compressed: these run from the last to the first
    beside = api.create_api(app)
    beside.url_value_preprocessor(mark_route)
    security_notes.install(app, beside)
    errors.install(beside, api.problem_of)
    app.extensions["desk_api"] = beside
    app.wsgi_app = _in_front(app, beside, settings.trusted_proxies)  # type: ignore[method-assign]
    return app


@cache
def _revision() -> str:
    """Return the newest revision this program knows; looked up when somebody asks first, and once."""
    from desk.cli.database import head

    return head()


@cache
def _knows(revision: str) -> bool:
    from desk.cli.database import knows

    return knows(revision)


def _in_front(pages: Flask, beside: Flask, proxies: int) -> Callable[..., Iterable[bytes]]:
    """Return the application that gives each request to the pages or to the API."""
    page_app, api_app = pages.wsgi_app, never_kept(beside.wsgi_app)

    def dispatch(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        chosen = api_app if environ["PATH_INFO"].startswith(api.PREFIX) else page_app
        return chosen(environ, start_response)

    inner = with_fixed_headers(dispatch)
    return ProxyFix(inner, x_for=proxies, x_proto=proxies, x_host=proxies) if proxies else inner


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret(COOKIES),
        TESTING=settings.testing,
        DEBUG=False,  # whatever FLASK_DEBUG says
        SQLALCHEMY_DATABASE_URI=settings.database,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database),
        SESSION_COOKIE_NAME="__Host-desk" if settings.tls else "desk",
        SESSION_COOKIE_SECURE=settings.tls,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # How old a cookie may be. Sessions of staff end by their row; a visitor's page may be sent days after it came.
        PERMANENT_SESSION_LIFETIME=timedelta(days=31),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # it wants a Referer, which our own policy withholds; the token is the protection
        MAX_CONTENT_LENGTH=MAX_BODY,
        BABEL_DEFAULT_LOCALE="id",
        BABEL_TRANSLATION_DIRECTORIES=str(resource("translations")),
        RATELIMIT_STORAGE_URI=limits_uri(settings),
        RATELIMIT_STRATEGY="fixed-window",
        RATELIMIT_HEADERS_ENABLED=True,
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,
    )
    app.session_interface = CookieSessions()
    app.jinja_env.trim_blocks = False
    app.url_map.strict_slashes = False
    app.url_map.converters["follow_up"] = follow_ups.FollowUpConverter
    app.url_map.converters["message_text"] = administration_messages.MessageTextConverter


def _extend(app: Flask) -> None:
    app.before_request(bound_bodies)  # before the token of the form is looked for in it
    forgery = CSRFProtect(app)
    for view in (unsubscribe.ONE_CLICK, gateway_receipts.MACHINES, *by_address.FORMS.values()):
        forgery.exempt(view)
    app.before_request(by_address.refuse_other_sites)
    Babel(app, date_formats=DATES, locale_selector=choose_language, timezone_selector=choose_zone)
    app.context_processor(page_context)
    logins = LoginManager(app, add_context_processor=False)  # it would ask the database for every page of an error
    logins.session_protection = None  # the session row decides; an address may change on a mobile network

    @logins.user_loader  # type: ignore[untyped-decorator]
    def load(secret: str) -> SignedIn | None:
        known: Desk = app.extensions["desk"]
        engine, at = known.streams.engine, known.streams.clock()
        person = find_signed_in(engine, secret, at=at, idle=known.settings.session_idle)
        if person is not None:
            note_use(engine, person, at=at)
        return person

    _ = load
