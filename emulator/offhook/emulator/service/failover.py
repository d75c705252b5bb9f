"""A call that an application's function cannot take goes to the rule's next application.

That is for the first event of an inbound call, and for an invocation that cannot be made at all
(dg/route-calls-events); a function that raises has been invoked, and the setting `function_error`
says whether that counts.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from offhook.emulator.function.function import Invoked
from offhook.emulator.function.invoker import LOGS, Invoker
from offhook.emulator.settings import Settings


class Failover(Invoker):
    """Delivers to the first application that can be reached, and stays there."""

    def __init__(
        self,
        ways: Sequence[tuple[str, Invoker]],
        moves_to: Callable[[str], None],
        settings: Settings,
    ) -> None:
        """Ids of applications, and the way to the function of each: at least one. `moves_to` is
        told the application that has the call then."""
        self._moves_on_errors = settings.function_error == "next_target"
        (_, self._invoker), *self._rest = ways
        self._moves_to = moves_to
        super().__init__(self._invoker.function)

    async def invoke(self, event: Mapping[str, object], report: Callable[[str], None]) -> Invoked:
        """The first reply, or why there is none."""
        answer = await self._invoker.invoke(event, report)
        while (
            self._rest
            and event["InvocationEventType"] == "NEW_INBOUND_CALL"
            and answer.error
            and (answer.failure != "function" or self._moves_on_errors)
        ):
            application_id, invoker = self._rest.pop(0)
            why = f"{LOGS[answer.failure]} ({answer.error})"
            report(f"{why}: the rule's next target takes the call")
            self._invoker, self.function = invoker, invoker.function
            details = cast("dict[str, object]", event["CallDetails"])
            details["SipMediaApplicationId"] = application_id
            self._moves_to(application_id)
            answer = await self._invoker.invoke(event, report)
        return answer

    def cancel(self) -> None:
        """Call back whatever is still under way."""
        self._invoker.cancel()
