"""Who somebody is to the portal. An account may hold several roles; its rights are their union."""

from enum import StrEnum


class Role(StrEnum):
    """What an account is used as, and so what it may do."""

    OPERATOR = "operator"
    OWNER = "owner"
    OFFICER = "officer"
    DIRECTOR = "director"
    MANAGER = "manager"
    DELEGATE = "delegate"
    ADMIN = "admin"

    @property
    def label(self) -> str:
        """Its name for people."""
        return self.value.capitalize()

    @property
    def self_made(self) -> bool:
        """Operators and owners make their own accounts; an organization invites delegates, an admin the others."""
        return self in (Role.OPERATOR, Role.OWNER)


ACTING = (Role.OWNER, Role.DELEGATE)  # for an organization, by their memberships
STAFF = frozenset({Role.OFFICER, Role.DIRECTOR, Role.MANAGER, Role.ADMIN})
INVITED = (Role.OFFICER, Role.DIRECTOR, Role.MANAGER, Role.ADMIN)
