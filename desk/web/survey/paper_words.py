"""Sentences about a sheet or a file of answers that is taken over, or is not."""

from datetime import date

from flask_babel import gettext, ngettext

from desk.domain.skm_sheet import Refusal
from desk.operations.survey.taking_over import EARLIEST
from desk.web.numbers import with_separators


def again_words(text: str | None) -> str:
    """Return what is to be done where the text of a refused file does not come back with the page; else nothing."""
    if text:
        return ""
    return gettext("The file is too long to come back with this page: choose it again when you send the form again.")


def too_many_words(rows: int, most: int) -> str:
    """Return why a file of so many respondents is not taken over here, and what to do."""
    words = gettext(
        "The file has %(rows)s respondents; at most %(most)s are taken over at once, because the queue waits meanwhile."
        " Split the file, for example by month, or have it taken over with “desk survey import”, which does so in"
        " parts."
    )
    return words % with_separators({"rows": rows, "most": most})


def left_out_words(columns: tuple[str, ...]) -> str:
    """Return which columns of a file are not taken over."""
    return gettext("Not taken over are these columns: %(names)s.", names=", ".join(columns))


def entered_words(is_apart: bool, number: str) -> tuple[str, str]:  # noqa: FBT001
    """Return what is said of a sheet that was typed in."""
    if not is_apart:
        return gettext("The answer was taken over. The next sheet can follow."), "success"
    if not number:
        words = gettext(
            "You had a hand in a matter of that day there, and so did everybody else who may type sheets in: without"
            " its queue number the sheet is kept apart and counts in no figure. If the number is on it, take the sheet"
            " back below and type it in with the number."
        )
        return words, "warning"
    words = gettext(
        "You had a hand in this matter, and so did everybody else who may type sheets in: the answer is kept apart and"
        " counts in no figure. The visitor can still answer."
    )
    return words, "warning"


def day_words(day: date) -> str:
    """Say what is wrong with a day that is out of range."""
    if day < EARLIEST:
        return gettext("The day lies before 2000. Look at the year.")
    return gettext("The day cannot lie in the future.")


def refused_words(refusals: tuple[Refusal, ...]) -> str:
    """Say of how many lines a file was refused."""
    count = len({each.line for each in refusals})
    if not count:
        return gettext("There is no respondent in the file.")
    return ngettext(
        "%(num)d line was refused. Nothing was taken over.",
        "%(num)d lines were refused. Nothing was taken over.",
        count,
    )
