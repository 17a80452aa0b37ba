"""Which voices there are, in words."""

from typing import Final

from desk.wording import N_

# By languages in their order, separated by a blank.
VOICES: Final[dict[str, str]] = {
    "id": N_("Indonesian"),
    "en": N_("English"),
    "id en": N_("Indonesian, then English"),
    "en id": N_("English, then Indonesian"),
    "none": N_("No voice, the chime alone"),
}
TIMES: Final[dict[int, str]] = {1: N_("Once"), 2: N_("Twice"), 3: N_("Three times")}
SILENT: Final = "none"
EXAMPLES: Final[dict[str, str]] = {"id": N_("Listen, in Indonesian"), "en": N_("Listen, in English")}


def voice_of(languages: tuple[str, ...]) -> str:
    """Return which voice it is that speaks these languages."""
    return " ".join(languages) or SILENT
