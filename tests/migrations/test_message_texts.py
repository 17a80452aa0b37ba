"""Own words of messages are forgotten by a step back, and may be written anew after the way up."""

import pytest
from sqlalchemy import inspect

from desk.cli import database
from desk.domain.access import Actor, Role
from desk.domain.invitation import Channel
from desk.domain.message_words import Part, TextKind
from desk.models import MessageText
from desk.operations.requests import Request
from desk.operations.settings.message_texts import reword
from tests.fixtures.office import DeskOffice, prepare_office

BEFORE = "0040"


def says(office, words):
    request = Request(Actor.staff(office.agus.id, Role.ADMIN), "reword")
    wanted = {"id": {Part.TEXT: words}}
    reword(office.streams, office.id, TextKind.INVITATION, Channel.PHONE, wanted, request)


def prepare_worded(url):
    """An office that worded a message twice."""
    prepare_office(url)
    office = DeskOffice(url)
    for words in ("{link}", "Survei: {link}"):
        says(office, words)
    office.engine.dispose()


@pytest.fixture
def office(fresh_database):
    """That office."""
    office = DeskOffice(fresh_database(prepare_worded))
    yield office
    office.engine.dispose()


def test_down_and_up_again_with_rows(office):
    url = office.engine.url.render_as_string(hide_password=False)
    assert [each.version for each in office.rows(MessageText)] == [1, 2]
    office.engine.dispose()
    database.downgrade(url, BEFORE)
    assert "message_texts" not in inspect(office.engine).get_table_names()
    office.engine.dispose()
    database.upgrade(url)
    assert office.rows(MessageText) == []
    says(office, "Survei: {link}")
    assert office.row(MessageText).version == 1
    assert office.findings() == []
