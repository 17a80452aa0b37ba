"""Choices of an address, as the filters of lists have them; what cannot be chosen is told, never widened to all."""

from collections.abc import Container

from flask import request

LONGEST_SHOWN = 40


class Choices:
    """What an address chooses; `unknown` has, by the name of its field, what was asked for and does not exist."""

    def __init__(self) -> None:
        self.unknown: dict[str, str] = {}

    def code(self, name: str, known: Container[str]) -> str:
        """Return the code that was chosen, empty for all."""
        given = request.args.get(name, "").strip()
        if not given or given in known:
            return given
        self.unknown[name] = _shown(given)
        return ""

    def number(self, name: str, known: Container[int]) -> int:
        """Return the id that was chosen, 0 for all."""
        given = request.args.get(name, "").strip()
        found = int(given) if given.isascii() and given.removeprefix("-").isdigit() and len(given) < 10 else None
        if given in ("", "0"):
            return 0
        if found is not None and found in known:
            return found
        self.unknown[name] = _shown(given)
        return 0


def _shown(given: str) -> str:
    """Return what was asked for as a page can show it: the beginning, without what no page may have in it."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in given[:LONGEST_SHOWN])
