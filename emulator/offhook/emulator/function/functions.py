"""The functions of a desk by name, each reached once and kept warm, faults in front of them."""

import time
from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Final, TypeAlias

from offhook.emulator.faults import Faults
from offhook.emulator.function.aside import Aside, Overheard
from offhook.emulator.function.faulty import Faulty
from offhook.emulator.function.function import Function, FunctionNotFound, Invoked, Limits
from offhook.emulator.function.invoker import Invoker
from offhook.emulator.function.names import called, names_others, runs_here
from offhook.emulator.function.reach import beside, reach
from offhook.emulator.function.sources import Changeable, Sources, stamped
from offhook.emulator.ports.port import Front, when_asked

Named: TypeAlias = Callable[[str], tuple[str, Limits]]
"""What a name stands for at a desk, and what Lambda gives that function: `Desk.named`."""

LAMBDA: Final = "AWS_ENDPOINT_URL_LAMBDA"
"""Where functions find one another."""

SELDOM = 10
"""To look whether code has changed takes a tenth of the time at most, however many calls come."""


class NotHere:
    """A function that the desk does not have: whoever invokes it is told so."""

    def __init__(self, why: str) -> None:
        self._why = why

    async def invoke(self, event: Mapping[str, object]) -> Invoked:
        """Say why it cannot be reached."""
        del event
        return Invoked(error=self._why, failure="unreachable")

    def close(self) -> None:
        """Nothing was started, and nothing is closed."""


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
        names: Callable[[], Collection[str]] = tuple,
    ) -> None:
        """`only` is the function behind every name; whoever made it closes it. So do those who
        have `kept` some by their names, for one desk after the other; what is reached besides is
        kept there too. With `cold`, nothing is kept warm. One that cannot be found fails at once;
        where the desk `goes_on`, when it is invoked. `names` are those that the desk names:
        functions may invoke these."""
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
        self._names = names
        self._invoked: dict[tuple[str, Limits], Function] = {}
        """Those that other functions have invoked."""
        self.aside = Aside()
        """What is invoked by other functions."""

    def invoker(self, name: str, *, goes_on: bool = False) -> Invoker:
        """Who invokes a function. Raises `FunctionNotFound`; where the call `goes_on` all the same,
        it fails when it is invoked."""
        stands_for, limits = self._named("" if self.only is not None else name)
        key = stands_for, limits
        if self._cold and key in self._invokers:
            self._invokers.pop(key).function.close()
        if key not in self._invokers:
            try:
                function = self.only or self._reach(name, stands_for, limits)
            except FunctionNotFound as error:
                if not (goes_on or self._goes_on):
                    raise
                return Invoker(NotHere(str(error)))
            faulty = Faulty(function, self._faults, limits.timeout)
            self._invokers[key] = Invoker(faulty, self.aside)
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
        for key, function in list(self._invoked.items()):
            if self._has_changed(key, function):
                self._invoked.pop(key).close()
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
        if self._goes_on and isinstance(function, Changeable):
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

    def invoked_by_another(self, name: str) -> Overheard:
        """The function that another one names. Raises `FunctionNotFound`."""
        bare = name.rpartition("function:")[2].partition(":")[0]
        stands_for = next((each for each in self._names() if bare == (called(each) or each)), None)
        for at, limits in list(self._invokers):
            if stands_for is None and names_others(at):
                stands_for = beside(at, bare, limits)
        if stands_for is None:
            raise FunctionNotFound(
                f"neither [tool.offhook.functions] nor a template that is used here names {name}"
            )
        key = self._named(stands_for)
        if key not in self._invoked:  # another thread may be here as well
            self._look(key, self._invoked.setdefault(key, reach(*key)))
        return Overheard(bare or name, self._invoked[key], self.aside)

    def close(self) -> None:
        """Call back what is under way, and end every process."""
        FRONT.leave(self)
        while self._invoked:
            self._invoked.popitem()[1].close()
        for invoker in self._invokers.values():
            invoker.cancel()
            if self.only is None and self._kept is None:
                invoker.function.close()


FRONT: Final[Front[Functions]] = Front()
"""Those of this process's desks: in front are those of which one was invoked last."""


@cache
def endpoint() -> str:
    """Where functions of this process's desks invoke one another."""
    return when_asked("Lambda", _serve)


def _serve(listening: int, _port: int) -> None:
    from offhook.emulator.function.lambda_api import serve

    serve(listening, _invoked_by_another)


def _invoked_by_another(name: str) -> Overheard:
    if FRONT.one is None:
        raise FunctionNotFound(f"{name}: no desk is open in this process any more")
    return FRONT.one.invoked_by_another(name)
