"""Whether this server has a voice for what is not recorded: pages of the kiosk, names of counters."""

from collections.abc import Iterator

from desk.announcing.reading import has_speaker
from desk.cli.checks.base import Result, Subject, good, warning


def check_voice(subject: Subject) -> Iterator[Result]:
    """Whether the kiosk is read aloud, and counters are called by a name of their own."""
    if has_speaker():
        yield good("eSpeak NG reads the kiosk aloud, and says the names of counters.")
    else:
        yield warning(
            "This server has no voice: numbers are said, but no page is read aloud and no counter called by its name.",
            "Install eSpeak NG (`apt install libespeak-ng1`) and restart the desk.",
        )
