"""Every route of the pages and of the API with who may use it, written down apart from the code.

A new route fails the tests until it stands here; what a route answers to whom is then derived from these tables alone.
"""

from dataclasses import dataclass
from typing import Final

ANYBODY: Final = frozenset({"nobody", "agent", "supervisor", "admin", "auditor"})
SIGNED_IN: Final = ANYBODY - {"nobody"}
FRONT: Final = frozenset({"agent", "supervisor"})
OVERSEERS: Final = frozenset({"supervisor", "auditor"})
KEEPERS: Final = frozenset({"admin", "supervisor"})
SUPERVISORS: Final = frozenset({"supervisor"})

# By endpoint: the method, and whose role in the office of the address opens it.
PAGES: Final[dict[str, tuple[str, frozenset[str]]]] = {
    "static": ("GET", ANYBODY),
    "home.index": ("GET", ANYBODY),
    "home.health": ("GET", ANYBODY),
    "signin.form": ("GET", ANYBODY),
    "signin.enter": ("POST", ANYBODY),
    "signin.leave": ("POST", SIGNED_IN),
    "changes.since": ("GET", ANYBODY),
    "display.board": ("GET", ANYBODY),
    "display.fragment": ("GET", ANYBODY),
    "kiosk.services": ("GET", ANYBODY),
    "kiosk.tiles": ("GET", ANYBODY),
    "kiosk.service": ("GET", ANYBODY),
    "kiosk.phone_services": ("GET", ANYBODY),
    "kiosk.phone_tiles": ("GET", ANYBODY),
    "kiosk.phone_service": ("GET", ANYBODY),
    "kiosk.take": ("POST", ANYBODY),
    "kiosk.return_form": ("GET", ANYBODY),
    "kiosk.find_earlier": ("POST", ANYBODY),
    "kiosk.ticket": ("GET", ANYBODY),
    "kiosk.open_matters": ("GET", ANYBODY),
    "kiosk.come_back": ("POST", ANYBODY),
    "kiosk.door": ("GET", FRONT),
    "visitor.page": ("GET", ANYBODY),
    "visitor.now": ("GET", ANYBODY),
    "visitor.departure": ("GET", ANYBODY),
    "visitor.depart": ("POST", ANYBODY),
    "visitor.again": ("GET", ANYBODY),
    "visitor.come_back": ("POST", ANYBODY),
    "survey.form": ("GET", ANYBODY),
    "survey.send": ("POST", ANYBODY),
    "survey.thanks": ("GET", ANYBODY),
    "counter.console": ("GET", FRONT),
    "counter.part": ("GET", FRONT),
    "counter.sign_on": ("POST", FRONT),
    "counter.sign_off": ("POST", FRONT),
    "counter.begin_break": ("POST", FRONT),
    "counter.end_break": ("POST", FRONT),
    "counter.call": ("POST", FRONT),
    "counter.recall": ("POST", FRONT),
    "counter.start": ("POST", FRONT),
    "counter.miss": ("POST", FRONT),
    "counter.seat": ("POST", FRONT),
    "counter.process": ("POST", FRONT),
    "counter.pause": ("POST", FRONT),
    "counter.resume": ("POST", FRONT),
    "counter.complete": ("POST", FRONT),
    "counter.cancel": ("POST", FRONT),
    "counter.leave": ("POST", FRONT),
    "counter.reopen": ("POST", FRONT),
    "counter.reinstate": ("POST", FRONT),
    "counter.come_back": ("POST", FRONT),
    "counter.hand_over": ("POST", FRONT),
    "counter.accept": ("POST", FRONT),
    "counter.decline": ("POST", FRONT),
    "counter.withdraw": ("POST", FRONT),
    "reception.form": ("GET", FRONT),
    "reception.take": ("POST", FRONT),
    "reception.slip": ("GET", FRONT),
    "supervisor.today": ("GET", OVERSEERS),
    "supervisor.today_list": ("GET", OVERSEERS),
    "supervisor.transaction": ("GET", OVERSEERS),
    "supervisor.closing": ("GET", SUPERVISORS),
    "supervisor.close_day": ("POST", SUPERVISORS),
    "supervisor.confirm_clock": ("POST", SUPERVISORS),
    "outbox.messages": ("GET", SUPERVISORS),
    "outbox.resend": ("POST", SUPERVISORS),
    "counter.documents": ("POST", FRONT),
    "counter.receipt": ("GET", FRONT | OVERSEERS),
    "corrections.form": ("GET", SUPERVISORS),
    "corrections.correct": ("POST", SUPERVISORS),
    "calendars.overview": ("GET", KEEPERS | OVERSEERS),
    "calendars.sheet": ("GET", KEEPERS | OVERSEERS),
    "calendars.add": ("POST", KEEPERS),
    "calendars.assign": ("POST", KEEPERS),
    "calendars.clock_rules": ("POST", KEEPERS),
    "calendars.change_week": ("POST", KEEPERS),
    "calendars.close": ("POST", KEEPERS),
    "calendars.open_specially": ("POST", KEEPERS),
    "calendars.clear": ("POST", KEEPERS),
    "calendars.preview": ("GET", KEEPERS),
    "calendars.take_over": ("POST", KEEPERS),
    "calendars.import_file": ("POST", KEEPERS),
}


@dataclass(frozen=True, slots=True)
class Entrance:
    """A route of the API: its scope, and what the id in its path is of."""

    method: str
    scope: str
    of: str


def _steps(*names: str) -> dict[str, Entrance]:
    return {name: Entrance("POST", "work:write", "transaction") for name in names}


API: Final[dict[str, Entrance]] = {
    "list_offices": Entrance("GET", "read", ""),
    "list_services": Entrance("GET", "read", "office"),
    "list_counters": Entrance("GET", "read", "office"),
    "list_staff": Entrance("GET", "read", "office"),
    "list_calendars": Entrance("GET", "read", "office"),
    "show_board": Entrance("GET", "read", "office"),
    "add_visit": Entrance("POST", "visits:write", "office"),
    "close_day": Entrance("POST", "supervise:write", "office"),
    "confirm_clock": Entrance("POST", "supervise:write", "office"),
    "leave_visit": Entrance("POST", "visits:write", "visit"),
    "add_duty": Entrance("POST", "work:write", "counter"),
    "add_call": Entrance("POST", "work:write", "counter"),
    "end_duty": Entrance("POST", "work:write", "duty"),
    "add_break": Entrance("POST", "work:write", "duty"),
    "end_break": Entrance("POST", "work:write", "duty"),
    "show_transaction": Entrance("GET", "read", "transaction"),
    **_steps(
        "recalls", "start", "no_show", "return", "handoffs", "document_completions", "processing", "pauses",
        "resumption", "completion", "cancellation", "departure", "reopening", "reinstatement", "visits",
    ),
    "acceptance": Entrance("POST", "work:write", "handoff"),
    "refusal": Entrance("POST", "work:write", "handoff"),
    "withdrawal": Entrance("POST", "work:write", "handoff"),
}  # fmt: skip

SCOPES: Final = {
    "agent": {"read", "visits:write", "work:write"},
    "supervisor": {"read", "visits:write", "work:write", "supervise:write"},
    "admin": {"read"},
    "auditor": {"read"},
}
PEOPLE: Final = {"agent": "Sari", "supervisor": "Budi", "admin": "Agus", "auditor": "Ratna"}
