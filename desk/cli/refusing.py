"""How commands fail: one sentence on standard error and an exit code that a script can use, never a traceback.

0 done, or all is well · 1 what was examined does not hold · 2 the command was not understood (click's own) · 3 it could
not be done: the database is away or of another version, a file cannot be written, a rule refused.
"""

import os
import sys
from typing import Any, Final

import click
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from desk.domain.refusals import Refused
from desk.wording.refusals import SENTENCES

DOES_NOT_HOLD: Final = 1
# What the system or SQLite says without naming the file.
PLACELESS: Final = ("No space left", "disk is full", "unable to open", "readonly database", "disk I/O", "quota")


class Trouble(click.ClickException):
    """It could not be done."""

    exit_code = 3


class DeskGroup(click.Group):
    """A group whose commands answer what can go wrong in a sentence."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what is expected to go wrong becomes `Trouble`."""
        try:
            return super().invoke(ctx)
        except Refused as refused:
            raise Trouble(sentence(refused)) from refused
        except BrokenPipeError:
            raise
        except (SQLAlchemyError, OSError) as error:
            raise Trouble(f"{reason_of(error)}{_where(error)}") from error


def sentence(refused: Refused) -> str:
    """Return a refusal in English, with what was refused."""
    details = ", ".join(f"{name} {value}" for name, value in refused.details.items())
    text = SENTENCES[refused.reason].text if not details else f"{SENTENCES[refused.reason].text} ({details})"
    try:
        return text % refused.details
    except (KeyError, TypeError, ValueError):
        return text


def reason_of(error: Exception) -> str:
    """Return what went wrong in one line, without the statement and its parameters."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    lines = [line.strip() for line in str(cause).splitlines() if line.strip()]
    said = lines[0] if lines else type(cause).__name__
    return f"The database says: {said}" if isinstance(error, SQLAlchemyError) else said


def _where(error: Exception) -> str:
    """Return where what has no path of its own went wrong: a disk that is full, a database that is not a server's."""
    text = str(error)
    if getattr(error, "filename", None) or not any(words in text for words in PLACELESS):
        return ""
    return f" (data folder: {os.environ.get('DESK_DATA', '').strip() or 'var'})"


def say(*lines: str) -> None:
    """Write lines to standard output, at once."""
    for line in lines:
        click.echo(line)
    sys.stdout.flush()
