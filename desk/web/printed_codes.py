"""The code on what a visitor takes along on paper: it leads to the visit's own page, and says through which paper.

Never to the survey itself. When a ticket is printed nobody has decided yet whether to ask, and slip and receipt are
printed on pages of the staff, where no token of a survey may stand.
"""

from dataclasses import dataclass

from flask import url_for
from flask_babel import force_locale, gettext
from markupsafe import Markup

from desk.domain.invitation import Channel
from desk.web.context import desk
from desk.web.locale import LANGUAGES
from desk.web.qr import qr_picture
from desk.wording.printing import PURPOSE, SURVEY


@dataclass(frozen=True, slots=True)
class PrintedCode:
    """The picture, and in each language what the code is for, that of the visitor first."""

    picture: Markup
    said: tuple[tuple[str, str], ...]


def printed_code(token: str, paper: Channel, *, language: str, offers_survey: bool) -> PrintedCode:
    """Return the code of a visit's own page for a paper, which is counted as the way to the survey."""
    address = desk().settings.public_url + url_for("visitor.page", token=token, via=paper)
    languages = sorted(LANGUAGES, key=lambda each: each != language)
    return PrintedCode(qr_picture(address), tuple((each, _said(paper, each, offers_survey)) for each in languages))


def _said(paper: Channel, language: str, offers_survey: bool) -> str:  # noqa: FBT001 - read once, above
    sentences = (PURPOSE[paper], SURVEY) if offers_survey else (PURPOSE[paper],)
    with force_locale(language):
        return " ".join(gettext(each) for each in sentences)
