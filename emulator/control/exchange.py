"""The telephone exchange: the account, its calls, its limits, in one place for the API."""

import asyncio
import uuid
from collections.abc import Callable

from offhook.emulator.call import Call
from offhook.emulator.config import Desk
from offhook.emulator.control import state
from offhook.emulator.control.account import Account
from offhook.emulator.control.call_records import CallRecords
from offhook.emulator.control.configured import configure
from offhook.emulator.control.failures import Failures
from offhook.emulator.control.functions_here import FunctionsHere
from offhook.emulator.control.network import Network
from offhook.emulator.control.quotas import Gate
from offhook.emulator.function import Function, Limits
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
    ) -> None:
        """`function` answers all numbers instead of those that the desk names. Raises
        `ConfigError` for a state file that cannot be used."""
        self.desk = desk
        holdings = state.load(desk.state) if desk.state is not None else None
        self.account = Account(desk.account, desk.region, holdings)
        self.account.changed = self._keep
        configure(self.account, desk)
        self.gate = Gate(desk.quotas)
        self.failures = Failures()
        self.service = Service(desk, loop, function=function, lines=self.account)
        limits = Limits(account=desk.account, region=desk.region)
        self.service.functions = FunctionsHere(limits, function)
        self.network = Network(self.service)
        self.s3_endpoint = ""
        """Where prompts and recordings are, when they are in S3."""
        self._close_s3: Callable[[], None] = lambda: None
        if desk.s3 is not None:
            from offhook.emulator.s3.opened import open_s3

            opened = open_s3(desk, desk.s3, self.service.surroundings)
            self.s3_endpoint, self._close_s3 = opened
        records = CallRecords(
            desk.records or desk.recordings, self.account, always=desk.records is not None
        )
        self.service.when_over.append(records.write)

    def reconfigure(self, desk: Desk) -> None:
        """Go on with another configuration; calls that are up stay as they are."""
        configure(self.account, desk, self.desk)
        self.gate = Gate(desk.quotas)
        self.desk = self.service.desk = desk
        self.service.surroundings.settings = desk.settings

    def _keep(self) -> None:
        if self.desk.state is not None:
            state.save(self.desk.state, self.account.holdings)

    @staticmethod
    def new_id() -> str:
        """A fresh UUID."""
        return str(uuid.uuid4())

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
        self._close_s3()
        await asyncio.gather(*map(self.service.until_over, calls), return_exceptions=True)


def _weight(call: Call) -> int:
    return 2 if any(not leg.is_gone and not leg.is_meeting for leg in call.legs[1:]) else 1
