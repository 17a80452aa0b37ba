"""Whatever a test did to its office: the doctor finds nothing afterwards."""

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _sound_afterwards(request: pytest.FixtureRequest) -> Iterator[None]:
    office = request.getfixturevalue("desk_office") if "desk_office" in request.fixturenames else None
    yield
    if office is not None:
        assert office.findings() == []
