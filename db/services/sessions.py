"""Sign-in and sessions: made by a password, or by single sign-on, and a one-time code; listed and ended by
their holder.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from core.problems import Problem, refuse
from core.sentences import Sentence
from core.single_sign_on import Failure
from db.accounts import contacts, draft_holders, lockout, passwords
from db.gate import ANYONE, SIGNED_IN, Asker, Work, idle_limit, in_steps, service
from db.keys import fingerprint, new_secret
from db.schema import Account, LoginSession, SignInCode

CODE_SECONDS = 30
_SEEN_EVERY = timedelta(minutes=1)
_USER_AGENT_LENGTH = 200
_BY_PASSWORD, _BY_SINGLE_SIGN_ON = "password", "single sign-on"  # how, in the audit trail

# One sentence for an unknown e-mail, a wrong password, a locked, unconfirmed, disabled or closed account.
_NOT_SIGNED_IN = Sentence(
    "We could not sign you in. The e-mail or the password is wrong, the e-mail is not confirmed yet, or there "
    "were {failures} wrong tries: then wait {minutes} minutes. You can ask for a new password or a new "
    "confirmation link below.",
    failures=lockout.FAILURES,
    minutes=15,
)
_NO_COOKIES = Sentence(
    "Your browser keeps no cookies for this site, so you cannot sign in. Allow them and reload."
)


@dataclass(frozen=True)
class SignIn:
    """A code to be exchanged for the session's cookie within 30 seconds, or why there is none."""

    code: str | None
    refusal: Problem | None


@dataclass(frozen=True)
class MySession:
    """One sign-in of the asker: when it began, when it was last used, and by which browser (its own words)."""

    id: int
    started_at: datetime
    seen_at: datetime
    browser: str
    is_this: bool


@in_steps(ANYONE, writes=True)
def sign_in(asker: Asker, email: str, password: str, browser: str, user_agent: str) -> SignIn:
    """Checks a password. `browser` is the value of the portal's cookie that tells browsers apart;
    the code is bound to it.

    Returns a refusal rather than raising it. The same work and the same words whatever is wrong.
    """
    if not browser:
        return SignIn(None, Problem("", _NO_COOKIES))
    address = contacts.as_typed(email)
    kept = _kept_hash(asker, address)
    code = _answer(asker, address, passwords.is_right(password, kept), kept, browser, user_agent)
    return SignIn(code, None if code else Problem("", _NOT_SIGNED_IN))


@service(ANYONE, writes=True)
def sign_in_vouched(work: Work, email: str, verified: bool, browser: str, user_agent: str) -> str | Failure:
    """The code for whoever a single sign-on vouches for: the account that has the e-mail it has verified.

    Call it with what a provider has signed and nothing else. No account and no role comes from it. An e-mail
    that is not exactly one as we keep them has no account: never the nearest one.
    """
    kept_as = contacts.checked_email(email) if verified else None
    account = work.session.scalar(select(Account).where(Account.email == kept_as)) if kept_as else None
    if account is None or not _is_open(account):
        work.record("sign_in.refused", "account", account.id if account else None, how=_BY_SINGLE_SIGN_ON)
        return Failure.NO_ACCOUNT if verified else Failure.UNVERIFIED
    return _accept(work, account, browser, user_agent, _BY_SINGLE_SIGN_ON)


@service(ANYONE, writes=True)
def exchange_code(work: Work, code: str, browser: str) -> str | None:
    """The token of a new session for the code of a sign-in: once, within 30 seconds, by the same browser.

    Whoever brings it, the code is spent. A session that the browser had before ends, and what was typed in
    the browser before signing in is forgotten, but for what this account typed as its session had ended.
    """
    row = work.session.get(SignInCode, fingerprint(code), with_for_update=True)
    if row is None or row.used_at is not None:
        return None
    row.used_at = work.at
    account = work.session.get_one(Account, row.account_id)
    same_browser = bool(browser) and row.browser_hash == work.portal.key.keyed_hash(browser)
    if not same_browser or work.at >= row.expires_at or account.state != "active":
        work.record("sign_in.code_refused", "account", account.id)
        return None
    if work.login:
        work.login.ended_at = work.at
    draft_holders.take_up(work.session, work.portal.key, browser, account.id, work.at)
    token = new_secret()
    login = LoginSession(
        account_id=account.id,
        token_hash=fingerprint(token),
        started_at=work.at,
        seen_at=work.at,
        browser=row.user_agent,
    )
    work.session.add(login)
    work.session.flush()
    work.record("session.started", "login_session", login.id, account=account.id)
    return token


@service(ANYONE, writes=True)
def sign_out(work: Work) -> None:
    """Ends the session that asks; nothing where nobody is signed in."""
    if work.login:
        _end(work, work.login)


@in_steps(ANYONE, writes=True)
def touch(asker: Asker) -> None:
    """Marks the session as in use, at most once a minute: each page run calls this. No audit entry."""
    if _is_due(asker):
        _mark_seen(asker)


@service(SIGNED_IN)
def my_sessions(work: Work) -> tuple[MySession, ...]:
    """The sessions of the asker that still stand, the one that asks first, then the latest used."""
    rows = work.session.scalars(
        select(LoginSession)
        .where(
            LoginSession.account_id == work.account.id,
            LoginSession.ended_at.is_(None),
            LoginSession.seen_at > work.at - idle_limit(work.portal.settings, work.roles),
        )
        .order_by(LoginSession.seen_at.desc(), LoginSession.id.desc())
    ).all()
    this = work.login.id if work.login else None
    mine = [MySession(row.id, row.started_at, row.seen_at, row.browser, row.id == this) for row in rows]
    return tuple(sorted(mine, key=lambda session: not session.is_this))


@service(SIGNED_IN, writes=True)
def end_session(work: Work, session_id: int) -> None:
    """Ends one session of the asker."""
    login = work.session.get(LoginSession, session_id, with_for_update=True)
    if login is None or login.account_id != work.account.id:
        raise refuse("This is not one of your sessions. Look at the list again.")
    if login.ended_at is None:
        _end(work, login)


@service(SIGNED_IN, writes=True)
def end_other_sessions(work: Work) -> int:
    """Ends every session of the asker but this one; how many they were."""
    rows = work.session.scalars(
        select(LoginSession).where(
            LoginSession.account_id == work.account.id,
            LoginSession.ended_at.is_(None),
            LoginSession.id != (work.login.id if work.login else None),
        )
    ).all()
    for row in rows:
        _end(work, row)
    return len(rows)


def _end(work: Work, login: LoginSession) -> None:
    login.ended_at = work.at
    work.record("session.ended", "login_session", login.id, account=login.account_id)


@service(ANYONE)
def _kept_hash(work: Work, email: str) -> str | None:
    return work.session.scalar(select(Account.password_hash).where(Account.email == email))


@service(ANYONE, writes=True)
def _answer(work: Work, email: str, right: bool, kept: str | None, browser: str, user_agent: str) -> str | None:
    """The code for a password that was found right against `kept`, unless locked; counts it otherwise."""
    account = work.session.scalar(select(Account).where(Account.email == email))
    accepted = lockout.answer(work, email, right and account is not None and _may_sign_in(account, kept))
    if account is None or not accepted:
        work.record("sign_in.refused", "account", account.id if account else None, how=_BY_PASSWORD)
        return None
    return _accept(work, account, browser, user_agent, _BY_PASSWORD)


def _accept(work: Work, account: Account, browser: str, user_agent: str, how: str) -> str:
    """The code of an accepted sign-in."""
    code = new_secret()
    work.session.add(
        SignInCode(
            code_hash=fingerprint(code),
            account_id=account.id,
            browser_hash=work.portal.key.keyed_hash(browser),
            user_agent=user_agent[:_USER_AGENT_LENGTH],
            expires_at=work.at + timedelta(seconds=CODE_SECONDS),
        )
    )
    work.record("sign_in.accepted", "account", account.id, how=how)
    return code


def _may_sign_in(account: Account, kept: str | None) -> bool:
    return account.password_hash == kept and _is_open(account)


def _is_open(account: Account) -> bool:
    """Active, and its e-mail confirmed: whoever registered with somebody else's never shares the account."""
    return account.state == "active" and account.email_confirmed_at is not None


@service(ANYONE)
def _is_due(work: Work) -> bool:
    return work.login is not None and work.at - work.login.seen_at >= _SEEN_EVERY


@service(ANYONE, writes=True)
def _mark_seen(work: Work) -> None:
    if work.login:
        work.login.seen_at = max(work.login.seen_at, work.at)
