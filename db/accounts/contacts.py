"""E-mail addresses and telephone numbers, checked by the libraries that know them. Nothing is looked up."""

import re
import unicodedata

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from core import entries
from core.problems import Problem
from core.sentences import Sentence

_REGION = "CA"
_LONGEST_EMAIL = 254  # RFC 5321
_LIKE_AN_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"“”]+@[^\s@<>()\[\],;:\"“”]*[^\W_]")


def as_typed(email: str) -> str:
    """How an e-mail is looked up: as it is kept where it is one, or as it was typed where it is none."""
    return checked_email(email) or email.strip().lower()[:_LONGEST_EMAIL]


def checked_email(email: str) -> str | None:
    """The e-mail as it is kept and mailed, in ASCII and lower case, or None where it is none.

    Only its domain may be of another script: few mail servers take a name of one before the @.
    """
    typed = email.strip()[: _LONGEST_EMAIL + 1]
    try:
        checked = validate_email(typed, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return None
    return (checked.ascii_email or checked.normalized).lower()


def checked_telephone(telephone: str) -> str | None:
    """The number in E.164, read as Canadian where no country is given; None where it is none."""
    try:
        number = phonenumbers.parse(telephone[:50], _REGION)
    except phonenumbers.NumberParseException:
        return None
    if number.extension or not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def shown_telephone(telephone: str) -> str:
    """A kept number as people write it: (705) 267-1234, or with its country abroad."""
    try:
        number = phonenumbers.parse(telephone)
    except phonenumbers.NumberParseException:
        return telephone
    at_home = number.country_code == 1
    form = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, form.NATIONAL if at_home else form.INTERNATIONAL)


def contacts_in(text: str) -> tuple[str, ...]:
    """The e-mail addresses and telephone numbers that a text holds, as they stand in it, in Unicode's plain form.

    Telephone numbers are those with an area code, or from abroad with their country: dates, hours and the numbers
    of licences and facilities are none.
    """
    plain = unicodedata.normalize("NFKC", text)
    emails = [found for found in _LIKE_AN_EMAIL.findall(plain) if _is_an_email(found)]
    numbers = [match.raw_string for match in phonenumbers.PhoneNumberMatcher(plain, _REGION)]
    return (*emails, *numbers)


def _is_an_email(found: str) -> bool:
    try:
        validate_email(found, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


def problem_with_contacts_in(text: str, field: str) -> Problem | None:
    """What is wrong with a text that owners read where it holds contact details, or None."""
    found = contacts_in(text)
    if not found:
        return None
    return Problem(
        field,
        Sentence(
            "Take out {found}: owners are shown your e-mail and telephone number once they ask for them, and you "
            "are shown who did.",
            found=", ".join(f"“{entries.shown(one)}”" for one in found),
        ),
    )


def problem_with_email(email: str, field: str = "email") -> Problem | None:
    """What is wrong with an e-mail that was typed, or None."""
    if not email.strip():
        return Problem(field, Sentence("Enter an e-mail address: it is needed to sign in."))
    if checked_email(email):
        return None
    return Problem(
        field,
        Sentence(
            "“{email}” is not an e-mail address. Enter one such as name@town.ca.", email=entries.shown(email)
        ),
    )


def problem_with_telephone(telephone: str, field: str = "telephone") -> Problem | None:
    """What is wrong with a telephone number that was typed, or None."""
    if not telephone.strip():
        return Problem(field, Sentence("Enter a telephone number with its area code."))
    if checked_telephone(telephone):
        return None
    return Problem(
        field,
        Sentence(
            "“{telephone}” is not a telephone number. Enter one with its area code and no extension, such as "
            "705-267-1234; from abroad begin with + and the country.",
            telephone=entries.shown(telephone),
        ),
    )
