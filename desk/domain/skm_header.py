"""The line of column names of a survey file: which regulation it follows, and what stands in which column."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from desk.domain.skm_elements import INSTRUMENTS, Instrument, Regulation
from desk.domain.skm_profile import HEADS as PROFILE_HEADS
from desk.domain.texts import one_line

RESPONDENT: Final = "responden"
_RESPONDENT_HEADS: Final = frozenset({RESPONDENT, "respondent", "id_responden", "respondent_id", "id"})
_NUMBERED: Final = re.compile(r"u_?\d{1,2}", re.ASCII)


class HeaderFault(StrEnum):
    """Why the line of column names is refused, and with it the file."""

    EMPTY_FILE = "empty_file"
    NO_ELEMENTS = "no_elements"
    NUMBERED = "numbered"
    ELEMENT_MISSING = "element_missing"
    COLUMN_TWICE = "column_twice"
    RULES_MIXED = "rules_mixed"


@dataclass(frozen=True, slots=True)
class Header:
    """The columns in the order of the file, each by its key; None for those that are not taken over (`left_out`)."""

    instrument: Instrument
    columns: tuple[str | None, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BadHeader:
    """What is wrong with the columns: the fault, and the column it is about where there is one."""

    faults: tuple[tuple[HeaderFault, str], ...]


def _plain(name: str) -> str:
    """Return a column name without the case and the signs that people write it with: "Biaya/Tarif" is biaya_tarif."""
    return re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")


def element_heads(instrument: Instrument) -> dict[str, str]:
    """Return the names by which a column is known, each with its element's key: key, Indonesian and English name."""
    names = ((_plain(name), each.key) for each in instrument.elements for name in (each.key, each.name, each.english))
    return dict(names)


_ELEMENTS: Final[Mapping[Regulation, Mapping[str, str]]] = {
    regulation: element_heads(instrument) for regulation, instrument in INSTRUMENTS.items()
}


def read_header(cells: Sequence[str]) -> Header | BadHeader:
    """Return the columns of a survey file, or why they are refused.

    A column is known by the element's key or by its name in either language. U-numbers are not understood, because
    offices number elements 8 and 9 either way. Columns that are not known (names, suggestions) are left out.
    """
    names = [_plain(cell) for cell in cells]
    regulations = [each for each, heads in _ELEMENTS.items() if any(name in heads for name in names)]
    if len(regulations) > 1:
        return BadHeader(((HeaderFault.RULES_MIXED, ""),))
    numbered = [cell for cell, name in zip(cells, names, strict=True) if _NUMBERED.fullmatch(name)]
    if not regulations:
        fault = HeaderFault.NUMBERED if numbered else HeaderFault.NO_ELEMENTS
        return BadHeader(((fault, ", ".join(map(one_line, numbered))),))
    instrument = INSTRUMENTS[regulations[0]]
    columns = tuple(_key_of(name, _ELEMENTS[regulations[0]]) for name in names)
    faults = _faults(instrument, [each for each in columns if each is not None])
    left_out = (one_line(cell) for cell, key in zip(cells, columns, strict=True) if key is None)
    return BadHeader(faults) if faults else Header(instrument, columns, tuple(name for name in left_out if name))


def count_known(cells: Sequence[str]) -> int:
    """Return how many of the cells name an element of either regulation."""
    return sum(_plain(cell) in heads for cell in cells for heads in _ELEMENTS.values())


def _key_of(name: str, elements: Mapping[str, str]) -> str | None:
    return RESPONDENT if name in _RESPONDENT_HEADS else elements.get(name) or PROFILE_HEADS.get(name)


def _faults(instrument: Instrument, keys: Sequence[str]) -> tuple[tuple[HeaderFault, str], ...]:
    missing = [(HeaderFault.ELEMENT_MISSING, key) for key in instrument.keys if key not in keys]
    return (*missing, *((HeaderFault.COLUMN_TWICE, key) for key, count in Counter(keys).items() if count > 1))
