"""Applications for a certificate of classification: their states, and what is entered on the way.

The owner files, the office checks that fee and answers are there, the Director decides (O. Reg. 129/04, s. 4;
O. Reg. 435/93, s. 4; O. Reg. 128/04, s. 3).
"""

from datetime import date
from enum import StrEnum

from core import entries
from core.entries import NUMBER_LENGTH
from core.facilities import FacilityClass
from core.problems import Problem
from core.sentences import Sentence


class ApplicationState(StrEnum):
    """Where an application stands."""

    OPEN = "open"
    PASSED_ON = "passed_on"
    RETURNED = "returned"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def waits(self) -> bool:
        """Whether somebody has still to act on it."""
        return self in WAITING


WAITING = (ApplicationState.OPEN, ApplicationState.PASSED_ON)
_LABELS = {
    ApplicationState.OPEN: "Waits for the office",
    ApplicationState.PASSED_ON: "Waits for the Director",
    ApplicationState.RETURNED: "Returned",
    ApplicationState.DECIDED: "Decided",
    ApplicationState.WITHDRAWN: "Withdrawn",
}


class ApplicationReason(StrEnum):
    """Why an owner applies."""

    FIRST = "first"
    ALTERATION = "alteration"
    REQUIRED = "required"

    @property
    def label(self) -> str:
        return _REASON_LABELS[self]


_REASON_LABELS = {
    ApplicationReason.FIRST: "First classification",
    ApplicationReason.ALTERATION: "Reclassification: an alteration, extension or replacement",
    ApplicationReason.REQUIRED: "Reclassification: the Director requires it",
}


def handed_in(
    reason: str | None, fee_paid_on: date | None, approval_applied_on: date | None, today: date
) -> list[Problem]:
    """What an owner hands in beside the calculation; both days may still be open."""
    problems = []
    if reason not in set(ApplicationReason):
        problems.append(Problem("reason", Sentence("Choose why you apply.")))
    if approval_applied_on is not None and reason != ApplicationReason.ALTERATION:
        sentence = Sentence(
            "Approval is applied for with an alteration only. Choose that reason, or leave it empty."
        )
        problems.append(Problem("approval_applied_on", sentence))
    problems += not_to_come("fee_paid_on", "The payment of the fee", fee_paid_on, today)
    problems += not_to_come("approval_applied_on", "The application for approval", approval_applied_on, today)
    return problems


def passed_on(fee_received_on: date | None, today: date) -> list[Problem]:
    """What the office confirms before the Director decides: the fee has been received."""
    if fee_received_on is None:
        return [
            Problem(
                "fee_received_on",
                Sentence(
                    "Enter the day on which the fee was received. While it is not paid, return the application "
                    "with that reason."
                ),
            )
        ]
    return not_to_come("fee_received_on", "The receipt of the fee", fee_received_on, today)


def decided(
    facility_class: str | None, certificate_number: str, decided_on: date | None, filed_on: date, today: date
) -> list[Problem]:
    """What the Director decides on an application that was filed on a day; reasons are checked apart."""
    problems = []
    if facility_class not in set(FacilityClass):
        problems.append(Problem("facility_class", Sentence("Choose the class of the facility.")))
    problems += entries.text(
        "certificate_number", "the number of the certificate", certificate_number, NUMBER_LENGTH
    )
    problems += decision_day(decided_on, today)
    if decided_on is not None and decided_on < filed_on:
        sentence = Sentence(
            "{day} is before the application was filed, on {filed}. Correct the day of the decision.",
            day=decided_on,
            filed=filed_on,
        )
        problems.append(Problem("decided_on", sentence))
    return problems


def decision_day(decided_on: date | None, today: date) -> list[Problem]:
    """The day of a decision: there is one, and it has come."""
    if decided_on is None:
        return [Problem("decided_on", Sentence("Enter the day of the decision."))]
    return not_to_come("decided_on", "The decision", decided_on, today)


def not_to_come(field: str, what: str, day: date | None, today: date) -> list[Problem]:
    """What is done was done by today; a day not given is checked elsewhere."""
    if day is None or day <= today:
        return []
    sentence = "{what} is dated {day}, which is still to come. Enter the day on which it was done."
    return [Problem(field, Sentence(sentence, what=what, day=day))]
