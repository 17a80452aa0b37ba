"""The form of a receipt printer of the house: where it is reached, what it prints with, and who prints on it."""

from collections.abc import Iterable
from typing import Any, Final

from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired, NumberRange, ValidationError

from desk.domain.devices import PRINTER_PORTS, DeviceKind, DeviceWish, require_printer
from desk.domain.printing import DOTS, MOST_COPIES, Letters, PrinterUse, TicketLanguage
from desk.domain.refusals import Refused
from desk.reads.printing import Printer
from desk.web.forms.base import Form
from desk.web.forms.devices import name_field, several
from desk.web.forms.fields import choices, lazy, new_key, one_line
from desk.wording import N_
from desk.wording.printing import LANGUAGES, LETTERS

TAKEN: Final = N_("Another printer prints for this already. Take it away there first.")
SOME_HOST: Final = "10.0.0.1"  # where only the port is in question
_WHOLE: Final = lazy(N_("Give a whole number."))
_CHOOSE: Final = lazy(N_("This cannot be chosen (any more). Choose from the list."))
_NEW: Final = ("key", "name", "host", "port")  # what is asked of one that is not known yet


class PrinterForm(Form):
    """Where a receipt printer is reached, and how it is set; its fields have ids of their own on a page of others."""

    key = HiddenField(default=new_key)
    name = name_field()
    host = StringField(
        lazy(N_("Address")),
        [InputRequired(lazy(N_("Give the address of the printer.")))],
        filters=[one_line],
        render_kw={"autocomplete": "off", "placeholder": "192.168.1.50", "inputmode": "decimal"},
        description=lazy(N_("An IPv4 address of the house, as the printer prints it with its settings.")),
    )
    port = IntegerField(lazy(N_("Port")), [InputRequired(_WHOLE)], default=9100)
    kiosks = several(N_("Tickets of these kiosks"), N_("A kiosk has to be paired to have a printer."))
    counters = several(
        N_("Tickets and receipts of these counters"), N_("For whoever is on duty there and gives out numbers.")
    )
    reception = BooleanField(lazy(N_("Also for officers whose counter has no printer of its own")))
    width = RadioField(
        lazy(N_("Width of the paper")),
        [InputRequired(_CHOOSE)],
        choices=[SelectChoice(str(each), f"{each} mm") for each in DOTS],
        invalid_choice_message=_CHOOSE,
    )
    language = RadioField(
        lazy(N_("Language")), [InputRequired(_CHOOSE)], choices=choices(LANGUAGES), invalid_choice_message=_CHOOSE
    )
    letters = RadioField(
        lazy(N_("Letters with accents")),
        [InputRequired(_CHOOSE)],
        choices=choices(LETTERS),
        invalid_choice_message=_CHOOSE,
        description=lazy(N_("If they come out wrong on the trial, have them drawn.")),
    )
    copies = IntegerField(
        lazy(N_("Copies")),
        [InputRequired(_WHOLE), NumberRange(1, MOST_COPIES, lazy(N_("Give a number from %(min)s to %(max)s.")))],
    )
    cuts = BooleanField(lazy(N_("It cuts the paper")))

    def __init__(
        self, of_kiosks: Iterable[tuple[int, str]] = (), at: Iterable[tuple[int, str]] = (), **more: Any
    ) -> None:
        """Make the form with the kiosks and the counters in use."""
        super().__init__(**more)
        self.kiosks.choices, self.counters.choices = list(of_kiosks), list(at)
        for name in ("kiosks", "counters"):
            if not self[name].choices:
                del self[name]
        for field in self:
            field.id = f"printer-{field.name}"
            field.label.field_id = field.id

    @classmethod
    def for_new(cls, **more: Any) -> "PrinterForm":
        """Return the form of one that is to be added: where it is; how it is set is asked once it is known."""
        form = cls(**more)
        for name in [field.name for field in form if field.name not in (*_NEW, "csrf_token")]:
            del form[name]
        return form

    def validate_host(self, field: Any) -> None:
        """Demand an address of the house."""
        try:
            require_printer(field.data or "", PRINTER_PORTS.start)
        except Refused as refused:
            said = N_("Give an address of a private network: 10.…, 172.16.… to 172.31.…, or 192.168.….")
            raise ValidationError(lazy(said)) from refused

    def validate_port(self, field: Any) -> None:
        """Demand a port of receipt printers."""
        try:
            require_printer(SOME_HOST, field.data or 0)
        except Refused as refused:
            raise ValidationError(lazy(N_("Receipt printers listen on a port from 9100 to 9109."))) from refused

    @property
    def wish(self) -> DeviceWish:
        """What was typed."""
        counters = tuple(self.counters.data or ()) if "counters" in self else ()
        use = PrinterUse() if "width" not in self else self._use
        return DeviceWish(
            DeviceKind.PRINTER,
            self.name.data or "",
            counters=counters,
            host=self.host.data or "",
            port=self.port.data or 0,
            use=use,
        )

    @property
    def _use(self) -> PrinterUse:
        return PrinterUse(
            width=int(self.width.data),
            language=TicketLanguage(self.language.data),
            copies=self.copies.data or 0,
            cuts=bool(self.cuts.data),
            letters=Letters(self.letters.data),
            kiosks=tuple(self.kiosks.data or ()) if "kiosks" in self else (),
            reception=bool(self.reception.data),
        )


def values_of(printer: Printer) -> dict[str, Any]:
    """Return what the form of a printer shows."""
    use = printer.use
    return {
        "name": printer.name,
        "host": printer.host,
        "port": printer.port,
        "kiosks": sorted(use.kiosks),
        "counters": sorted(printer.counters),
        "reception": use.reception,
        "width": str(use.width),
        "language": use.language.value,
        "letters": use.letters.value,
        "copies": use.copies,
        "cuts": use.cuts,
    }
