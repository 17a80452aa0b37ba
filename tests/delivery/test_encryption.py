"""STARTTLS with a certificate that is checked."""

import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

from desk.delivery.worker import Report
from tests.fixtures.machine import Need
from tests.fixtures.mail import only

_FOUND = shutil.which("openssl")
OPENSSL = Need("OpenSSL", "openssl", Path(_FOUND) if _FOUND else None)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A key and a certificate for this machine, made for this run."""
    folder = tmp_path_factory.mktemp("certificate")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = [
        OPENSSL.path(), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
        "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
        "-keyout", key, "-out", certificate,
    ]  # fmt: skip
    subprocess.run(list(map(str, command)), check=True, capture_output=True)
    return key, certificate


@pytest.fixture
def encrypting(make_mail_server, certificate):
    """A mail server that talks to nobody in the clear."""
    key, chain = certificate
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    return make_mail_server(tls_context=context, require_starttls=True, authenticator=only("desk", "rahasia"))


def test_a_message_goes_out_encrypted_and_signed_in(ask, hire, encrypting, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[1]))
    asked = ask()
    courier = hire(encrypting.settings(starttls=True, username="desk", password="rahasia"))

    assert courier.delivers() == Report(sent=1)
    assert asked.delivery.state == "sent"


def test_a_certificate_nobody_vouches_for_is_not_trusted(ask, hire, encrypting):
    asked = ask()
    courier = hire(encrypting.settings(starttls=True, username="desk", password="rahasia"))

    assert "CERTIFICATE_VERIFY_FAILED" in courier.delivers().unreachable
    assert (encrypting.letters, asked.delivery.state) == ([], "pending")


def test_a_server_that_demands_encryption_gets_nothing_in_the_clear(ask, hire, encrypting):
    asked = ask()

    assert hire(encrypting.settings()).delivers().unreachable.startswith("530 ")
    assert asked.delivery.state == "pending"
