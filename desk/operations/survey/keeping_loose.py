"""Keeping an answer that belongs to no transaction so that nothing leads from it to whoever gave it.

Its id is drawn at random and it has a day, no time. Of an answer to an invitation it is not kept through what it came:
the invitation says through what it went out, and of two that were used on a day this would tell whose answer is whose.
PostgreSQL itself remembers more: which transaction wrote a row, the same that wrote the event beside it, and by its
place in the table in which order rows came. So with each answer those of the same day are written anew, in the order of
their ids: all name the same transaction then, and their places say nothing. In SQLite the rows lie in the order of
their ids, and none says who wrote it.
"""

import secrets
from typing import Any, Final

from sqlalchemy import insert, text

from desk.domain.invitation import Channel
from desk.domain.questionnaires import Filled
from desk.models import LooseResponse
from desk.operations.stream import Unit
from desk.operations.survey.tallying import Cell

LOOSE: Any = LooseResponse.__table__
ID_BITS: Final = 52  # of a random id: what readers of JSON in browsers hold exactly
# So many are written anew at most: enough to be hidden among, and no day is so busy that an answer takes long.
HIDDEN_AMONG: Final = 100
_ANEW: Final = text(
    "WITH taken AS (DELETE FROM loose_responses WHERE office_id = :office AND id IN ("
    " SELECT id FROM loose_responses WHERE office_id = :office AND day = :day AND import_id IS NULL"
    " ORDER BY (id = :newest) DESC, random() LIMIT :most) RETURNING *)"
    " INSERT INTO loose_responses SELECT * FROM taken ORDER BY id"
)


def keep_loose(
    unit: Unit, cell: Cell, questionnaire_id: int | None, filled: Filled, *, rating: int | None, channel: Channel | None
) -> None:
    """Keep an answer under a random id with its day only, where nothing tells it from the others of its day.

    `channel` is None for one to an invitation.
    """
    row = {
        "office_id": unit.office_id,
        "id": secrets.randbits(ID_BITS),
        "day": cell.day,
        "service_id": cell.service_id or None,
        "questionnaire_id": questionnaire_id,
        "measure": cell.measure,
        "answers": dict(filled.answers),
        "satisfaction": rating,
        "profile": dict(filled.profile),
        "texts": dict(filled.texts),
        "channel": None if channel is None else channel.value,
        "origin": cell.origin.value,
        "import_id": None,
    }
    unit.connection.execute(insert(LOOSE), row)
    if unit.connection.dialect.name == "postgresql":
        values = {"office": unit.office_id, "day": cell.day, "newest": row["id"], "most": HIDDEN_AMONG}
        unit.connection.execute(_ANEW, values)
