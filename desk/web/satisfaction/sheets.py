"""The tables of the satisfaction index: elements, trend, services, who answered and how."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final

from flask_babel import format_date, gettext

from desk.domain.skm_elements import half_up, weight_of
from desk.domain.skm_index import Index
from desk.domain.skm_period import Period
from desk.domain.tallies import Origin, Tally
from desk.domain.told_together import QUARTER
from desk.reports.profiles import Profile
from desk.reports.satisfaction import Cell, instrument_of, official, sample_of, tallied_of
from desk.reports.score_intervals import index_estimate
from desk.reports.statistics import Estimate
from desk.reports.telling import FEWEST
from desk.reports.telling_elements import ElementTelling
from desk.web.context import language
from desk.web.reports.sheets import Column, Hidden, Kind, Row, Sheet
from desk.web.satisfaction.page import Answer, service_words, shown
from desk.web.satisfaction.question import Asked, period_words
from desk.wording.skm import ORIGINS, PROFILE, PROFILE_VALUES

DECIMALS: Final = 4  # of means, as the bounds of the letters are printed


def elements_sheet(index: Index) -> Sheet:
    """Return the elements with their means and letters, the lowest marked."""
    columns = (
        Column(gettext("Element"), Kind.TEXT),
        Column(gettext("Answers"), Kind.COUNT),
        Column(gettext("Mean (NRR)"), Kind.MEAN),
        Column(gettext("Weighted"), Kind.MEAN),
        Column(gettext("Converted"), Kind.CONVERTED),
        Column(gettext("Quality"), Kind.TEXT),
    )
    lowest = {each.element.key for each in index.lowest()}
    rows = [
        Row(
            (
                each.element.english if language() == "en" else each.element.name,
                each.tally.answers,
                _why(each.tally.answers) if each.hidden else _number(each.mean, DECIMALS),
                _number(each.weighted, DECIMALS),
                _number(each.converted, 2),
                each.band.letter.value if each.band else "–",
            ),
            marked=each.element.key in lowest,
        )
        for each in index.elements
    ]
    return Sheet(
        "elements", gettext("By element"), columns, rows, notes=_apart(index), mark=gettext("among the lowest")
    )


def _number(value: Fraction | None, decimals: int) -> Decimal | str:
    """Return a figure rounded once, half up; an empty text where there is none."""
    return "" if value is None else half_up(value, decimals)


def _why(answers: int) -> Hidden | None:
    """Return why a figure is hidden: of too few (None), or of enough beside too few."""
    return Hidden.BESIDE if answers >= FEWEST else None


def _about(index: Index | None, tally: Tally) -> Estimate | str:
    """Return an index with its interval; an empty text where there is none."""
    return "" if index is None else index_estimate(index, tally) or ""


def _apart(index: Index) -> tuple[str, ...]:
    """Say what is special about two elements, and which are lowest."""
    named = [each.element.english if language() == "en" else each.element.name for each in index.lowest()]
    notes = [gettext("Lowest, and first in the follow-up plan: %(elements)s.", elements=", ".join(named))]
    for each in index.apart:
        if each.converted is not None:
            name = each.element.english if language() == "en" else each.element.name
            notes.append(gettext("Apart: %(element)s %(figure)s.", element=name, figure=shown(each.converted)))
    if index.apart:
        notes.append(
            gettext(
                "A lawful fee can never score 4, and the question about complaints asks whether there is a way to"
                " complain at all: both pull the index down whatever the staff do."
            )
        )
    return tuple(notes)


def trend_sheet(by_period: Mapping[Period, list[Cell]], bare: Answer, telling: ElementTelling) -> Sheet:
    """Return the index of each period from the first answer of all on."""
    asked = bare.asked
    instrument = instrument_of(asked.measure)
    columns = (
        Column(gettext("Period"), Kind.TEXT),
        Column(gettext("Respondents"), Kind.COUNT),
        Column(gettext("IKM"), Kind.SCORE_ABOUT),
        Column(gettext("Quality"), Kind.TEXT),
    )
    rows: list[Row] = []
    for period, cells in sorted(by_period.items(), key=lambda pair: pair[0].first):
        tally = official(cells, asked.measure, asked.service_id)
        if not rows and not tally.answers:
            continue  # before the first answer of all
        enough = tally.answers and telling.told(period, asked.group)
        place = weight_of(instrument, asked.weight), period, asked.group
        index = telling.index_of(tallied_of(instrument, tally), *place) if enough else None
        letter = index.band.letter.value if index and index.band else "–"
        rows.append(Row((period_words(period), tally.answers, _about(index, tally), letter)))
    return Sheet("trend", gettext("From period to period"), columns, rows)


def services_sheet(cells: list[Cell], served: Mapping[int, int], bare: Answer, telling: ElementTelling) -> Sheet:
    """Return who was served and asked in each service, and its index."""
    asked = bare.asked
    instrument = instrument_of(asked.measure)
    columns = (
        Column(gettext("Service"), Kind.TEXT),
        Column(gettext("Served"), Kind.COUNT),
        Column(gettext("Respondents needed"), Kind.COUNT),
        Column(gettext("Respondents"), Kind.COUNT),
        Column(gettext("IKM"), Kind.SCORE_ABOUT),
        Column(gettext("Quality"), Kind.TEXT),
    )
    ids = [each for each in bare.names.services if served.get(each) or any(cell.service_id == each for cell in cells)]
    tallies = [official(cells, asked.measure, each) for each in ids]
    rows = []
    for service_id, tally in zip(ids, tallies, strict=True):
        is_hidden = not telling.told(asked.period, (service_id,))
        shows = tally.answers and not is_hidden
        place = weight_of(instrument, asked.weight), asked.period, (service_id,)
        index = telling.index_of(tallied_of(instrument, tally), *place) if shows else None
        letter = index.band.letter.value if index and index.band else "–"
        figure = _why(tally.answers) if is_hidden else _about(index, tally)
        drawn = sample_of(served, cells, tally.answers, service_id)
        known = (None, None) if drawn is None else (drawn.population, drawn.needed)
        rows.append(Row((service_words(bare, service_id), *known, tally.answers, figure, letter)))
    return Sheet("services", gettext("By service"), columns, rows)


def profile_sheet(profile: Profile) -> Sheet:
    """Return how often each value of the profile was given."""
    columns = (
        Column(gettext("Profile"), Kind.TEXT),
        Column(gettext("Answer"), Kind.TEXT),
        Column(gettext("Respondents"), Kind.COUNT),
    )
    rows = [
        Row((gettext(PROFILE[column]), _value(column, value) if value else gettext("not told"), count))
        for column, counts in profile.counts.items()
        for value, count in counts.items()
    ]
    notes = [
        gettext("–: under 5, or what would reveal such a number. Questions about the person are voluntary."),
    ]
    if profile.as_published is not None:
        notes.insert(0, gettext("As published on %(day)s.", day=format_date(profile.as_published, "long")))
    return Sheet("profile", gettext("Who answered"), columns, rows, notes=tuple(notes))


def _value(column: str, value: str) -> str:
    return gettext(PROFILE_VALUES[value]) if column == "jenis_kelamin" and value in PROFILE_VALUES else value


def origins_sheet(cells: list[Cell], asked: Asked, who: Profile) -> Sheet:
    """Return in which ways the answers came; where there is no table of who answered, say why."""
    columns = (Column(gettext("How the answer came"), Kind.TEXT), Column(gettext("Answers"), Kind.COUNT))
    counts = dict.fromkeys(Origin, 0)
    for cell in cells:
        if cell.measure == asked.measure and asked.service_id in (0, cell.service_id):
            counts[cell.origin] += cell.tally.answers
    rows = [Row((gettext(ORIGINS[origin]), count)) for origin, count in counts.items() if count]
    return Sheet("origins", gettext("How the answers came"), columns, rows, notes=_no_profile(who, asked))


def _no_profile(who: Profile, asked: Asked) -> tuple[str, ...]:
    """Say why there is no table of who answered."""
    if who.is_hidden:
        return (
            gettext(
                "Who answered is not told: other numbers were published of this period, or of one within it or around"
                " it, and beside those these would tell of fewer than 5 people."
            ),
        )
    if asked.period.months < QUARTER:
        return (gettext("Who answered is told of quarters, half years and years; of single months it is not."),)
    return ()
