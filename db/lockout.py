"""The lockout: five failures in 15 minutes lock an e-mail for 15, known or not, counted in the database.

The answer to a password is given in a transaction that holds the e-mail's count. So however many are tried
at once, at most five answers come out before the lock, and a right password that comes later is refused.
"""

from datetime import timedelta

from sqlalchemy import delete, func, select

from db.gate import Work
from db.schema import SignInFailure

FAILURES = 5
WINDOW = timedelta(minutes=15)
LOCKED_FOR = timedelta(minutes=15)


def answer(work: Work, email: str, right: bool) -> bool:
    """Whether a password that is `right` or wrong is accepted now; counts the failure, or forgets the earlier."""
    counted_as = work.portal.key.keyed_hash(email)
    _hold(work, counted_as)
    if _locked(work, counted_as):
        return False
    if right:
        work.session.execute(delete(SignInFailure).where(SignInFailure.email_hash == counted_as))
    else:
        work.session.add(SignInFailure(email_hash=counted_as, at=work.at))
    return right


def forget(work: Work, email: str) -> None:
    """Ends a lock: the holder of the e-mail has set a new password by a mailed link."""
    counted_as = work.portal.key.keyed_hash(email)
    work.session.execute(delete(SignInFailure).where(SignInFailure.email_hash == counted_as))


def _hold(work: Work, counted_as: str) -> None:
    """Lets others who try the same e-mail wait; SQLite has one writer in any case."""
    if not work.portal.database.is_sqlite:
        work.session.execute(select(func.pg_advisory_xact_lock(int(counted_as[:15], 16))))


def _locked(work: Work, counted_as: str) -> bool:
    """The last five lie within 15 minutes, and the last of them is not yet 15 minutes old."""
    last = work.session.scalars(
        select(SignInFailure.at)
        .where(SignInFailure.email_hash == counted_as)
        .order_by(SignInFailure.at.desc())
        .limit(FAILURES)
    ).all()
    return len(last) == FAILURES and last[0] - last[-1] <= WINDOW and work.at - last[0] < LOCKED_FOR
