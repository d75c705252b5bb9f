"""The functions of a desk by name, each reached once and kept warm, faults in front of them."""

import time
from collections.abc import Callable, Mapping
from typing import TypeAlias

from offhook.emulator.faults import Faults
from offhook.emulator.function.faulty import Faulty
from offhook.emulator.function.function import Function, FunctionNotFound, Invoked, Limits
from offhook.emulator.function.invoker import Invoker
from offhook.emulator.function.names import runs_here
from offhook.emulator.function.reach import reach
from offhook.emulator.function.sources import Changeable, Sources, stamped

Named: TypeAlias = Callable[[str], tuple[str, Limits]]
"""What a name stands for at a desk, and what Lambda gives that function: `Desk.named`."""

SELDOM = 10
"""To look whether code has changed takes a tenth of the time at most, however many calls come."""


class NotHere:
    """A function that the desk does not have: whoever invokes it is told so."""

    def __init__(self, why: str) -> None:
        self._why = why

    async def invoke(self, event: Mapping[str, object]) -> Invoked:
        """Say why not."""
        del event
        return Invoked(error=self._why, failure="unreachable")

    def close(self) -> None:
        """Nothing was started."""


class Functions:
    """Made when they are first needed; all of them end with `close`."""

    def __init__(
        self,
        named: Named,
        faults: Faults,
        only: Function | None = None,
        *,
        kept: dict[str, Function] | None = None,
        cold: bool = False,
        goes_on: bool = False,
    ) -> None:
        """`only` is the function behind every name; whoever made it closes it. So do those who
        have `kept` some by their names, for one desk after the other; what is reached besides is
        kept there too. With `cold`, nothing is kept warm. One that cannot be found fails at once;
        where the desk `goes_on`, when it is invoked."""
        self._goes_on = goes_on
        self._cold = cold
        self._named = named
        self._faults = faults
        self._kept = kept
        self.only = only
        """The function behind every name, where there is just one."""
        self._invokers: dict[tuple[str, Limits], Invoker] = {}
        self._seen: dict[tuple[str, Limits], Sources] = {}
        """The code of each as it was when it was reached."""
        self._not_before = 0.0

    def invoker(self, name: str) -> Invoker:
        """Who invokes a function. Raises `FunctionNotFound`."""
        stands_for, limits = self._named("" if self.only is not None else name)
        key = stands_for, limits
        if self._cold and key in self._invokers:
            self._invokers.pop(key).function.close()
        if key not in self._invokers:
            try:
                function = self.only or self._reach(name, stands_for, limits)
            except FunctionNotFound as error:
                if not self._goes_on:
                    raise
                return Invoker(NotHere(str(error)))
            self._invokers[key] = Invoker(Faulty(function, self._faults, limits.timeout))
            self._look(key, function)
        return self._invokers[key]

    def _reach(self, name: str, stands_for: str, limits: Limits) -> Function:
        if self._kept is None:
            return reach(stands_for, limits, cold=self._cold)
        if name not in self._kept:
            self._kept[name] = reach(stands_for, limits)
        return self._kept[name]

    def renew(self) -> list[str]:
        """Start those afresh whose code has changed, as a deployment does: the next event of each
        call goes to the new one. What they are called; one that cannot be started stays as it was.
        """
        began = time.monotonic()
        if began < self._not_before:
            return []
        renewed: list[str] = []
        is_imported_anew = False
        for key, invoker in self._invokers.items():
            name, limits = key
            old = invoker.function
            if not isinstance(old, Faulty) or not self._has_changed(key, old.function):
                continue
            try:
                new = reach(name, limits, cold=runs_here(name) and not is_imported_anew)
                is_imported_anew = is_imported_anew or runs_here(name)
            except FunctionNotFound as error:
                self._seen[key] = stamped(self._seen[key])
                renewed.append(f"the code of {name} has changed, and does not start: {error}")
                continue
            self._look(key, new)
            invoker.exchange(Faulty(new, self._faults, limits.timeout))
            renewed.append(f"the code of {name} has changed: it is started afresh")
        now = time.monotonic()
        self._not_before = now + SELDOM * (now - began)
        return renewed

    def _look(self, key: tuple[str, Limits], function: Function) -> None:
        if isinstance(function, Changeable) and self._goes_on:
            self._seen[key] = function.sources()

    def _has_changed(self, key: tuple[str, Limits], function: Function) -> bool:
        before = self._seen.get(key, {})
        if stamped(before) != before:
            return True
        self._look(key, function)  # it may have imported more meanwhile
        return False

    def deploy(self, function: Function) -> None:
        """From the next event on this function is behind every name; whoever made it closes it."""
        for (_, limits), invoker in self._invokers.items():
            if self.only is None:
                invoker.function.close()
            invoker.function = Faulty(function, self._faults, limits.timeout)
        self.only = function

    def close(self) -> None:
        """Call back what is under way, and end every process."""
        for invoker in self._invokers.values():
            invoker.cancel()
            if self.only is None and self._kept is None:
                invoker.function.close()
