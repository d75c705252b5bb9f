"""A function with faults in front of it: slow, throttled, failing, dead, killed, told twice."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol, cast, runtime_checkable

from offhook.emulator.faults import FUNCTION, Fault, Faults
from offhook.emulator.function.fault import exited, timed_out
from offhook.emulator.function.function import Function, Invoked


@runtime_checkable
class Killable(Protocol):
    """A function that runs in a process of ours."""

    async def invoke_and_kill(self, event: Mapping[str, object]) -> Invoked:
        """Kill the process as soon as it has the event."""
        ...


class Faulty:
    """Any function, with the faults that are in force."""

    def __init__(self, function: Function, faults: Faults, timeout: float) -> None:
        """`faults` may change at any time. `timeout` is how long Lambda lets the function run, in
        seconds."""
        self.function = function
        self._faults = faults
        self._timeout = timeout

    @property
    def takes_time(self) -> bool:
        """Whether the next reply may be late."""
        return self._faults.has("slow", "dead")

    async def invoke(self, event: Mapping[str, object]) -> Invoked:
        """Invoke the function, or fail in its place."""
        fault = self._faults.strike(FUNCTION, transaction_id=_call_of(event))
        return await (self.function.invoke(event) if fault is None else self._fail(fault, event))

    def close(self) -> None:
        """Close the function that is behind."""
        self.function.close()

    async def _fail(self, fault: Fault, event: Mapping[str, object]) -> Invoked:
        match fault.name:
            case "slow" if fault.seconds <= self._timeout:
                await asyncio.sleep(fault.seconds)
                return await self.function.invoke(event)
            case "slow" | "dead":
                await asyncio.sleep(self._timeout)
                return Invoked(error=timed_out(self._timeout))
            case "throttled":
                return Invoked(
                    error="HTTP 429: TooManyRequestsException: on purpose", failure="throttled"
                )
            case "denied":
                return Invoked(
                    error="HTTP 403: AccessDeniedException: on purpose", failure="denied"
                )
            case "killed" if isinstance(self.function, Killable):
                return await self.function.invoke_and_kill(event)
            case "killed":
                return Invoked(error=exited("before it replied", "signal: SIGKILL"))
            case "doubled":
                first = await self.function.invoke(event)
                second = await self.function.invoke(event)
                return replace(second, log=first.log + second.log)
            case "failing":
                return Invoked(error="Exception: it fails on purpose")
            case _:
                raise AssertionError(f"{fault.name} is no fault of a function")


def _call_of(event: Mapping[str, object]) -> str:
    details = event.get("CallDetails")
    if not isinstance(details, dict):
        return ""
    return str(cast("Mapping[str, object]", details).get("TransactionId", ""))
