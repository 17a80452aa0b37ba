"""Whose a folder is: a command that runs as another user than the desk leaves files that the desk cannot open."""

import os
import pwd
from pathlib import Path

import click

from desk.cli.refusing import Trouble


def require_own(folder: Path) -> None:
    """Raise `Trouble` where root works in somebody else's data folder, or somebody in one that may not be written."""
    if not folder.is_dir():
        return
    owner, me = folder.stat().st_uid, os.geteuid()
    if owner == me or (me != 0 and os.access(folder, os.W_OK | os.X_OK)):
        return
    command = click.get_current_context(silent=True)
    path = command.command_path if command is not None else "desk"
    raise Trouble(
        f"The data folder {folder} belongs to {name_of(owner)}, and this runs as {name_of(me)}."
        f" Run it as its owner: `sudo -u {name_of(owner)} {path}`"
    )


def told_of(path: Path) -> str:
    """Return who owns a file or a folder (the nearest one above it that is there), and who asks."""
    while not path.exists() and path != path.parent:
        path = path.parent
    return f"{path} belongs to {name_of(path.stat().st_uid)}, and this runs as {name_of(os.geteuid())}"


def name_of(user: int) -> str:
    """Return the name of a user, the number where there is none."""
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"#{user}"
