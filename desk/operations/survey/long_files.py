"""Files of answers of any length, taken over in parts: whoever wants a number waits for one part, never for the file.

The whole file is judged before its first part is written, so one that is refused leaves nothing. Where it is
interrupted, whole parts are left. Each says how many respondents of its file were still to follow: by that they are
known when the same file comes again, and it goes on after them.
"""

from collections.abc import Sequence
from typing import Final

from desk.domain.access import Actor
from desk.domain.questionnaires import Questionnaire
from desk.domain.refusals import Refused
from desk.domain.tallies import Origin
from desk.operations.requests import Request
from desk.operations.stream import Streams
from desk.operations.survey.taking_over import Sheet, take_over

AT_ONCE: Final = 10_000  # respondents; under the lock for up to a second


class Interrupted(Exception):
    """Somebody else changed what the file was judged by; `kept` respondents had been taken over by then."""

    def __init__(self, kept: int) -> None:
        super().__init__(kept)
        self.kept = kept


def take_over_in_parts(
    streams: Streams,
    office_id: int,
    actor: Actor,
    *,
    questionnaire: Questionnaire,
    sheets: Sequence[Sheet],
    digest: str,
    at_once: int = AT_ONCE,
) -> list[int]:
    """Take the respondents of a file over, each part a batch of its own; return the ids of the batches.

    Raises `Refused` for the first part, with which nothing is taken over (`take_over`), and `Interrupted` for a later.
    """
    batches: list[int] = []
    for start in range(0, len(sheets), at_once):
        part = sheets[start : start + at_once]
        try:
            done = take_over(
                streams,
                office_id,
                Request(actor, "import_answers"),
                questionnaire=questionnaire,
                origin=Origin.IMPORT,
                sheets=part,
                digest=digest,
                rest=len(sheets) - start - len(part),
            )
        except Refused as refused:
            if not start:
                raise
            raise Interrupted(start) from refused
        batches.append(done.facts["import"])
    return batches
