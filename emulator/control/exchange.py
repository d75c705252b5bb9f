"""The telephone exchange: the account, its calls, its limits, in one place for the API."""

import asyncio

from offhook.emulator.call import Call
from offhook.emulator.config import Desk
from offhook.emulator.control.account import Account
from offhook.emulator.control.configured import configure
from offhook.emulator.control.failures import Failures
from offhook.emulator.control.network import Network
from offhook.emulator.control.quotas import Gate
from offhook.emulator.control.records import Holdings
from offhook.emulator.function import Function
from offhook.emulator.service import Service

CLOSING_SECONDS = 2.0
"""How long functions may take to hear that their calls have ended."""


class Exchange:
    """What operations work on."""

    def __init__(
        self,
        desk: Desk,
        loop: asyncio.AbstractEventLoop,
        *,
        function: Function | None = None,
        holdings: Holdings | None = None,
    ) -> None:
        """`function` answers all numbers instead of those that the desk names."""
        self.desk = desk
        self.account = Account(desk.account, desk.region, holdings)
        configure(self.account, desk)
        self.gate = Gate(desk.quotas)
        self.failures = Failures()
        self.service = Service(desk, loop, function=function, lines=self.account)
        self.network = Network(self.service)

    @property
    def active_calls(self) -> int:
        """How many calls are up, as the quota counts: one with a LEG-B is two."""
        return sum(_weight(call) for call in self.service.calls.values())

    async def close(self) -> None:
        """Everybody is hung up, and the functions are told; whatever takes longer is cut."""
        calls = list(self.service.calls.values())
        for call in calls:
            call.report(None, "note", "the desk is closing: everybody is hung up")
            for leg in call.legs:
                call.person_hangs_up(leg)
        try:
            async with asyncio.timeout(CLOSING_SECONDS):
                await asyncio.gather(*map(self.service.until_over, calls), return_exceptions=True)
        except TimeoutError:
            pass
        self.service.close()
        await asyncio.gather(*map(self.service.until_over, calls), return_exceptions=True)


def _weight(call: Call) -> int:
    return 2 if any(not leg.is_gone and not leg.is_meeting for leg in call.legs[1:]) else 1
