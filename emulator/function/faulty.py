"""Faults on purpose: a function that is slow, throttled, failing, dead, or told everything twice.

    phone.function_is(slow=6)               every reply takes six seconds from now on
    phone.function_is(throttled=True, times=1)

From the command line: `--fault slow=6`, `--fault throttled`, `--fault failing:2` (the next two).
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, get_args

from offhook.emulator.function import Answer, Function
from offhook.handler.errors import OffhookError

Kind: TypeAlias = Literal["slow", "throttled", "denied", "failing", "dead", "doubled"]
KINDS: tuple[Kind, ...] = get_args(Kind)
HANGS_FOR = 900.0
"""Seconds until even Lambda ends a function that never replies."""


class NoSuchFault(OffhookError):
    """A fault that was asked for is none of those there are."""


@dataclass(slots=True)
class Fault:
    """What is wrong with a function, and how often."""

    kind: Kind
    seconds: float = 0.0
    """How long a `slow` one takes."""
    times: int | None = None
    """For how many invocations; `None` until it is called off."""

    @classmethod
    def parse(cls, text: str) -> "Fault":
        """Read `slow=6`, `throttled`, `failing:2`. Raises `NoSuchFault`."""
        what, _, often = text.partition(":")
        name, _, seconds = what.partition("=")
        try:
            times = int(often) if often else None
            fault = cls(_kind(name), float(seconds or 0), times)
        except ValueError:
            raise NoSuchFault(f"{text!r}: write as in slow=6, or slow=6:2 for two times") from None
        fault.check()
        return fault

    def check(self) -> None:
        """Raises `NoSuchFault` for what makes no sense."""
        _kind(self.kind)
        if (self.kind == "slow") != (self.seconds > 0):
            raise NoSuchFault(
                "slow takes the seconds, as in slow=6, and no other fault does: "
                f"{self.kind}={self.seconds:g}"
            )
        if self.times is not None and self.times < 1:
            raise NoSuchFault(f"{self.kind}: {self.times} times is never")


def fault_of(kind: str, seconds: float | None = None, times: int | None = None) -> Fault:
    """A fault by its name. Raises `NoSuchFault`."""
    name = _kind(kind)
    fault = Fault(name, (seconds or 0.0) if name == "slow" else 0.0, times)
    fault.check()
    return fault


class Faulty:
    """Any function, with faults in front of it."""

    def __init__(self, function: Function, faults: "list[Fault]") -> None:
        """`faults` may change at any time; the first that is left is in force."""
        self.function = function
        self.faults = faults

    @property
    def takes_time(self) -> bool:
        """Whether the next reply may be late."""
        return bool(self.faults) and self.faults[0].kind in ("slow", "dead")

    async def invoke(self, event: Mapping[str, object]) -> Answer:
        """Invoke the function, or fail in its place."""
        fault = self._next()
        match fault.kind if fault else None:
            case "slow":
                assert fault is not None
                await asyncio.sleep(fault.seconds)
            case "dead":
                await asyncio.sleep(HANGS_FOR)
                return Answer(
                    error=f"Sandbox.Timedout: Task timed out after {HANGS_FOR:.2f} seconds"
                )
            case "throttled":
                return Answer(
                    error="HTTP 429: TooManyRequestsException: on purpose", failure="throttled"
                )
            case "denied":
                return Answer(error="HTTP 403: AccessDeniedException: on purpose", failure="denied")
            case "failing":
                return Answer(error="Exception: it fails on purpose")
            case "doubled":
                first = await self.function.invoke(event)
                second = await self.function.invoke(event)
                return replace(second, log=first.log + second.log)
            case None:
                pass
        return await self.function.invoke(event)

    def close(self) -> None:
        """Close the function."""
        self.function.close()

    def _next(self) -> Fault | None:
        if not self.faults:
            return None
        fault = self.faults[0]
        if fault.times is not None:
            fault.times -= 1
            if fault.times == 0:
                self.faults.pop(0)
        return fault


def _kind(name: str) -> Kind:
    for kind in KINDS:
        if kind == name:
            return kind
    raise NoSuchFault(f"there is no fault {name!r}: there are {', '.join(KINDS)}")
