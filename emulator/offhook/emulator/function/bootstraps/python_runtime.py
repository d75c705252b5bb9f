"""Runs a Lambda handler on any Python from 3.8: by `awslambdaric` where it is installed, else by
the client beside this file.

Started as `python python_runtime.py` in the function's folder, with `_HANDLER` set. Every start of
an environment waits for what is loaded here: it is little more than what AWS's client loads.
"""

from __future__ import annotations

import importlib.util
import os
import runpy
import sys
import time
from contextlib import contextmanager
from functools import lru_cache
from importlib.machinery import SourceFileLoader
from types import ModuleType

TYPE_CHECKING = False  # as typing has it, which takes longer to load than all of this
if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from types import FunctionType

NEAR_SECONDS = 60
"""A call that is so near to now is now."""
DEADLINE = "epoch_deadline_time_in_ms"
"""What AWS's client calls the epoch's millisecond at which time is up, as it answers an event."""
NO_CLOCKS = ("pytest", "dateutil")
"""What time_machine loads where it is there, and moves the clock without."""


@contextmanager
def moved() -> Generator[float, None, None]:
    """Meanwhile it is the moment of the call, which the trace's id begins with, where time_machine
    is there to move the clock: by how many seconds."""
    moment = int(os.environ["_X_AMZN_TRACE_ID"][7:15], 16)
    ahead = moment - time.time()
    machine = None if abs(ahead) < NEAR_SECONDS else time_machine()
    if machine is None:
        yield 0.0
        return
    with machine.travel(moment):
        yield ahead


@lru_cache(maxsize=1)
def time_machine() -> ModuleType | None:
    """What moves the clock. Where it is not installed, that is said once."""
    from typing import cast

    absent = {other: cast("ModuleType", None) for other in NO_CLOCKS if other not in sys.modules}
    sys.modules.update(absent)
    try:
        return importlib.import_module("time_machine")
    except ImportError:
        print(f"{sys.executable} has no time-machine: the clock is the machine's")
        return None
    finally:
        for other in absent:
            del sys.modules[other]


def serve_as_aws() -> None:
    """Let AWS's client answer them, by the call's clock as far as this release lets us."""
    bootstrap = importlib.import_module("awslambdaric.bootstrap")
    answers: FunctionType | None = getattr(bootstrap, "handle_event_request", None)
    names = answers.__code__.co_varnames[: answers.__code__.co_argcount] if answers else ()
    if answers and DEADLINE in names:
        setattr(bootstrap, answers.__name__, at_its_moment(answers, names.index(DEADLINE)))
    else:
        print("this release of awslambdaric is not known: the clock is the machine's")
    runpy.run_module("awslambdaric", run_name="__main__")


def at_its_moment(answers: Callable[..., None], deadline: int) -> Callable[..., None]:
    """The same, by the call's clock; `deadline` is the place of what it is told of its time."""

    def moved_answers(*given: object, **named: object) -> None:
        with moved() as ahead:
            if DEADLINE in named:
                named[DEADLINE] = later(named[DEADLINE], ahead)
            else:
                before, (until, *after) = given[:deadline], given[deadline:]
                given = (*before, later(until, ahead), *after)
            answers(*given, **named)

    return moved_answers


def later(millisecond: object, ahead: float) -> object:
    """The epoch's millisecond, by a clock that is so many seconds ahead."""
    return millisecond + int(ahead * 1000) if isinstance(millisecond, int) else millisecond


def serve() -> None:
    """Let the client beside this file, which is no module that a function could find."""
    from pathlib import Path

    client = ModuleType("python_client")
    file = Path(__file__).with_name("python_client.py")
    SourceFileLoader(client.__name__, str(file)).exec_module(client)
    client.serve(moved)


if __name__ == "__main__":
    sys.path[0] = os.getcwd()  # noqa: PTH109 - pathlib takes as long to load as all of this
    sys.dont_write_bytecode = True
    sys.argv = ["awslambdaric", os.environ["_HANDLER"]]
    this = "AWS_Lambda_python{}.{}".format(*sys.version_info)
    os.environ.setdefault("AWS_EXECUTION_ENV", this)
    if importlib.util.find_spec("awslambdaric") is not None:
        serve_as_aws()
    else:
        serve()
