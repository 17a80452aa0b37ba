"""Tables whose cells carry their doubt: estimates with intervals, chances, moments; said on a page, plain in a file."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask_babel import format_datetime, format_decimal, format_percent, gettext

from desk.reports.statistics import Estimate, Matched

NOTHING: Final = "–"


class Hidden(Enum):
    """Why a figure is hidden though it rests on enough; None is one that rests on too few, or is unknown."""

    BESIDE = "beside"  # it would tell what fewer than five said who stand beside it


class Kind(Enum):
    """What the values of a column are. Those with an interval are three columns of a file: value, low, high."""

    TEXT = "text"
    COUNT = "count"
    SPAN = "span"  # seconds
    OFFICE = "office"  # seconds of the office's time
    MOMENT = "moment"
    CHANCE = "chance"  # 0 to 1
    SHARE = "share"  # an estimate from 0 to 1
    SPAN_ABOUT = "span about"  # an estimate in seconds
    WHOLE = "whole"  # the same in whole percent
    SCORE_ABOUT = "score about"  # an estimate from 1 to 5
    RATIO = "ratio"  # an estimate, 1 is usual
    SPAN_MORE = "span more"  # a matched difference
    SHARE_MORE = "share more"
    WHOLE_MORE = "whole more"
    SCORE_MORE = "score more"
    POINTS = "points"  # an estimate from −100 to 100
    SCORED = "scored"  # one of them, which its value says (`Scored`)
    PART = "part"  # a share from 0 to 1 that is known
    MEAN = "mean"  # a figure with four decimals
    CONVERTED = "converted"  # one with two


PLAIN: Final = frozenset({Kind.PART, Kind.MEAN, Kind.CONVERTED})
DOUBTED: Final = frozenset(Kind) - {Kind.TEXT, Kind.COUNT, Kind.SPAN, Kind.OFFICE, Kind.MOMENT, Kind.CHANCE} - PLAIN
WORDS: Final = frozenset({Kind.TEXT, Kind.MOMENT})


@dataclass(frozen=True, slots=True)
class Scored:
    """An estimate in a column of different scales, and what it is one of."""

    estimate: Estimate
    kind: Kind


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, and what its values are."""

    head: str
    kind: Kind

    @property
    def spec(self) -> str | tuple[str, str]:
        """The column as the table macro takes it."""
        return self.head if self.kind in WORDS else (self.head, "number")


@dataclass(frozen=True, slots=True)
class Row:
    """One line: a value for each column; `link` is where its first cell leads, `marked` what to see at once.

    None is a figure of too few or unknown, an empty text one that cannot be asked for, `Hidden` says why otherwise.
    """

    values: tuple[Any, ...]
    link: str | None = None
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table; `empty` is what a page says where it has no rows."""

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: list[Row]
    empty: str = ""
    notes: tuple[str, ...] = ()
    mark: str = ""  # what a marked row is, in words

    @property
    def specs(self) -> list[str | tuple[str, str]]:
        """The heads as the table macro takes them."""
        return [each.spec for each in self.columns]

    def said(self, row: Row, zone: str) -> list[tuple[str, str, str]]:
        """Return (heading, words, class) for the cells of a row."""
        return [
            (column.head, say(column.kind, value, zone), "" if column.kind in WORDS else "number")
            for column, value in zip(self.columns, row.values, strict=True)
        ]


def say(kind: Kind, value: Any, zone: str) -> str:
    """Return a value as people read it, in the language of the request."""
    if value is Hidden.BESIDE:
        return beside()
    if value is None and kind in DOUBTED | PLAIN:
        return gettext("too few to tell")
    if value is None or value == "":
        return NOTHING
    if kind in DOUBTED:
        return _doubted(value.kind, value.estimate) if isinstance(value, Scored) else _doubted(kind, value)
    if kind is Kind.MOMENT:
        return _moment(value, zone)
    return _PLAINLY[kind](value)


def stands_out() -> str:
    """Return the word for a row that differs from all others by more than luck."""
    return gettext("stands out")


def beside() -> str:
    """Return why a figure is hidden that rests on enough."""
    return gettext("hidden, so that fewer than 5 beside it cannot be worked out")


def _moment(at: datetime, zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    return str(format_datetime(local, gettext("d MMM y, HH:mm"), rebase=False))


def _doubted(kind: Kind, value: Estimate | Matched) -> str:
    figures = (_value(value), value.interval.low, value.interval.high)
    middle, low, high = (figure_of(kind, each) for each in figures)
    return f"{middle} ({low} … {high})"


def _value(value: Estimate | Matched) -> float:
    return value.value if isinstance(value, Estimate) else value.difference


def figure_of(kind: Kind, value: float) -> str:
    """Return one number of an estimate as people read it, with its unit."""
    match kind:
        case Kind.SHARE | Kind.WHOLE:
            return percent(value) if kind is Kind.SHARE else str(format_percent(value, "0%"))
        case Kind.SPAN_ABOUT:
            return span(value)
        case Kind.SPAN_MORE:
            return _signed(value, span(abs(value)))
        case Kind.SHARE_MORE | Kind.WHOLE_MORE:
            decimals = 1 if kind is Kind.SHARE_MORE else 0
            return _signed(value, str(format_decimal(round(abs(value) * 100, decimals))))
        case Kind.SCORE_MORE:
            return _signed(value, str(format_decimal(round(abs(value), 2))))
        case _:
            return with_minus(str(format_decimal(value, "0.0" if kind is Kind.POINTS else "0.00")))


def with_minus(number: str) -> str:
    """Return a number with the sign for minus, which Indonesian writes as a hyphen otherwise."""
    return number.replace("-", "−")


def _signed(value: float, size: str) -> str:
    return f"{'−' if value < 0 else '+'}{size}"


def percent(value: float) -> str:
    """Return a share, with one decimal."""
    return str(format_percent(value, "0.0%" if value < 1 else "0%"))


def share_figure(share: Estimate | None, of: str) -> tuple[str, str]:
    """Return a share as a key figure: the share, and what it is of, with its interval."""
    if share is None:
        return NOTHING, gettext("%(of)s: too few to tell", of=of)
    low, high = percent(share.interval.low), percent(share.interval.high)
    return percent(share.value), gettext("%(of)s (between %(low)s and %(high)s)", of=of, low=low, high=high)


def chance(value: float) -> str:
    """Return a chance as a share, not pretending to know the smallest."""
    return gettext("below 0.1%%") % () if value < 0.001 else percent(value)


def span(seconds: float) -> str:
    """Return a length of time in words: 45 s, 12 min 5 s, 1 h 5 min, 3 d 4 h."""
    whole = int(seconds)
    if whole < 60:
        return gettext("%(seconds)d s", seconds=whole)
    if whole < 3600:
        return gettext("%(minutes)d min %(seconds)d s", minutes=whole // 60, seconds=whole % 60)
    if whole < 86400:
        return gettext("%(hours)d h %(minutes)d min", hours=whole // 3600, minutes=whole // 60 % 60)
    return gettext("%(days)d d %(hours)d h", days=whole // 86400, hours=whole // 3600 % 24)


def office_time(seconds: int) -> str:
    """Return the office's time in hours and minutes: a day of it would be mistaken for a day of the calendar."""
    if seconds < 3600:
        return span(seconds)
    return gettext("%(hours)d h %(minutes)d min", hours=seconds // 3600, minutes=seconds // 60 % 60)


_PLAINLY: Final[dict[Kind, Callable[[Any], str]]] = {
    Kind.TEXT: str,
    Kind.COUNT: lambda value: str(format_decimal(value)),
    Kind.SPAN: span,
    Kind.OFFICE: office_time,
    Kind.CHANCE: chance,
    Kind.PART: percent,
    Kind.MEAN: lambda value: str(format_decimal(value, "0.0000")),
    Kind.CONVERTED: lambda value: str(format_decimal(value, "0.00")),
}
