"""What operators, owners and officers enter, checked: each function answers with what is wrong, in sentences.

Text is kept as it was typed, in any script, apart from what `clean` does; it is never markup.
"""

import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from math import isfinite

from core.availability import ALL_SLOTS, Slot
from core.facilities import FacilityClass, FacilityType, OrganizationKind
from core.licences import Licence, LicenceClass, LicenceType
from core.places import Point, in_ontario
from core.problems import Problem, raise_if_any, refuse
from core.sentences import Sentence

NUMBER_LENGTH = 30
NAME_LENGTH = 100
REASON_LENGTH = 2000
TRAVEL_KM = 2500  # from one end of Ontario to the other and back again
NOTES_LENGTH = 1000
START_YEARS_AHEAD = 2  # whoever can start later than this is no help to anybody who searches
YEARS_AHEAD = 10  # a licence lasts three years; a date further off than this is a slip of the hand
OPERATOR_ID_LENGTH = 8
OPERATOR_ID_START = "900"
_EARLIEST = date(1900, 1, 1)

_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNSEEN = frozenset({"Cc", "Cs", "Zl", "Zp"})
_NOT_OF_A_NUMBER = frozenset({"Cf", "Pd", "Zs"})  # formats, hyphens, blanks: Unicode's categories
_EMPTY_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")  # Hangul's fillers: letters without a shape


def clean(text: str) -> str:
    """Text in Unicode's composed form, without blanks at its ends or two in a row."""
    return " ".join(part for part in unicodedata.normalize("NFC", text).strip().split(" ") if part)


def clean_number(text: str) -> str:
    """A number as it is kept and compared, however it was typed: capitals, no blanks, no hyphens, Unicode's
    plain form of each sign, and none that cannot be seen."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in plain if unicodedata.category(sign) not in _NOT_OF_A_NUMBER).upper()


def clean_reason(text: str) -> str:
    """Text of several lines: line ends as one sign, no blanks at the ends."""
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").strip()


def operator_id(entered: str) -> list[Problem]:
    """An Operator ID: 8 digits, the first three 900."""
    given = clean(entered)
    if not given:
        return [_problem("operator_id", "Enter your Operator ID. The Operator Listing Report names it.")]
    digits = given.isascii() and given.isdigit()
    if digits and len(given) == OPERATOR_ID_LENGTH and given.startswith(OPERATOR_ID_START):
        return []
    return [
        _problem(
            "operator_id",
            "“{given}” is not an Operator ID: it has 8 digits and starts with 900. "
            "Copy it from the Operator Listing Report.",
            given=shown(given),
        )
    ]


def certificate(
    number: str,
    licence_type: str | None,
    licence_class: str | None,
    expiry: date | None,
    valid_for: str,
    day: date,
) -> list[Problem]:
    """A certificate or licence, entered on `day`. The field names are the arguments'."""
    return [
        *text("number", "the certificate number", number, NUMBER_LENGTH),
        *_type_and_class(licence_type, licence_class),
        *_expiry(expiry, day),
        *_valid_for(valid_for, licence_class),
    ]


def past_licence(
    number: str,
    licence_type: str | None,
    licence_class: str | None,
    issued_on: date | None,
    expiry: date | None,
    valid_for: str,
) -> list[Problem]:
    """One issue of a licence, in force still or not. The field names are the arguments'."""
    problems = text("number", "the licence’s number", number, NUMBER_LENGTH)
    problems += _type_and_class(licence_type, licence_class)
    problems += _valid_for(valid_for, licence_class)
    if issued_on is None:
        problems.append(_problem("issued_on", "Enter the day on which it was issued."))
    if expiry is None:
        problems.append(_problem("expiry", "Enter the expiry date that is printed on it."))
    if issued_on is not None and expiry is not None and expiry < issued_on:
        template = "{expiry} is before the day of issue, {issued}. Correct one of them."
        problems.append(_problem("expiry", template, expiry=expiry, issued=issued_on))
    return problems


def certificate_twice(standing: Licence) -> Problem:
    """The same certificate is in the profile already: `standing` is the one that is there."""
    return _problem(
        "number",
        "Certificate {number} is in your profile already: {label}, until {expiry}. Change that one, or enter "
        "another number.",
        number=standing.number,
        label=standing.label,
        expiry=standing.expiry,
    )


def _valid_for(valid_for: str, licence_class: str | None) -> list[Problem]:
    """The owner of a conditional licence: 129/04, s. 8 (4). In training nobody has one: 435/93, s. 6.1 (2)."""
    if clean(valid_for) and licence_class == LicenceClass.OPERATOR_IN_TRAINING:
        template = "No operator-in-training has a conditional licence. Leave the owner empty, or mend the class."
        return [_problem("valid_for", template)]
    return text("valid_for", "the owner for whom it is valid", valid_for, NAME_LENGTH, required=False)


def _type_and_class(licence_type: str | None, licence_class: str | None) -> list[Problem]:
    if not licence_type:
        return [_problem("licence_type", "Choose the type of the certificate.")]
    if licence_type not in tuple(LicenceType):
        return [_problem("licence_type", "“{given}” is no type of certificate. Choose one of the list.",
                         given=shown(licence_type))]  # fmt: skip
    kind = LicenceType(licence_type)
    if not kind.classes and not licence_class:
        return []
    if not kind.classes:
        return [_problem("licence_class", "{type} has no class, but {given} was chosen. Leave the class empty.",
                         type=kind.label, given=_class_label(licence_class))]  # fmt: skip
    if not licence_class:
        return [_problem("licence_class", "Choose the class of your {type} certificate.", type=kind.label.lower())]
    if licence_class not in kind.classes:
        return [_problem("licence_class", "{type} has no class “{given}”. Choose one of the list.",
                         type=kind.label, given=shown(licence_class))]  # fmt: skip
    return []


def _class_label(licence_class: str | None) -> str:
    known = licence_class in tuple(LicenceClass)
    return LicenceClass(licence_class).label if known and licence_class else shown(licence_class or "")


def _expiry(expiry: date | None, day: date) -> list[Problem]:
    if expiry is None:
        return [_problem("expiry", "Enter the expiry date that is printed on the certificate.")]
    if expiry < _EARLIEST:
        return [_problem("expiry", "{expiry} cannot be: no certificate expired before 1900. Correct the year.",
                         expiry=expiry)]  # fmt: skip
    if expiry < day:
        return [_problem("expiry", "The certificate expired on {expiry}. Enter one that is still valid, or "
                         "correct the date.", expiry=expiry)]  # fmt: skip
    if expiry > _years_after(day, YEARS_AHEAD):
        return [_problem("expiry", "{expiry} is more than {years} years ahead; a certificate lasts three years. "
                         "Correct the year.", expiry=expiry, years=YEARS_AHEAD)]  # fmt: skip
    return []


def _years_after(day: date, years: int) -> date:
    """The same day `years` later; 28 February where the year has no 29th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def organization(name: str, kind: str | None) -> list[Problem]:
    """An organization: its name and kind."""
    problems = text("name", "the name of the organization", name, NAME_LENGTH)
    if kind not in tuple(OrganizationKind):
        problems.append(_problem("kind", "Choose what kind of organization it is."))
    return problems


@dataclass(frozen=True)
class FacilityEntry:
    """A facility as an owner enters it. A letter verifies works without a number."""

    ministry_number: str
    name: str
    facility_type: str | None
    facility_class: str | None
    place: str
    latitude: float | None
    longitude: float | None
    letter_date: date | None = None
    letter_reference: str = ""
    letter_file_id: int | None = None

    def cleaned(self) -> "FacilityEntry":
        """The entry as it is kept."""
        return replace(
            self,
            ministry_number=clean_number(self.ministry_number),
            name=clean(self.name),
            place=clean(self.place),
            letter_reference=clean(self.letter_reference),
        )

    def problems(self, kind: OrganizationKind, day: date) -> list[Problem]:
        """What is wrong with it for an organization of this kind, entered on `day`."""
        problems = text("name", "the name of the facility", self.name, NAME_LENGTH)
        numbered = bool(clean(self.ministry_number))
        if numbered or not kind.may_lack_number:
            problems += text("ministry_number", "the facility number", self.ministry_number, NUMBER_LENGTH)
        if self.facility_type not in tuple(FacilityType):
            problems.append(_problem("facility_type", "Choose the type of the facility."))
        if self.facility_class not in tuple(FacilityClass):
            problems.append(_problem("facility_class", "Choose the class of the facility."))
        problems += text("place", "the place where the facility is", self.place, NAME_LENGTH)
        problems += _position("place", self.latitude, self.longitude)
        has_letter = bool(self.letter_date or clean(self.letter_reference) or self.letter_file_id)
        if has_letter or (kind.may_lack_number and not numbered):
            problems += _letter(self.letter_date, self.letter_reference, self.letter_file_id, day)
        return problems


def facility_twice(number: str) -> Problem:
    """The same facility is in the profile already."""
    return _problem(
        "ministry_number",
        "Facility {number} is in your profile already. Change that one, or enter another number.",
        number=number,
    )


def _letter(written: date | None, reference: str, file_id: int | None, day: date) -> list[Problem]:
    problems = text("letter_reference", "the reference of the letter", reference, NAME_LENGTH)
    if written is None:
        problems.append(_problem("letter_date", "Enter the date of the letter."))
    elif written < _EARLIEST:
        problems.append(_problem("letter_date", "{date} cannot be the date of the letter. Correct the year.",
                                 date=written))  # fmt: skip
    elif written > day:
        problems.append(_problem("letter_date", "The letter is dated {date}, which is still to come. Correct the "
                                 "date.", date=written))  # fmt: skip
    if file_id is None:
        problems.append(_problem("letter_file_id", "Add a scan of the letter: a PDF, JPEG or PNG file."))
    return problems


@dataclass(frozen=True)
class AvailabilityEntry:
    """When and where an operator can work, as it is entered.

    `travel_km` is the straight distance from the base place; `regions` are codes of census divisions, in which
    the operator works wherever the base is; no `earliest_start`, or one that has passed, means at once.
    """

    available: bool
    slots: Collection[Slot]
    base_place: str
    latitude: float | None
    longitude: float | None
    travel_km: int | None
    regions: Collection[str] = ()
    earliest_start: date | None = None
    notes: str = ""

    def cleaned(self) -> "AvailabilityEntry":
        """The entry as it is kept."""
        return replace(
            self,
            base_place=clean(self.base_place),
            regions=tuple(sorted(set(self.regions))),
            notes=clean_reason(self.notes),
        )

    def problems(self, regions: Collection[str], day: date) -> list[Problem]:
        """What is wrong with it, entered on `day`; `regions` are the codes that there are."""
        return [
            *_slots(self.available, self.slots),
            *text("base_place", "the place from which you travel", self.base_place, NAME_LENGTH),
            *_position("base_place", self.latitude, self.longitude),
            *_travel(self.travel_km),
            *_regions(self.regions, regions),
            *_earliest_start(self.earliest_start, day),
            *lines("notes", "the notes for owners", self.notes, NOTES_LENGTH),
        ]


def _slots(available: bool, slots: Iterable[Slot]) -> list[Problem]:
    """Whoever is available says at least one shift."""
    chosen = frozenset(slots)
    if not chosen <= frozenset(ALL_SLOTS):
        return [_problem("slots", "Choose among the day and night shifts of Monday to Sunday.")]
    if available and not chosen:
        return [_problem("slots", "Choose at least one shift, so that owners know when you can work; "
                         "or switch your availability off.")]  # fmt: skip
    return []


def _travel(km: int | None) -> list[Problem]:
    if km is not None and 0 <= km <= TRAVEL_KM:
        return []
    return [_problem("travel_km", "Enter how far you travel: 0 to {most} km. You entered {given}.",
                     most=TRAVEL_KM, given="nothing" if km is None else km)]  # fmt: skip


def _regions(chosen: Iterable[str], regions: Collection[str]) -> list[Problem]:
    unknown = sorted(set(chosen) - set(regions))
    if not unknown:
        return []
    return [_problem("regions", "“{given}” is no region of Ontario. Choose among the regions of the list.",
                     given=shown(unknown[0]))]  # fmt: skip


def _earliest_start(start: date | None, day: date) -> list[Problem]:
    if start is None or start <= _years_after(day, START_YEARS_AHEAD):
        return []
    return [_problem("earliest_start", "{start} is more than {years} years ahead. Correct the year, or switch "
                     "your availability off until then.", start=start, years=START_YEARS_AHEAD)]  # fmt: skip


def lines(field: str, what: str, entered: str, most: int) -> list[Problem]:
    """Text of several lines that may be empty: not too long, no control signs but ends of lines and tabs."""
    given = clean_reason(entered)
    return _length_and_signs(field, what, given.replace("\n", " ").replace("\t", " "), most)


def reason(field: str, entered: str, *, what: str) -> list[Problem]:
    """A reason that somebody will read, of several lines; `what` says for what it stands."""
    missing = f"Write the reason {what}. It is kept on record."
    return _several_lines(field, entered, missing, f"the reason {what}")


def account(field: str, entered: str, *, what: str) -> list[Problem]:
    """What somebody will read, of several lines; `what` goes on after “Write”: “how the person meets it”."""
    return _several_lines(field, entered, f"Write {what}. It is kept on record.", f"saying {what}")


def question(field: str, entered: str) -> list[Problem]:
    """A question to a holder, of several lines."""
    return _several_lines(field, entered, "Write the question, so that the holder can answer it.", "the question")


def answer(field: str, entered: str) -> list[Problem]:
    """The answer to a question of the office, of several lines."""
    return _several_lines(field, entered, "Write the answer, so that the office can go on.", "the answer")


def _several_lines(field: str, entered: str, missing: str, what: str) -> list[Problem]:
    given = clean_reason(entered)
    if not given:
        return [_problem(field, missing)]
    return lines(field, what, given, REASON_LENGTH)


def text(field: str, what: str, entered: str, most: int, *, required: bool = True) -> list[Problem]:
    """A line of text, "your given name" in `what`: not too long, with a letter or digit, no control signs."""
    given = clean(entered)
    if not given:
        return [_problem(field, "Enter {what}.", what=what)] if required else []
    problems = _length_and_signs(field, what, given, most)
    if not problems and not any(map(_is_letter_or_digit, given)):
        return [_problem(field, "“{given}” has no letter and no digit that can be seen. Enter {what}.",
                         given=shown(given), what=what)]  # fmt: skip
    return problems


def _length_and_signs(field: str, what: str, given: str, most: int) -> list[Problem]:
    if len(given) > most:
        return [_problem(field, "“{given}” is too long for {what}: it has {length} characters, at most {most} "
                         "fit. Shorten it.",
                         given=shown(given), what=what, length=len(given), most=most)]  # fmt: skip
    unseen = sorted(_code(sign) for sign in set(given) if _is_unseen(sign))
    if unseen:
        return [_problem(field, "“{given}” contains signs that cannot be seen ({unseen}) and cannot stand in "
                         "{what}. Type it anew.",
                         given=shown(given), unseen=", ".join(unseen), what=what)]  # fmt: skip
    return []


def _is_unseen(sign: str) -> bool:
    """A control character, half a character, a line end, or a sign that makes text read in another order."""
    return sign in _REORDERING or unicodedata.category(sign) in _UNSEEN


def _is_letter_or_digit(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LN" and sign not in _EMPTY_LETTERS


def _code(sign: str) -> str:
    return f"U+{ord(sign):04X}"


def read_position(entered: str) -> Point:
    """Latitude and longitude as they are typed: "46.31, -79.46". Raises Refused at `position` where they are none,
    or of no point in Ontario."""
    try:
        latitude, longitude = (float(part) for part in entered.split(","))
    except ValueError:
        raise refuse(
            "“{given}” is not a position. Type the latitude and the longitude, such as 46.3100, -79.4600.",
            field="position",
            given=shown(clean(entered)),
        ) from None
    raise_if_any(_position("position", latitude, longitude))
    return Point(latitude, longitude)


def _position(field: str, latitude: float | None, longitude: float | None) -> list[Problem]:
    if latitude is None or longitude is None:
        return [_problem(field, "Choose a place of the list, or a point on the map.")]
    if isfinite(latitude) and isfinite(longitude) and in_ontario(Point(latitude, longitude)):
        return []
    return [_problem(field, "The point {latitude}, {longitude} is not in Ontario. Choose a place in Ontario.",
                     latitude=round(latitude, 5), longitude=round(longitude, 5))]  # fmt: skip


def shown(given: str) -> str:
    """What was entered, short and visible enough to be quoted in a sentence."""
    visible = "".join("\N{REPLACEMENT CHARACTER}" if _is_unseen(sign) else sign for sign in given)
    return visible if len(visible) <= 40 else f"{visible[:39]}…"


def _problem(field: str, template: str, **values: object) -> Problem:
    return Problem(field, Sentence(template, **values))
