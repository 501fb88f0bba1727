"""Erasing: the contact data of closed accounts after 30 days, and what nobody needs any more.

The nightly job calls these. The rows and their ids stay, so that the audit trail and the office's records
still name one person.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from db import audit
from db.accounts import draft_holders, emergency_records
from db.disruption_schema import DirectorSubmission, EmergencyWork
from db.people_schema import Absence, DirectorNotice, Employee, EmployeeChange, Employment
from db.register_schema import OperatorRegion
from db.schema import (
    Account,
    FormDraft,
    LoginSession,
    MailedLink,
    Membership,
    OperatorProfile,
    OutgoingMail,
    Person,
    SignInCode,
    SignInFailure,
    Submission,
)
from db.schema_training import AcknowledgementTakenBack, ExemptNotice, TrainingAttendance, TrainingSession
from db.verification.compared import without_names

KEPT_AFTER_CLOSING = timedelta(days=30)
KEPT_FAILURES = timedelta(days=1)
KEPT_SESSIONS = timedelta(days=90)  # since they were last used; an account's last one stays
_ERASED = "erased-"


def free_address(account: Account) -> None:
    """Gives up a closed account's e-mail, so that its holder can register anew; the rest waits for its time."""
    account.email = f"closed-{account.id}"


def to_be_erased(session: Session, at: datetime) -> list[int]:
    """The ids of the accounts that were closed 30 days ago or earlier, and are not erased yet."""
    return list(
        session.scalars(
            select(Account.id).where(
                Account.state == "closed",
                Account.closed_at <= at - KEPT_AFTER_CLOSING,
                Account.email.not_like(f"{_ERASED}%"),
            )
        )
    )


def erase(session: Session, at: datetime, account_id: int) -> None:
    """Replaces a closed account's contact data, wherever it stands, by placeholders."""
    account = session.get_one(Account, account_id)
    account.email = f"{_ERASED}{account.id}"
    account.telephone = account.municipality = ""
    account.password_hash = account.email_confirmed_at = None
    account.person.given_name, account.person.family_name = "Erased", f"person {account.person_id}"
    session.execute(delete(OutgoingMail).where(OutgoingMail.account_id == account.id))
    session.execute(update(MailedLink).where(MailedLink.account_id == account.id).values(email=""))
    session.execute(update(Membership).where(Membership.account_id == account.id).values(email=""))
    session.execute(update(LoginSession).where(LoginSession.account_id == account.id).values(browser=""))
    session.execute(delete(FormDraft).where(FormDraft.holder == draft_holders.of_account(account.id)))
    of_person = OperatorProfile.person_id == account.person_id
    session.execute(
        update(OperatorProfile)
        .where(of_person)
        .values(
            base_place="", base_latitude=None, base_longitude=None, base_x=None, base_y=None, base_z=None, notes=""
        )
    )
    session.execute(
        delete(OperatorRegion).where(OperatorRegion.profile_id.in_(select(OperatorProfile.id).where(of_person)))
    )
    for submission in session.scalars(
        select(Submission)
        .join(OperatorProfile, OperatorProfile.id == Submission.operator_profile_id)
        .where(OperatorProfile.person_id == account.person_id)
    ):
        submission.claimed = submission.claimed | {"name": account.person.name}
        submission.compared = without_names(submission.compared)
    session.flush()
    audit.append(session, at, None, [audit.Entry("account.erased", "account", account.id, {})])


def erase_former_employees(session: Session, at: datetime) -> None:
    """Names whoever's account is erased no more in the records of an organization that employs them no more, since
    30 days or longer: their days, positions and hours stay. While somebody is employed the owner has to be able to
    say who runs the facility (O. Reg. 129/04, s. 15), and as long as the records of an emergency are to be kept,
    who served in it (s. 23 (7))."""
    gone = select(Account.person_id).where(Account.email.like(f"{_ERASED}%"))
    invited = (
        select(Account.person_id)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.id == Employee.membership_id)
        .scalar_subquery()
    )
    employed = exists().where(
        Employment.employee_id == Employee.id,
        Employment.superseded_at.is_(None),
        or_(Employment.valid_until.is_(None), Employment.valid_until > (at - KEPT_AFTER_CLOSING).date()),
    )
    former = (
        select(Employee, Person)
        .join(Person, or_(Person.id == Employee.person_id, Person.id == invited))
        .where(Person.id.in_(gone), Employee.given_name != Person.given_name, ~employed)
    )
    for employee, person in session.execute(former).all():
        if not emergency_records.must_name(session, employee.id, at):
            _name_no_more(session, employee, person, at)


def _name_no_more(session: Session, employee: Employee, person: Person, at: datetime) -> None:
    """Also in notices and reports to the Director, and where the office knew the same human before there was an
    account; the reasons of absences, for which a reading of a manual was taken back, and how somebody served in an
    emergency, are nobody's business any more. The record of a session of training has to name who attended
    (O. Reg. 129/04, s. 21 (3), reading R81): it does as long as it stands."""
    changes = session.scalars(select(EmployeeChange).where(EmployeeChange.employee_id == employee.id))
    names = {employee.name, *(f"{one.given_name} {one.family_name}".strip() for one in changes)}
    erased = {"given_name": person.given_name, "family_name": person.family_name}
    has_an_account = exists().where(Account.person_id == Person.id)
    session.execute(update(Person).where(Person.id == employee.person_id, ~has_an_account).values(erased))
    session.execute(update(Employee).where(Employee.id == employee.id).values(erased))
    changed = update(EmployeeChange).where(EmployeeChange.employee_id == employee.id)
    session.execute(changed.values(reason="", **erased))
    session.execute(update(Absence).where(Absence.employee_id == employee.id).values(reason=""))
    served = update(EmergencyWork).where(EmergencyWork.employee_id == employee.id)
    session.execute(served.values(details="", duties=""))
    taken_back = update(AcknowledgementTakenBack).where(AcknowledgementTakenBack.employee_id == employee.id)
    session.execute(taken_back.values(withdrawn_because=""))
    fell = select(TrainingSession.id).where(
        or_(TrainingSession.withdrawn_at.is_not(None), TrainingSession.superseded_at.is_not(None))
    )
    attended = update(TrainingAttendance).where(TrainingAttendance.employee_id == employee.id)
    session.execute(attended.where(TrainingAttendance.session_id.in_(fell)).values(name=person.name))
    there = select(Employment.facility_id).where(Employment.employee_id == employee.id)
    of_stand_ins = select(DirectorNotice).where(DirectorNotice.facility_id.in_(there))
    of_exempt_years = select(ExemptNotice).where(ExemptNotice.employee_id == employee.id)
    of_disruptions = select(DirectorSubmission).where(DirectorSubmission.facility_id.in_(there))
    every = (session.scalars(rows) for rows in (of_stand_ins, of_exempt_years, of_disruptions))
    for notice in [one for rows in every for one in rows]:
        if isinstance(notice, DirectorSubmission) and emergency_records.is_to_be_kept(session, notice, at):
            continue  # it names others, of whom one may have the same name
        for name in names:
            notice.words = notice.words.replace(name, employee.name)


def forget_stale(session: Session, at: datetime) -> None:
    """Deletes old drafts and sessions, sign-in codes that have expired, failures that no longer count, and what
    old mails about licences say: they name people whose own accounts may be erased by now."""
    for template in ("expiring", "no_longer_holds"):
        session.execute(
            update(OutgoingMail)
            .where(OutgoingMail.template == template, OutgoingMail.created_at <= at - KEPT_AFTER_CLOSING)
            .values(template=f"{template}_erased", values={}, next_attempt_at=None)
        )
    session.execute(delete(FormDraft).where(draft_holders.is_old(at)))
    last_of_each_account = select(func.max(LoginSession.id)).group_by(LoginSession.account_id)
    session.execute(
        delete(LoginSession).where(
            LoginSession.seen_at < at - KEPT_SESSIONS, LoginSession.id.not_in(last_of_each_account)
        )
    )
    session.execute(delete(SignInCode).where(SignInCode.expires_at < at))
    session.execute(delete(SignInFailure).where(SignInFailure.at < at - KEPT_FAILURES))
