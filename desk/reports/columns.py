"""Tables as columns of whole numbers, and the bytes in which a day of them is kept.

A column of bytes is `least value + narrow unsigned numbers`, as narrow as the greatest difference allows; a column of
words has its own short list of them. Nothing is rounded.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import fields
from functools import cache
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]
Numbers: TypeAlias = NDArray[np.int32]
Words: TypeAlias = NDArray[np.int16]
Column: TypeAlias = NDArray[Any]
Columns: TypeAlias = list[Column]

TYPES: Final[dict[Any, Any]] = {Ints: np.int64, Numbers: np.int32, Words: np.int16}
NARROW: Final = (np.uint8, np.uint16, np.uint32, np.uint64)
LENGTH_BYTES: Final = 4


class Vocabulary:
    """The words of some columns, by code; code 0 is no word."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {"": 0}

    def code(self, word: str | None) -> int:
        """Return the code of a word, a new one if need be."""
        return self._codes.setdefault(word or "", len(self._codes))

    @property
    def words(self) -> tuple[str, ...]:
        """All words, by code."""
        return tuple(self._codes)


@cache
def types_of(kind: type) -> tuple[Any, ...]:
    """Return the types of a kind's columns, in order."""
    return tuple(TYPES[each.type] for each in fields(kind))


@cache
def place_of(kind: type, name: str) -> int:
    """Return the position of a column."""
    return [each.name for each in fields(kind)].index(name)


def empty(kind: type, rows: int = 0) -> Columns:
    """Return columns for so many rows; what is in them is not defined."""
    return [np.empty(rows, each) for each in types_of(kind)]


def columns_from(kind: type, rows: Sequence[Sequence[Any]], vocabulary: Vocabulary) -> Columns:
    """Return rows, in which words are texts, as columns."""
    if not rows:
        return empty(kind)
    turned = zip(types_of(kind), zip(*rows, strict=True), strict=True)
    return [
        np.array([vocabulary.code(each) for each in values] if dtype is np.int16 else values, dtype)
        for dtype, values in turned
    ]


def joined(kind: type, parts: Iterable[Columns]) -> Columns:
    """Return the rows of all parts, in their order."""
    found = list(parts)
    return [np.concatenate(each) for each in zip(*found, strict=True)] if found else empty(kind)


def chosen(columns: Columns, mask: NDArray[np.bool_]) -> Columns:
    """Return the rows that the mask keeps."""
    return columns if mask.all() else [each[mask] for each in columns]


def encode(kind: type, columns: Columns, words: Sequence[str]) -> bytes:
    """Return rows as bytes."""
    header: list[list[Any]] = []
    parts: list[bytes] = []
    for dtype, column in zip(types_of(kind), columns, strict=True):
        values, own = column, None
        if dtype is np.int16:
            used, values = np.unique(column, return_inverse=True)
            own = [words[code] for code in used]
        least = int(values.min()) if len(values) else 0
        narrow = (values - least).astype(_narrowest(int(values.max()) - least if len(values) else 0))
        header.append([narrow.itemsize, least, own])
        parts.append(narrow.tobytes())
    text = json.dumps(header, separators=(",", ":")).encode()
    return len(text).to_bytes(LENGTH_BYTES, "little") + text + b"".join(parts)


def _narrowest(greatest: int) -> Any:
    return next(each for each in NARROW if greatest <= np.iinfo(each).max)


def decode(data: bytes, rows: int, into: Columns, first: int, vocabulary: Vocabulary) -> None:
    """Write the rows that the bytes hold into columns, from position `first` on."""
    offset = LENGTH_BYTES + int.from_bytes(data[:LENGTH_BYTES], "little")
    for target, (width, least, own) in zip(into, json.loads(data[LENGTH_BYTES:offset]), strict=True):
        values = np.frombuffer(data, _BY_WIDTH[width], rows, offset)
        part = target[first : first + rows]
        if own is None:
            part[:] = values
            part += least
        else:
            part[:] = np.array([vocabulary.code(word) for word in own], np.int16)[values]
        offset += width * rows


_BY_WIDTH: Final = {np.dtype(each).itemsize: np.dtype(each) for each in NARROW}
