"""What administrators set in the browser: whether it holds, who can read it, and from where each value comes."""

import stat
from collections.abc import Collection, Iterator

from desk.cli.checks.base import Result, Subject, fault, good
from desk.settings_kept import FIELDS, file_of


def check_set_in_browser(subject: Subject) -> Iterator[Result]:
    """Whether the file can be used and is nobody else's to read; which settings come from it, and which do not."""
    kept, file = subject.settings.kept, file_of(subject.settings.data)
    if kept.fault:
        yield fault(
            f"What was set in the browser does not hold: {kept.fault}.",
            f"Set it anew on the page Server, or remove {file}.",
        )
    if file.exists() and file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield fault(f"{file} can be read by others, and may hold a password.", f"chmod 600 {file}")
    if not kept.fault:
        yield good(f"Set in the browser: {_listed(kept.used)}.")
    yield good(f"Of what can be set there, the environment sets: {_listed(kept.given)}.")


def _listed(names: Collection[str]) -> str:
    return ", ".join(name for name in FIELDS if name in names) or "nothing"
