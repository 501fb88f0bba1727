"""After any sequence of lists of facilities, nights and decisions, withdrawing them all leaves nothing, and a
second pass never changes anything. Everything goes through the services; each example begins without rows."""

import itertools
from datetime import timedelta
from decimal import Decimal

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.listings import ListingKind
from core.places import day_at
from core.roles import Role
from db.register_schema import Discrepancy
from db.services import discrepancies, listings
from tests.db import uploaded
from tests.db.listed_facilities import by_night, everything, on_file, rows
from tests.db.people import NOON, make_account, sign_in
from tests.db.profiles import FACILITY, active_owner
from tests.portals import portal_with
from tests.remembered import start_anew

_numbers = itertools.count(1)
LINE = {"facility_number": "2200-A", "name": "North Bay WPCP", "class": "III", "owner": "City of North Bay"}
SAID = [
    {},
    {"class": "IV"},
    {"class": "II", "name": "Sudbury WPCP"},
    {"name": "Sudbury WPCP"},
    {"owner": "Town of Cobalt"},
    {"type": "Wastewater Collection"},
    {"class": "V"},  # cannot be read
    None,  # not in the list
]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("list"), st.sampled_from(SAID)),
        st.sampled_from([("night",), ("keep",), ("follow",), ("follow",), ("withdraw",)]),
    ),
    min_size=2,
    max_size=8,
)


class World:
    """An owner with a facility, an officer, and the lists that stand one above the other."""

    def __init__(self, portal):
        self.portal, self.at, self.stack = portal, NOON, []
        active_owner(portal, facility=FACILITY)
        self.account = make_account(portal, Role.OFFICER)

    def officer(self):
        return sign_in(self.portal, self.account, self.at)

    def list(self, said):
        others = [uploaded.facility(next(_numbers))]
        lines = [*others, uploaded.facility(0, **LINE | said)] if said is not None else others
        self.stack.append((self.seen(), self.at))
        self.at += timedelta(minutes=1)
        uploaded.imported(self.officer(), uploaded.listing(*lines, kind=ListingKind.FACILITIES), day_at(self.at))

    def night(self):
        self.at += timedelta(days=1)
        by_night(self.portal, self.at)

    def keep(self):
        self.decide(discrepancies.keep)

    def follow(self):
        self.decide(discrepancies.follow)

    def decide(self, act):
        officer = self.officer()
        for found in [one for one in rows(self.portal, Discrepancy) if one.state == "open"]:
            can_follow = discrepancies.discrepancy(officer, found.id).following is not None
            (act if can_follow else discrepancies.keep)(officer, found.id, found.version, "So it is.")

    def withdraw(self):
        if not self.stack:
            return
        before, _ = self.stack.pop()
        officer = self.officer()
        one = listings.stands(officer)[ListingKind.FACILITIES].standing
        void = listings.void_when_withdrawn(officer, one.id)
        decided = self.decided()
        listings.withdraw(officer, one.id, one.version, "The wrong file.")
        assert decided - self.decided() == void
        assert self.seen() == before

    def decided(self):
        return sum(one.state in ("kept", "followed") for one in rows(self.portal, Discrepancy))

    def seen(self):
        """All that is held true, and what waits, since when and as what."""
        waits = [(one.facility_claim_id, one.found_at, one.taken_by, one.listed)
                 for one in rows(self.portal, Discrepancy) if one.state == "open"]  # fmt: skip
        return on_file(self.portal), waits

    def again(self):
        before = everything(self.portal)
        by_night(self.portal, self.at)
        assert everything(self.portal) == before


@settings(
    max_examples=10,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(steps=STEPS)
def test_withdrawing_every_list_leaves_nothing(portal, steps):
    start_anew(portal)
    world = World(portal_with(portal.database, vanishing_percent=Decimal(100)))
    for name, *given_ in steps:
        getattr(world, name)(*given_)
        world.again()
    while world.stack:
        world.withdraw()
        world.again()
