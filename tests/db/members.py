"""People who act for an organization, for tests: invited and accepted through the services."""

from collections.abc import Collection

from core.membership import Grant, Right
from core.roles import Role
from db.gate import Asker, Portal
from db.services import members
from db.services.members import ActingFor, Member
from tests.db.people import signed_in
from tests.remembered import remembered

FIND = (Grant(Right.FIND),)


def invited(owner: Asker, email: str, grants: Collection[Grant] = FIND) -> tuple[Asker, int, int]:
    """The owner, the membership that is offered to this e-mail, and its version."""
    members.invite(owner, email, grants)
    row = row_of(owner, email)
    return owner, row.membership_id, row.version


def row_of(owner: Asker, email: str) -> Member:
    """Somebody in the list of the owner's people."""
    return next(row for row in members.people(owner).members.rows if row.email == email)


@remembered
def acting(portal: Portal, owner: Asker, *grants: Grant, email: str = "del@example.ca", **person: str) -> Asker:
    """A new person who has accepted to act for the owner's organization with these rights."""
    asker = signed_in(portal, Role.OPERATOR, email=email, **person)
    accept(owner, asker, email, *grants)
    return asker


def accept(owner: Asker, asker: Asker, email: str, *grants: Grant) -> None:
    """Somebody who has an account accepts to act for one more organization."""
    members.invite(owner, email, grants)
    offer = offers(asker)[0]
    members.accept(asker, offer.membership_id, offer.version)


def offers(asker: Asker) -> list[ActingFor]:
    """The invitations that wait for somebody."""
    return [one for one in members.mine(asker) if one.since is None]


def end(owner: Asker, email: str) -> None:
    """The owner ends what somebody may do."""
    row = row_of(owner, email)
    members.end(owner, row.membership_id, row.version)


def change(owner: Asker, email: str, *grants: Grant) -> None:
    """The owner gives somebody these rights and no others."""
    row = row_of(owner, email)
    members.change(owner, row.membership_id, grants, row.version)
