"""How much the account may do (reference E.7), and how fast."""

from collections.abc import Callable, Iterable
from time import monotonic
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from offhook.emulator.call.call import Call
from offhook.emulator.service.service_error import ServiceError, limit_exceeded
from offhook.handler.errors import OffhookError


class Quotas(BaseModel):
    """`[tool.offhook.quotas]`: AWS's defaults, for an account that has not asked for more."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    enforced: bool = True
    """`false` lets everything through, however fast."""
    create_calls_per_second: Annotated[float, Field(gt=0)] = 1.0
    """CreateSipMediaApplicationCall, so often in a second."""
    update_calls_per_second: Annotated[float, Field(gt=0)] = 5.0
    """UpdateSipMediaApplicationCall, so often in a second."""
    active_calls: Annotated[int, Field(ge=0)] = 10
    """Calls at a time, in and out; one that bridges counts twice from the first ring of LEG-B."""
    rejected_with: Annotated[int, Field(ge=400, le=699)] = 503
    """The SIP response code of a ring beyond `active_calls`: a caller is rejected and no function
    is invoked, CallAndBridge fails with CallNotAnswered. AWS documents neither."""
    sip_media_applications: Annotated[int, Field(ge=0)] = 30
    phone_numbers: Annotated[int, Field(ge=0)] = 5
    """Numbers that can be ordered; those of the configuration are given."""
    voice_connectors: Annotated[int, Field(ge=0)] = 3
    voice_connector_groups: Annotated[int, Field(ge=0)] = 3


class TooManyCalls(OffhookError):
    """A caller is rejected: the quota of active calls is used up."""


class Rate:
    """A bucket that fills at some tokens a second, and holds a second's worth (at least one)."""

    def __init__(self, per_second: float, now: Callable[[], float] = monotonic) -> None:
        self.per_second = per_second
        self._now = now
        self._size = max(1.0, per_second)
        self.fill()

    def fill(self) -> None:
        """As if nobody had taken one for long."""
        self._tokens, self._filled = self._size, self._now()

    def take(self) -> bool:
        """Take a token; `False` when there is none."""
        now = self._now()
        self._tokens = min(self._size, self._tokens + (now - self._filled) * self.per_second)
        self._filled = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class Gate:
    """Holds every operation to the quotas."""

    def __init__(self, quotas: Quotas, now: Callable[[], float] = monotonic) -> None:
        self.quotas = quotas
        self._rates = {
            "CreateSipMediaApplicationCall": Rate(quotas.create_calls_per_second, now),
            "UpdateSipMediaApplicationCall": Rate(quotas.update_calls_per_second, now),
        }

    def admit(self, operation: str) -> None:
        """Count a request. Raises ThrottledClientException."""
        rate = self._rates.get(operation)
        if rate is not None and self.quotas.enforced and not rate.take():
            raise ServiceError(
                "ThrottledClientException",
                f"Rate exceeded: {operation} is allowed {rate.per_second:g} times a second. Wait "
                "and try again, or raise it at the desk: [tool.offhook.quotas]",
            )

    def forget(self) -> None:
        """What was admitted before counts no more."""
        for rate in self._rates.values():
            rate.fill()

    def count(
        self,
        what: str,
        count: Callable[[], int],
        allowed: int,
        more: int = 1,
        counts: Callable[[], str] = str,
    ) -> None:
        """Whether there may be so many more. Raises ResourceLimitExceededException."""
        if why := self.excess(what, count, allowed, more, counts):
            raise limit_exceeded(why)

    def excess(
        self,
        what: str,
        count: Callable[[], int],
        allowed: int,
        more: int = 1,
        counts: Callable[[], str] = str,
    ) -> str:
        """Why there may not be so many more; empty when there may. `counts` says what counts that
        nobody may think of."""
        if not self.quotas.enforced or (there_are := count()) + more <= allowed:
            return ""
        also = f" ({said})" if (said := counts()) else ""
        return (
            f"The account has {there_are} {what}, and {allowed} are allowed{also}. Raise it at the "
            "desk: [tool.offhook.quotas]"
        )


def bridging(calls: Iterable[Call]) -> str:
    """How many calls count twice, where there are some."""
    twice = sum(weight(call) == 2 for call in calls)
    return f"{twice} of the calls that are up bridge, and count twice" if twice else ""


def weight(call: Call) -> int:
    """As how many calls a call counts that is up."""
    return 2 if any(not leg.is_gone and not leg.is_meeting for leg in call.every_leg[1:]) else 1
