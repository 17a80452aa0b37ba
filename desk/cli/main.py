"""The `desk` command. Exit codes: 0 done or well, 1 does not hold, 2 not understood, 3 could not be done."""

import click

import desk
from desk.cli.audit import audit
from desk.cli.audit_files import export_command, rotate_command, verifier_command
from desk.cli.backup import backup
from desk.cli.calendars import calendar
from desk.cli.checking import check
from desk.cli.demo import demo
from desk.cli.doctor import doctor
from desk.cli.first_run import setup_token_command
from desk.cli.mail import mail
from desk.cli.migrating import db
from desk.cli.people import person
from desk.cli.planned_keeping import settings
from desk.cli.privacy import privacy
from desk.cli.refusing import DeskGroup
from desk.cli.reports import reports
from desk.cli.restore import restore
from desk.cli.serving import serve, worker
from desk.cli.starting import init, up
from desk.cli.surveys import survey
from desk.cli.tables import export_command as export_tables
from desk.cli.tables import import_command as import_tables
from desk.cli.tokens import token


@click.group(cls=DeskGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(desk.__version__, prog_name="desk")
def main() -> None:
    """Queue numbers, accepted handoffs and a survey for every service transaction.

    Settings come from the environment (docs/operations.md lists them): DESK_DATA is the data folder (var), DATABASE_URL
    a PostgreSQL database instead of the SQLite file in it, PORT the port (8000).

    Exit codes: 0 done, or all is well; 1 what was examined does not hold; 2 the command was not understood; 3 it could
    not be done.
    """


for command in (up, init, serve, worker, db, demo, doctor, audit, reports, token, person, calendar, survey, privacy):
    main.add_command(command)
main.add_command(check)
main.add_command(setup_token_command)
main.add_command(settings)
main.add_command(export_tables)
main.add_command(import_tables)
for command in (backup, restore, mail):
    main.add_command(command)

for command in (export_command, verifier_command, rotate_command):
    audit.add_command(command)

if __name__ == "__main__":
    main()
