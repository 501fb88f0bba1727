"""`python -m db.demo`: fills the empty database of the settings, and prints the ways in."""

import sys

from db.demo.filling import PASSWORD, SIGN_INS, fill
from db.engine import CannotStart
from db.settings import WrongSetting, load
from db.start import open_portal


def main() -> None:
    """Fills the database of the settings, and prints the ways in."""
    try:
        portal = open_portal(load())
        made = fill(portal)
    except (WrongSetting, CannotStart) as error:
        sys.exit(str(error))
    portal.database.close()
    lines = [f"  {one.role.label:<10} {one.email}" for one in SIGN_INS]
    sys.stdout.write(
        f"{'The demo is filled.' if made else 'The demo was filled before.'} The people in it are invented.\n"
        f"Sign in with one of these and the password: {PASSWORD}\n" + "\n".join(lines) + "\n"
    )


if __name__ == "__main__":
    main()
