"""Acts of several people at the same moment."""

import threading
from collections.abc import Callable
from typing import Any

from core.problems import Refused

HANGS = 600  # seconds after which nobody is waited for any more; how long it takes is asserted nowhere


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Runs the acts at the same time; what each answered or raised."""
    start, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(index):
        start.wait()
        try:
            answers[index] = acts[index]() or "done"
        except Refused as refused:
            answers[index] = refused

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=HANGS)
    return answers
