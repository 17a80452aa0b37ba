"""What stands on the publication sheet of a survey and in the workbook of its answers, in the right language."""

from flask_babel import format_decimal, gettext

from desk.domain.skm_elements import EXACT, weight_of
from desk.reports.skm_findings import Findings
from desk.reports.skm_report import Poster
from desk.reports.skm_workbook import Words
from desk.web.context import language
from desk.web.satisfaction.page import interval_words, sample_columns, shown
from desk.web.satisfaction.question import days_words, period_words
from desk.web.satisfaction.report import (
    About,
    apart_words,
    days_of,
    letter_words,
    name_of,
    profile_rows,
    unit_of,
    weight_words,
)
from desk.wording.skm import PROFILE

ON_SHEET = ("jenis_kelamin", "pendidikan")


def poster_of(found: Findings, about: About) -> Poster:
    """Return the publication sheet of a period: the figure with its letter, who answered, the thanks."""
    index, period = found.index, found.question.period
    service = about.services.get(found.question.service_id) or gettext("All services")
    received = gettext(
        "%(received)s people (needed: %(needed)s)",
        received=format_decimal(found.tallied.respondents),
        needed=sample_columns(found.sample)[1],
    )
    rows = profile_rows(found)
    profile = [
        (gettext(PROFILE[column]), [(value, count) for name, value, count in rows if name == gettext(PROFILE[column])])
        for column in ON_SHEET
        if column in found.profile
    ]
    return Poster(
        gettext("PUBLIC SATISFACTION INDEX"),
        about.office,
        period_words(period),
        gettext("INDEX (IKM)"),
        shown(index.value),
        gettext("QUALITY"),
        index.band.letter.value if index.band else "–",
        letter_words(index),
        [
            (gettext("Service"), service),
            (gettext("Survey period"), days_words(period, found.question.today)),
            (gettext("Respondents"), received),
            (gettext("Method"), f"{found.instrument.title}, {weight_words(index)}"),
            *(((gettext("Apart"), "; ".join(apart_words(index))),) if index.apart else ()),
        ],
        gettext("Who answered"),
        profile,
        gettext(
            "THANK YOU FOR THE ASSESSMENT YOU HAVE GIVEN. IT HELPS OUR UNIT TO SERVE THE PUBLIC BETTER AND BETTER."
        ),
        gettext("–: under 5, or what would reveal such a number. Questions about the person are voluntary."),
        language(),
    )


def workbook_words(found: Findings, about: About) -> Words:
    """Return the words of the workbook with the answers and the formulas."""
    return Words(
        [name_of(each) for each in found.instrument.elements],
        [
            gettext("Element"),
            gettext("Answers"),
            gettext("Sum of scores"),
            gettext("Mean (NRR)"),
            gettext("Weighted"),
            gettext("Converted"),
            gettext("Quality"),
        ],
        gettext("Weight of each element"),
        gettext("Index (IKM)"),
        gettext("Respondents"),
        gettext("Who answered"),
        [gettext("Profile"), gettext("Answer"), gettext("Respondents")],
        gettext("About"),
        [*_facts(found, about), *_reading()],
    )


def _facts(found: Findings, about: About) -> list[tuple[str, str]]:
    index = found.index
    facts = [
        (gettext("Office"), unit_of(found, about)),
        (gettext("Period"), days_of(found)),
        (gettext("Regulation"), found.instrument.title),
        (gettext("Weight"), weight_words(index)),
        (gettext("IKM"), f"{shown(index.value)} ({index.band.letter.value if index.band else '–'})"),
    ]
    if (interval := found.interval) is not None:
        facts.append((gettext("Interval of the index"), interval_words(interval)))
    if index.weight.name != EXACT:
        facts.append((gettext("Exact weight"), str(weight_of(found.instrument, EXACT).value)))
    return facts


def _reading() -> list[tuple[str, str]]:
    """Return what a reader of the workbook must know."""
    answers = gettext(
        "One row is one respondent, without a name, a time, a service or a profile; the order of the rows says"
        " nothing. An empty cell was not answered."
    )
    profile = gettext(
        "Stands in a table of its own, added up; numbers under 5, and what would reveal them, are hidden (–)."
        " So no row can be laid beside a person."
    )
    formulas = gettext(
        "The sheet IKM works the index out again from the answers. Change the weight in B1 or an answer, and it"
        " follows. ROUND rounds half up."
    )
    return [(gettext("Answers"), answers), (gettext("Who answered"), profile), (gettext("Formulas"), formulas)]
