"""Who looked at what, in words: the codes of the access log; and what is wrong with a trail that does not hold."""

from typing import Final

from desk.wording import N_

VERBS: Final[dict[str, str]] = {
    "looked": N_("looked at"),
    "printed": N_("printed"),
    "exported": N_("exported"),
}

SUBJECTS: Final[dict[str, str]] = {
    "transaction": N_("transaction file"),
    "transaction_personal": N_("transaction file with personal data"),
    "transaction_contact": N_("contact of a visitor, to follow up a low score"),
    "handoff": N_("handoff slip"),
    "receipt": N_("receipt for documents"),
    "ticket": N_("ticket of a visit"),
    "access_log": N_("access log"),
    "trail": N_("trail"),
    "settings": N_("changes of settings"),
    "table services": N_("services, as a file"),
    "table staff": N_("staff, as a file"),
    "table calendars": N_("calendars, as a file"),
    "sign_ins": N_("sign-ins and refusals"),
    "refused_accesses": N_("refused accesses, as a file"),
    "backup": N_("backup of the whole server, encrypted"),
    "follow_up": N_("follow-up"),
    "survey_link": N_("link of a survey, to revoke it (the link itself is not shown)"),
    "voice": N_("complaint, suggestion or compliment"),
    "personal_data": N_("personal data of a visitor"),
    "report follow_ups": N_("report of follow-ups"),
    "report ikm report.pdf": N_("satisfaction report of a period, as a PDF"),
    "report ikm report.docx": N_("satisfaction report of a period, as a Word file"),
    "report ikm sheet.pdf": N_("publication sheet of the satisfaction index"),
    "report ikm answers.xlsx": N_("answers behind the satisfaction index, as a workbook"),
}

FAULTS: Final[dict[str, str]] = {
    "gap": N_("Event %(number)d is missing, or out of order"),
    "key": N_("Event %(number)d was signed with a key that is not on this server"),
    "signature": N_("Event %(number)d is not what was signed, or what came before it was changed"),
    "retired": N_("Event %(number)d was signed with a key that was retired before"),
    "rotation": N_("Event %(number)d passed the chain on to a key that is not the one on this server"),
    "cut": N_("Event %(number)d is missing or differs from a checkpoint: the trail was cut or rewritten"),
    "head": N_("Event %(number)d is not where the office’s stream says that the trail ends"),
    "unreadable": N_("Event %(number)d cannot be read"),
}
