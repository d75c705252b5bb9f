"""The functions that this desk has, and what is said of those that it does not have."""

from collections.abc import Mapping

from offhook.emulator.function.function import FunctionNotFound, Invoked
from offhook.emulator.function.functions import Functions
from offhook.emulator.function.invoker import Invoker


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


class FunctionsHere(Functions):
    """A function that cannot be found fails when it is invoked: the API goes on."""

    def invoker(self, name: str) -> Invoker:
        """The way to a function, or to an explanation. Never raises."""
        try:
            return super().invoker(name)
        except FunctionNotFound as error:
            return Invoker(NotHere(str(error)))
