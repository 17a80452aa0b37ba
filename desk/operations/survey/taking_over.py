"""Answers on paper and in files: typed in or taken over by staff, in batches that can be taken back.

One with the number of a visit belongs to its transaction, as if the visitor had used the link; every other answer
belongs to none, counts for its day and service, and stands apart as what it is (`Origin.PAPER`, `Origin.IMPORT`).
"""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import delete, insert, select

from desk.domain.access import Actor, Role, require
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.hours import business_day
from desk.domain.identity import office_of
from desk.domain.invitation import Channel, Invitation
from desk.domain.own_case import Apart, is_anybody_outside
from desk.domain.questionnaires import Measure, Questionnaire, fill, satisfaction
from desk.domain.refusals import Reason, Refused
from desk.domain.tallies import Origin, Tally
from desk.models import ImportRow, LooseResponse, SurveyImport
from desk.operations.complaints.following_up import handlers_of
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit
from desk.operations.survey.answering import Link, answer_in
from desk.operations.survey.asking import find_invitation
from desk.operations.survey.counted_profiles import uncount_kept
from desk.operations.survey.counting_together import add_up, count_together
from desk.operations.survey.keeping_apart import keep_apart, keepers_in, keepers_of
from desk.operations.survey.keeping_loose import ID_BITS
from desk.operations.survey.knowing_again import look_up, require_new_file, require_new_rows
from desk.operations.survey.tallying import Cell, Said
from desk.reads.barred import list_handlers, list_handlers_of_day
from desk.reads.questionnaires import find_questionnaire
from desk.reads.reader import Reader
from desk.reads.sheet_matters import list_waiting

KEEPERS: Final = frozenset({Role.ADMIN, Role.SUPERVISOR})
EARLIEST: Final = date(2000, 1, 1)
LOOSE: Any = LooseResponse.__table__
IMPORTS: Any = SurveyImport.__table__
ROWS: Any = ImportRow.__table__


@dataclass(frozen=True, slots=True)
class Sheet:
    """One respondent: what was answered, by question key; the day; the service, 0 where it was not told.

    `digest` is by what a row of a file is known again (`desk.operations.survey.placing_rows`); `is_further` one that
    says exactly the same as a row already taken over and counts all the same, because the actor said so.
    """

    answers: Mapping[str, int | str]
    profile: Mapping[str, str]
    day: date
    service_id: int = 0
    texts: Mapping[str, str] | None = None
    digest: str | None = None
    is_further: bool = False


@dataclass(frozen=True, slots=True)
class _Ready:
    """What is to be written of sheets, but for what is known only under the lock."""

    rows: Sequence[Mapping[str, Any]]
    digests: Sequence[Mapping[str, Any]]
    tallies: Mapping[Cell, Tally]


def take_over(
    streams: Streams,
    office_id: int,
    request: Request,
    *,
    questionnaire: Questionnaire,
    origin: Origin,
    sheets: Iterable[Sheet],
    digest: str | None = None,
    rest: int = 0,
) -> Done:
    """Take respondents over that belong to no transaction; answers import (the batch's id) and answers (how many).

    `digest` is that of the file they come from, of which `rest` more are to follow in other batches. Raises `Refused`:
    INVALID for none at all, DATE_OUT_OF_RANGE for a day before 2000 or to come, UNKNOWN for a service of another
    office, ALREADY_DONE for a file that was taken over before, or a row.
    """
    # Everything that can be read and worked out before the queue has to wait for it.
    given = list(sheets)
    looked_up = look_up(streams, office_id, [each.digest for each in given if each.digest is not None])
    ready = _made_ready(office_id, questionnaire, origin, given)

    def work(unit: Unit) -> Done:
        require(unit.actor, KEEPERS)
        if not given or origin not in (Origin.PAPER, Origin.IMPORT):
            raise Refused(Reason.INVALID, field="answers")
        require_new_file(unit, digest)
        require_new_rows(unit, looked_up)
        _require_fit(unit, ready.tallies)
        batch = _batch(unit, questionnaire.measure, origin, given, digest, rest)
        _keep(unit, questionnaire, ready, batch)
        return unit.done(**{"import": batch, "answers": len(given)})

    return streams.run(office_id, request, work)


def enter_without_visit(
    streams: Streams, office_id: int, request: Request, *, questionnaire: Questionnaire, sheet: Sheet
) -> Done:
    """Take one sheet over that was typed in and has no queue number; answers import, and kept_apart.

    It could be about any visitor of its day and service. Where the actor had a hand in a matter of one of them,
    somebody else types it in: raises SHEET_OF_OWN_DAY; where all who may had one it counts nowhere. Raises `Refused`:
    what `take_over` raises, too.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, KEEPERS)
        _require_fit(unit, [Cell(sheet.day, sheet.service_id, questionnaire.measure.value, Origin.PAPER)])
        hands = list_handlers_of_day(unit.connection, unit.office_id, sheet.day, sheet.service_id)
        is_apart = _is_own(unit, hands, Reason.SHEET_OF_OWN_DAY)
        origin = Origin.STAFF if is_apart else Origin.PAPER
        ready = _made_ready(office_id, questionnaire, origin, [sheet])
        batch = _batch(unit, questionnaire.measure, origin, [sheet])
        _keep(unit, questionnaire, ready, batch)
        return unit.done(**{"import": batch, "kept_apart": is_apart})

    return streams.run(office_id, request, work)


def _require_fit(unit: Unit, cells: Iterable[Cell]) -> None:
    rules = unit.configuration.rules
    today = business_day(unit.at, rules.zone, starts_at=rules.day_starts_at)
    for cell in cells:
        if not EARLIEST <= cell.day <= today:
            raise Refused(Reason.DATE_OUT_OF_RANGE)
        if cell.service_id and cell.service_id not in unit.configuration.services:
            raise Refused(Reason.UNKNOWN, id=cell.service_id)


def _batch(
    unit: Unit, measure: Measure, origin: Origin, sheets: list[Sheet], digest: str | None = None, rest: int = 0
) -> int:
    """Append the event and return its id, which is the batch's; `alike` and `rest` stand in it where there are any."""
    days = [each.day for each in sheets]
    payload: dict[str, JSON] = {
        "origin": origin.value,
        "measure": measure.value,
        "answers": len(sheets),
        "first_day": min(days).isoformat(),
        "last_day": max(days).isoformat(),
        "digest": digest,
    }
    if alike := sum(each.is_further for each in sheets):
        payload["alike"] = alike
    if rest:
        payload["rest"] = rest
    return unit.append(Fact(EventName.ANSWERS_TAKEN_OVER, payload)).id


def _made_ready(office_id: int, questionnaire: Questionnaire, origin: Origin, sheets: Sequence[Sheet]) -> _Ready:
    """Judge the sheets and add them up; the cells stand in the order in which they first come."""
    measure, rows, said = questionnaire.measure.value, [], []
    for sheet in sheets:
        rating = satisfaction(questionnaire, sheet.answers)
        said.append((Cell(sheet.day, sheet.service_id, measure, origin), Said(sheet.answers, rating, sheet.profile)))
        rows.append(
            {
                "office_id": office_id,
                "id": secrets.randbits(ID_BITS),
                "day": sheet.day,
                "service_id": sheet.service_id or None,
                "measure": measure,
                "answers": dict(sheet.answers),
                "satisfaction": rating,
                "profile": dict(sheet.profile),
                "texts": dict(sheet.texts or {}),
                "channel": Channel.PAPER.value,
                "origin": origin.value,
            }
        )
    digests = [{"office_id": office_id, "digest": each.digest} for each in sheets if each.digest is not None]
    # In the order of their keys, in which they lie in the table: nothing has to be moved about then.
    rows.sort(key=itemgetter("id"))
    digests.sort(key=itemgetter("digest"))
    return _Ready(rows, digests, add_up(said))


def _keep(unit: Unit, questionnaire: Questionnaire, ready: _Ready, batch: int) -> None:
    count_together(unit, ready.tallies)
    version = unit.configuration.questionnaires.get(questionnaire.code)
    rows = [{**each, "questionnaire_id": version, "import_id": batch} for each in ready.rows]
    unit.connection.execute(insert(LooseResponse), rows)
    if ready.digests:
        unit.connection.execute(insert(ImportRow), [{**each, "import_id": batch} for each in ready.digests])


def take_back(streams: Streams, office_id: int, import_id: int, request: Request) -> Done:
    """Take a batch back that was taken over by mistake: its answers go, and count no more; the event stays.

    Raises `Refused`: UNKNOWN for no such batch, ALREADY_DONE.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, KEEPERS)
        if office_of(import_id) != unit.office_id:
            raise Refused(Reason.UNKNOWN, id=import_id)
        mine = (IMPORTS.c.office_id == unit.office_id) & (IMPORTS.c.id == import_id)
        found = unit.connection.execute(select(IMPORTS).where(mine)).one_or_none()
        if found is None:
            raise Refused(Reason.UNKNOWN, id=import_id)
        if found.undone_at is not None:
            raise Refused(Reason.ALREADY_DONE)
        theirs = (LOOSE.c.office_id == unit.office_id) & (LOOSE.c.import_id == import_id)
        rows = unit.connection.execute(select(LOOSE).where(theirs)).all()
        uncount_kept(unit, found)
        count_together(unit, add_up(map(_counted, rows), times=-1))
        unit.connection.execute(delete(LOOSE).where(theirs))
        unit.connection.execute(delete(ROWS).where(ROWS.c.office_id == unit.office_id, ROWS.c.import_id == import_id))
        unit.append(Fact(EventName.ANSWERS_TAKEN_BACK, {"import": import_id, "answers": len(rows)}))
        return unit.done(**{"import": import_id, "answers": len(rows)})

    return streams.run(office_id, request, work)


def _counted(row: Any) -> tuple[Cell, Said]:
    cell = Cell(row.day, row.service_id or 0, row.measure, Origin(row.origin))
    return cell, Said(row.answers, row.satisfaction, row.profile)


def enter_for_visit(
    streams: Streams,
    office_id: int,
    request: Request,
    *,
    day: date,
    label: str,
    given: Mapping[str, str],
    invitation_id: int | None = None,
) -> Done:
    """Enter a paper answer of the visitor who had this number on this day, as the answer to their invitation.

    With `invitation_id` only if it is that one, which somebody compared with the sheet. Answers responses, and
    kept_apart: whether it was typed in by somebody who had a hand in the matter, because all who may enter sheets had
    one; then it counts nowhere, and the visitor can still answer. Raises `Refused`: UNKNOWN where no invitation of such
    a visit is open and asks these questions, SHEET_OF_OWN_CASE, and what `answer` raises for the answers themselves.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, KEEPERS)
        waiting = next(iter(list_waiting(unit.connection, unit.office_id, day, label)), None)
        invitation = find_invitation(unit, invitation_id=waiting)
        if invitation is None or invitation_id not in (None, invitation.id):
            raise Refused(Reason.UNKNOWN, id=office_id)
        if _is_own(unit, handlers_of(unit, invitation.transaction_id), Reason.SHEET_OF_OWN_CASE):
            _keep_apart(unit, invitation, given)
            return unit.done(responses=[], kept_apart=True)
        link = Link(invitation.id, invitation.generation, Channel.PAPER)
        return unit.done(responses=answer_in(unit, link, {invitation.id: given}), kept_apart=False)

    return streams.run(office_id, request, work)


def require_other_sheet(reader: Reader, office_id: int, transaction_id: int, actor: Actor) -> None:
    """Raise `Refused(SHEET_OF_OWN_CASE)` where somebody else has to type in the sheet about this transaction."""
    hands = list_handlers(reader, office_id, [transaction_id]).get(transaction_id, frozenset())
    if actor.person_id in hands and is_anybody_outside(hands, keepers_in(reader, office_id)):
        raise Refused(Reason.SHEET_OF_OWN_CASE)


def _is_own(unit: Unit, hands: Collection[int], reason: Reason) -> bool:
    """Tell whether the actor judges a matter of their own and nobody else can type it in; raise where somebody can."""
    if unit.actor.person_id not in hands:
        return False
    if is_anybody_outside(hands, keepers_of(unit)):
        raise Refused(reason)
    return True


def _keep_apart(unit: Unit, invitation: Invitation, given: Mapping[str, str]) -> None:
    questionnaire = find_questionnaire(unit.connection, unit.office_id, invitation.questionnaire_id)
    filled = fill(questionnaire, given)
    keep_apart(unit, invitation, questionnaire, filled, why=Apart.OWN_CASE)


def read_paper(questionnaire: Questionnaire, given: Mapping[str, str], day: date, service_id: int) -> Sheet:
    """Return a paper questionnaire as it was typed in; raises `Refused(SCORE_MISSING)` for answers off the scale.

    On paper an element may have been left out: it then divides by its own answers.
    """
    filled = fill(questionnaire, given, require=False)
    if filled.faults or not filled.answers:
        raise Refused(Reason.SCORE_MISSING)
    return Sheet(filled.answers, filled.profile, day, service_id, filled.texts)
