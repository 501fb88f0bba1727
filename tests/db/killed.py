"""A portal that is killed again and again: `python -m tests.db.killed URL ACKNOWLEDGED KILLS TOKENS`.

It forks a child, lets it submit and decide for a moment, kills it with SIGKILL, and forks the next. The child
writes down what was acknowledged to it, one line each: what, and the row's id.
"""

import json
import os
import random
import signal
import sys
import time
from dataclasses import replace
from datetime import date

from core.profiles import State
from db.gate import Asker
from db.services import operators, owners, verification
from tests.db.people import NOON
from tests.db.profiles import FACILITY
from tests.portals import portal_on

_MOST_DONE = 3  # things that a child does undisturbed
_MOST_SECONDS = 0.03  # it is killed within these, in the middle of the next
_TO_WARM_UP = 60  # things done before the first kill, so that a child wastes no time on what is done once


def main(url: str, acknowledged: str, kills: int, tokens: dict[str, list[str]]) -> None:
    chance = random.Random(url)
    portal = portal_on(url)
    people = {role: [Asker(portal, token, NOON) for token in given] for role, given in tokens.items()}
    written = os.open(acknowledged, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for _ in range(_TO_WARM_UP):
        act_and_write(chance, people, written)
    portal.database.close()  # a child must not share a connection; it opens its own
    for _ in range(kills):
        begun, begins = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(begun)  # else it would outlive a parent that was killed itself
            work_until_killed(people, written, begins)
        os.close(begins)
        for _ in range(1 + chance.randint(0, _MOST_DONE)):
            if os.read(begun, 1) != b"!":
                sys.exit("A child ended before it was killed.")
        time.sleep(chance.uniform(0, _MOST_SECONDS))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(begun)


def work_until_killed(people: dict[str, list[Asker]], written: int, begins: int) -> None:
    """What a portal does all day, without end."""
    try:
        chance = random.Random(os.getpid())
        operators.my_profile(people["operator"][0])  # it connects
        os.write(begins, b"!")
        while True:
            act_and_write(chance, people, written)
            os.write(begins, b"!")
    finally:
        os._exit(1)


def act_and_write(chance: random.Random, people: dict[str, list[Asker]], written: int) -> None:
    for what, row_id in act(chance, people):
        os.write(written, f"{what} {row_id}\n".encode())


def act(chance: random.Random, people: dict[str, list[Asker]]) -> list[tuple[str, int]]:
    """One thing that an operator, an owner or an officer does; what was acknowledged."""
    who = chance.choice(("operator", "owner", "officer", "officer"))
    asker = chance.choice(people[who])
    if who == "officer":
        return decide(chance, asker)
    services = operators if who == "operator" else owners
    mine = operators.my_profile(asker) if who == "operator" else owners.my_organization(asker)
    if mine.agreed:
        if mine.state == State.ACTIVE or chance.random() < 0.1:
            services.withdraw(asker, mine.version)
        return []
    claim = add(chance, asker, who, mine.version)
    services.submit(asker, mine.version + 1)
    return [("claim " + who, claim), ("submitted " + who, claim)]


def add(chance: random.Random, asker: Asker, who: str, version: int) -> int:
    number = f"{chance.randrange(10**9)}"
    if who == "owner":
        return owners.add_facility(asker, replace(FACILITY, ministry_number=number), version)
    return operators.add_certificate(
        asker,
        number,
        "wastewater_treatment",
        chance.choice(("I", "II", "III", "IV")),
        date(2028, 3, 12),
        "",
        version,
    )


def decide(chance: random.Random, officer: Asker) -> list[tuple[str, int]]:
    waiting = verification.queue(officer).rows
    if not waiting:
        return []
    submission_id = waiting[0].submission_id
    version = verification.item(officer, submission_id).version
    if chance.random() < 0.3:
        verification.return_(officer, submission_id, version, "The number is not in the register.")
        return [("returned", submission_id)]
    verification.approve(officer, submission_id, version)
    return [("approved", submission_id)]


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), json.loads(sys.argv[4]))
