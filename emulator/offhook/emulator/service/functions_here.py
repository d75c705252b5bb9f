"""The functions that this desk has, and what is said of those that it does not have."""

from collections.abc import Mapping

from offhook.emulator.function import Answer, FunctionNotFound
from offhook.emulator.function.delivery import Delivery
from offhook.emulator.function.functions import Functions


class NotHere:
    """A function that the desk does not have: whoever invokes it is told so."""

    def __init__(self, why: str) -> None:
        self._why = why

    async def invoke(self, event: Mapping[str, object]) -> Answer:
        """Say why not."""
        del event
        return Answer(error=self._why, failure="unreachable")

    def close(self) -> None:
        """Nothing was started."""


class FunctionsHere(Functions):
    """A function that cannot be found fails when it is invoked: the API goes on."""

    def delivery(self, name: str) -> Delivery:
        """The way to a function, or to an explanation. Never raises."""
        try:
            return super().delivery(name)
        except FunctionNotFound as error:
            return Delivery(NotHere(str(error)))
