"""Accounts: who one is, and what one does with one's own account."""

from dataclasses import dataclass

from core.roles import Role
from db.gate import ANYONE, Work, service


@dataclass(frozen=True)
class Me:
    """Whoever is signed in."""

    account_id: int
    person_id: int
    name: str
    email: str
    email_confirmed: bool
    roles: frozenset[Role]
    language: str


@service(ANYONE)
def me(work: Work) -> Me | None:
    """Who is signed in; None where nobody is."""
    account = work.signed_in
    if account is None:
        return None
    return Me(
        account.id,
        account.person_id,
        account.person.name,
        account.email,
        account.email_confirmed_at is not None,
        work.roles,
        account.language,
    )
