"""Verifies the audit trail: reads every entry and names those that do not fit the chain.

python -m db.trail                          prints the last entry's number and hash: keep them elsewhere
python -m db.trail --expect NUMBER:HASH     compares with a number and hash that were kept
"""

import re
import sys

from db import audit
from db.audit import End
from db.settings import WrongSetting, load
from db.start import CannotStart, existing_database

_USAGE = "Write: python -m db.trail   or, with what it printed before: python -m db.trail --expect NUMBER:HASH"


def main(arguments: list[str]) -> str:
    """What to print of a trail that is whole. Ends with 1 and the faults where it is not."""
    expected = _expected(arguments)
    try:
        database = existing_database(load())
    except (WrongSetting, CannotStart) as error:
        sys.exit(str(error))
    with database.snapshot() as session:
        found = audit.verify(session, expected)
    if found.faults:
        sys.exit("\n".join(found.faults))
    return (
        f"The audit trail is whole: {found.entries} entries. Keep its end where nobody who reaches the database "
        f"can change it; later this shows whether anything up to it was cut off or written anew:\n"
        f"python -m db.trail --expect {found.end.number}:{found.end.hash}\n"
    )


def _expected(arguments: list[str]) -> End | None:
    """The end that was kept, of the command line."""
    if not arguments:
        return None
    kept = re.fullmatch(r"--expect (\d{1,18}):([0-9a-f]{64})", " ".join(arguments))
    if kept is None:
        sys.exit(_USAGE)
    return End(int(kept[1]), kept[2])


if __name__ == "__main__":
    sys.stdout.write(main(sys.argv[1:]))
