"""Cells of a listing, read as what they say. Every cell is text, whatever program wrote the file.

Each function raises Refused with the sentence that says what is wrong, with which value, and what to do.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import TypeVar

from core import entries
from core.entries import NAME_LENGTH, NUMBER_LENGTH, OPERATOR_ID_LENGTH, OPERATOR_ID_START, shown
from core.facilities import FacilityClass, FacilityType
from core.licences import LicenceClass, LicenceType
from core.listings import ListedStatus
from core.problems import raise_if_any, refuse

Meaning = TypeVar("Meaning", bound=StrEnum)

_WHOLE = re.compile(r"(\d+)\.0+")  # a whole number as Excel may write it: 90012345.0
_SHORTENED = re.compile(r"\d+(\.\d+[eE]\+?|[eE]\+)\d+")  # and one whose last digits it has dropped: 9.00E+07
_EXCEL_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"})


# --- numbers and names --------------------------------------------------------------------------------------


def operator_id(cell: str) -> str:
    """An Operator ID, as text: 90012345.0 is 90012345."""
    given = _number("Operator ID", cell)
    digits = given.isascii() and given.isdigit()
    if digits and len(given) == OPERATOR_ID_LENGTH and given.startswith(OPERATOR_ID_START):
        return given
    raise refuse("The Operator ID “{given}” has not 8 digits that start with 900.", given=shown(cell))


def certificate_number(cell: str) -> str:
    """The number of a licence or certificate, as it is kept and compared."""
    return _number("certificate number", cell)


def facility_number(cell: str) -> str:
    """The ministry's number of a facility, as it is kept and compared."""
    return _number("facility number", cell)


def _number(what: str, cell: str) -> str:
    text = whole(cell)
    if _SHORTENED.fullmatch(text):
        raise refuse(
            "The {what} “{given}” was shortened by a spreadsheet. Format its column as text, and save anew.",
            what=what,
            given=shown(text),
        )
    number = text.upper() if text.isascii() and text.isalnum() else entries.clean_number(text)
    if not number or text in _EXCEL_ERRORS:
        raise refuse("The {what} is missing.", what=what)
    if len(number) > NUMBER_LENGTH or not number.isascii() or not number.isprintable():
        raise_if_any(entries.text("", f"the {what}", number, NUMBER_LENGTH))
    return number


def whole(cell: str) -> str:
    """A cell without blanks around, and without the .0 of a whole number."""
    text = cell.strip()
    found = _WHOLE.fullmatch(text)
    return found[1] if found else text


def last_name(cell: str) -> str:
    """A family name, or the only name."""
    return _words("last name", cell)


def first_name(cell: str) -> str:
    """A given name; "" for a person of one name."""
    return _words("first name", cell, required=False)


def facility_name(cell: str) -> str:
    """The name of a facility."""
    return _words("name of the facility", cell)


def owner(cell: str) -> str:
    """The name of a facility's owner."""
    return _words("owner", cell, required=False)


def municipality(cell: str) -> str:
    """A municipality, or ""."""
    return _words("municipality", cell, required=False)


def _words(what: str, cell: str, *, required: bool = True) -> str:
    text = entries.clean(cell)
    if text in _EXCEL_ERRORS or (required and not text):
        raise refuse("The {what} is missing.", what=what)
    if not _is_plain(text):
        raise_if_any(entries.text("", f"the {what}", text, NAME_LENGTH, required=False))
    return text


def _is_plain(text: str) -> bool:
    """Whether nothing can be wrong with a name: what most are, told quickly."""
    letters = text.replace(" ", "").replace("-", "").replace("'", "")
    return letters.isascii() and letters.isalnum() and len(text) <= NAME_LENGTH


def degrees(cell: str) -> float | None:
    """A latitude or longitude in decimal degrees, or None where there is none."""
    text = cell.strip()
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        raise refuse(
            "“{given}” is no latitude or longitude. Write degrees, such as 46.3100 and -79.4600.",
            given=shown(text),
        ) from None


# --- dates --------------------------------------------------------------------------------------------------

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})([ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?")  # with a time of day, or without
_BY_MONTH = re.compile(r"(\d{1,2})[ -]([A-Za-z]{3,9})\.?[ -](\d{4})")
_AMBIGUOUS = re.compile(r"\d{1,4}[/.]\d{1,2}[/.]\d{1,4}|\d{1,2}-\d{1,2}-\d{2,4}")
_SERIAL = re.compile(r"[1-9]\d{0,5}")  # 031227 is a day without its separators
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_DAY_NOUGHT = date(1899, 12, 30)  # of Excel's days, from 1 March 1900 on: it believes in a 29 February 1900
_EARLIEST, _LATEST = date(1950, 1, 1), date(2100, 1, 1)


@lru_cache(maxsize=8192)
def expiry(cell: str) -> date:
    """The last day on which a licence is valid: 2027-03-12, 12-Mar-2027, or Excel's 46458 (1900 system).

    A day between slashes is refused even where only one reading makes sense (13/04/2027): the next line of the
    same column may be 03/04/2027.
    """
    text = whole(cell)
    day = written_day("expiry date", cell)
    if not _EARLIEST <= day < _LATEST:
        raise refuse(
            "The expiry date “{given}” would be {day}, which no licence bears. Write it as year-month-day, such "
            "as 2027-12-31.",
            given=shown(text),
            day=day.isoformat(),
        )
    return day


def written_day(what: str, cell: str) -> date:
    """A day that a cell names, whatever it is the day of, as `expiry` reads it."""
    text = whole(cell)
    if not text:
        raise refuse("The {what} is missing.", what=what)
    day = _day(text)
    if day is None and _AMBIGUOUS.fullmatch(text):
        raise refuse(
            "The {what} “{given}” is written in a form in which day and month may be confused. Write it as "
            "year-month-day, such as 2027-12-31, or with the month as a word, such as 31-Dec-2027.",
            what=what,
            given=text,
        )
    if day is None:
        raise refuse(
            "The {what} “{given}” is no date. Write it as year-month-day, such as 2027-12-31.",
            what=what,
            given=shown(text),
        )
    return day


def _day(text: str) -> date | None:
    """The day that a text names, or None: no date, no day of the calendar, or more than one."""
    try:
        if found := _ISO.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _BY_MONTH.fullmatch(text):
            return date(int(found[3]), _month(found[2]), int(found[1]))
    except ValueError:
        return None
    return _DAY_NOUGHT + timedelta(days=int(text)) if _SERIAL.fullmatch(text) else None


def _month(word: str) -> int:
    """1 to 12 for a month's English name or its beginning (Mar, Sept), 0 for another word."""
    return next((number for number, name in enumerate(_MONTHS, start=1) if name.startswith(word.casefold())), 0)


# --- words --------------------------------------------------------------------------------------------------

_FILLERS = frozenset({"and", "subsystem", "subsystems", "system", "facility", "facilities", "operator", "s"})


def _in_words(text: str, without: frozenset[str]) -> str:
    return "".join(word for word in re.findall(r"[a-z0-9]+", text.casefold()) if word not in without)


def _by_words(*more: tuple[str, Meaning], without: frozenset[str], all_of: type[Meaning]) -> Mapping[str, Meaning]:
    """Each member by its value and its label, and by further words."""
    own = [(word, one) for one in all_of for word in (one.value, getattr(one, "label", one.value))]
    return MappingProxyType({_in_words(word, without): one for word, one in (*own, *more)})


_LICENCE_TYPES = _by_words(
    ("WWT", LicenceType.WASTEWATER_TREATMENT),
    ("WWC", LicenceType.WASTEWATER_COLLECTION),
    ("WT", LicenceType.WATER_TREATMENT),
    ("WD", LicenceType.WATER_DISTRIBUTION),
    ("distribution subsystem", LicenceType.WATER_DISTRIBUTION),  # O. Reg. 128/04, s. 1 (1)
    ("WDS", LicenceType.WATER_DISTRIBUTION_AND_SUPPLY),
    ("distribution and supply subsystem", LicenceType.WATER_DISTRIBUTION_AND_SUPPLY),
    ("WQA", LicenceType.WATER_QUALITY_ANALYST),
    without=_FILLERS,
    all_of=LicenceType,
)
_FACILITY_TYPES: Mapping[str, FacilityType] = MappingProxyType(
    {word: FacilityType(one.value) for word, one in _LICENCE_TYPES.items() if one.value in tuple(FacilityType)}
)
_CLASS = frozenset({"class"})
_FACILITY_CLASSES = _by_words(
    ("1", FacilityClass.I),
    ("2", FacilityClass.II),
    ("3", FacilityClass.III),
    ("4", FacilityClass.IV),
    without=_CLASS,
    all_of=FacilityClass,
)
_LICENCE_CLASSES: Mapping[str, LicenceClass] = MappingProxyType(
    {word: LicenceClass(one.value) for word, one in _FACILITY_CLASSES.items()}
    | dict.fromkeys(("oit", "operatorintraining"), LicenceClass.OPERATOR_IN_TRAINING)
)
_NO_CLASS = frozenset({"", "na", "none", "notapplicable"})
_STATUSES = _by_words(
    ("active", ListedStatus.IN_FORCE),
    ("valid", ListedStatus.IN_FORCE),
    ("current", ListedStatus.IN_FORCE),
    ("canceled", ListedStatus.CANCELLED),
    ("revoked", ListedStatus.CANCELLED),  # reading R23
    without=frozenset(),
    all_of=ListedStatus,
)


@lru_cache(maxsize=1024)
def licence_type(cell: str) -> LicenceType:
    """The type of a licence, in the words of the regulations or ours, or abbreviated: WWT, WDS."""
    return _meant("type", cell, _LICENCE_TYPES, _FILLERS, "such as Wastewater treatment")


@lru_cache(maxsize=1024)
def facility_type(cell: str) -> FacilityType:
    """The type of a facility, in the same words."""
    return _meant("type", cell, _FACILITY_TYPES, _FILLERS, "such as Wastewater treatment")


@lru_cache(maxsize=1024)
def licence_class(cell: str) -> LicenceClass | None:
    """The class of a licence: III, 3, Class 3, OIT, Operator-in-Training; None where the cell names none."""
    if _names_no_class(cell):
        return None
    return _meant("class", whole(cell), _LICENCE_CLASSES, _CLASS, "OIT or I to IV")


@lru_cache(maxsize=1024)
def facility_class(cell: str) -> FacilityClass | None:
    """The class of a facility: III, 3, Class 3; None where the cell names none."""
    if _names_no_class(cell):
        return None
    return _meant("class", whole(cell), _FACILITY_CLASSES, _CLASS, "I to IV")


def _names_no_class(cell: str) -> bool:
    """Whether a cell says that there is no class: N/A does, Excel's #N/A is an error and says nothing."""
    return cell.strip().upper() not in _EXCEL_ERRORS and _in_words(cell, _CLASS) in _NO_CLASS


@lru_cache(maxsize=1024)
def status(cell: str) -> ListedStatus:
    """What the ministry says of the licence; an empty cell says nothing, so it is refused."""
    return _meant("status", cell, _STATUSES, frozenset(), "In force (or Active), Suspended, Cancelled or Expired")


def _meant(what: str, cell: str, meanings: Mapping[str, Meaning], without: frozenset[str], known: str) -> Meaning:
    if not cell.strip():
        raise refuse("The {what} is missing.", what=what)
    meaning = meanings.get(_in_words(cell, without))
    if meaning is None:
        raise refuse(
            "The {what} “{given}” is not known. Write {known}.", what=what, given=shown(cell), known=known
        )
    return meaning
