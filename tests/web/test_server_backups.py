"""Backups that outlive the machine, set up without a shell: folder, key, download, and what is said of each."""

import json
import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from desk.backups.downloads import Download, find_download, note_download
from desk.backups.folder import list_backups
from desk.backups.prospects import LATELY
from desk.backups.sealing import is_sealed, make_pair, read_identities
from desk.backups.whereabouts import Whereabouts, whereabouts_of
from desk.domain.facts import EventName
from desk.models import AccessRecord, EventRow, StaffSession
from desk.settings import load_settings
from desk.settings_kept import file_of
from desk.settings_now import current
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import PUBLIC_URL, Answer, Web

PAGE = "/offices/1/server"
BACKUPS, KEYS, RECIPIENTS = f"{PAGE}/backups", f"{PAGE}/backup-keys", f"{PAGE}/backup-recipients"
NEWEST = f"{PAGE}/backups/newest"
LIST = "/offices/1/checklist"
IDENTITY = re.compile(r"AGE-SECRET-KEY-1[0-9A-Z]+")


@pytest.fixture
def agus(web: Web) -> Web:
    """The administrator's browser, in English."""
    browser = web.as_("Agus")
    browser.speak("en")
    return browser


def settings_of(browser: Web) -> Any:
    return current(browser.app.extensions["desk"].settings)


def kept(browser: Web) -> dict[str, str]:
    file = file_of(settings_of(browser).data)
    found: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    return found


def backups_of(browser: Web) -> list[Any]:
    return list_backups(settings_of(browser).backups.folder or settings_of(browser).data / "backups")


def sets(browser: Web, *, status: int = 303, **changed: str) -> Answer:
    """Send the form about backups."""
    return browser.send(browser.get(PAGE), BACKUPS, status=status, **changed)


def makes_backup(browser: Web) -> None:
    browser.send(browser.get(PAGE), f"{LIST}/backup")


def takes_key(browser: Web) -> str:
    """Make a key, say that it is kept, and return it as the page showed it."""
    page = browser.send(browser.get(PAGE), KEYS, status=200)
    assert page.headers["Cache-Control"] == "no-store"
    browser.send(page, RECIPIENTS, is_kept="y")
    return IDENTITY.search(page.text)[0]  # type: ignore[index]


def forgets_proof(office: DeskOffice) -> None:
    with office.streams.engine.begin() as connection:
        connection.execute(update(StaffSession).values(proven_at=None))


def looks(office: DeskOffice) -> list[tuple[str, str]]:
    return [(row.verb, row.subject) for row in office.rows(AccessRecord)]


def step(browser: Web) -> str:
    """Return what the list says of the backups."""
    return browser.get(LIST).said


def everything_below(folder: Path) -> Iterator[bytes]:
    return (path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_folder_and_recipients_hold_at_once_and_are_told(agus: Web, desk_office: DeskOffice, tmp_path: Path) -> None:
    folder, one, other = tmp_path / "elsewhere", make_pair().recipient, make_pair().recipient
    sets(agus, backup_folder=f" {folder} ", backup_recipients=f"{one}, {other}")
    found = settings_of(agus).backups
    assert (found.folder, found.recipients) == (folder, (one, other)) and folder.stat().st_mode & 0o777 == 0o700
    makes_backup(agus)
    (backup,) = list_backups(folder)
    assert is_sealed(backup.file)
    payloads = [json.loads(row.payload) for row in desk_office.rows(EventRow) if row.name == EventName.SETTING_CHANGED]
    assert {"server_backup_folder": str(folder), "server_backup_recipients": f"{one} {other}"}.items() <= {
        each["setting"]: each["to"] for each in payloads
    }.items()
    assert "For whom backups are encrypted" in agus.get("/offices/1/changes-of-settings").said
    sets(agus, backup_folder="", backup_recipients="")
    assert settings_of(agus).backups.folder is None and "DESK_BACKUP_RECIPIENTS" not in kept(agus)


def test_what_no_backup_can_go_by_is_refused(agus: Web, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    data, static = settings_of(agus).data, agus.app.static_folder
    (data / "secrets").mkdir(exist_ok=True)
    (tmp_path / "shown").symlink_to(str(static))
    wrong = {
        "backups": "Give the whole path",
        "~/backups": "Give the whole path",
        str(tmp_path / "file"): "cannot be made or written",
        str(tmp_path / "not" / "there"): "cannot be made or written",
        f"{static}/backups": "shown to everybody",
        str(tmp_path / "shown"): "shown to everybody",
        str(data / "secrets"): "The secrets lie in this folder",
        "/" + "x" * 1_000: "at most 1000",
        "/" + "x" * 400: "cannot be made or written",
    }
    for typed, said in wrong.items():
        page = sets(agus, status=422, backup_folder=typed)
        assert said in page.said and page.form(BACKUPS)["backup_folder"] == typed and kept(agus) == {}
    assert not (tmp_path / "not").exists() and not (Path(str(static)) / "backups").exists()
    page = sets(agus, status=422, backup_recipients="age1nobody")
    assert "“age1nobo” is no recipient" in page.said


def test_a_folder_that_cannot_be_written_is_refused(agus: Web) -> None:
    page = sets(agus, status=422, backup_folder="/proc/self")
    assert "cannot be made or written" in page.said and kept(agus) == {}


def test_a_key_that_was_typed_as_a_recipient_goes_nowhere(agus: Web, caplog: pytest.LogCaptureFixture) -> None:
    secret = IDENTITY.search(make_pair().content)[0]  # type: ignore[index]
    page = sets(agus, status=422, backup_recipients=secret)
    assert "must not be on this server" in page.said and secret not in page.text + caplog.text and kept(agus) == {}
    assert secret not in sets(agus, status=422, backup_recipients=secret.lower()).text


def test_what_the_environment_sets_has_no_field_and_no_key_is_made(agus: Web) -> None:
    known, recipient = agus.app.extensions["desk"], make_pair().recipient
    environ = {"DESK_DATA": str(known.settings.data), "DATABASE_URL": known.settings.database_url}
    environ |= {"DESK_BACKUP_RECIPIENTS": recipient, "DESK_BACKUP_FOLDER": "/mnt/backups", "DESK_BASE_URL": PUBLIC_URL}
    agus.app.extensions["desk"] = type(known)(load_settings(environ), known.streams)
    page = agus.get(PAGE)
    assert recipient in page.said and "/mnt/backups" in page.said
    assert not {"backup_folder", "backup_recipients"} & page.form(BACKUPS).keys() and KEYS not in page.text
    assert agus.post(KEYS).location.endswith(f"{PAGE}#backup")
    refused = agus.post(RECIPIENTS, status=422, recipient=make_pair().recipient, is_kept="y")
    assert "is set on the server" in refused.said and kept(agus) == {}


def test_a_key_is_shown_once_and_kept_by_nobody(
    agus: Web, desk_office: DeskOffice, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    page = agus.send(agus.get(PAGE), KEYS, status=200)
    secret, recipient = IDENTITY.search(page.text)[0], page.form(RECIPIENTS)["recipient"]  # type: ignore[index]
    assert (
        "keep it away from this server" in page.said and kept(agus) == {} and 'download="desk-backup-key' in page.text
    )
    refused = agus.send(page, RECIPIENTS, status=422)
    assert "Save the key first" in refused.said and secret not in refused.text and kept(agus) == {}
    agus.send(refused, RECIPIENTS, is_kept="y")
    assert kept(agus) == {"DESK_BACKUP_RECIPIENTS": recipient} and settings_of(agus).backups.recipients == (recipient,)
    makes_backup(agus)

    assert KEYS not in agus.get(PAGE).text  # there is one now
    assert "Nothing was made" in agus.follow(agus.post(KEYS)).text
    (tmp_path / "key").write_text(secret)
    assert [str(each.to_public()) for each in read_identities(tmp_path / "key")] == [recipient]
    rows = str([row.payload for row in desk_office.rows(EventRow)])
    seen = "".join(agus.get(each).text for each in (PAGE, LIST, "/offices/1/changes-of-settings"))
    assert secret not in rows + seen + caplog.text and secret.encode() not in b"".join(
        everything_below(settings_of(agus).data)
    )


def test_a_recipient_that_the_page_did_not_offer_is_refused(agus: Web) -> None:
    for given in ("", "age1nobody", "hello"):
        agus.post(RECIPIENTS, status=422, recipient=given, is_kept="y")
    assert kept(agus) == {}


def test_whoever_did_not_show_lately_that_it_is_them_gets_no_key_and_no_backup(
    agus: Web, desk_office: DeskOffice
) -> None:
    takes_key(agus)
    makes_backup(agus)
    sets(agus, backup_recipients="")
    page = agus.send(agus.get(PAGE), KEYS, status=200)
    forgets_proof(desk_office)
    assert agus.post(KEYS).location.startswith("/account/confirmation")
    refused = agus.send(page, RECIPIENTS, status=422, is_kept="y")
    assert "Nothing was changed yet" in refused.said and kept(agus) == {"DESK_BACKUP_KEEP": "30"}
    assert refused.form(RECIPIENTS)["recipient"] == page.form(RECIPIENTS)["recipient"]
    assert agus.get(NEWEST, status=303).location.startswith("/account/confirmation?next=")
    assert ("exported", "backup") not in looks(desk_office)


def test_who_does_not_keep_the_server_gets_nothing(agus: Web, web: Web) -> None:
    takes_key(agus)
    makes_backup(agus)
    for name in ("Sari", "Budi", "Ratna"):
        browser = web.as_(name)
        browser.get(NEWEST, status=403)
        browser.post(KEYS, status=403)
        browser.post(RECIPIENTS, status=403, recipient=make_pair().recipient, is_kept="y")


def test_an_encrypted_backup_is_downloaded_whole_and_it_is_on_record(agus: Web, desk_office: DeskOffice) -> None:
    takes_key(agus)
    makes_backup(agus)
    (backup,) = backups_of(agus)
    assert f"Download {backup.file.name}" in agus.get(PAGE).said
    answer = fetched(agus.client)
    assert answer.data == backup.file.read_bytes() and answer.content_length == backup.size
    assert answer.headers["Content-Disposition"] == f"attachment; filename={backup.file.name}"
    assert answer.headers["Cache-Control"] == "no-store"
    assert looks(desk_office).count(("exported", "backup")) == 1
    found = find_download(settings_of(agus).data)
    assert found is not None and (found.name, found.made_at) == (backup.file.name, backup.made_at)


def fetched(client: FlaskClient) -> Any:
    answer = client.get(NEWEST, buffered=True)
    assert answer.status_code == 200
    return answer


def test_a_download_that_breaks_off_counts_for_nothing(agus: Web) -> None:
    takes_key(agus)
    makes_backup(agus)
    answer = agus.client.get(NEWEST, buffered=False)
    next(iter(answer.response))
    answer.close()
    assert find_download(settings_of(agus).data) is None


def test_a_plain_backup_is_not_given_out_and_the_page_says_why(agus: Web, desk_office: DeskOffice) -> None:
    assert "no encrypted backup to download" in agus.follow(agus.get(NEWEST, status=303)).text
    makes_backup(agus)
    page = agus.get(PAGE)
    assert "cannot be downloaded here: it is not encrypted" in page.said and NEWEST not in page.text
    assert "no encrypted backup to download" in agus.follow(agus.get(NEWEST, status=303)).text
    assert ("exported", "backup") not in looks(desk_office)


def test_the_step_is_done_only_when_the_machine_may_burn(agus: Web, desk_office: DeskOffice) -> None:
    sets(agus, backup_at="22:30")
    makes_backup(agus)
    assert "the secrets are not in it" in step(agus) and "the secrets are not in it" in agus.get(PAGE).said
    takes_key(agus)
    (plain,) = backups_of(agus)
    plain.file.unlink()
    makes_backup(agus)
    assert "lies on the same disk as the data" in step(agus)
    fetched(agus.client)
    assert "was downloaded" in step(agus) and "was downloaded" in agus.get(PAGE).said
    long_ago = desk_office.clock() - LATELY - timedelta(minutes=1)
    note_download(settings_of(agus).data, Download("desk-20260101T000000Z.tar.age", long_ago, desk_office.clock()))
    assert "lies on the same disk as the data" in step(agus)


def test_a_folder_of_another_machine_is_told_from_a_disk_of_this_one(tmp_path: Path) -> None:
    device = Path("/proc").stat().st_dev  # any other file system
    number, mounts = f"{os.major(device)}:{os.minor(device)}", tmp_path / "mountinfo"
    line = f"36 35 {number} / /mnt rw,noatime master:1 - %s server:/export rw\n"
    for kind, where in (("nfs4", Whereabouts.ELSEWHERE), ("cifs", Whereabouts.ELSEWHERE), ("ext4", "same_machine")):
        mounts.write_text(f"20 1 0:0 / / rw - overlay overlay rw\n{line % kind}")
        assert whereabouts_of(Path("/proc"), tmp_path, mounts=mounts) is Whereabouts(where)
    assert whereabouts_of(Path("/proc"), tmp_path, mounts=tmp_path / "none") is Whereabouts.SAME_MACHINE
    assert whereabouts_of(tmp_path, tmp_path) is Whereabouts.SAME_DISK
    assert whereabouts_of(tmp_path / "none", tmp_path) is Whereabouts.SAME_DISK
