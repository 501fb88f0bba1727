"""One mail to one mail server."""

import smtplib
import ssl
from collections.abc import Iterable
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from db.mail.enclosures import Enclosure
from db.mail.mails import RenderedMail
from db.settings import Settings

_SECONDS = 20  # how long the server may take for an answer


def message(
    mail: RenderedMail,
    to: str,
    message_id: str,
    written_at: datetime,
    settings: Settings,
    enclosures: Iterable[Enclosure] = (),
) -> EmailMessage:
    """A mail as it goes over the wire: plain text and HTML, marked as written by a machine, with its PDFs."""
    name, sender = parseaddr(settings.mail_from)
    whole = EmailMessage(policy=SMTP)
    whole["From"] = Address(name, addr_spec=sender)
    whole["To"] = Address(addr_spec=to)
    whole["Subject"] = mail.subject
    whole["Date"] = format_datetime(written_at)
    whole["Message-ID"] = message_id
    whole["Auto-Submitted"] = "auto-generated"
    whole.set_content(mail.text)
    whole.add_alternative(mail.html, subtype="html")
    for one in enclosures:
        whole.add_attachment(one.content, maintype="application", subtype="pdf", filename=one.name)
    return whole


def connect(settings: Settings) -> smtplib.SMTP:
    """A connection to the mail server of the settings. Raises OSError or smtplib.SMTPException."""
    context = ssl.create_default_context()
    if settings.smtp_security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            settings.smtp_host, settings.smtp_port, timeout=_SECONDS, context=context
        )
    else:
        server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=_SECONDS)
    try:
        if settings.smtp_security == "starttls":
            server.starttls(context=context)
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
    except BaseException:
        server.close()
        raise
    return server
