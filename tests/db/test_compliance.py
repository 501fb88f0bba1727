"""The page of a facility on a day asks the rules anew: what it shows of today is what is kept, word by word."""

from sqlalchemy import select

from core.findings import Finding
from core.records import OF_SHIFTS
from core.roles import Role
from db.gate import Portal
from db.people_schema import KeptFinding
from db.schema_training import KeptRecordFinding
from db.services import compliance
from tests.db import staffed
from tests.db.people import signed_in

Said = tuple[str, str, str]


def said(finding: Finding) -> Said:
    return finding.citation.provision, finding.verdict.value, str(finding.because)


def test_what_the_page_shows_of_today_is_what_is_kept(portal: Portal) -> None:
    ids = staffed.fill(portal, 12)
    manager = signed_in(portal, Role.MANAGER)
    compared = 0
    for id in ids:
        with portal.database.transaction(writes=False) as session:
            people = session.scalars(select(KeptFinding).where(KeptFinding.facility_id == id)).all()
            of_it = KeptRecordFinding.facility_id == id, KeptRecordFinding.about.not_in(OF_SHIFTS)
            records = session.scalars(select(KeptRecordFinding).where(*of_it)).all()
        kept: dict[tuple[str, int | None], Said] = {
            (one.about, one.employee_id): (one.provision, one.verdict, one.because) for one in people
        } | {(one.place, None): (one.provision, one.verdict, one.because) for one in records}
        shown = {one.key: said(one.finding) for one in compliance.on_day(manager, id).answers}
        assert {key: shown.get(key) for key in kept} == kept
        compared += len(kept)
    assert compared > 100
