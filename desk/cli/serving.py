"""`desk serve` and `desk worker`: the processes of a desk."""

import functools
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import click

from desk.cli.doubts import tell_doubts
from desk.cli.first_run import lines_without_office
from desk.cli.opening import log_to_stderr, read_settings, require_current
from desk.cli.refusing import Trouble, say
from desk.demo.loading import in_demo
from desk.domain.topics import topics_of
from desk.lan import lan_address
from desk.models.engine import open_engine
from desk.serving import Front, Limits, NotStarted, Options, build_asgi, usual_processes
from desk.serving import serve as serve_processes
from desk.serving.notifying import tell_supervisor
from desk.settings import Settings
from desk.settings_values import LOOPBACK
from desk.watching.sharing import Sharing, make_folder
from desk.watching.traffic import Traffic


@dataclass(frozen=True, slots=True)
class Place:
    """Where to listen, whether somebody asked for that host in so many words, and with how many processes."""

    host: str
    port: int
    asked: bool
    processes: int
    with_worker: bool = True


def place_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say where to listen."""
    options = (
        click.option("--host", help="Address to listen on; DESK_HOST or 127.0.0.1 unless given. 0.0.0.0 is all."),
        click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; PORT or 8000 unless given."),
        click.option("--processes", type=click.IntRange(1, 64), help="Server processes; one on SQLite, else two."),
        click.option("--no-worker", is_flag=True, help="Serve only; run `desk worker` elsewhere."),
    )
    return functools.reduce(lambda wrapped, option: option(wrapped), reversed(options), command)


def place_of(
    settings: Settings, *, host: str | None, port: int | None, processes: int | None, no_worker: bool
) -> Place:
    """Return where to listen: what the command line says, else the settings."""
    return Place(
        settings.host if host is None else host,
        settings.port if port is None else port,
        asked=host is not None,
        processes=processes or settings.processes or usual_processes(settings.database),
        with_worker=not no_worker,
    )


@click.command()
@place_options
def serve(*, host: str | None, port: int | None, processes: int | None, no_worker: bool) -> None:
    """Serve the pages, the API and the event streams, with the worker beside them, until Ctrl-C or SIGTERM.

    The database must have been upgraded (`desk db upgrade`; `desk up` does both). A demo office is not shown to the
    network unless --host says so.
    """
    settings = read_settings()
    require_current(settings)
    log_to_stderr(settings)
    tell_doubts(settings)
    place = place_of(settings, host=host, port=port, processes=processes, no_worker=no_worker)

    def announce(at: str, on: int) -> None:
        base = f"http://{_in_url(at)}:{on}"
        outer = settings.base_url.rstrip("/") or outer_address(at, on)
        say(f"Ready at {base}", *lines_without_office(settings, outer))

    run_processes(settings, place, announce=announce)


@click.command()
def worker() -> None:
    """Send messages and end offers that nobody answered in time, until Ctrl-C or SIGTERM.

    `desk serve` runs one by itself. Any number may run, on any machine that reaches the database and has the secrets.
    """
    from desk.cli.worker import worker as work

    settings = read_settings()
    require_current(settings)
    log_to_stderr(settings)
    tell_doubts(settings)
    try:
        work(settings)
    except ValueError as error:
        raise Trouble(str(error)) from error


def run_processes(settings: Settings, place: Place, *, announce: Callable[[str, int], None]) -> None:
    """Serve until told to end; `announce(host, port)` is called once everything runs."""
    settings = placed(settings, place)
    _require_discretion(settings, place)
    companions = [_companion(settings)] if place.with_worker else []
    options = Options(place.host, place.port, place.processes)

    def announced(host: str, port: int) -> None:
        announce(host, port)
        tell_supervisor()

    folder = make_folder() if settings.watching.token else None
    try:
        serve_processes(lambda: front(settings, folder), options, companions=companions, ready=announced)
    except OSError as error:
        raise Trouble(f"Cannot listen on {place.host}:{place.port}: {error.strerror or error}.") from error
    except NotStarted as error:
        raise Trouble(f"The server did not start ({error}); the lines above say why.") from error
    finally:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)


def placed(settings: Settings, place: Place) -> Settings:
    """Return settings that know where the desk really listens, whatever the command line changed of it."""
    host, port = place.host, place.port or settings.port
    own = settings.own and replace(settings.own, host=host, port=port)
    return replace(settings, host=host, port=port, own=own)


def _companion(settings: Settings) -> Callable[[], None]:
    def delivery() -> None:
        from desk.cli.worker import worker as work

        work(settings)

    return delivery


def _require_discretion(settings: Settings, place: Place) -> None:
    """Keep a demo office, whose passwords lie in a file, on this machine unless the command line says otherwise."""
    if place.asked or place.host in LOOPBACK:
        return
    engine = open_engine(settings.database)
    try:
        if in_demo(engine):
            raise Trouble(
                f"This is the demo: it listens on {place.host} only when the command line says so: --host {place.host}"
            )
    finally:
        engine.dispose()


def front(settings: Settings, folder: Path | None = None) -> Front:
    """Return what one server process serves: the application, and the hub that its commits poke.

    With a folder, requests are counted for the metrics, and the counts of all processes added up there.
    """
    from desk.api import BASE
    from desk.app import create_app
    from desk.push.hub import Hub
    from desk.web.accounts.sessions import is_signed_in
    from desk.web.limits import LARGE_BYTES, LARGE_PATHS
    from desk.web.probes import PATHS

    hub = Hub(open_engine(settings.database), topics_of=topics_of)
    traffic = None if folder is None else Traffic()
    sharing = None if traffic is None else Sharing(traffic, folder)
    app = create_app(settings, after_commit=hub.poke, traffic=traffic, sharing=sharing)
    limits = Limits(
        threads=settings.threads,
        brief_paths=re.compile(f"{BASE}/.*") if settings.on_sqlite else None,  # another server may be far away
        large_paths=LARGE_PATHS,
        may_send_large=functools.partial(is_signed_in, app),
        large_bytes=LARGE_BYTES,
        has_page_for_large=True,
        probe_paths=PATHS,
    )
    if traffic is None or sharing is None:
        return build_asgi(app, hub, limits=limits, proxies=settings.trusted_proxies)
    sharing.start()
    return build_asgi(
        app,
        hub,
        limits=limits,
        proxies=settings.trusted_proxies,
        answered=traffic.answered,
        streaming=traffic.streaming,
    )


def outer_address(host: str, port: int) -> str:
    """Return where a browser reaches what listens there: this machine's address where all of them are listened on."""
    is_everywhere = host in ("0.0.0.0", "::", "")  # noqa: S104  what is compared, not listened on
    return f"http://{lan_address() if is_everywhere else _in_url(host)}:{port}"


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
