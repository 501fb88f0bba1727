"""One's own account: its details, its e-mail, its password, its end.

What would hand the account over to somebody else at an unlocked screen asks for the password again; wrong
tries count as failed sign-ins.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core import contacts as rules
from core.contacts import Details
from core.problems import Problem, Refused, raise_if_any, refuse
from core.roles import Role
from core.sentences import Sentence
from db import kept_findings, memberships
from db.accounts import addresses, admins, contacts, links, lockout, passwords
from db.accounts.links import Purpose
from db.accounts.new_accounts import end_sessions
from db.gate import SIGNED_IN, Asker, Work, in_steps, service
from db.schema import Account, MailedLink
from db.verification import borne_out, submissions


@dataclass(frozen=True)
class OwnAccount:
    """What somebody sees and changes of the own account; `changing_to` is an e-mail not yet confirmed."""

    version: int
    given_name: str
    family_name: str
    email: str
    changing_to: str
    telephone: str
    municipality: str
    language: str
    roles: tuple[Role, ...]
    created_at: datetime


@service(SIGNED_IN)
def own_account(work: Work) -> OwnAccount:
    """The account that asks."""
    account = work.account
    waiting = work.session.scalar(
        select(MailedLink.email)
        .where(
            MailedLink.account_id == account.id,
            MailedLink.purpose == Purpose.CHANGE,
            MailedLink.used_at.is_(None),
            MailedLink.expires_at > work.at,
        )
        .order_by(MailedLink.id.desc())
        .limit(1)
    )
    return OwnAccount(
        version=account.version,
        given_name=account.person.given_name,
        family_name=account.person.family_name,
        email=account.email,
        changing_to=waiting or "",
        telephone=contacts.shown_telephone(account.telephone),
        municipality=account.municipality,
        language=account.language,
        roles=tuple(role for role in Role if role in work.roles),
        created_at=account.created_at,
    )


@service(SIGNED_IN, writes=True)
def change_details(
    work: Work,
    version: int,
    *,
    given_name: str,
    family_name: str,
    telephone: str,
    municipality: str,
    language: str | None,
) -> None:
    """Changes one's details. A changed name sends an operator's verified profile back to the office."""
    details = rules.details(given_name, family_name, municipality, language)
    wrong_number = contacts.problem_with_telephone(telephone)
    raise_if_any([*details.problems(), *([wrong_number] if wrong_number else [])])
    if _is_another_name(work, details):
        borne_out.hold_still(work)
    account = work.for_update(Account, work.account.id)
    work.touch(account, version)
    changed = _set_details(account, details, contacts.checked_telephone(telephone) or "")
    work.record("account.changed", "account", account.id, fields=changed)
    if {"given_name", "family_name"} & set(changed):
        submissions.legal_name_changed(work, account.person_id)


@in_steps(SIGNED_IN, writes=True)
def change_password(asker: Asker, password: str, new_password: str) -> None:
    """Sets a new password, given the old one. Other sessions and open links end; the holder is told by mail."""
    wrong = passwords.problem_with(new_password, "new_password")
    kept = _checked(asker, password)
    raise_if_any([wrong] if wrong else [])
    _set_password(asker, kept, passwords.hashed(new_password))


@in_steps(SIGNED_IN, writes=True)
def change_email(asker: Asker, password: str, email: str) -> None:
    """Mails a link to the new address; the old one stands until it is used, and is told.

    A known e-mail is answered the same: its holder is told by mail, and nobody is sent the link.
    """
    wrong = contacts.problem_with_email(email)
    kept = _checked(asker, password)
    raise_if_any([wrong] if wrong else [])
    _ask_to_change_email(asker, kept, contacts.as_typed(email))


@in_steps(SIGNED_IN, writes=True)
def close_account(asker: Asker, password: str) -> None:
    """Closes one's account: found no more and signed out at once, contact data erased after 30 days."""
    _close(asker, _checked(asker, password))


def _is_another_name(work: Work, details: Details) -> bool:
    person = work.account.person
    return (person.given_name, person.family_name) != (details.given_name, details.family_name)


def _set_details(account: Account, details: Details, telephone: str) -> list[str]:
    """Sets what differs; the names of those fields."""
    person = account.person
    new = {
        "given_name": (person, details.given_name),
        "family_name": (person, details.family_name),
        "municipality": (account, details.municipality),
        "language": (account, details.language),
        "telephone": (account, telephone),
    }
    changed = [field for field, (row, value) in new.items() if getattr(row, field) != value]
    for field in changed:
        row, value = new[field]
        setattr(row, field, value)
    return changed


def _checked(asker: Asker, password: str) -> str:
    """The hash that `password` was found right against. Raises Refused, the failure counted, where wrong."""
    kept = _own_hash(asker)
    if kept is None or not _answer(asker, passwords.is_right(password, kept), kept):
        raise Refused(
            Problem(
                "password",
                Sentence(
                    "This is not your password, or it was wrong {failures} times: then wait 15 minutes.",
                    failures=lockout.FAILURES,
                ),
            )
        )
    return kept


@service(SIGNED_IN)
def _own_hash(work: Work) -> str | None:
    return work.account.password_hash


@service(SIGNED_IN, writes=True)
def _answer(work: Work, right: bool, kept: str) -> bool:
    accepted = lockout.answer(work, work.account.email, right and work.account.password_hash == kept)
    if not accepted:
        work.record("password.refused", "account", work.account.id)
    return accepted


@service(SIGNED_IN, writes=True)
def _set_password(work: Work, kept: str, password_hash: str) -> None:
    account = _unchanged(work, kept)
    account.password_hash = password_hash
    end_sessions(work.session, work.at, account.id, but=work.login.id if work.login else None)
    links.end(work, account.id)
    work.mail(account, "password_changed")
    work.record("password.changed", "account", account.id)


@service(SIGNED_IN, writes=True)
def _ask_to_change_email(work: Work, kept: str, email: str) -> None:
    account = _unchanged(work, kept)
    if email == account.email:
        raise refuse("This is your e-mail already: {email}.", "email", email=email)
    if not links.may_mail(work, account, "email_change_asked"):
        raise refuse(
            "You have asked for another e-mail {most} times in the last hour. Wait an hour.",
            "email",
            most=links.MAILS_AN_HOUR,
        )
    work.record("email.change_asked", "account", account.id)
    work.mail(account, "email_change_asked", email=email)
    secret = links.make(work.session, work.at, account, Purpose.CHANGE, email)
    holder = addresses.holder_of(work, email)
    if holder is None:
        work.mail(account, "confirm_email", secret=secret, address=email)
    else:
        addresses.tell_holder(work, holder)


@service(SIGNED_IN, writes=True)
def _close(work: Work, kept: str) -> None:
    account = _unchanged(work, kept)
    if Role.ADMIN in work.roles:
        admins.must_not_be_last(work, account.id)
    submissions.profile_closed(work, account.person_id)
    kept_findings.retest_people(work, [account.person_id])
    memberships.end_all_of_account(work, account.id)
    end_sessions(work.session, work.at, account.id)
    links.end(work, account.id)
    work.touch(account, account.version)
    account.state, account.closed_at = "closed", work.at
    work.record("account.closed", "account", account.id)


def _unchanged(work: Work, kept: str) -> Account:
    """The account, locked, its password still the one that was checked."""
    account = work.for_update(Account, work.account.id)
    if account.password_hash != kept:
        raise refuse("Your password has just been changed elsewhere. Enter the new one.", "password")
    return account
