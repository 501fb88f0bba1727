"""Kept files, on both databases."""

import pytest
from sqlalchemy import func, select

from core.problems import Refused
from core.roles import Role
from db.gate import NotAllowed
from db.memberships import first_manager
from db.schema import Account, AuditEntry, Organization, StoredFile
from db.services import files, owners
from tests.core.test_files import JPEG, PDF, PNG
from tests.db.people import NOON, signed_in


def count(portal, table, *conditions):
    with portal.database.transaction(writes=False) as session:
        return session.scalar(select(func.count()).select_from(table).where(*conditions))


@pytest.mark.parametrize("content", [PDF, JPEG, PNG])
def test_a_file_comes_back_as_it_was_and_each_look_is_recorded(portal, content):
    asker = signed_in(portal, Role.OWNER)
    file_id = files.upload(asker, "../letter.exe", content)
    document = files.fetch(asker, file_id)
    assert (document.name, document.content) == ("letter.exe", content)
    files.fetch(signed_in(portal, Role.OFFICER), file_id)
    assert count(portal, AuditEntry, AuditEntry.action == "file.seen") == 2


def test_a_wrong_file_is_refused_and_not_kept(portal):
    with pytest.raises(Refused, match="not a whole PDF, JPEG or PNG"):
        files.upload(signed_in(portal, Role.OWNER), "letter.pdf", b"<script>alert(1)</script>")
    assert count(portal, StoredFile) == 0


def test_a_file_is_for_its_organization_and_for_officers_alone(portal):
    asker = signed_in(portal, Role.OWNER)
    owners.save_organization(asker, "Band", "first_nation", 0)
    file_id = files.upload(asker, "letter.pdf", PDF)
    stranger = signed_in(portal, Role.OWNER)
    owners.save_organization(stranger, "Other", "first_nation", 0)
    for somebody in (stranger, signed_in(portal, Role.OPERATOR), signed_in(portal, Role.MANAGER)):
        with pytest.raises(NotAllowed):
            files.fetch(somebody, file_id)
    with pytest.raises(NotAllowed):
        files.fetch(signed_in(portal, Role.OFFICER), 999)
    colleague = signed_in(portal, Role.OWNER, email="colleague@example.ca")
    with portal.database.transaction(writes=True) as session:
        band = session.scalars(select(Organization.id).where(Organization.name == "Band")).one()
        session.add(first_manager(owner_account(session), band, NOON))
    assert files.fetch(colleague, file_id).content == PDF


def owner_account(session):
    return session.scalars(select(Account.id).where(Account.email == "colleague@example.ca")).one()
