"""A function as a new environment has it: its modules are imported for it alone."""

import sys
from collections.abc import Generator
from contextlib import closing, contextmanager

from offhook.emulator.function.function import Function, Limits
from offhook.emulator.function.reach import reach
from offhook.emulator.function.sources import application


@contextmanager
def fresh(name: str, limits: Limits) -> Generator[Function]:
    """The function behind a name, which is closed afterwards. Of a function of this process, the
    modules that it imports are new ones meanwhile; then those that were there are there again, and
    nobody else's were ever gone. Raises `FunctionNotFound`."""
    before = {each: sys.modules[each] for each, _ in application()}
    try:
        with closing(reach(name, limits, cold=True)) as function:
            for each, module in before.items():
                sys.modules.setdefault(each, module)
            yield function
    finally:
        for each, _ in application():
            del sys.modules[each]
        sys.modules.update(before)
