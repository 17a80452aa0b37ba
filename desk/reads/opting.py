"""Whether the person of an invitation wants to be asked no more, and how many of an office do: never who."""

from typing import Any

from sqlalchemy import func, select

from desk.domain.sampling import person_digests
from desk.models import InvitationRow, SurveyAsking, SurveyBlock, VisitContact
from desk.reads.reader import Reader
from desk.reads.visits import Subject

INVITATIONS: Any = InvitationRow.__table__
ASKINGS: Any = SurveyAsking.__table__
BLOCKS: Any = SurveyBlock.__table__
CONTACTS: Any = VisitContact.__table__


def find_opted_out(reader: Reader, subject: Subject, key: bytes) -> bool | None:
    """Tell whether the person this invitation went to has opted out; None where it is not known any more who that is.

    `key` is that of visitors' links.
    """
    office_id = subject.office_id
    mine = (INVITATIONS.c.office_id == office_id, INVITATIONS.c.id == subject.id)
    visit_id = reader.execute(select(INVITATIONS.c.visit_id).where(*mine)).scalar()
    asked = select(ASKINGS.c.digest).where(ASKINGS.c.office_id == office_id, ASKINGS.c.visit_id == visit_id)
    digests = set(reader.execute(asked).scalars())
    left = (CONTACTS.c.office_id == office_id, CONTACTS.c.visit_id == visit_id)
    contact = reader.execute(select(CONTACTS.c.email, CONTACTS.c.phone).where(*left)).one_or_none()
    digests = digests.union(*(person_digests(key, office_id, each) for each in contact or () if each))
    if not digests:
        return None
    blocked = (BLOCKS.c.office_id == office_id, BLOCKS.c.digest.in_(digests), BLOCKS.c.kind == "opted_out")
    return reader.execute(select(BLOCKS.c.since).where(*blocked).limit(1)).first() is not None


def count_blocks(reader: Reader, office_id: int) -> dict[str, int]:
    """Return how many addresses and numbers are blocked in an office, by kind; one person may have two."""
    query = select(BLOCKS.c.kind, func.count()).where(BLOCKS.c.office_id == office_id).group_by(BLOCKS.c.kind)
    return dict(reader.execute(query).tuples().all())
