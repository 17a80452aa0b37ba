"""The token of the first run: printed once at the first start without an office, and anew by `desk setup-token`."""

import click

from desk.cli.opening import opened
from desk.cli.refusing import Trouble, say
from desk.domain.opening import SETUP_TOKEN_LASTS
from desk.domain.refusals import Refused
from desk.models.engine import open_engine
from desk.operations.opening.first_run import offer_token, renew_token
from desk.operations.opening.furnishing import record_openings
from desk.operations.stream import Streams
from desk.reads.first_run import has_office
from desk.settings import Settings, load_keys

HOURS = int(SETUP_TOKEN_LASTS.total_seconds() // 3600)


@click.command("setup-token")
def setup_token_command() -> None:
    """Print a new token for the set-up page, in the place of the one before.

    Whoever has it opens the first office of this installation in the browser, and becomes its administrator. It works
    for a day and once; as soon as there is an office there is none.
    """
    with opened() as desk:
        try:
            token = renew_token(desk.streams)
        except Refused as refused:
            raise Trouble("There is an office already; its administrators sign in.") from refused
        say(*_lines(token, _outer(desk.settings)))


def _outer(settings: Settings) -> str:
    """Return where the page answers: as a start says it, which may be on this machine alone."""
    from desk.cli.serving import outer_address  # which says this at its start

    return settings.base_url.rstrip("/") or outer_address(settings.host, settings.port)


def lines_without_office(settings: Settings, base: str) -> list[str]:
    """Return what a start has to say where there is no office yet: the token, the first time; nothing with an office.

    What a kill left out when an office was opened is completed then.
    """
    engine = open_engine(settings.database)
    try:
        streams = Streams(engine, load_keys(settings))
        with streams.reading() as connection:
            is_open = has_office(connection)
        if is_open:
            record_openings(streams)
            return []
        token = offer_token(streams)
    finally:
        engine.dispose()
    if token is not None:
        return ["", *_lines(token, base)]
    known = f"No office has been set up yet: {base}/set-up"
    return ["", known, "  The token was printed before; `desk setup-token` prints a new one."]


def _lines(token: str, base: str) -> list[str]:
    return [
        f"Set up your office at {base}/set-up",
        f"  set-up token (shown this once, works for {HOURS} hours): {token}",
    ]
