"""Verifies the audit trail: `python -m db.trail` reads every entry and names those that do not fit the chain."""

import sys

from db import audit
from db.settings import WrongSetting, load
from db.start import CannotStart, existing_database


def main() -> None:
    """Prints how many entries there are; ends with 1 where something is wrong."""
    try:
        database = existing_database(load())
    except (WrongSetting, CannotStart) as error:
        sys.exit(str(error))
    with database.transaction(writes=False) as session:
        found = audit.verify(session)
    if found.faults:
        sys.exit("\n".join(found.faults))
    sys.stdout.write(f"The audit trail is whole: {found.entries} entries.\n")


if __name__ == "__main__":
    main()
