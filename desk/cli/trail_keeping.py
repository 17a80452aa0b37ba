"""What the worker does for the trail: a checkpoint a day outside the database, its mail, verifications in bites."""

import logging
from datetime import datetime, timedelta
from typing import Final

from desk.delivery.checkpoint_mail import compose_checkpoint
from desk.delivery.letter import Letter
from desk.delivery.sending import SendingFailed
from desk.delivery.smtp import SmtpSender
from desk.delivery.worker import identity_of
from desk.domain.audit import Head
from desk.domain.refusals import Refused
from desk.operations.keeping.verifying import take_bite
from desk.operations.stream import Streams
from desk.reads.trail import find_mac, find_signing_key, list_heads, snapshot
from desk.reports.checkpoints import BadCheckpoint, parse
from desk.reports.daily_checkpoints import file_of, list_files, read_heads, write_daily
from desk.settings import Settings
from desk.settings_now import current

LOG: Final = logging.getLogger(__name__)
# After what went wrong: the next look for today's checkpoint, or the next attempt to mail it.
AGAIN: Final = timedelta(minutes=10)
SENT: Final = ".sent"


class TrailKeeper:
    """Watches over the trail of one database for one worker."""

    def __init__(self, settings: Settings, streams: Streams) -> None:
        self._settings = settings
        self._streams = streams
        self._not_before: datetime | None = None

    def look(self) -> bool:
        """Do what is due; returns whether there is more to do at once."""
        now = self._streams.clock()
        if self._not_before is None or now >= self._not_before:
            try:
                self._not_before = None if self._keep_checkpoint(now) else now + AGAIN
            except (OSError, BadCheckpoint, Refused, SendingFailed, ValueError) as error:
                LOG.error("the checkpoint of the day: %s", error)
                self._not_before = now + AGAIN
        return take_bite(self._streams, self._heads)

    def _heads(self) -> list[Head]:
        try:
            return read_heads(self._settings.checkpoints, self._streams.keys.known)
        except BadCheckpoint as error:
            LOG.error("the checkpoints cannot be compared with: %s", error)
            return []

    def _keep_checkpoint(self, now: datetime) -> bool:
        """Write today's checkpoint and mail it, where that is still to be done; returns whether it is done."""
        file = file_of(self._settings.checkpoints, now)
        if not file.exists() and not self._write(now):
            return False
        if self._settings.checkpoint_mail and not file.with_suffix(SENT).exists():
            self._mail(now)
        return True

    def _write(self, now: datetime) -> bool:
        """Write today's checkpoint; not one of an empty database, nor of a trail that lost what the last one says."""
        folder, keys = self._settings.checkpoints, self._streams.keys
        with self._streams.reading() as reading:
            connection = snapshot(reading)
            signing = find_signing_key(connection)
            if signing is None:
                return False
            for head in self._newest_heads():
                if find_mac(connection, head.office_id, head.number) != head.mac:
                    raise BadCheckpoint(
                        f"not written, because event {head.number} of office {head.office_id} in the last one is no "
                        f"longer in the trail; look with: desk audit verify --checkpoint {folder}"
                    )
            heads = list_heads(connection)
        written = write_daily(folder, heads, keys.for_stream(signing), at=now)
        if written is not None:
            LOG.info("wrote the checkpoint %s", written)
        return True

    def _newest_heads(self) -> list[Head]:
        files = list_files(self._settings.checkpoints)
        return parse(files[-1].read_bytes(), self._streams.keys.known).heads if files else []

    def _mail(self, now: datetime) -> None:
        settings = current(self._settings)
        file = file_of(settings.checkpoints, now)
        if settings.mail.host is None:
            raise ValueError("it cannot be mailed without a mail server (DESK_SMTP_HOST)")
        heads = parse(file.read_bytes(), self._streams.keys.known).heads
        identity = identity_of(settings)
        sender = SmtpSender(settings.mail, identity)
        try:
            message = compose_checkpoint(settings.checkpoint_mail, file.stem, heads, identity, at=now)
            sender.send(Letter.of(message))
        finally:
            sender.close()
        file.with_suffix(SENT).touch(mode=0o600)
