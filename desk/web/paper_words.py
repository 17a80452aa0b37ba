"""Sentences about a file of answers that is taken over, or is not."""

from flask_babel import gettext

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
