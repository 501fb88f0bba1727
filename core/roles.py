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
        """Operators and owners make their own accounts; the others are invited by an admin."""
        return self in (Role.OPERATOR, Role.OWNER)


STAFF = frozenset({Role.OFFICER, Role.DIRECTOR, Role.MANAGER, Role.ADMIN})
INVITED = (Role.OFFICER, Role.DIRECTOR, Role.MANAGER, Role.ADMIN)
