"""A call that an application's function cannot take goes to the rule's next application.

That is for the first event of an inbound call, and for an invocation that cannot be made at all
(dg/route-calls-events); a function that raises has been invoked, and the setting `function_error`
says whether that counts.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias, cast

from offhook.emulator.function.function import Invoked
from offhook.emulator.function.invoker import LOGS, Invoker
from offhook.emulator.settings import Settings

To: TypeAlias = tuple[str, Invoker]
"""The id of an application, and who invokes its function."""


class Ways:
    """To the first application that can be reached, from then on."""

    def __init__(
        self, ways: Sequence[To], settings: Settings, begins: Callable[[], object]
    ) -> None:
        """At least one way, first priority first. `begins` is told that a function is invoked."""
        self._begins = begins
        self._moves_on_errors = settings.function_error == "next_target"
        (self.sip_media_application_id, self._invoker), *self._rest = ways

    async def invoke(self, event: Mapping[str, object], report: Callable[[str], None]) -> Invoked:
        """What came of it at the first, or at the next."""
        self._begins()
        invoked = await self._invoker.invoke(event, report)
        while (
            self._rest
            and event["InvocationEventType"] == "NEW_INBOUND_CALL"
            and invoked.error
            and (invoked.failure != "function" or self._moves_on_errors)
        ):
            why = f"{LOGS[invoked.failure]} ({invoked.error})"
            report(f"{why}: the rule's next target takes the call")
            self.sip_media_application_id, self._invoker = self._rest.pop(0)
            details = cast("dict[str, object]", event["CallDetails"])
            details["SipMediaApplicationId"] = self.sip_media_application_id
            invoked = await self._invoker.invoke(event, report)
        return invoked
