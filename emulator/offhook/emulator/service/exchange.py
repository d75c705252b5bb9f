"""The telephone exchange: the account, its calls, its limits, in one place for the API."""

import asyncio
import uuid
from collections.abc import Mapping
from typing import Protocol

from offhook.emulator.call.call import Call
from offhook.emulator.function.function import Function
from offhook.emulator.service import state
from offhook.emulator.service.account import Account
from offhook.emulator.service.call_records import CallRecords
from offhook.emulator.service.config import Desk
from offhook.emulator.service.configured import configure
from offhook.emulator.service.network import Network
from offhook.emulator.service.prompts import Prompts
from offhook.emulator.service.quotas import Gate, TooManyCalls
from offhook.emulator.service.recordings import Recordings
from offhook.emulator.service.service import Service

CLOSING_SECONDS = 2.0
"""How long functions may take to hear that their calls have ended."""


class Storage(Protocol):
    """The S3 that has the prompts and takes the recordings."""

    @property
    def endpoint(self) -> str:
        """What clients take as `endpoint_url`."""
        ...

    @property
    def prompts(self) -> Prompts: ...
    @property
    def recordings(self) -> Recordings: ...

    def refresh(self) -> None:
        """What has changed in the folder of prompts since is there too."""
        ...

    def close(self) -> None:
        """Put it away."""
        ...


class Exchange:
    """What operations work on."""

    def __init__(
        self,
        desk: Desk,
        loop: asyncio.AbstractEventLoop,
        *,
        function: Function | None = None,
        s3: Storage | None = None,
    ) -> None:
        """`function` answers all numbers instead of those that the desk names; `s3` has prompts and
        recordings where folders have not. Raises `ConfigError` for a state file that cannot be
        used."""
        self.desk = desk
        holdings = state.load(desk.state) if desk.state is not None else None
        self.account = Account(desk.account, desk.region, holdings, changed=self._keep)
        configure(self.account, desk)
        self.gate = Gate(desk.quotas)
        self.network = Network(self)
        self.s3 = s3
        records = CallRecords(
            desk.records or desk.recordings, self.account, always=desk.records is not None
        )
        self.service = Service(
            desk,
            loop,
            function=function,
            switchboard=self.account,
            goes_on=True,
            reached=self.network.far_end,
            when_over=(self.network.forget, records.write),
            prompts=s3.prompts if s3 is not None else None,
            recordings=s3.recordings if s3 is not None else None,
        )

    def reconfigure(self, desk: Desk) -> None:
        """Go on with another configuration; calls that are up stay as they are."""
        configure(self.account, desk, self.desk)
        self.gate = Gate(desk.quotas)
        self.desk = self.service.desk = desk

    def _keep(self) -> None:
        if self.desk.state is not None:
            state.save(self.desk.state, self.account.holdings)

    @staticmethod
    def new_id() -> str:
        """A fresh UUID."""
        return str(uuid.uuid4())

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers that calls can come from and go to."""
        return self.account.numbers

    @property
    def rejected_with(self) -> int:
        """The SIP response code when too many calls are up."""
        return self.gate.quotas.rejected_with

    def active_calls(self) -> int:
        """How many calls are up, as the quota counts: one with a LEG-B, or that rings one, is
        two."""
        return sum(_weight(call) for call in self.service.calls.values())

    def too_many_calls(self, more: int) -> str:
        """Why there may not be so many more calls now; empty when there may."""
        allowed = self.gate.quotas.active_calls
        return self.gate.excess("active calls", self.active_calls, allowed, more)

    def call_in(
        self,
        to: str | None,
        from_: str,
        *,
        sip_headers: Mapping[str, str] | None = None,
        host: str | None = None,
    ) -> Call:
        """Somebody dials a number of ours: `Service.call_in`, which the quota of active calls
        allows. Raises `TooManyCalls` besides."""
        if why := self.too_many_calls(1):
            raise TooManyCalls(f"{from_} is rejected with {self.rejected_with}: {why}")
        return self.service.call_in(to, from_, sip_headers=sip_headers, host=host)

    async def close(self) -> None:
        """Everybody is hung up, and the functions are told; whatever takes longer is cut."""
        calls = list(self.service.calls.values())
        for call in calls:
            call.report("note", "the desk is closing: everybody is hung up")
            for leg in call.legs:
                call.person_hangs_up(leg)
        try:
            async with asyncio.timeout(CLOSING_SECONDS):
                await asyncio.gather(*map(self.service.until_over, calls), return_exceptions=True)
        except TimeoutError:
            pass
        self.service.close()
        if self.s3 is not None:
            self.s3.close()
        await asyncio.gather(*map(self.service.until_over, calls), return_exceptions=True)


def _weight(call: Call) -> int:
    return 2 if any(not leg.is_gone and not leg.is_meeting for leg in call.every_leg[1:]) else 1
