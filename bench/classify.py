"""Times the calculator against OpenFisca: one facility, and a table of 100,000.

Run from the root in an environment with bench/requirements.txt: `PYTHONPATH=. python bench/classify.py`.
Both compute the same totals, which is checked; only the calculator also gives class, lines and citations.
"""

import random
import time
from collections.abc import Callable

from bench import openfisca_points as openfisca
from core.batch import classify_rows
from core.classification import classify
from tests.core import oracle

REGULATION, FACILITY_TYPE = openfisca.SYSTEM
COUNT = 100_000


def random_answers(chance: random.Random) -> dict[str, object]:
    """Complete answers that do not contradict."""
    choices = oracle.choices(REGULATION, FACILITY_TYPE).items()
    answers: dict[str, object] = {key: chance.choice(options) for key, options in choices}
    answers["advanced_treatment.chemical_physical_without_secondary"] = False
    answers["effluent_disposal.evaporation"] = False
    return answers | {
        "population_served": chance.randint(0, 150_000),
        "design_flow_m3_per_day": chance.randint(0, 60_000),
        "peak_month_flow_m3_per_day": chance.randint(0, 60_000),
    }


def best_of(times: int, repeat: int, work: Callable[[], object]) -> float:
    """Seconds of processor time for one `work`: the best mean of `times` trials of `repeat`.

    Processor time, because other work on the machine would otherwise be counted; both sides use one core.
    """
    trials = []
    for _ in range(times):
        start = time.process_time()
        for _ in range(repeat):
            work()
        trials.append((time.process_time() - start) / repeat)
    return min(trials)


def main() -> None:
    chance = random.Random(129)
    table = [random_answers(chance) for _ in range(COUNT)]
    one = table[0]
    system = openfisca.build_system()
    columns = openfisca.columns_of(table)

    totals = openfisca.totals_of(system, columns, COUNT)
    rows = list(classify_rows(FACILITY_TYPE, table, regulation=REGULATION))
    assert [row.classification.lowest for row in rows] == [int(total) for total in totals]
    assert openfisca.total_of_one(system, one) == int(totals[0])
    del rows

    ours = best_of(5, 2_000, lambda: classify(FACILITY_TYPE, one, regulation=REGULATION))
    theirs = best_of(5, 50, lambda: openfisca.total_of_one(system, one))
    first = openfisca.columns_of([one])
    theirs_prepared = best_of(5, 50, lambda: openfisca.totals_of(system, first, 1))
    batch = best_of(2, 1, lambda: [None for _ in classify_rows(FACILITY_TYPE, table, regulation=REGULATION)])
    plain = best_of(
        2, 1, lambda: [None for answers in table if classify(FACILITY_TYPE, answers, regulation=REGULATION)]
    )
    arrays = best_of(3, 1, lambda: openfisca.totals_of(system, columns, COUNT))
    from_rows = best_of(1, 1, lambda: openfisca.totals_of(system, openfisca.columns_of(table), COUNT))

    print(f"one facility: ours {ours * 1e6:.0f} us, OpenFisca {theirs * 1e6:.0f} us, ratio {theirs / ours:.1f}")
    print(f"one facility prepared as arrays: {theirs_prepared * 1e6:.0f} us, ratio {theirs_prepared / ours:.1f}")
    print(f"{COUNT} answer sets: ours {plain:.2f} s; as rows of a table: ours {batch:.2f} s")
    print(f"{COUNT} in OpenFisca: from arrays {arrays * 1e3:.0f} ms, from the same rows {from_rows:.2f} s")
    print(f"ratio ours to OpenFisca: from rows {batch / from_rows:.1f}, against arrays {batch / arrays:.0f}")


if __name__ == "__main__":
    main()
