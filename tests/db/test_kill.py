"""A portal killed 200 times in the middle of submissions and decisions: nothing lost, nothing half done."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from core.profiles import ClaimState, State, SubmissionState
from core.roles import Role
from db import audit
from db.schema import (
    AgreementAcceptance,
    AuditEntry,
    CertificateClaim,
    Credential,
    FacilityClaim,
    FacilityRelation,
    OperatorProfile,
    Organization,
    OutgoingMail,
    Submission,
)
from db.services import operators, owners
from tests.db.people import signed_in

KILLS = 200


@pytest.fixture
def acknowledged(portal, tmp_path) -> list[tuple[str, int]]:
    """What was acknowledged to those who used the portal while it was killed again and again."""
    tokens: dict[str, list[str]] = {"operator": [], "owner": [], "officer": []}
    for number in range(4):
        operator = signed_in(portal, Role.OPERATOR)
        operators.save_operator_id(operator, f"9000000{number}", operators.my_profile(operator).version)
        owner = signed_in(portal, Role.OWNER)
        owners.save_organization(owner, f"Town {number}", "municipality", 0)
        tokens["operator"].append(operator.token)
        tokens["owner"].append(owner.token)
        tokens["officer"].append(signed_in(portal, Role.OFFICER).token)
    file = tmp_path / "acknowledged"
    subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.db.killed",
            portal.settings.database_url,
            file,
            str(KILLS),
            json.dumps(tokens),
        ],
        cwd=Path(__file__).parents[2],
        check=True,
    )
    return [(line.rsplit(" ", 1)[0], int(line.rsplit(" ", 1)[1])) for line in file.read_text().splitlines()]


def test_200_kills_lose_nothing_and_leave_nothing_half_done(portal, acknowledged):
    assert len(acknowledged) > KILLS, "work was done between the kills"
    with portal.database.transaction(writes=False) as session:
        submissions = {row.id: row for row in session.scalars(select(Submission))}
        nothing_lost(session, submissions, acknowledged)
        every_profile_has_the_submission_of_its_state(session, submissions)
        every_decision_is_whole(session, submissions)
        assert audit.verify(session).faults == ()
        if portal.database.is_sqlite:
            assert session.scalar(text("PRAGMA integrity_check")) == "ok"
            assert session.execute(text("PRAGMA foreign_key_check")).all() == []


def nothing_lost(
    session: Session, submissions: dict[int, Submission], acknowledged: list[tuple[str, int]]
) -> None:
    states = {f"{row.state}": set() for row in submissions.values()}
    for row in submissions.values():
        states[row.state].add(row.id)
    handed_in = {
        kind: {
            claim["id"] for row in submissions.values() if is_kind(row, kind) for claim in row.claimed["claims"]
        }
        for kind in ("operator", "owner")
    }
    claims = {
        "operator": set(session.scalars(select(CertificateClaim.id))),
        "owner": set(session.scalars(select(FacilityClaim.id))),
    }
    for what, row_id in acknowledged:
        done, _, kind = what.partition(" ")
        found = {"claim": claims, "submitted": handed_in}[done][kind] if kind else states[done]
        assert row_id in found, f"{what} {row_id} was acknowledged, and is lost"


def is_kind(row: Submission, kind: str) -> bool:
    return (row.operator_profile_id is not None) == (kind == "operator")


def every_profile_has_the_submission_of_its_state(session: Session, submissions: dict[int, Submission]) -> None:
    open_ones = Counter(
        (row.operator_profile_id, row.organization_id)
        for row in submissions.values()
        if row.state == SubmissionState.OPEN
    )
    profiles = [((row.id, None), row) for row in session.scalars(select(OperatorProfile))]
    profiles += [((None, row.id), row) for row in session.scalars(select(Organization))]
    waiting = {State.PENDING: {1}, State.ACTIVE: {0, 1}}
    for key, row in profiles:
        assert open_ones[key] in waiting.get(State(row.state), {0}), f"{row.state} with {open_ones[key]} open"
        assert bool(row.agreed_version) >= bool(open_ones[key]), "handed in without the agreement"


def every_decision_is_whole(session: Session, submissions: dict[int, Submission]) -> None:
    states = Counter(row.state for row in submissions.values())
    mails = counted(session, OutgoingMail.template)
    trail = counted(session, AuditEntry.action)
    assert mails["profile_received"] == trail["profile.submitted"] == len(submissions)
    assert session.scalar(select(func.count()).select_from(AgreementAcceptance)) == len(submissions)
    for state in (SubmissionState.APPROVED, SubmissionState.RETURNED):
        assert states[state] > 0, "some were decided"
        assert mails[f"profile_{state}"] == trail[f"submission.{state}"] == states[state]
    credentials = set(session.scalars(select(Credential.claim_id)))
    relations = set(session.scalars(select(FacilityRelation.claim_id)))
    for table, facts in ((CertificateClaim, credentials), (FacilityClaim, relations)):
        confirmed = set(session.scalars(select(table.id).where(table.state == ClaimState.CONFIRMED)))
        assert confirmed <= facts, "confirmed, and not held true"
        assert facts <= confirmed | set(
            session.scalars(select(table.id).where(table.state == ClaimState.WITHDRAWN))
        ), "held true, and not confirmed"


def counted(session: Session, column: object) -> Counter[str]:
    return Counter(dict(session.execute(select(column, func.count()).group_by(column)).all()))
