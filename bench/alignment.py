"""How long a pass of alignment takes over 10,000 profiles: nothing changed, a tenth changed, everything vanished.

`python -m bench.alignment [profiles]`, on SQLite in a temporary folder.
"""

import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, select, update

from core.alignment import Basis
from core.licences import LicenceClass, LicenceType
from core.profiles import ClaimState, State
from db.alignment.passes import align
from db.engine import Database
from db.gate import Portal, Work, unattended
from db.keys import AppKey
from db.migrate import upgrade
from db.register_schema import ListedLicence, ListingImport
from db.schema import Account, CertificateClaim, Credential, OperatorProfile, Person
from db.settings import Settings

NOON = datetime(2026, 11, 20, 17, tzinfo=UTC)
EXPIRY = date(2028, 3, 12)


def fill(work: Work, profiles: int) -> None:
    """Active profiles, five certificates to four people, all borne out by a listing of the day before."""
    session, ids = work.session, range(1, profiles + 1)
    session.execute(insert(Person), [_person(n) for n in ids])
    session.execute(insert(Account), [_account(1)])
    session.execute(insert(OperatorProfile), [_profile(n) for n in ids])
    held = [(n, k) for n in ids for k in range(2 if n % 4 == 0 else 1)]
    session.execute(insert(CertificateClaim), [_claim(i, n, k) for i, (n, k) in enumerate(held, 1)])
    session.execute(insert(Credential), [_credential(i, n, k) for i, (n, k) in enumerate(held, 1)])
    listing = ListingImport(
        kind="operators", listed_on=NOON.date() - timedelta(days=1), file_name="bench", file_sha256="",
        rows=len(held), new=0, changed=0, gone=0, left_out=[], state="standing", imported_at=NOON, imported_by=1,
        changed_at=NOON,
    )  # fmt: skip
    session.add(listing)
    session.flush()
    session.execute(insert(ListedLicence), [_line(listing.id, i, n, k) for i, (n, k) in enumerate(held, 1)])


def _person(n: int) -> dict[str, object]:
    return {"id": n, "given_name": "Robin", "family_name": f"Fairwater {n}", "operator_id": f"900{n:05}",
            "created_at": NOON}  # fmt: skip


def _account(n: int) -> dict[str, object]:
    return {"id": n, "person_id": n, "email": f"{n}@example.ca", "state": "active", "telephone": "",
            "municipality": "", "language": "en", "created_at": NOON, "changed_at": NOON}  # fmt: skip


def _profile(n: int) -> dict[str, object]:
    return {"id": n, "person_id": n, "state": State.ACTIVE, "claimed_operator_id": f"900{n:05}",
            "changed_at": NOON}  # fmt: skip


def _licence(n: int, k: int) -> dict[str, object]:
    kind = (LicenceType.WASTEWATER_TREATMENT, LicenceType.WASTEWATER_COLLECTION)[k]
    return {"number": f"{n:06}", "licence_type": kind, "licence_class": LicenceClass.II, "expiry": EXPIRY}


def _claim(i: int, n: int, k: int) -> dict[str, object]:
    return _licence(n, k) | {"id": i, "profile_id": n, "state": ClaimState.CONFIRMED, "entered_at": NOON,
                             "confirmed_on": NOON.date() - timedelta(days=9), "basis": Basis.LISTING}  # fmt: skip


def _credential(i: int, n: int, k: int) -> dict[str, object]:
    return _licence(n, k) | {"id": i, "person_id": n, "rank": 2, "source": Basis.LISTING, "claim_id": i,
                             "valid_for_key": "", "valid_from": NOON.date(), "recorded_at": NOON}  # fmt: skip


def _line(import_id: int, i: int, n: int, k: int) -> dict[str, object]:
    return _licence(n, k) | {"import_id": import_id, "line": i + 1, "operator_id": f"900{n:05}",
                             "last_name": f"Fairwater {n}", "first_name": "Robin", "status": "in force",
                             "municipality": "North Bay"}  # fmt: skip


def timed(portal: Portal, what: str) -> None:
    began, cpu = time.perf_counter(), time.process_time()
    with unattended(portal, NOON) as work:
        run = align(work, "bench")
    changed = "nothing changed" if run is None else f"run {run.id}"
    spent = f"{time.perf_counter() - began:.2f} s ({time.process_time() - cpu:.2f} s of CPU here)"
    print(f"{what}: {spent}, {changed}")


def main() -> None:
    profiles = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        database = Database(url)
        upgrade(database)
        portal = Portal(Settings(database_url=url), database, AppKey(b"k" * 32))
        with unattended(portal, NOON) as work:
            fill(work, profiles)
        timed(portal, f"{profiles} profiles borne out")
        with database.transaction(writes=True) as session:
            tenth = select(ListedLicence.id).where(ListedLicence.id % 10 == 0)
            session.execute(
                update(ListedLicence).where(ListedLicence.id.in_(tenth)).values(expiry=date(2031, 3, 12))
            )
        timed(portal, "a tenth renewed")
        timed(portal, "the same again")
        with database.transaction(writes=True) as session:
            session.execute(update(ListedLicence).values(status="suspended"))
        timed(portal, "everybody suspended")
        database.close()


if __name__ == "__main__":
    main()
