"""Whether the words beside follow-ups and voices are those that were written; what was erased is no fault."""

from collections.abc import Mapping

from sqlalchemy import Connection, select

from desk.domain.audit import canonical, digest_of
from desk.models import CaseStep, CaseWords, VoiceContact, VoiceRow
from desk.reads.findings import Findings


def check_case_words(connection: Connection, findings: Findings, keys: Mapping[str, bytes]) -> None:
    """Compare words and contacts with the digests that the events gave; any key of the trail may have sealed them."""
    same = (CaseStep.office_id == CaseWords.office_id) & (CaseStep.id == CaseWords.id)
    mine = select(CaseWords.id, CaseWords.words, CaseStep.digest).outerjoin(CaseStep, same)
    for row in connection.execute(mine.where(CaseWords.office_id == findings.office_id)):
        if not _sealed(row.words, row.digest, keys):
            findings.add(5, "words", f"case_words {row.id}", "these words are not those that were written")
    of_voice = (VoiceRow.office_id == VoiceContact.office_id) & (VoiceRow.id == VoiceContact.voice_id)
    given = select(VoiceContact.__table__, VoiceRow.contact).outerjoin(VoiceRow, of_voice)
    for row in connection.execute(given.where(VoiceContact.office_id == findings.office_id)):
        if not _sealed(contact_text(row.name, row.email, row.phone), row.contact, keys):
            findings.add(5, "words", f"voice_contacts {row.voice_id}", "this contact is not the one that was given")


def contact_text(name: str | None, email: str | None, phone: str | None) -> str:
    """Return name, e-mail and phone as they are sealed together."""
    return canonical({"name": name, "email": email, "phone": phone})


def _sealed(text: str, digest: str | None, keys: Mapping[str, bytes]) -> bool:
    return digest is not None and any(digest_of(keys[key_id], text) == digest for key_id in keys)
