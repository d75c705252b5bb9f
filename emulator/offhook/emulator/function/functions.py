"""The functions of a desk by name, each reached once and kept warm, faults in front of them."""

from collections.abc import Callable
from typing import TypeAlias

from offhook.emulator.faults import Faults
from offhook.emulator.function.faulty import Faulty
from offhook.emulator.function.function import Function, Limits
from offhook.emulator.function.invoker import Invoker
from offhook.emulator.function.reach import reach

Named: TypeAlias = Callable[[str], tuple[str, Limits]]
"""What a name stands for at a desk, and what Lambda gives that function: `Desk.named`."""


class Functions:
    """Made when they are first needed; all of them end with `close`."""

    def __init__(
        self, named: Named, faults: Faults, only: Function | None = None, *, cold: bool = False
    ) -> None:
        """`only` is the function behind every name; whoever made it closes it. With `cold`,
        nothing is kept warm."""
        self._cold = cold
        self._named = named
        self._faults = faults
        self.only = only
        """The function behind every name, where there is just one."""
        self._invokers: dict[tuple[str, Limits], Invoker] = {}

    def invoker(self, name: str) -> Invoker:
        """The way to a function. Raises `FunctionNotFound`."""
        stands_for, limits = self._named("" if self.only is not None else name)
        key = stands_for, limits
        if self._cold and key in self._invokers:
            self._invokers.pop(key).function.close()
        if key not in self._invokers:
            function = self.only or reach(stands_for, limits, cold=self._cold)
            self._invokers[key] = Invoker(Faulty(function, self._faults, limits.timeout))
        return self._invokers[key]

    def close(self) -> None:
        """Call back what is under way, and end every process."""
        for invoker in self._invokers.values():
            invoker.cancel()
            if self.only is None:
                invoker.function.close()
