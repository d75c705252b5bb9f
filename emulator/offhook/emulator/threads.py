"""Threads that wait for the next thing to do: starting one costs more than most functions take."""

import threading
from collections.abc import Callable
from contextvars import Context
from queue import SimpleQueue
from typing import TypeAlias

Job: TypeAlias = Callable[[], object]

MOST_IDLE = 32
"""Threads that are kept when they have nothing to do; those above end."""

_idle: list[SimpleQueue[Job]] = []


def run(job: Job) -> None:
    """Run something, which must not raise, in a thread that runs nothing else meanwhile.

    No thread is waited for when the process ends, as those of a pool would be: what hangs cannot
    keep the desk from closing.
    """
    try:
        _idle.pop().put(job)
    except IndexError:
        threading.Thread(target=_work, args=(job,), name="offhook function", daemon=True).start()


def _work(job: Job) -> None:
    mine: SimpleQueue[Job] = SimpleQueue()
    while True:
        Context().run(job)  # what one leaves in context variables, the next does not see
        if len(_idle) >= MOST_IDLE:
            return
        _idle.append(mine)
        job = mine.get()
