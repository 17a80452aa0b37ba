"""Questionnaires of an office: drafts, published versions, and what is asked where. Who may: the administrator.

A draft is a working paper: saving it changes nothing that is asked. Publishing makes the next version, for good.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import delete, func, insert, select, update

from desk.domain.access import Role, require
from desk.domain.audit import canonical
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.fee_words import worded_by_fee
from desk.domain.invitation import Privacy
from desk.domain.questionnaire_check import CODE, check
from desk.domain.questionnaire_json import as_json, read
from desk.domain.questionnaires import Questionnaire
from desk.domain.refusals import Reason, Refused
from desk.domain.shipped_questionnaires import FIRST, SHIPPED
from desk.models import Office, QuestionnaireDraft, QuestionnaireRow, QuestionnaireStep, Service
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit

KEEPERS: Final = frozenset({Role.ADMIN})
DRAFTS: Any = QuestionnaireDraft.__table__
VERSIONS: Any = QuestionnaireRow.__table__
STEPS: Any = QuestionnaireStep.__table__
SERVICES: Any = Service.__table__
OFFICES: Any = Office.__table__
LONGEST_DEFINITION: Final = 200_000
MOST_STEPS: Final = 30  # changes of a draft that can be taken back
LONGEST_CORRECTION: Final = timedelta(days=1)


def save_draft(
    streams: Streams, office_id: int, code: str, request: Request, *, definition: Mapping[str, Any], revision: int
) -> Done:
    """Keep a draft; `revision` is that of the draft it was made from, 0 for none. Answers revision.

    A draft may be unfinished, but it has the shape of a questionnaire. Raises `Refused`: INVALID for what has not,
    LIST_CHANGED when somebody else has saved it meanwhile.
    """
    text = _readable(code, definition)

    def work(unit: Unit) -> Done:
        require(unit.actor, KEEPERS)
        before = _find_draft(unit, code)
        if (before.revision if before else 0) != revision:
            raise Refused(Reason.LIST_CHANGED)
        if before is not None and before.definition != text:
            _remember(unit, before)
        _write_draft(unit, code, text, revision + 1)
        return unit.done(revision=revision + 1)

    return streams.run(office_id, request, work)


def take_back(streams: Streams, office_id: int, code: str, request: Request, *, revision: int) -> Done:
    """Make a draft what it was before its last change; its revision goes on. Answers revision.

    Raises `Refused`: UNKNOWN for no such draft, LIST_CHANGED when it is not the one of this revision any more, and
    ALREADY_DONE where nothing is left to be taken back.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, KEEPERS)
        _require_draft(unit, code, revision)
        mine = (STEPS.c.office_id == unit.office_id, STEPS.c.code == code)
        step = unit.connection.execute(select(STEPS).where(*mine).order_by(STEPS.c.revision.desc()).limit(1)).first()
        if step is None:
            raise Refused(Reason.ALREADY_DONE)
        unit.connection.execute(delete(STEPS).where(*mine, STEPS.c.revision == step.revision))
        _write_draft(unit, code, step.definition, revision + 1)
        return unit.done(revision=revision + 1)

    return streams.run(office_id, request, work)


def _remember(unit: Unit, before: Any) -> None:
    """Keep what the draft was; the oldest goes where there are many."""
    row = {"office_id": unit.office_id, "code": before.code, "revision": before.revision}
    unit.connection.execute(insert(STEPS), {**row, "definition": before.definition})
    mine = (STEPS.c.office_id == unit.office_id, STEPS.c.code == before.code)
    newest = select(STEPS.c.revision).where(*mine).order_by(STEPS.c.revision.desc()).limit(MOST_STEPS)
    kept = unit.connection.execute(newest).scalars().all()
    unit.connection.execute(delete(STEPS).where(*mine, STEPS.c.revision < min(kept)))


def _write_draft(unit: Unit, code: str, text: str, revision: int) -> None:
    unit.connection.execute(delete(DRAFTS).where(*_draft(unit, code)))
    row = {"office_id": unit.office_id, "code": code, "revision": revision, "definition": text}
    row |= {"saved_at": unit.at, "saved_by": unit.actor.person_id}
    unit.connection.execute(insert(DRAFTS), row)


def _readable(code: str, definition: Mapping[str, Any]) -> str:
    try:
        questionnaire = read(definition)
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(Reason.INVALID, field="definition") from error
    text = canonical(as_json(questionnaire))
    if questionnaire.code != code or not CODE.fullmatch(code) or len(text) > LONGEST_DEFINITION:
        raise Refused(Reason.INVALID, field="code")
    return text


def _draft(unit: Unit, code: str) -> tuple[Any, Any]:
    return DRAFTS.c.office_id == unit.office_id, DRAFTS.c.code == code


def _find_draft(unit: Unit, code: str) -> Any:
    return unit.connection.execute(select(DRAFTS).where(*_draft(unit, code))).one_or_none()


def _require_draft(unit: Unit, code: str, revision: int) -> Any:
    """Return the draft of this revision."""
    row = _find_draft(unit, code)
    if row is None:
        raise Refused(Reason.UNKNOWN, id=unit.office_id)
    if row.revision != revision:
        raise Refused(Reason.LIST_CHANGED)
    return row


def _drop_draft(unit: Unit, code: str) -> int:
    """Remove a draft with its steps; return how many there were."""
    unit.connection.execute(delete(STEPS).where(STEPS.c.office_id == unit.office_id, STEPS.c.code == code))
    dropped: int = unit.connection.execute(delete(DRAFTS).where(*_draft(unit, code))).rowcount
    return dropped


def discard_draft(streams: Streams, office_id: int, code: str, request: Request) -> Done:
    """Throw a draft away; raises `Refused(UNKNOWN)` where there is none."""

    def work(unit: Unit) -> Done:
        require(unit.actor, KEEPERS)
        if _drop_draft(unit, code) == 0:
            raise Refused(Reason.UNKNOWN, id=office_id)
        return unit.done(code=code)

    return streams.run(office_id, request, work)


def publish(streams: Streams, office_id: int, code: str, request: Request, *, revision: int) -> Done:
    """Publish a draft as the next version, which is asked from now on where its questionnaire is chosen.

    Answers questionnaire (the id of the version) and number. Raises `Refused`: UNKNOWN for no such draft, LIST_CHANGED
    when it is not the one of this revision any more, QUESTIONNAIRE_UNFIT (with what `check` found), ALREADY_DONE if it
    says nothing else than the version before.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, KEEPERS)
        row = _require_draft(unit, code, revision)
        done = publish_version(unit, read(json.loads(row.definition)))
        _drop_draft(unit, code)
        return done

    return streams.run(office_id, request, work)


def adopt(streams: Streams, office_id: int, code: str, request: Request) -> Done:
    """Take over a questionnaire that comes with the desk, as the office's first version of it.

    Answers questionnaire and number. Raises `Refused`: UNKNOWN for none of that code, ALREADY_DONE where it has one.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, KEEPERS)
        if code not in SHIPPED:
            raise Refused(Reason.UNKNOWN, id=office_id)
        if code in unit.configuration.questionnaires:
            raise Refused(Reason.ALREADY_DONE)
        return publish_shipped(unit, code)

    return streams.run(office_id, request, work)


def publish_shipped(unit: Unit, code: str) -> Done:
    """Publish a questionnaire that comes with the desk, worded for the fees that the office's services have now.

    What was published before stays as it is, whatever comes with the desk or is charged by now.
    """
    mine = select(SERVICES.c.series, SERVICES.c.fee_id).where(
        SERVICES.c.office_id == unit.office_id, SERVICES.c.retired.is_(False)
    )
    fees = {series: fee or "" for series, fee in unit.connection.execute(mine).tuples()}
    return publish_version(unit, worded_by_fee(SHIPPED[code], fees))


def publish_version(unit: Unit, questionnaire: Questionnaire) -> Done:
    """Publish a questionnaire as the next version of its code; raises `Refused` as `publish` does."""
    faults = check(questionnaire)
    if faults:
        raise Refused(Reason.QUESTIONNAIRE_UNFIT, faults=[each.fault.value for each in faults])
    mine = (VERSIONS.c.office_id == unit.office_id) & (VERSIONS.c.code == questionnaire.code)
    number = 1 + (unit.connection.execute(select(func.max(VERSIONS.c.number)).where(mine)).scalar() or 0)
    definition = as_json(questionnaire)
    newest = select(VERSIONS.c.definition).where(mine).order_by(VERSIONS.c.number.desc()).limit(1)
    if unit.connection.execute(newest).scalar() == canonical(definition):
        raise Refused(Reason.ALREADY_DONE)
    payload: dict[str, JSON] = {"code": questionnaire.code, "number": number, "definition": definition}
    event = unit.append(Fact(EventName.QUESTIONNAIRE_PUBLISHED, payload))
    unit.renew_configuration()
    return unit.done(questionnaire=event.id, number=number)


def choose(
    streams: Streams, office_id: int, request: Request, *, code: str | None, service_id: int | None = None
) -> Done:
    """Ask with this questionnaire from the next ended transaction on: in the office, or about one service.

    None for a service: as the office. Raises `Refused`: UNKNOWN for another office's service, or a questionnaire that
    has not been published here; ALREADY_DONE where it is asked already.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, KEEPERS)
        if not _chosen(unit, code, service_id):
            raise Refused(Reason.ALREADY_DONE)
        return unit.done(questionnaire=code, service=service_id)

    return streams.run(office_id, request, work)


def choose_all(streams: Streams, office_id: int, request: Request, *, codes: Mapping[int | None, str | None]) -> Done:
    """Choose for several at once: service to code (None: as the office), and the office itself under None.

    Answers changed, how many are asked by another one now. Raises `Refused` as `choose`, ALREADY_DONE where nothing
    would change.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, KEEPERS)
        changed = sum(_chosen(unit, code, service_id) for service_id, code in codes.items())
        if not changed:
            raise Refused(Reason.ALREADY_DONE)
        return unit.done(changed=changed)

    return streams.run(office_id, request, work)


def _chosen(unit: Unit, code: str | None, service_id: int | None) -> bool:
    """Choose for the office or a service; return whether that changes anything."""
    if code is None and service_id is None:
        raise Refused(Reason.INVALID, field="code")
    if code not in (None, FIRST) and code not in unit.configuration.questionnaires:
        raise Refused(Reason.UNKNOWN, id=unit.office_id)
    was = _choose(unit, code, service_id)
    if was == code:
        return False
    facts: dict[str, JSON] = {"service": service_id, "questionnaire": code, "was": was}
    unit.append(Fact(EventName.QUESTIONNAIRE_CHOSEN, facts))
    unit.renew_configuration()
    return True


def _choose(unit: Unit, code: str | None, service_id: int | None) -> str | None:
    """Write the choice down and return what it was before."""
    if service_id is None:
        unit.connection.execute(update(OFFICES).where(OFFICES.c.id == unit.office_id).values(questionnaire=code))
        return unit.configuration.rules.questionnaire
    was = unit.configuration.service(service_id).questionnaire
    unit.connection.execute(update(SERVICES).where(SERVICES.c.id == service_id).values(questionnaire=code))
    return was


def keep_answers(
    streams: Streams, office_id: int, request: Request, *, privacy: Privacy, correction: timedelta
) -> Done:
    """Say how answers are kept from the next invitation on, and how long one may be corrected (0 to 24 hours).

    Invitations that were decided keep the privacy they were made under. Raises `Refused(INVALID)` for another time.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, KEEPERS)
        if not timedelta(0) <= correction <= LONGEST_CORRECTION:
            raise Refused(Reason.INVALID, field="correction")
        rules = unit.configuration.rules
        was: dict[str, JSON] = {
            "survey_privacy": rules.survey_privacy.value,
            "survey_correction_s": int(rules.survey_correction.total_seconds()),
        }
        now: dict[str, JSON] = {
            "survey_privacy": privacy.value,
            "survey_correction_s": int(correction.total_seconds()),
        }
        for name in (each for each in now if now[each] != was[each]):
            unit.append(Fact(EventName.SETTING_CHANGED, {"setting": name, "from": was[name], "to": now[name]}))
        unit.connection.execute(update(OFFICES).where(OFFICES.c.id == unit.office_id).values(**now))
        unit.renew_configuration()
        return unit.done(**now)

    return streams.run(office_id, request, work)
