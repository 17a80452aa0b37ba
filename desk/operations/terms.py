"""The terms of a handoff as somebody gives them: checked against the office's list, sealed for the event, kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import insert

from desk.domain.facts import Event
from desk.domain.handoffs import ReasonKind, Terms
from desk.domain.queueing import due_micros
from desk.domain.refusals import Reason, Refused
from desk.domain.texts import require_fitting
from desk.models import HandoffWords
from desk.operations.stream import Unit

LONGEST_EXPECTATION: Final = 500
MOST_PAPERS: Final = 30
LONGEST_PAPER: Final = 200


@dataclass(frozen=True, slots=True)
class Disposition:
    """What goes with a handoff beside its reason: what is expected, the papers passed on, whether the visitor comes."""

    expects: str | None = None
    papers: tuple[str, ...] = ()
    walks_along: bool = False

    @property
    def paper_lines(self) -> str | None:
        """The papers, one a line; None for none."""
        return "\n".join(each.strip() for each in self.papers if each.strip()) or None


PLAIN: Final = Disposition()


@dataclass(frozen=True, slots=True)
class Given:
    """All that the giver says: why, in which words, by when, and the disposition."""

    reason: str
    note: str | None = None
    due_at: datetime | None = None
    disposition: Disposition = PLAIN
    listed: bool = True  # chosen from the office's list; not what the desk itself says (returned, end of a shift)

    def sealed(self, unit: Unit) -> Terms:
        """Return the terms as the rules take them.

        Raises `Refused`: REASON_NOT_LISTED, NOTE_MISSING where the chosen reason needs one, NOTE_TOO_LONG,
        DUE_IN_THE_PAST, INVALID.
        """
        said = self.disposition
        require_fitting(self.note)
        if self.listed:
            require_reason(unit, ReasonKind.HANDOFF, self.reason, self.note)
        if len(said.expects or "") > LONGEST_EXPECTATION:
            raise Refused(Reason.INVALID, field="expects")
        if len(said.papers) > MOST_PAPERS or any(len(each) > LONGEST_PAPER for each in said.papers):
            raise Refused(Reason.INVALID, field="papers")
        return Terms(
            str(self.reason),
            due_micros(self.due_at, at=unit.at),
            unit.seal(self.note),
            unit.seal(said.expects),
            unit.seal(said.paper_lines),
            said.walks_along,
        )

    def keep(self, unit: Unit, event: Event) -> None:
        """Keep the words of the disposition under the event's id; the note is kept by the event itself."""
        expects, papers = (self.disposition.expects or "").strip() or None, self.disposition.paper_lines
        if expects is None and papers is None:
            return
        row = {"office_id": event.office_id, "id": event.id, "transaction_id": event.transaction_id}
        unit.connection.execute(insert(HandoffWords), {**row, "expects": expects, "papers": papers})


def require_reason(unit: Unit, kind: ReasonKind, code: str, note: str | None) -> None:
    """Raise `Refused`: REASON_NOT_LISTED unless the office has it to choose, NOTE_MISSING where it needs a note."""
    setting = unit.configuration.reasons.get((kind, str(code)))
    if setting is None or setting.retired:
        raise Refused(Reason.REASON_NOT_LISTED)
    if setting.needs_note and not (note or "").strip():
        raise Refused(Reason.NOTE_MISSING)
