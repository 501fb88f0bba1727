"""For whose facilities alone a certificate is claimed to be valid, otherwise than the office believed it last.

No listing shows such a condition, so none bears out that there is no condition.
"""

from collections.abc import Collection, Iterator, Mapping

from sqlalchemy import or_, select

from core.names import owner_key
from core.profiles import ClaimState
from core.sentences import Sentence
from db.gate import Work
from db.schema import Credential, OperatorProfile, Person, Submission

_Key = tuple[str, str, str]  # the Operator ID, the number and the type


def changed(work: Work, submissions: Collection[Submission]) -> Iterator[tuple[int, int, Sentence]]:
    """What the claims of operators' submissions change of a condition (129/04, s. 8 (4)): the submission's id, the
    claim's, and the change in words.

    The office's last word on the number and type counts, or on what the claim replaces.
    """
    before, replaced = _believed(work, submissions), _replaced(work, submissions)
    for one in submissions:
        for claim in one.claimed["claims"]:
            former = before.get((one.claimed["operator_id"], claim["number"], claim["licence_type"]))
            if former is None and claim["state"] != ClaimState.CONFIRMED:
                former = replaced.get(claim["replaces_id"])
            if former is not None and owner_key(former) != owner_key(claim["valid_for"]):
                yield one.id, claim["id"], _said(former, claim["valid_for"])


def _believed(work: Work, submissions: Collection[Submission]) -> Mapping[_Key, str]:
    """For whom the office believed each certificate last, by Operator ID, number and type; "" for everybody.

    Found by the person who claims it, and by whoever has the claimed Operator ID: they may become one.
    """
    claimed: dict[int | None, str] = {one.operator_profile_id: one.claimed["operator_id"] for one in submissions}
    numbers = {claim["number"] for one in submissions for claim in one.claimed["claims"]}
    mine = OperatorProfile.id.in_(claimed)
    rows = work.session.execute(
        select(Credential, OperatorProfile.id, Person.operator_id)
        .join(Person, Person.id == Credential.person_id)
        .outerjoin(OperatorProfile, OperatorProfile.person_id == Person.id)
        .where(
            Credential.number.in_(numbers),
            Credential.superseded_at.is_(None),
            or_(mine, Person.operator_id.in_(claimed.values())),
        )
        .order_by(Credential.valid_until.is_(None), Credential.valid_from, Credential.id)
    )
    return {
        (operator_id, row.number, row.licence_type): row.valid_for
        for row, profile_id, confirmed_id in rows
        for operator_id in {claimed.get(profile_id), confirmed_id}
        if operator_id is not None
    }


def _replaced(work: Work, submissions: Collection[Submission]) -> Mapping[int, str]:
    """For whom each certificate was believed that a claim is to replace, by its claim."""
    ids = {claim["replaces_id"] for one in submissions for claim in one.claimed["claims"]} - {None}
    rows = work.session.execute(
        select(Credential.claim_id, Credential.valid_for).where(
            Credential.claim_id.in_(ids), Credential.superseded_at.is_(None)
        )
    )
    return {claim_id: valid_for for claim_id, valid_for in rows if claim_id is not None}


def _said(former: str, claimed: str) -> Sentence:
    """The change of a condition: from one to none, to another, or to one where there was none."""
    template = "It was confirmed for facilities of {former} only, and is claimed for those of {claimed} now."
    if not claimed:
        template = "It was confirmed for facilities of {former} only, and is claimed without that condition now."
    if not former:
        template = "It was confirmed without a condition, and is claimed for facilities of {claimed} only now."
    return Sentence(f"{template} No listing shows such a condition.", former=former, claimed=claimed)
