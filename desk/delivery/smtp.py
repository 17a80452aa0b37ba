"""The way out over SMTP.

Which answer means what (RFC 5321, 4.2.1): 4yz is for now, 5yz for good; but only what is said about the recipient or
the content concerns the message. A refused sign-in, sender or certificate concerns our settings: messages wait until
somebody has put that right, instead of dying one by one.
"""

import re
import smtplib
import ssl
from typing import Final, NoReturn

from desk.delivery.addresses import SenderIdentity
from desk.delivery.letter import Letter
from desk.delivery.report_asking import PLAINLY, report_asked
from desk.delivery.sending import Interrupted, NoSuchMailbox, Postponed, Rejected, SendingFailed, Unreachable
from desk.settings_messages import Mail

# For each step. Servers that examine a message while we wait take longer than one thinks, and giving up repeats it.
TIMEOUT_SECONDS: Final = 30.0
_CLOSING, _SIGN_IN_FIRST, _PERMANENT = 421, 530, 500
_LOWEST: Final = 200
_NOT_UNDERSTOOD: Final = frozenset({501, 504, 555})  # RFC 5321, 4.2.4 and 4.1.1.11: about what follows an address
_NO_MAILBOX: Final = frozenset({550, 551, 553})
_ENHANCED: Final = re.compile(r"\d{3} 5\.(?P<subject>\d{1,3})\.(?P<detail>\d{1,3})\b")
_ABOUT_SENDER: Final = frozenset({"7", "8"})  # RFC 3463, 3.2: of the subject "address", what concerns ours


class SmtpSender:
    """Sends over one connection, opened with the first message and kept until `close`."""

    def __init__(self, settings: Mail, sender: SenderIdentity, *, timeout: float = TIMEOUT_SECONDS) -> None:
        self._settings = settings
        self._sender = sender
        self._timeout = timeout
        self._connection: smtplib.SMTP | None = None
        self._reports_failures = False

    def send(self, letter: Letter) -> None:
        """Send a letter; returning means that the server has taken it over.

        Raises `SendingFailed`.
        """
        connection = self._connection or self._connect()
        try:
            self._hand_over(connection, letter)
        except (smtplib.SMTPException, OSError) as error:
            failure = _failure(error)
            if isinstance(failure, Unreachable):
                self.close()
            raise failure from None  # the error quotes the address

    def _hand_over(self, connection: smtplib.SMTP, letter: Letter) -> None:
        """Send a letter; a server that does not understand after all what it announced is asked plainly."""
        asked = report_asked(letter) if self._reports_failures else PLAINLY
        kind = () if letter.is_ascii else ("SMTPUTF8", "BODY=8BITMIME")
        sender = str(self._sender.mailbox)
        try:
            connection.sendmail(sender, [letter.to], letter.content, (*kind, *asked.mail), asked.recipient)
        except (smtplib.SMTPSenderRefused, smtplib.SMTPRecipientsRefused) as error:
            if not (asked.mail and _code(error) in _NOT_UNDERSTOOD):
                raise
            self._reports_failures = False
            connection.sendmail(sender, [letter.to], letter.content, kind)

    def greet(self) -> None:
        """Connect and sign in, and send nothing; raises `Unreachable` with the words of the mail server."""
        try:
            self._connect()
        finally:
            self.close()

    def close(self) -> None:
        """End the connection, if there is one."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.quit()
        except (smtplib.SMTPException, OSError):
            connection.close()

    def _connect(self) -> smtplib.SMTP:
        settings = self._settings
        try:
            connection = smtplib.SMTP(
                settings.host or "", settings.port, local_hostname=self._own_name(), timeout=self._timeout
            )
        except (smtplib.SMTPException, OSError) as error:
            _unreachable(error)
        try:
            if settings.starttls:
                connection.starttls(context=ssl.create_default_context())
            if settings.username:
                connection.login(settings.username, settings.password or "")
            connection.ehlo_or_helo_if_needed()
        except (smtplib.SMTPException, OSError) as error:
            connection.close()
            _unreachable(error)
        self._connection, self._reports_failures = connection, connection.has_extn("dsn")
        return connection

    def _own_name(self) -> str:
        """Return how we greet: asking the resolver for this machine's name can hang for half a minute."""
        domain = self._sender.mailbox.domain
        return domain if "." in domain else "[127.0.0.1]"


def _unreachable(error: Exception) -> NoReturn:
    raise Unreachable(_words(error)) from None


def _code(error: smtplib.SMTPSenderRefused | smtplib.SMTPRecipientsRefused) -> int:
    if isinstance(error, smtplib.SMTPSenderRefused):
        return error.smtp_code
    code: int = next(iter(error.recipients.values()))[0]
    return code


def _failure(error: smtplib.SMTPException | OSError) -> SendingFailed:
    match error:
        case smtplib.SMTPRecipientsRefused(recipients=recipients):
            return _of_recipient(*next(iter(recipients.values())))
        case smtplib.SMTPDataError(smtp_code=code, smtp_error=words):
            return _by_code(code, words)
        case smtplib.SMTPNotSupportedError():
            return Rejected("the mail server does not take addresses outside of ASCII")
        case smtplib.SMTPResponseException():
            return Unreachable(_words(error))
        case _:
            return Interrupted(_words(error))


def _of_recipient(code: int, words: bytes | str) -> SendingFailed:
    """Tell a mailbox that is not there (RFC 3463: X.1.z; disabled: X.2.1) from one that refuses this message."""
    failure = _by_code(code, words)
    enhanced = _ENHANCED.match(_said(code, words))
    about_address = _is_no_mailbox(*enhanced.groups()) if enhanced else code in _NO_MAILBOX
    return NoSuchMailbox(str(failure)) if isinstance(failure, Rejected) and about_address else failure


def _is_no_mailbox(subject: str, detail: str) -> bool:
    return (subject == "1" and detail not in _ABOUT_SENDER) or (subject, detail) == ("2", "1")


def _by_code(code: int, words: bytes | str) -> SendingFailed:
    said = _said(code, words)
    if code in (_CLOSING, _SIGN_IN_FIRST):
        return Unreachable(said)
    return Rejected(said) if code >= _PERMANENT else Postponed(said)


def _words(error: Exception) -> str:
    match error:
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=words):
            return _said(code, words)
        case OSError(strerror=str(words)) if words:
            return words
        case _:
            return f"{type(error).__name__}: {error}"


def _said(code: int, words: bytes | str) -> str:
    if code < _LOWEST:  # whatever answers there, its words are nobody's business here
        return "what answers there is no mail server"
    return f"{code} {words.decode('utf-8', 'replace') if isinstance(words, bytes) else words}"
