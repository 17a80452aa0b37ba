"""The words of the setting up: its steps, and what is said of how each stands."""

from typing import Final

from desk.domain.opening import AddressFault, Step
from desk.wording import N_

TITLES: Final = {
    Step.HOURS: N_("Hours"),
    Step.HOLIDAYS: N_("Public holidays"),
    Step.COUNTERS: N_("Counters"),
    Step.STAFF: N_("Staff"),
    Step.SERVICES: N_("Services"),
    Step.SKILLS: N_("Who serves what"),
    Step.DISPLAYS: N_("Lobby displays"),
    Step.ADDRESS: N_("Public address"),
    Step.SENDER: N_("Sender of messages"),
    Step.BACKUP: N_("Backups"),
}
ADDRESS_FAULTS: Final = {
    AddressFault.UNSET: N_(
        "QR codes and messages point at the address that this machine has today. Set the address under which visitors"
        " reach the desk."
    ),
    AddressFault.NO_ADDRESS: N_("The public address is no web address. It begins with https:// or http://."),
    AddressFault.THIS_MACHINE: N_(
        "The public address points at the machine itself; no phone reaches it. Set the outer address."
    ),
    AddressFault.MORE_THAN_HOST: N_(
        "The public address has more than a host in it. The desk is served at the root of a host."
    ),
    AddressFault.OPEN: N_(
        "QR codes and messages point at %(address)s, where what visitors write is sent openly. Serve it by TLS."
    ),
}
NO_SERVICE: Final = N_("There is no service yet. A number is always for a service.")
NO_COUNTER: Final = N_("There is no counter yet. A visitor is called to a counter.")
NO_OFFICER: Final = N_("No officer or supervisor works here yet. They call visitors.")
SERVICES_BEFORE_STAFF: Final = N_("First add the services, then say who serves them.")
NOBODY_SERVES: Final = N_("Nobody serves %(series)s yet. Until somebody does, no numbers are given out for it.")
ALL_SERVED: Final = N_("Somebody serves each service.")
NO_CALENDAR: Final = N_("There is no calendar with service hours yet. Numbers are given out in service hours.")
HOURS_WITHOUT_SERVICE: Final = N_("There is a calendar; each service keeps the hours of one.")
NEVER_OPEN: Final = N_("%(series)s do not open within 14 days. Look at the hours of their calendar.")
OPENS: Final = N_("All services open within 14 days. Next opening: %(time)s.")
MISSING_HOLIDAYS: Final = N_(
    "The office is open on public holidays and days of collective leave that are not entered: %(counts)s. Take them"
    " over, or say that you work on them."
)
WORKED_HOLIDAYS: Final = N_("%(name)s said that the office works on those that are not entered: %(counts)s.")
HOLIDAYS: Final = N_("The public holidays and the days of collective leave are entered.")
OPEN_NOW: Final = N_("All services open within 14 days. At least one is open now.")
NOT_RUNG: Final = N_("Open the display on each screen, turn its chime on, and let all of them ring.")
RUNG_ONLY: Final = N_("All open displays were rung. Look whether each of them sounded and showed a trial, and say so.")
RUNG: Final = N_("They were rung, and each of them sounded and showed a trial.")
ONLY_HERE: Final = N_(
    "The server listens on this machine only: no phone, no display and no other counter reaches it. Start it with"
    " “--host 0.0.0.0”, or with DESK_HOST=0.0.0.0 in its environment; it cannot be set in the browser."
)
POINTS_AT: Final = N_("QR codes and messages point at %(address)s.")
NO_MAIL: Final = N_("No mail server is set; messages wait. Set one up, and the address messages come from.")
UNFIT_SENDER: Final = N_("Messages come from %(sender)s, which most mail servers refuse. Set another sender.")
SENDER: Final = N_("Messages come from %(sender)s. A trial message was taken over.")
UNTRIED_SENDER: Final = N_("Messages come from %(sender)s. Whether they get out, a trial message to yourself shows.")
FAILED_SENDER: Final = N_(
    "Messages come from %(sender)s, but the last trial message was not taken. Look at the settings."
)
NO_SCHEDULE: Final = N_("No backup is made by itself. Set a time of the day for it, 22:30 for example.")
FAILED_BACKUP: Final = N_(
    "The last backup that was due failed (%(time)s). The log of the server says why, “desk check” too."
)
OLD_BACKUP: Final = N_("A backup is due every day at %(time)s, and none is younger than 26 hours.")
PLAIN_BACKUP: Final = N_(
    "The newest backup (%(time)s) is not encrypted, so the secrets are not in it: alone it cannot be restored on"
    " another machine. Make a key for encrypted backups, then a backup."
)
NEAR_BACKUP: Final = N_(
    "The newest backup (%(time)s) lies on the same disk as the data, and goes with it. Download it, or let backups go"
    " into a folder on another machine."
)
SAME_MACHINE_BACKUP: Final = N_(
    "The newest backup (%(time)s) lies on another disk of this machine; a fire or a thief takes both. Download it, or"
    " let backups go into a folder on another machine."
)
TAKEN_BACKUP: Final = N_("The newest backup is of %(time)s. The one of %(made)s was downloaded (%(taken)s).")
NEW_BACKUP: Final = N_("The newest backup is of %(time)s and lies on another machine.")
