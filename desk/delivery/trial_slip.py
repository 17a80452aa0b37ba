"""A slip that is no ticket, in both languages, with everything that can go wrong on one."""

from typing import Final

from sqlalchemy import select

from desk.delivery.printed_page import Page
from desk.delivery.wording import LANGUAGES, gettext_of
from desk.domain.printing import Job, PrinterUse
from desk.models import Service
from desk.reads.printing import find_printer
from desk.reads.reader import Reader
from desk.wording import N_

TRIAL: Final = {"id": "UJI COBA", "en": "TRIAL"}
NO_NUMBER: Final = {"id": "Bukan nomor antrean.", "en": "This is no queue number."}
# What it shows of letters: those of both code pages, and some that have to be drawn.
LETTERS: Final = ("à é î õ ü ñ ç", "– “ ” € …", "ḥ ṣ ā ī ū")
_WIDTH: Final = N_(
    "The black bar and the digits each reach from edge to edge, on one line. If not, set the other width."
)
_CODE: Final = N_("Scan the code with a phone: it opens the page for a number.")


def print_trial(page: Page, reader: Reader, job: Job, use: PrinterUse) -> bool:
    """Print it, whatever language the printer prints in otherwise."""
    slip, office = page.slip, page.office
    query = select(Service.series).where(Service.office_id == office.id, Service.retired.is_(False))
    series = reader.execute(query.order_by(Service.series).limit(1)).scalar() or ""
    slip.line(" · ".join(TRIAL.values()), bold=True)
    slip.number(f"{series}000")
    printer = find_printer(reader, office.id, job.printer_id)
    slip.line("" if printer is None else printer.name, bold=True)
    slip.line(f"{use.width} mm")
    slip.bar()
    slip.line(("1234567890" * 5)[: use.columns])
    for letters in LETTERS:
        slip.line(letters)
    slip.code(f"{page.desk.links.public_url}/offices/{office.id}/check-in")
    for language in LANGUAGES:
        said = gettext_of(language)
        slip.space()
        slip.line(page.moment(page.desk.at, language))
        slip.line(NO_NUMBER[language], bold=True)
        slip.line(said(_WIDTH))
        slip.line(said(_CODE))
    return True
