"""What visitors may do with their phones: what taking a number needs, and how often they may let somebody pass."""

from typing import Any, Final

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from desk.domain.access import Role
from desk.domain.devices import DeviceKind
from desk.domain.door import NUMBERS_PER_GRANT
from desk.operations.settings import office_settings
from desk.reads.devices import PairedDevice, list_devices
from desk.reads.office_settings import get_office_settings
from desk.web.access import access, in_office
from desk.web.administration.planning import submitted
from desk.web.context import get_office, reader
from desk.web.forms.phones import PhonesForm
from desk.web.meanwhile import marks_of

blueprint = Blueprint("administration_phones", __name__)
ADMINISTERING: Final = in_office(Role.ADMIN)
PLACE: Final = "/offices/<int:office_id>/phone-settings"
NAMES: Final = ("phone_check_in", "door_code_s", "give_way_times")


@blueprint.get(PLACE)
@access(ADMINISTERING)
def page(office_id: int) -> ResponseReturnValue:
    """Show the settings."""
    get_office(office_id)
    return _page(office_id)


@blueprint.post(PLACE)
@access(ADMINISTERING)
def change(office_id: int) -> ResponseReturnValue:
    """Change them, at once or on a later day."""
    get_office(office_id)
    form = PhonesForm("phones")
    target = url_for("administration_phones.page", office_id=office_id)
    current = _current(get_office_settings(reader(), office_id))
    return submitted(office_id, form, _page, target, kind=office_settings.KIND, current=current)


def _page(office_id: int, form: PhonesForm | None = None) -> str:
    settings = get_office_settings(reader(), office_id)
    current = _current(settings)
    return render_template(
        "administration/phones.html",
        own=form or PhonesForm("phones", formdata=None, shown=marks_of(current), **current),
        form=form,
        is_rotating=settings["phone_check_in"] == "rotating",
        numbers_per_scan=NUMBERS_PER_GRANT,
        has_kiosk=any(_is_kiosk(each) for each in list_devices(reader(), office_id)),
        language_path=url_for("administration_phones.page", office_id=office_id),
    )


def _is_kiosk(device: PairedDevice) -> bool:
    return device.kind is DeviceKind.KIOSK and device.revoked_at is None


def _current(settings: dict[str, Any]) -> dict[str, Any]:
    return {name: settings[name] for name in NAMES}
