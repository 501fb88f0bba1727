"""Two officers on one item, a thousand times: exactly one decision, and the other is told who was first."""

import threading

from sqlalchemy import func, select

from core.problems import Refused
from core.roles import Role
from db.audit import verify
from db.gate import Stale
from db.schema import Credential, OutgoingMail, Submission
from db.services import verification
from tests.db.crowded import crowd
from tests.db.people import signed_in

ROUNDS = 1000
AT_ONCE = 5  # items that both race through before they start together again: waiting is what takes the time
NAMES = ("Olga Office", "Bo Chan")


def test_a_thousand_times_one_decides_and_the_other_is_told_who_was_first(portal):
    crowd(portal, ROUNDS)
    officers = [
        signed_in(portal, Role.OFFICER, given_name=name.split()[0], family_name=name.split()[1]) for name in NAMES
    ]
    start = threading.Barrier(2)
    answers = [[None] * ROUNDS, [None] * ROUNDS]

    def work(who):
        for index in range(ROUNDS):
            if index % AT_ONCE == 0:
                start.wait(timeout=30)
            approves = (index + who) % 4 == 0  # the dearer act; the other one returns it meanwhile
            try:
                if approves:
                    verification.approve(officers[who], index + 1, 1)
                else:
                    verification.return_(officers[who], index + 1, 1, "Not on file.")
            except Refused as refused:
                answers[who][index] = refused

    threads = [threading.Thread(target=work, args=(who,)) for who in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)

    for first, second in zip(*answers, strict=True):
        assert (first is None) != (second is None), (first, second)
        told, winner = (second, NAMES[0]) if first is None else (first, NAMES[1])
        assert isinstance(told, Stale)
        assert f"changed by {winner} on" in str(told)
    with portal.database.transaction(writes=False) as session:
        decided = session.execute(select(Submission.state, func.count()).group_by(Submission.state)).all()
        assert sum(count for _, count in decided) == ROUNDS
        assert {state for state, _ in decided} <= {"approved", "returned"}
        approved = dict(map(tuple, decided)).get("approved", 0)
        assert session.scalar(select(func.count()).select_from(Credential)) == approved
        assert session.scalar(select(func.count()).select_from(OutgoingMail)) == ROUNDS
        assert verify(session).faults == ()
