"""A lease: of all processes on one database, which one does a job that only one may do."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from db.engine import Database
from db.schema import Lease


def take(database: Database, name: str, holder: str, at: datetime, lasts: timedelta) -> bool:
    """Takes a lease that is free or has run out, or renews the holder's own. False where another one has it."""
    try:
        with database.transaction(writes=True) as session:
            lease = session.get(Lease, name, with_for_update=True)
            if lease is None:
                lease = Lease(name=name, holder=holder, until=at)
                session.add(lease)
            if lease.holder != holder and lease.until > at:
                return False
            lease.holder, lease.until = holder, at + lasts
            return True
    except IntegrityError:  # another process has just made the row
        return False


def give_back(database: Database, name: str, holder: str, at: datetime) -> None:
    """Ends a lease, so that another process need not wait for it to run out."""
    with database.transaction(writes=True) as session:
        session.execute(update(Lease).where(Lease.name == name, Lease.holder == holder).values(until=at))
