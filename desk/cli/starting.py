"""`desk up` and `desk init`: from nothing to a desk at work, with the demo offices or with one empty office."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

import desk
from desk.cli import database
from desk.cli.doubts import tell_doubts
from desk.cli.first_run import lines_without_office
from desk.cli.opening import log_to_stderr, prepare, read_settings
from desk.cli.refusing import Trouble, say
from desk.cli.serving import Place, outer_address, place_of, place_options, placed, run_processes
from desk.demo.loading import PASSWORDS, in_demo, load
from desk.domain.access import Role
from desk.domain.refusals import Refused
from desk.domain.staff import Contact, read_username, tidied
from desk.domain.texts import one_line
from desk.domain.zones import known_zones
from desk.models import Membership, Office, Person
from desk.models.engine import open_engine
from desk.operations.accounts.passwords import generate, hashed
from desk.operations.opening.furnishing import Furnishing, StaffPlan, furnish
from desk.operations.opening.setting_up import OfficePlan, PersonPlan
from desk.operations.stream import Streams
from desk.settings import Settings, load_keys
from desk.settings_values import LOOPBACK

# What stands where, below /offices/<id>; a test holds it against the routes.
FACES: Final[Mapping[str, str]] = {
    "Kiosk": "kiosk",
    "Lobby display": "display",
    "Counter": "counter",
    "Supervisor": "today",
}
SHOWN_OFFICES: Final = 5
CODE: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,38}")


@click.command()
@place_options
def up(*, host: str | None, port: int | None, processes: int | None, no_worker: bool) -> None:
    """Make everything ready and serve: what `make run` does.

    Makes the data folder and its secrets, brings the database up to this program, loads the demo offices once into a
    database that has no office (not with DESK_DEMO=0), then serves, with the worker beside, and says where each face
    is and how to sign in. Started again it keeps all data.
    """
    settings = read_settings()
    log_to_stderr(settings)
    tell_doubts(settings)
    prepare(settings)
    passwords = load_demo(settings) if settings.demo else {}
    place = place_of(settings, host=host, port=port, processes=processes, no_worker=no_worker)
    settings = placed(settings, place)
    run_processes(settings, place, announce=lambda _, on: say(*_announcement(settings, place, on, passwords=passwords)))


@click.command()
@click.option("--name", required=True, help='What the office is called: "KPKNL Bandung".')
@click.option("--code", required=True, help="A short name for commands and addresses: bandung.")
@click.option("--zone", required=True, help="Its time zone: Asia/Jakarta, Asia/Makassar or Asia/Jayapura.")
@click.option("--admin-username", required=True, help="The user name of whoever will administer it.")
@click.option("--admin-email", help="Their e-mail address: as a visitor they are not asked about the service.")
def init(*, name: str, code: str, zone: str, admin_username: str, admin_email: str | None) -> None:
    """Open an empty office instead of the demo, and print its administrator's password, once.

    Makes the data folder, the secrets and the database where there are none. Then run `desk serve`.
    """
    settings = read_settings()
    plan = _checked(OfficePlan(code, one_line(name), zone))
    try:
        username = read_username(admin_username)
    except Refused as refused:
        words = "use 3 to 80 of a-z, 0-9 and . - _, beginning with a letter or a digit"
        raise click.BadParameter(words, param_hint="--admin-username") from refused
    try:
        email = tidied(Contact(admin_email)).email
    except Refused as refused:
        raise click.BadParameter("write it like name@example.id", param_hint="--admin-email") from refused
    prepare(settings)
    password = generate()
    known_as = one_line(admin_username)
    person = PersonPlan(username, known_as, (Role.ADMIN,), email, password_hash=hashed(password))
    _open(settings, Furnishing(plan, username, {}, (), (StaffPlan(person),), ()))
    say(f"{plan.name} is open ({plan.code}).", f"Administrator {username}, password (shown this once): {password}")


def _checked(plan: OfficePlan) -> OfficePlan:
    if not CODE.fullmatch(plan.code):
        raise click.BadParameter("use a-z, 0-9 and -, at most 39", param_hint="--code")
    if not 0 < len(plan.name) <= 200:
        raise click.BadParameter("it must have 1 to 200 characters", param_hint="--name")
    if plan.zone not in known_zones():
        raise click.BadParameter(f"there is no zone {plan.zone!r}", param_hint="--zone")
    return plan


def _open(settings: Settings, plan: Furnishing) -> None:
    engine = open_engine(settings.database)
    try:
        furnish(Streams(engine, load_keys(settings)), [plan])
    except IntegrityError as error:
        raise Trouble("There is an office with this code, or somebody with this user name, already.") from error
    finally:
        engine.dispose()


def load_demo(settings: Settings) -> dict[str, str]:
    """Load the demo offices where there is no office yet; return the new passwords by user name."""
    engine = open_engine(settings.database)
    try:
        return load(engine, load_keys(settings), settings.data, now=datetime.now(UTC))
    finally:
        engine.dispose()


def _announcement(settings: Settings, place: Place, port: int, *, passwords: Mapping[str, str]) -> list[str]:
    base = f"http://{_reachable(place.host)}:{port}"
    kept = "SQLite" if settings.on_sqlite else "PostgreSQL"
    offices, staff = _inventory(settings)
    lines = ["", f"desk {desk.__version__} is ready at {base}  ({kept}, revision {database.head()})", ""]
    for office_id, name in offices[:SHOWN_OFFICES]:
        lines += [name, *(f"  {face:<14} {base}/offices/{office_id}/{path}" for face, path in FACES.items())]
    if len(offices) > SHOWN_OFFICES:
        lines.append(f"and {len(offices) - SHOWN_OFFICES} more at {base}/")
    first_run = lines_without_office(settings, outer_address(place.host, port))
    lines += first_run or ["", f"Sign in at {base}/sign-in", *_sign_in(settings.data, staff, passwords)]
    lines += ["", f"QR codes and messages point at {settings.public_url} (DESK_BASE_URL)"]
    if first_run and place.host in LOOPBACK:
        lines.append("Only this machine is served; with DESK_HOST=0.0.0.0 other counters, displays and phones are too.")
    elif place.host in LOOPBACK:
        lines.append("Only this machine is served; --host 0.0.0.0 serves the network too.")
    return [*lines, *_about_demo(settings), "Stop with Ctrl-C.", ""]


def _about_demo(settings: Settings) -> list[str]:
    """Return how to come from the demo to an office of one's own, which never stands in the demo's database."""
    engine = open_engine(settings.database)
    try:
        if not in_demo(engine):
            return []
    finally:
        engine.dispose()
    elsewhere = "DESK_DATA=var-office" if settings.on_sqlite else "DATABASE_URL=postgresql://… DESK_DATA=var-office"
    own = f"  {elsewhere} DESK_DEMO=0 DESK_HOST=0.0.0.0 make run"
    if settings.demo:
        return ["An office of your own, apart from this demo:", own]
    return ["", f"DESK_DEMO=0 loads no demo, but there is one in {settings.data} already, and this is it.", own, ""]


def _sign_in(data: Path, staff: list[tuple[str, str, str]], passwords: Mapping[str, str]) -> list[str]:
    if not passwords:
        file = data / PASSWORDS
        return [f"  demo passwords are in {file}"] if staff and file.exists() else []
    lines = [
        f"  {username:<10} {passwords[username]}   {role:<10} {office}"
        for username, role, office in staff
        if username in passwords
    ]
    return [*lines, f"  shown this once; kept in {data / PASSWORDS}"]


def _inventory(settings: Settings) -> tuple[list[tuple[int, str]], list[tuple[str, str, str]]]:
    """Return the offices in use, and the staff of a demo: user name, role, office."""
    engine = open_engine(settings.database)
    try:
        with engine.connect() as connection:
            in_use = select(Office.id, Office.name).where(Office.retired_at.is_(None))
            offices = connection.execute(in_use.order_by(Office.id)).tuples().all()
            query = (
                select(Person.username, Membership.role, Office.name)
                .join(Membership, Membership.person_id == Person.id)
                .join(Office, Office.id == Membership.office_id)
                .order_by(Office.id, Person.id)
            )
            staff = connection.execute(query).tuples().all() if in_demo(engine) else []
        return [(each[0], each[1]) for each in offices], [(each[0], each[1], each[2]) for each in staff]
    finally:
        engine.dispose()


def _reachable(host: str) -> str:
    if host in ("0.0.0.0", "::", ""):  # noqa: S104  what is compared, not listened on
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
