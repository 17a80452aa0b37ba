"""The filters of lists: what an address asks for and nobody can choose is told, and nothing is listed for it."""

import pytest

from tests.fixtures.office import DeskOffice
from tests.fixtures.web import Web

LISTS = {
    "today": ("Budi", ["state", "service"]),
    "messages": ("Budi", ["state"]),
    "follow-ups": ("Budi", ["service", "origin"]),
    "voices": ("Budi", ["kind"]),
    "sign-ins": ("Agus", ["person"]),
    "changes-of-settings": ("Agus", ["person", "kind"]),
}
ASKED = ["nonsense", "999", "-7", "9" * 40, "<b>", "%00", "a%0ab"]


@pytest.mark.parametrize(("page", "field"), [(page, field) for page, (_, fields) in LISTS.items() for field in fields])
def test_what_nobody_can_choose_is_told_and_never_taken_for_all(
    web: Web, desk_office: DeskOffice, page: str, field: str
) -> None:
    desk_office.arrives("A")
    person = web.as_(LISTS[page][0])

    for asked in ASKED:
        refused = person.get(f"/offices/{desk_office.id}/{page}?{field}={asked}", status=422)
        assert "tidak ada dalam daftar ini. Pilih yang lain." in refused.said, asked
        assert "Tidak ada yang ditampilkan" in refused.said, asked
        assert f'name="{field}" aria-invalid="true"' in refused.text, asked
