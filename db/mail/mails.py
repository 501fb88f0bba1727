"""What the portal's mails say: templates as data, rendered as plain text and as HTML from the same words.

Mails wait in the outbox as the name of a template and its values. A catalogue of another language is laid
beside the English one; a mail is rendered in the language of its account, English where there is none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from core.sentences import Sentence
from db.keys import AppKey
from db.schema import OutgoingMail
from db.settings import Settings


@dataclass(frozen=True)
class Button:
    """A link to a page of the portal; one with a key opens a page whose own button acts. In
    braces: named values of the mail."""

    label: str
    page: str
    with_key: bool = False


@dataclass(frozen=True)
class Each:
    """A line for each of a list of values: `line` names them {0}, {1} in their order."""

    value: str
    heading: str
    line: str


Part = str | Button | Each


@dataclass(frozen=True)
class Template:
    """A mail: its subject and its parts in their order. In braces: named values of the mail or the portal."""

    subject: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class RenderedMail:
    """A mail as its reader sees it. `link` is the address with a key, None where there is none (any more)."""

    subject: str
    text: str
    html: str
    link: str | None


_IGNORE = "If it was not you, do nothing: without the link nothing happens."
_HALF_AN_HOUR = "The link works once, within 30 minutes. You can ask for another one on the same page."

ENGLISH: Mapping[str, Template] = {
    "confirm_email": Template(
        "Confirm your e-mail address",
        (
            "Somebody, you we hope, gave this address to the Operator Workforce Matching Portal. Confirm that it "
            "is yours; then you can sign in with it.",
            Button("Confirm this address", "confirm", with_key=True),
            _HALF_AN_HOUR,
            _IGNORE,
        ),
    ),
    "already_registered": Template(
        "You have an account already",
        (
            "Somebody, you we hope, entered this address to make an account. It has one already, so nothing was "
            "changed. Sign in with your password; if you have forgotten it, ask there for a new one.",
            Button("Sign in", "sign-in"),
            "If it was not you, you need do nothing.",
        ),
    ),
    "reset_password": Template(
        "Set a new password",
        (
            "Somebody, you we hope, asked to set a new password for your account.",
            Button("Set a new password", "reset", with_key=True),
            _HALF_AN_HOUR,
            "If it was not you, do nothing: your password stays as it is.",
        ),
    ),
    "invitation": Template(
        "You are invited to the portal",
        (
            "You are invited to use the Operator Workforce Matching Portal as: {role}. Enter your name and a "
            "password to begin.",
            Button("Accept the invitation", "invitation", with_key=True),
            "The link works once, within 72 hours. You can ask for another one on the same page.",
        ),
    ),
    "membership_offered": Template(
        "{organization} invites you to act for it",
        (
            "{organization} invites you to act for it in the Operator Workforce Matching Portal, in your own "
            "name. Sign in to see what you may do, and accept or decline.",
            Button("Whom I act for", "acting-for"),
        ),
    ),
    "membership_ended": Template(
        "You act for {organization} no more",
        ("{organization} has ended what you may do for it in the Operator Workforce Matching Portal.",),
    ),
    "role_given": Template(
        "You have a new role",
        (
            "Your account has been given a role: {role}. It takes effect at your next click.",
            Button("Open the portal", ""),
        ),
    ),
    "password_changed": Template(
        "Your password was changed",
        (
            "The password of your account was changed, and other browsers were signed out.",
            "If it was not you, set a new password now and telephone the office.",
            Button("Set a new password", "reset"),
        ),
    ),
    "email_change_asked": Template(
        "A new e-mail address was asked for",
        (
            "Somebody, you we hope, asked to change the e-mail address of your account to {email}. This address "
            "stands until the link mailed to the new one is used.",
            "If it was not you, change your password now and telephone the office.",
            Button("My account", "account"),
        ),
    ),
    "email_changed": Template(
        "Your e-mail address was changed",
        (
            "The e-mail address of your account is now {email}. Sign in with it from now on.",
            "If it was not you, telephone the office.",
        ),
    ),
    "profile_received": Template(
        "Your {kind} profile was received",
        (
            "Your {kind} profile was submitted and is pending verification. The Ontario Water Wastewater "
            "Certification Office compares it with the ministry’s records; you will receive an e-mail when it is "
            "done.",
            Button("Account overview", "overview"),
        ),
    ),
    "profile_approved": Template(
        "Your {kind} profile is active",
        (
            "Your {kind} profile was verified and is active.",
            Each("refused", "Not confirmed:", "{0}: {1}"),
            Button("Account overview", "overview"),
        ),
    ),
    "profile_approved_suspended": Template(
        "What you submitted was verified; your {kind} profile stays suspended",
        (
            "The office verified what you submitted. Your {kind} profile stays suspended all the same; your "
            "account overview says why.",
            Each("refused", "Not confirmed:", "{0}: {1}"),
            Button("Account overview", "overview"),
        ),
    ),
    "profile_returned": Template(
        "Your {kind} profile was returned",
        (
            "The office could not verify your {kind} profile as it stands. The reasons:",
            "{reasons}",
            Each("refused", "Not confirmed:", "{0}: {1}"),
            "Correct it, tick the agreement and submit it again.",
            Button("Account overview", "overview"),
        ),
    ),
    "question_asked": Template(
        "The office has a question about your {kind} profile",
        (
            "Before it decides on your {kind} profile, the office asks about {about}:",
            "{question}",
            "Answer on the page of your account overview. Your profile stays with the office meanwhile.",
            Button("Account overview", "overview"),
        ),
    ),
    "question_answered": Template(
        "{name} has answered your question",
        (
            "{name} has answered your question about submission {submission}. The answer stands there, beside "
            "what it is about.",
            Button("Questions that are answered", "queue?stage=answered"),
        ),
    ),
    "profile_suspended": Template(
        "Your {kind} profile is suspended",
        (
            "The office has suspended your {kind} profile: owners do not find it any more. The reason:",
            "{reasons}",
            "Telephone the office if you think that this is wrong.",
            Button("Account overview", "overview"),
        ),
    ),
    "profile_suspended_too": Template(
        "The office has suspended your {kind} profile",
        (
            "Your {kind} profile was suspended already, since none of your licences and certificates counts. Now "
            "the office has suspended it too, so it stays suspended although one counts again. The reason:",
            "{reasons}",
            "Telephone the office if you think that this is wrong.",
            Button("Account overview", "overview"),
        ),
    ),
    "suspension_by_alignment_stays": Template(
        "The office has ended its suspension; your {kind} profile stays suspended",
        (
            "The office has ended its own suspension of your {kind} profile. The profile stays suspended all the "
            "same, for another reason:",
            "{reasons}",
            Button("Account overview", "overview"),
        ),
    ),
    "organization_suspended": Template(
        "Your owner profile is suspended",
        (
            "The office has suspended your organization’s profile: it can neither search for operators nor open "
            "contact details. The reason:",
            "{reasons}",
            "Telephone the office if you think that this is wrong.",
            Button("Account overview", "overview"),
        ),
    ),
    "facility_not_believed": Template(
        "{facility} is not confirmed any more",
        (
            "The office does not confirm any more that {facility} is your organization’s. The reason:",
            "{reasons}",
            "If the list is wrong, have the ministry correct it; then submit the facility again. Telephone the "
            "office if you think that this is wrong.",
            Button("My facilities", "my-facilities"),
        ),
    ),
    "facility_believed_again": Template(
        "{facility} is confirmed again",
        (
            "The office confirms again that {facility} is your organization’s: the list of facilities by which it "
            "was confirmed no more was withdrawn.",
            Button("My facilities", "my-facilities"),
        ),
    ),
    "facility_class_taken_over": Template(
        "The class of {facility} is {listed} now",
        (
            "The ministry’s list of facilities of {day} has {facility} as {listed}. It was {before} on the "
            "portal; the office has taken the listed class over.",
            "If the list is wrong, have the ministry correct it. Telephone the office if you think that this is "
            "wrong.",
            Button("My facilities", "my-facilities"),
        ),
    ),
    "facility_entry_as_listed": Template(
        "Your entry of {facility} is {listed} now",
        (
            "The ministry’s list of facilities of {day} has {facility} as {listed}. Your organization’s entry was "
            "{before}; the office has taken the listed class over for the entry. {why}",
            "If the list is wrong, have the ministry correct it. Telephone the office if you think that this is "
            "wrong.",
            Button("My facilities", "my-facilities"),
        ),
    ),
    "facility_entry_as_before": Template(
        "Your entry of {facility} is {before} again",
        (
            "The list of facilities from which the office took another class over for your entry of {facility} "
            "was withdrawn, so the entry is {before} again.",
            Button("My facilities", "my-facilities"),
        ),
    ),
    "facility_class_as_before": Template(
        "The class of {facility} is as it was before",
        (
            "The list of facilities from which the office took over another class of {facility} was withdrawn, so "
            "its class on the portal is again the one before.",
            Button("My facilities", "my-facilities"),
        ),
    ),
    "profile_restored": Template(
        "Your {kind} profile is active again",
        (
            "The office has ended the suspension of your {kind} profile.",
            Button("Account overview", "overview"),
        ),
    ),
    "profile_aligned": Template(
        "Your profile was compared with the ministry’s listing",
        (
            Each(
                "changes",
                "The office compared your profile with the ministry’s public listing. What changed:",
                "{0}",
            ),
            "If you think that the listing is wrong, telephone the office. Once the listing is put right, your "
            "profile follows it without your doing anything.",
            Button("Account overview", "overview"),
        ),
    ),
    "expiring": Template(
        "Licences and certificates that expire soon",
        (
            Each("own", "Yours:", "{0}, number {1}: expires on {2} (days left: {3})"),
            Each(
                "others",
                "Of people whom your organization employs, whose contact details it has looked at, or whose "
                "licence is valid for it alone:",
                "{0}: {1}, number {2}: expires on {3} (days left: {4})",
            ),
            "The day named is the last on which it counts. Once a renewed one is confirmed here, reminders start "
            "anew with its expiry.",
            Button("Account overview", "overview"),
        ),
    ),
    "log_broken": Template(
        "A shift log is not as it was written",
        (
            Each("faults", "The log of {facility} was checked, entry by entry:", "{0}"),
            "Entries are never changed here, so somebody has reached the database by another way. Keep what was "
            "printed of the log, and tell the office at once.",
            Button("Shift logs", "shift-log"),
        ),
    ),
    "no_longer_holds": Template(
        "What no longer holds, or falls due, at your facilities",
        (
            Each("lapses", "The portal tested anew who may run these facilities:", "{0} ({1}), since {2}: {3}"),
            "Open the facility to see every reason, and to record what has changed.",
            Button("People of facilities", "people"),
        ),
    ),
    "no_longer_holds_erased": Template(
        "What no longer holds, or falls due, at your facilities",
        ("What this mail said was erased after 30 days, since it named people.",),
    ),
    "expiring_erased": Template(
        "Licences and certificates that expire soon",
        ("What this reminder said was erased after 30 days, since it named people.",),
    ),
    "province_summary": Template(
        "How the province’s facilities stand, {day}",
        (
            Each("facts", "The summary that you asked for; by region and type it is in the PDF:", "{0}: {1}"),
            Button("Compliance in Ontario", "province"),
            "You can switch this mail off on that page.",
        ),
    ),
    "application_received": Template(
        "Your application for classification was received",
        (
            "The application for classification of {facility} was received. The office checks that it is complete "
            "and that the fee is paid; then the Director classifies the facility.",
            Button("Applications for classification", "applications"),
        ),
    ),
    "application_returned": Template(
        "Your application for classification was returned",
        (
            "The application for classification of {facility} was returned to you. The reasons:",
            "{reasons}",
            "Correct what is named there and apply again.",
            Button("Applications for classification", "applications"),
        ),
    ),
    "application_decided": Template(
        "The Director has classified {facility}",
        (
            "On {decided_on} the Director classified {facility} as Class {facility_class}, by certificate "
            "{certificate_number}.",
            "The owner ensures that the certificate is conspicuously displayed. Record where it hangs, and since "
            "when.",
            Button("Applications for classification", "applications"),
        ),
    ),
    "decision_recorded": Template(
        "The Director has decided about {facility}",
        (
            "The Director decided about {facility} on {decided_on}: {title}. The reasons:",
            "{reasons}",
            Button("Applications for classification", "applications"),
        ),
    ),
    "decision_of_people_recorded": Template(
        "The Director has decided about {facility}",
        (
            "The Director decided about {facility} on {decided_on}: {title}. The reasons:",
            "{reasons}",
            Button("People of the facility", "people?id={facility_id}"),
        ),
    ),
}
_CATALOGUES: Mapping[str, Mapping[str, Template]] = {"en": ENGLISH}
_ABOUT = (
    "Operator Workforce Matching Portal, {public_url}. Questions: Ontario Water Wastewater Certification Office, "
    "{office_telephone}. A machine wrote this mail; nobody reads answers to it."
)
_ONLY_ENGLISH: Mapping[str, str] = {  # on top for whoever prefers a language that has no catalogue yet
    "fr": "Ce courriel n’est offert qu’en anglais pour le moment. Si vous avez des questions, téléphonez au "
    "{office_telephone} (bureau de certification OWWCO).",
}
_SEVERAL = "{count} messages from the portal"
_GONE = "(The link is not shown here.)"


def render(mail: OutgoingMail, key: AppKey | None, settings: Settings) -> RenderedMail:
    """A mail as it is sent; without the link in it where `key` is None, or the secret was erased.

    Raises cryptography's InvalidToken where the secret was encrypted with another key.
    """
    secret = key.decrypt(mail.secret) if key and mail.secret else None
    return _whole(_section(mail, secret, settings), mail.language, settings)


def render_together(mails: list[OutgoingMail], settings: Settings) -> RenderedMail:
    """Several mails without links, for one recipient, as one that lists them all."""
    language = mails[0].language  # mails of one language only are joined
    sections = [_section(mail, None, settings) for mail in mails]
    if len(sections) == 1:
        return _whole(sections[0], language, settings)
    subject = str(Sentence(_SEVERAL, count=len(sections)))
    text = "\n\n".join(f"{part.subject.upper()}\n\n{part.text}" for part in sections)
    html = "".join(f"<h2>{escape(part.subject)}</h2>{part.html}" for part in sections)
    return _whole(RenderedMail(subject, text, html, None), language, settings)


def _section(mail: OutgoingMail, secret: str | None, settings: Settings) -> RenderedMail:
    template = _CATALOGUES.get(mail.language, ENGLISH).get(mail.template) or ENGLISH[mail.template]
    texts, htmls, link = [], [], None
    for part in template.parts:
        if isinstance(part, Button):
            address = f"{settings.public_url}/{part.page.format_map(mail.values)}"
            if part.with_key:
                link = address = f"{address}?key={secret}" if secret else ""
            texts.append(f"{part.label}:\n{address or _GONE}")
            htmls.append(_html_link(part.label, address))
        else:
            lines = _lines(part, mail.values)
            texts.append("\n".join(lines))
            htmls.append(f"<p>{'<br>'.join(map(escape, lines))}</p>" if lines else "")
    subject = " ".join(str(Sentence(template.subject, **mail.values)).split())
    return RenderedMail(subject, "\n\n".join(filter(None, texts)), "".join(htmls), link or None)


def _html_link(label: str, address: str) -> str:
    if not address:
        return f"<p>{escape(_GONE)}</p>"
    return f'<p><a href="{escape(address)}">{escape(label)}</a><br>{escape(address)}</p>'


def _lines(part: str | Each, values: Mapping[str, Any]) -> list[str]:
    if isinstance(part, str):
        return str(Sentence(part, **values)).splitlines()
    items = values.get(part.value)  # a mail that waited while its template grew has none
    return [part.heading, *(part.line.format(*item) for item in items)] if items else []


def _whole(section: RenderedMail, language: str, settings: Settings) -> RenderedMail:
    portal = {"public_url": settings.public_url, "office_telephone": settings.office_telephone}
    about, title = str(Sentence(_ABOUT, **portal)), escape(section.subject)
    apology = str(Sentence(_ONLY_ENGLISH[language], **portal)) if language in _ONLY_ENGLISH else ""
    text = "\n\n".join(filter(None, (apology, section.text, f"-- \n{about}\n")))
    html = (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
        f'<body style="font-family: sans-serif">{f"<p lang={language}>{escape(apology)}</p>" if apology else ""}'
        f"{section.html}<hr><p>{escape(about)}</p></body></html>"
    )
    return RenderedMail(section.subject, text, html, section.link)
