"""What each claim of a submission was compared with, and what was decided on it: now while it waits, or then.

A later listing says something else, and a claim that is returned is edited in place and decided anew, so what a
decision rested on, and what it was, is kept with the submission.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from pydantic import TypeAdapter

from core.comparison import Comparison, Outcome
from core.listings import ListedFacility, ListedLicence, ListedRow, ListedStatus
from core.names import Name
from core.near_matches import NearMatch
from core.profiles import ClaimState
from core.sentences import Sentence, in_english
from db.gate import Work
from db.schema import OperatorProfile, Submission
from db.verification import borne_out
from db.verification.borne_out import FACILITIES, OPERATORS
from db.verification.submissions import Claim, Profile

Near = tuple[NearMatch[ListedLicence], ...] | tuple[NearMatch[ListedFacility], ...]


@dataclass(frozen=True)
class Despite:
    """Why something is confirmed all the same that the listing does not show in force, or, `alike`, that
    another person has confirmed; "" where nothing speaks against it."""

    reason: str = ""
    alike: bool = False


@dataclass(frozen=True)
class Compared:
    """A claim beside the listing of a day (None: none was on file), and what it may have meant there.

    `decided` is what was decided on it in this submission, None for nothing, or where that was not kept yet;
    `because` why it was refused.
    """

    comparison: Comparison
    near: Near
    listed_on: date | None
    import_id: int | None
    despite: Despite = Despite()
    decided: ClaimState | None = None
    because: str = ""


def now(work: Work, submission: Submission, profile: Profile) -> Mapping[int, Compared]:
    """Each claim of a submission beside the listing that stands, by the claim's id."""
    return _beside(work, submission, profile, [one["id"] for one in submission.claimed["claims"]])


def take_a_reason(
    submission: Submission, claims: Iterable[Claim], found: Mapping[int, Comparison]
) -> dict[int, ListedStatus]:
    """The claims that the listing does not show in force, so that an officer confirms each with a written reason
    alone: what it says of each. Those that were confirmed alone before have theirs."""
    return {
        claim.id: status
        for claim in claims
        if (status := found[claim.id].not_in_force)
        if claim.state != ClaimState.CONFIRMED or str(claim.id) not in submission.compared
    }


def keep(
    work: Work,
    submission: Submission,
    profile: Profile,
    claim_ids: Collection[int],
    despite: Mapping[int, Despite] = MappingProxyType({}),
) -> None:
    """Keeps what some claims are compared with: they are decided now, some `despite` what speaks against it."""
    found = {
        str(one): _written(replace(compared, despite=despite.get(one, Despite())))
        for one, compared in _beside(work, submission, profile, claim_ids).items()
    }
    submission.compared = submission.compared | found


def keep_the_rest(work: Work, submission: Submission, profile: Profile, despite: Mapping[int, Despite]) -> None:
    """The same of all claims but those that were decided alone, before."""
    ids = [one["id"] for one in submission.claimed["claims"]]
    keep(work, submission, profile, [one for one in ids if str(one) not in submission.compared], despite)


def keep_decisions(submission: Submission, claims: Iterable[Claim]) -> None:
    """Keeps beside that what was decided on some claims: they are confirmed or refused by now."""
    found = {
        str(claim.id): submission.compared[str(claim.id)]
        | {"decided": ClaimState(claim.state).value, "because": claim.refused_because}
        for claim in claims
    }
    submission.compared = submission.compared | found


def kept(submission: Submission) -> Mapping[int, Compared]:
    """What the claims that are decided were compared with then, by the claim's id."""
    row = _LICENCE if submission.operator_profile_id is not None else _FACILITY
    return {int(one): _read(written, row) for one, written in submission.compared.items()}


def without_names(written: Mapping[str, Any]) -> dict[str, Any]:
    """What may stay of it once the person is erased: the outcomes, of which listing, and what was decided."""
    return {
        one: compared | {"said": [], "row": None, "near": [], "despite": "", "because": ""}
        for one, compared in written.items()
    }


def _beside(
    work: Work, submission: Submission, profile: Profile, claim_ids: Collection[int]
) -> dict[int, Compared]:
    found = borne_out.comparisons(work, submission.id) if claim_ids else {}
    missing = [
        one
        for one in submission.claimed["claims"]
        if one["id"] in claim_ids and found[one["id"]].outcome.not_found
    ]
    near: Mapping[int, Near]
    if isinstance(profile, OperatorProfile):
        name = Name(profile.person.given_name, profile.person.family_name)
        near = borne_out.near_licences(work, submission.claimed["operator_id"], name, missing)
    else:
        near = borne_out.near_facilities(work, missing)
    stands = borne_out.standing(work).get(OPERATORS if isinstance(profile, OperatorProfile) else FACILITIES)
    of_listing = (stands.listed_on, stands.import_id) if stands else (None, None)
    return {one: Compared(found[one], near.get(one, ()), *of_listing) for one in claim_ids}


# --- as JSON ------------------------------------------------------------------------------------------------

_LICENCE = TypeAdapter(ListedLicence)
_FACILITY = TypeAdapter(ListedFacility)


def _written(compared: Compared) -> dict[str, Any]:
    row = compared.comparison.licence or compared.comparison.facility
    return {
        "outcome": compared.comparison.outcome.value,
        "said": [_said(one) for one in compared.comparison.differences],
        "row": None if row is None else _row(row),
        "near": [
            {"row": _row(one.row), "distance": one.distance, "said": [_said(part) for part in one.words]}
            for one in compared.near
        ],
        "listed_on": compared.listed_on.isoformat() if compared.listed_on else None,
        "import": compared.import_id,
        "despite": compared.despite.reason,
        "alike": compared.despite.alike,
    }


def _row(row: ListedRow) -> Any:
    adapter: TypeAdapter[Any] = _LICENCE if isinstance(row, ListedLicence) else _FACILITY
    return adapter.dump_python(row, mode="json")


def _said(sentence: Sentence) -> dict[str, Any]:
    return {
        "template": sentence.template,
        "values": {name: in_english(value) for name, value in sentence.values.items()},
    }


def _read(written: Mapping[str, Any], adapter: TypeAdapter[Any]) -> Compared:
    row = None if written["row"] is None else adapter.validate_python(written["row"])
    comparison = Comparison(
        Outcome(written["outcome"]),
        tuple(_sentences(written["said"])),
        licence=row if isinstance(row, ListedLicence) else None,
        facility=row if isinstance(row, ListedFacility) else None,
    )
    near = tuple(
        NearMatch(adapter.validate_python(one["row"]), one["distance"], tuple(_sentences(one["said"])), True)
        for one in written["near"]
    )
    listed_on = date.fromisoformat(written["listed_on"]) if written["listed_on"] else None
    return Compared(
        comparison,
        near,
        listed_on,
        written["import"],
        _despite(written, comparison.outcome),
        ClaimState(written["decided"]) if "decided" in written else None,
        written.get("because", ""),
    )


def _despite(written: Mapping[str, Any], outcome: Outcome) -> Despite:
    """Before it was kept for which of the two the reason was, it was for what the listing showed, if it did."""
    reason = written.get("despite", "")
    return Despite(reason, written.get("alike", bool(reason) and outcome is not Outcome.LISTED_SUSPENDED))


def _sentences(said: Collection[Mapping[str, Any]]) -> Iterator[Sentence]:
    return (Sentence(one["template"], **one["values"]) for one in said)
