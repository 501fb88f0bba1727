"""Two officers on one item, a thousand times: exactly one decision, and the other is told who was first."""

import threading
from collections import Counter

from sqlalchemy import func, select

from core.problems import Refused
from core.roles import Role
from db.audit import verify
from db.gate import Stale
from db.schema import Credential, OutgoingMail, Submission
from db.services import verification
from tests.db.crowded import crowd
from tests.db.people import signed_in
from tests.db.together import HANGS

ROUNDS = 1000
AT_ONCE = 5  # items that both race through before they start together again: waiting is what takes the time
NAMES = ("Olga Office", "Bo Chan")


def approve(officer, one):
    verification.approve(officer, one, 1)


def return_(officer, one):
    verification.return_(officer, one, 1, "Not on file.")


def confirm_one(officer, one):
    verification.confirm_one(officer, one, 1, one)


def refuse_one(officer, one):
    verification.refuse_one(officer, one, 1, one, "Not on file.")


RACES = {  # of sixteen items; of the others both are quick and return it
    0: (approve, approve),
    4: (approve, approve),
    8: (approve, approve),
    2: (approve, return_),
    10: (return_, approve),
    6: (confirm_one, approve),
    14: (approve, refuse_one),
}


def test_a_thousand_times_one_decides_and_the_other_is_told_who_was_first(portal):
    crowd(portal, ROUNDS)
    officers = [
        signed_in(portal, Role.OFFICER, given_name=name.split()[0], family_name=name.split()[1]) for name in NAMES
    ]
    acts = [RACES.get(index % 16, (return_, return_)) for index in range(ROUNDS)]
    start = threading.Barrier(2)
    answers = [[None] * ROUNDS, [None] * ROUNDS]

    def work(who):
        for index in range(ROUNDS):
            if index % AT_ONCE == 0:
                start.wait(timeout=HANGS)
            try:
                acts[index][who](officers[who], index + 1)
            except Refused as refused:
                answers[who][index] = refused

    threads = [threading.Thread(target=work, args=(who,)) for who in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=HANGS)

    for first, second in zip(*answers, strict=True):
        assert (first is None) != (second is None), (first, second)
        told, winner = (second, NAMES[0]) if first is None else (first, NAMES[1])
        assert isinstance(told, Stale)
        assert f"changed by {winner} on" in str(told)
    won = Counter(act[0] if first is None else act[1] for act, first in zip(acts, answers[0], strict=True))
    with portal.database.transaction(writes=False) as session:
        decided = session.execute(select(Submission.state, func.count()).group_by(Submission.state)).all()
        waits = won[confirm_one] + won[refuse_one]  # one certificate is decided, and the whole waits still
        states = {"approved": won[approve], "returned": won[return_], "open": waits}
        assert dict(map(tuple, decided)) == {state: count for state, count in states.items() if count}
        assert session.scalar(select(func.count()).select_from(Credential)) == won[approve] + won[confirm_one]
        assert session.scalar(select(func.count()).select_from(OutgoingMail)) == ROUNDS - waits
        assert verify(session).faults == ()
