"""The outbox reaches a real mail server: once where all goes well, at least once where it does not."""

import re
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import SecretStr
from sqlalchemy import select

from core.roles import Role
from db import worker
from db.gate import Portal
from db.keys import AppKey
from db.mail import delivery, mails, outbox
from db.schema import Account, OutgoingMail
from tests.db.people import NOON, make_account
from tests.portals import portal_on

SECRET = "the-secret-of-a-link"


class Postbox:
    """A mail server's handler: keeps what it receives; `answer` may say or do something else first."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.answers: list[Callable[[object], str | None]] = []
        self.refused: dict[str, str] = {}

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.received.append(message_from_bytes(envelope.content, policy=policy.default))
        answer = self.answers.pop(0) if self.answers else None
        return (answer and answer(server)) or "250 OK"


def hangs_up(server) -> None:
    """The message has arrived, and the line breaks before the server says so."""
    server.transport.abort()


def is_busy(server) -> str:
    return "451 Try again later"


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def served(postbox) -> Iterator[Callable[..., dict[str, object]]]:
    """Starts a mail server for the postbox; the settings that reach it."""
    controllers = []

    def serve(tls: bool = False, **given: object) -> dict[str, object]:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        controller = Controller(postbox, hostname="127.0.0.1", port=port, **given)
        controller.start()
        controllers.append(controller)
        return {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "tls" if tls else "none"}

    yield serve
    for controller in controllers:
        controller.stop()


def put(portal: Portal, account_id: int, template: str, secret: str | None = None, **values: object) -> None:
    with portal.database.transaction(writes=True) as session:
        outbox.put(session, portal.key, NOON, session.get_one(Account, account_id), template, values, secret)


def send(portal: Portal, at: datetime = NOON) -> int:
    return delivery.send_due(portal, lambda: at, lambda: True)


def kept(portal: Portal) -> list[OutgoingMail]:
    with portal.database.transaction(writes=False) as session:
        return list(session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


@pytest.fixture
def mail_portal(portal_url, served) -> Iterator[Portal]:
    portal = portal_on(portal_url, **served())
    yield portal
    portal.database.close()


def test_a_mail_is_sent_once_in_plain_text_and_html_and_its_secret_is_erased(mail_portal, postbox):
    robin = make_account(mail_portal, Role.OPERATOR, email="robin@example.ca")
    put(mail_portal, robin, "confirm_email", SECRET)
    assert send(mail_portal) == 1
    assert send(mail_portal, NOON + timedelta(days=3)) == 0
    (mail,) = kept(mail_portal)
    assert (mail.sent_at, mail.next_attempt_at, mail.secret, mail.failure) == (NOON, None, None, "")
    (received,) = postbox.received
    assert received["To"] == "robin@example.ca"
    assert received["Message-ID"] == mail.message_id
    link = f"http://localhost:8501/confirm?key={SECRET}"
    assert link in received.get_body(["plain"]).get_content()
    assert link in received.get_body(["html"]).get_content()


@pytest.mark.parametrize("mails_waiting", [1, 2])
def test_who_prefers_french_is_told_in_french_that_the_mail_is_in_english_and_whom_to_call(
    mail_portal, postbox, mails_waiting
):
    said = "Ce courriel n’est offert qu’en anglais pour le moment."
    for language in ("en", "fr"):
        reader = make_account(mail_portal, Role.OPERATOR, email=f"{language}@example.ca", language=language)
        for _ in range(mails_waiting):
            put(mail_portal, reader, "password_changed")
    send(mail_portal)
    english, french = postbox.received
    for kind in ("plain", "html"):
        assert said not in english.get_body([kind]).get_content()
        text = french.get_body([kind]).get_content()
        assert text.index(said) < text.index("1-877-231-2122") < text.index("The password of your account")
    assert f"<p lang=fr>{said}" in french.get_body(["html"]).get_content()


def test_nothing_is_lost_when_the_line_breaks_after_the_message_was_given(mail_portal, postbox):
    robin = make_account(mail_portal, Role.OPERATOR)
    put(mail_portal, robin, "confirm_email", SECRET)
    postbox.answers = [hangs_up]
    assert send(mail_portal) == 0
    (mail,) = kept(mail_portal)
    assert mail.sent_at is None
    assert mail.secret is not None
    assert mail.failure
    assert send(mail_portal) == 0, "not before a minute has passed"
    assert send(mail_portal, NOON + timedelta(minutes=1)) == 1
    first, second = postbox.received
    assert first["Message-ID"] == second["Message-ID"]
    assert first.get_body(["plain"]).get_content() == second.get_body(["plain"]).get_content()


def test_a_server_that_fails_half_way_through_the_outbox_gets_the_rest_later(mail_portal, postbox):
    for number in range(5):
        put(mail_portal, make_account(mail_portal, email=f"p{number}@example.ca"), "password_changed")
    postbox.answers = [None, hangs_up, None, is_busy]
    assert send(mail_portal) == 3
    assert send(mail_portal, NOON + timedelta(minutes=1)) == 2
    assert {mail["To"] for mail in postbox.received} == {f"p{number}@example.ca" for number in range(5)}
    assert all(mail.sent_at for mail in kept(mail_portal))


def test_a_server_that_is_not_there_is_tried_again_ever_more_rarely_and_then_given_up(portal_url):
    portal = portal_on(portal_url, smtp_host="127.0.0.1", smtp_port=1, smtp_security="none")
    put(portal, make_account(portal), "confirm_email", SECRET)
    moment, waits = NOON, []
    for _ in range(delivery.ATTEMPTS):
        assert send(portal, moment) == 0
        (mail,) = kept(portal)
        if mail.next_attempt_at:
            waits.append((mail.next_attempt_at - moment) // timedelta(minutes=1))
            moment = mail.next_attempt_at
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]
    assert mail.next_attempt_at is None
    assert mail.secret is None
    assert "refused" in mail.failure
    portal.database.close()


def test_a_refused_recipient_is_given_up_at_once_and_keeps_nobody_else_waiting(mail_portal, postbox):
    postbox.refused = {"gone@example.ca": "550 No such person here"}
    put(mail_portal, make_account(mail_portal, email="gone@example.ca"), "password_changed")
    put(mail_portal, make_account(mail_portal, email="here@example.ca"), "password_changed")
    assert send(mail_portal) == 1
    gone, here = kept(mail_portal)
    assert gone.failure == "The mail server refused the recipient: 550 No such person here"
    assert gone.next_attempt_at is None
    assert here.sent_at


def test_several_mails_for_one_recipient_go_as_one_that_lists_them_all(mail_portal, postbox):
    robin = make_account(mail_portal, email="robin@example.ca")
    put(mail_portal, robin, "password_changed")
    put(mail_portal, robin, "profile_received", kind="operator")
    put(mail_portal, robin, "confirm_email", SECRET)
    postbox.answers = [hangs_up]
    assert send(mail_portal) == 1, "the one with the link goes by itself"
    put(mail_portal, robin, "profile_received", kind="owner")
    assert send(mail_portal, NOON + timedelta(minutes=5)) == 2
    together = [mail for mail in postbox.received if mail["Subject"] == "2 messages from the portal"]
    link, later = [mail for mail in postbox.received if mail not in together]
    first, again = together
    assert first["Message-ID"] == again["Message-ID"]
    text = again.get_body(["plain"]).get_content()
    assert "The password of your account was changed" in text
    assert "Your operator profile was submitted" in text
    assert SECRET not in text
    assert later["Subject"] == "Your owner profile was received"
    assert SECRET in link.get_body(["plain"]).get_content()
    assert all(mail.sent_at for mail in kept(mail_portal))


def test_what_people_wrote_becomes_no_markup_and_no_header(mail_portal, postbox):
    reasons = "Line one <img src=x onerror=alert(1)>\nLine {two} ${1} O'Brien `x`"
    put(mail_portal, make_account(mail_portal), "profile_returned", kind="operator", reasons=reasons)
    put(
        mail_portal,
        make_account(mail_portal),
        "profile_received",
        kind="x\r\nBcc: all@example.ca",
    )
    assert send(mail_portal) == 2
    returned, received = postbox.received
    assert reasons in returned.get_body(["plain"]).get_content().replace("\r\n", "\n")
    assert "<img" not in returned.get_body(["html"]).get_content()
    assert "Line {two}" in returned.get_body(["html"]).get_content()
    assert received["Bcc"] is None


def test_a_link_written_with_another_key_is_given_up_with_a_sentence(mail_portal, postbox):
    put(mail_portal, make_account(mail_portal), "confirm_email", SECRET)
    other = Portal(mail_portal.settings, mail_portal.database, AppKey(b"another key"))
    assert send(other) == 0
    assert kept(mail_portal)[0].failure == "The link in it was encrypted with another APP_KEY."
    assert postbox.received == []


def test_every_mail_that_the_portal_writes_has_a_template():
    sources = "".join(path.read_text() for path in Path(mails.__file__).parents[1].rglob("*.py"))
    named = set(re.findall(r"""\.mail\(\s*[^()]*(?:\([^()]*\))?[^()"]*,\s*"(\w+)\"""", sources))
    assert named <= mails.ENGLISH.keys()
    assert {"password_changed", "profile_approved", "already_registered"} <= named, "the search finds them"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> str:
    """The path of a certificate for 127.0.0.1, its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "mail.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return str(path)


def _context(certificate: str) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


def _sign_in(server, session, envelope, mechanism, given) -> AuthResult:
    right = (given.login, given.password) == (b"portal", b"right password")
    return AuthResult(success=right, handled=False)


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # over TLS from the first byte, there is nothing to require
@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_mail_goes_over_a_protected_line_to_a_server_that_asks_for_a_password(
    new_database, served, postbox, certificate, monkeypatch, security
):
    context = _context(certificate)
    given = {"ssl_context": context} if security == "tls" else {"tls_context": context, "require_starttls": True}
    reached = served(auth_required=True, authenticator=_sign_in, auth_require_tls=security == "starttls", **given)
    portal = portal_on(
        new_database("sqlite", True),
        **{**reached, "smtp_security": security},
        smtp_user="portal",
        smtp_password=SecretStr("right password"),
    )
    put(portal, make_account(portal), "password_changed")
    assert send(portal) == 0, "the certificate is not known"
    assert "CERTIFICATE_VERIFY_FAILED" in kept(portal)[0].failure
    monkeypatch.setenv("SSL_CERT_FILE", certificate)
    assert send(portal, NOON + timedelta(minutes=1)) == 1
    put(portal, make_account(portal), "password_changed")
    wrong = portal_on(
        portal.settings.database_url,
        **{**reached, "smtp_security": security},
        smtp_user="portal",
        smtp_password=SecretStr("wrong password"),
    )
    assert send(wrong, NOON + timedelta(minutes=1)) == 0
    assert "535" in kept(portal)[1].failure
    assert len(postbox.received) == 1


def test_without_a_mail_server_mails_stay_in_the_outbox(portal):
    put(portal, make_account(portal), "confirm_email", SECRET)
    worker.Worker(portal).work()
    (mail,) = kept(portal)
    assert mail.secret is not None
    assert mail.attempts == 0


def test_of_two_workers_one_works_and_the_other_takes_over_when_it_stops(mail_portal, postbox):
    first, second = worker.Worker(mail_portal), worker.Worker(mail_portal)
    put(mail_portal, make_account(mail_portal), "password_changed")
    first.work()
    put(mail_portal, make_account(mail_portal), "password_changed")
    second.work()
    assert len(postbox.received) == 1
    first.stop()
    first.run()
    second.work()
    assert len(postbox.received) == 2


def test_the_worker_in_the_app_sends_until_it_is_stopped_and_survives_a_failure(mail_portal, postbox, monkeypatch):
    failures = [RuntimeError("once")]
    real = delivery.send_due
    monkeypatch.setattr(delivery, "send_due", lambda *given: (failures and _throw(failures.pop())) or real(*given))
    put(mail_portal, make_account(mail_portal), "password_changed")
    stop = worker.start(mail_portal, pause=0.05)
    for _ in range(200):
        if kept(mail_portal)[0].sent_at:
            break
        time.sleep(0.05)
    stop()
    assert len(postbox.received) == 1
    assert failures == []


def _throw(error: Exception) -> None:
    raise error


def test_a_worker_that_is_killed_between_sending_and_writing_it_down_sends_the_same_message_again(
    mail_portal, postbox, monkeypatch
):
    put(mail_portal, make_account(mail_portal), "confirm_email", SECRET)
    with monkeypatch.context() as patch:
        patch.setattr(delivery, "_keep_success", lambda *_: _throw(KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            send(mail_portal)
    assert send(mail_portal, NOON + timedelta(minutes=1)) == 1
    first, second = postbox.received
    assert first["Message-ID"] == second["Message-ID"]


def test_the_worker_runs_alone_and_ends_when_it_is_told(mail_portal, postbox):
    put(mail_portal, make_account(mail_portal), "password_changed")
    settings = mail_portal.settings
    alone = subprocess.Popen(
        [sys.executable, "-m", "db.worker"],
        env={
            "DATABASE_URL": settings.database_url,
            "APP_KEY": settings.app_key.get_secret_value(),
            "SMTP_HOST": settings.smtp_host,
            "SMTP_PORT": str(settings.smtp_port),
            "SMTP_SECURITY": "none",
        },
        stdout=subprocess.PIPE,
        text=True,
    )
    lines = iter(alone.stdout.readline, "")
    assert any('"event": "mail.sent"' in line for line in lines)
    alone.terminate()
    assert alone.wait(timeout=20) == 0
    assert len(postbox.received) == 1
