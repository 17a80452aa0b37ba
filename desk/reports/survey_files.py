"""Surveys that were taken over from files, kept as files: `survey-imports/2025-Q1.csv` in the data folder, mode 0600.

`Survey` is all that the index is worked out of; a store in the database would answer `find_survey` and `list_others`
in the same way. What is kept are answers and profiles, without the numbers of respondents. A period is kept as a whole
or service by service, so that nobody is counted twice.
"""

import csv
import io
import os
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from desk.domain.questionnaires import satisfaction
from desk.domain.refusals import Refused
from desk.domain.shipped_questionnaires import SHIPPED
from desk.domain.skm_elements import Instrument
from desk.domain.skm_index import Tallied, pool
from desk.domain.skm_period import Period, read_period
from desk.domain.skm_profile import VALUES, Profile
from desk.domain.skm_sheet import Answer, Sheet, read_sheet
from desk.domain.tallies import Tally, merged
from desk.reports.survey_cells import REGULATIONS

FOLDER: Final = "survey-imports"
SERVICE: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,38}")
_NAME: Final = re.compile(rf"(?P<period>[^.]+)(?:\.(?P<service>{SERVICE.pattern}))?\.csv")


class SurveyFileFault(Exception):
    """A survey cannot be kept or read; the text says why and what to do."""


class MixedRegulations(SurveyFileFault):
    """The services of a period follow different regulations, so that it has no figure as a whole."""


@dataclass(frozen=True, slots=True)
class Place:
    """Which survey: of a period, and of one service or (None) of the whole office."""

    period: Period
    service: str | None = None

    def __str__(self) -> str:
        """Return the name it is spoken of by."""
        return str(self.period) if self.service is None else f"{self.period} {self.service}"

    @property
    def name(self) -> str:
        """The name of its file."""
        return f"{self.period}.csv" if self.service is None else f"{self.period}.{self.service}.csv"


@dataclass(frozen=True, slots=True)
class Survey:
    """The answers of a survey, added up, and who gave them; `tally` has how much they differ, too."""

    tallied: Tallied
    profiles: tuple[Profile, ...]
    tally: Tally


def survey_of(sheet: Sheet) -> Survey | None:
    """Return the good rows of a file as a survey; None for a file that is refused whole."""
    tallied = sheet.tallied
    if tallied is None:
        return None
    return Survey(tallied, tuple(each.profile for each in sheet.answers), _tally(tallied.instrument, sheet.answers))


def _tally(instrument: Instrument, answers: Iterable[Answer]) -> Tally:
    """Return answers added up as the desk adds up those that visitors give it."""
    measure = next(each for each, regulation in REGULATIONS.items() if regulation is instrument.regulation)
    questionnaire, whole = SHIPPED[measure.value], Tally()
    for each in answers:
        whole.add(each.scores, satisfaction(questionnaire, each.scores), {})
    return whole


def keep(data: Path, place: Place, sheet: Sheet, *, replace: bool) -> Path:
    """Write the good rows of a file down and return where; on the disk, and whole, before this returns.

    Raises `SurveyFileFault` where the survey is there already (unless it is to be replaced), and where the period is
    kept in the other way, as a whole or by services.
    """
    if sheet.instrument is None:
        raise SurveyFileFault("The file is refused whole.")
    others = [each for each in list_places(data) if each.period == place.period]
    if any((each.service is None) != (place.service is None) for each in others):
        ways = "service by service" if place.service is None else "as a whole"
        raise SurveyFileFault(
            f"{place.period} is kept {ways} already ({', '.join(each.name for each in others)}): "
            "kept in both ways, people would be counted twice."
        )
    folder = data / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    file = folder / place.name
    _write(file, _as_csv(sheet.instrument, sheet.answers), replace=replace)
    return file


def _write(file: Path, text: str, *, replace: bool) -> None:
    """Put the text into the file in one step, readable by its owner only."""
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600, exist_ok=False)
    try:
        with draft.open("w", encoding="utf-8", newline="") as writing:
            writing.write(text)
            writing.flush()
            os.fsync(writing.fileno())
        if replace:
            draft.replace(file)
        else:
            os.link(draft, file)
    except FileExistsError as error:
        raise SurveyFileFault(f"{file} is there already; --replace takes its place.") from error
    finally:
        draft.unlink(missing_ok=True)


def _as_csv(instrument: Instrument, answers: Sequence[Answer]) -> str:
    """Return answers as they are kept: commas, elements in the order of the regulation, then the profile in use."""
    columns = [*instrument.keys, *(key for key in VALUES if any(key in each.profile for each in answers))]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({**each.scores, **each.profile} for each in answers)
    return text.getvalue()


def list_places(data: Path) -> list[Place]:
    """Return the surveys that are kept, the earliest period first."""
    found = (_place_of(file.name) for file in (data / FOLDER).glob("*.csv"))
    places = [place for place in found if place is not None]
    return sorted(places, key=lambda each: (each.period.first, each.period.months, each.service or ""))


def _place_of(name: str) -> Place | None:
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    try:
        place = Place(read_period(found["period"]), found["service"])
    except Refused:
        return None
    return place if place.name == name else None


def find_survey(data: Path, place: Place) -> Survey | None:
    """Return what is kept of a period: of one service, or of the whole office, its services then pooled.

    Raises `SurveyFileFault` for a file that does not hold any more what was kept, and for services that follow
    different regulations.
    """
    fitting = [
        each for each in list_places(data) if each.period == place.period and place.service in (None, each.service)
    ]
    return _pooled(place, [_read(data / FOLDER / each.name) for each in fitting]) if fitting else None


def list_others(data: Path, place: Place) -> tuple[dict[Period, Survey], list[Period]]:
    """Return what is kept of other periods, of the same service or office, and which periods cannot be compared.

    Those are periods whose services follow different regulations. Raises `SurveyFileFault` for a file that was changed.
    """
    found: dict[Period, Survey] = {}
    mixed: list[Period] = []
    for period in dict.fromkeys(each.period for each in list_places(data) if each.period != place.period):
        try:
            survey = find_survey(data, Place(period, place.service))
        except MixedRegulations:
            mixed.append(period)
            continue
        if survey is not None:
            found[period] = survey
    return found, mixed


def _pooled(place: Place, surveys: Iterable[Survey]) -> Survey:
    parts = list(surveys)
    try:
        tallied = pool(each.tallied for each in parts)
    except Refused as error:
        raise MixedRegulations(f"The services of {place} follow different regulations; name one of them.") from error
    profiles = tuple(profile for each in parts for profile in each.profiles)
    return Survey(tallied, profiles, merged(each.tally for each in parts))


def _read(file: Path) -> Survey:
    sheet = read_sheet(file.read_bytes())
    survey = survey_of(sheet)
    if survey is None or sheet.refusals:
        raise SurveyFileFault(f"{file} was changed and can no longer be read; import it again with --replace.")
    return survey
