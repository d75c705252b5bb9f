"""The service on your desk: it places calls to and from our numbers."""

import asyncio
import os
import random
import uuid
from collections.abc import Callable, Coroutine, Mapping
from datetime import UTC, datetime
from typing import Literal

from offhook.actions.fields import PROMPTS_BUCKET
from offhook.emulator.call import Call
from offhook.emulator.clip import Prompts
from offhook.emulator.config import ConfigError, Desk, SipMediaApplication
from offhook.emulator.function import Function
from offhook.emulator.function.in_process import load
from offhook.emulator.leg import Leg
from offhook.emulator.media import Media
from offhook.emulator.media.silent import SilentMedia
from offhook.emulator.payload import Identity
from offhook.handler.errors import OffhookError


class UnknownNumber(OffhookError):
    """The number is not one of ours."""


class Service:
    """Places calls on an event loop; all of them end with `close`."""

    def __init__(
        self,
        desk: Desk,
        loop: asyncio.AbstractEventLoop,
        *,
        function: Function | None = None,
        media: Callable[[], Media] = SilentMedia,
        seed: int | None = None,
    ) -> None:
        """`function` answers all numbers instead of those that the desk names. With a `seed`,
        the ids of calls are the same every time."""
        os.environ.setdefault(PROMPTS_BUCKET, desk.prompts_bucket)
        self.desk = desk
        self.loop = loop
        self.prompts = Prompts(desk.prompts, os.environ[PROMPTS_BUCKET])
        self._media = media
        self._random = random.Random(seed)
        self._functions: dict[str, Function] = {}
        self._one_function = function
        self._tasks: dict[Call, asyncio.Task[None]] = {}

    @property
    def numbers(self) -> tuple[str, ...]:
        """Our numbers."""
        return tuple(self.desk.numbers)

    def call_in(
        self,
        to: str | None,
        from_: str,
        *,
        at: datetime | None = None,
        sip_headers: Mapping[str, str] | None = None,
    ) -> Call:
        """Somebody dials one of our numbers (the first by default). Raises `UnknownNumber`."""
        to = to or self._first_number()
        call = self._new_call(self._application_of(to), sip_rule_id=self._id())
        call.legs.append(self._leg(call, to, from_, "Inbound", at, sip_headers or {}))
        call.report(call.legs[0], "call", f"{from_} dials {to}")
        self._start(call, call.live_inbound())
        return call

    def call_out(
        self,
        from_: str | None,
        to: str,
        *,
        at: datetime | None = None,
        arguments: Mapping[str, str] | None = None,
    ) -> Call:
        """We call somebody from one of our numbers (the first by default)."""
        from_ = from_ or self._first_number()
        call = self._new_call(self._application_of(from_), sip_rule_id=None)
        call.legs.append(self._leg(call, to, from_, "Outbound", at, {}))
        call.report(call.legs[0], "call", f"{from_} calls {to}")
        self._start(call, call.live_outbound(arguments))
        return call

    async def until_over(self, call: Call) -> None:
        """Wait for a call to end."""
        await self._tasks[call]

    def close(self) -> None:
        """End every call at once."""
        for task in self._tasks.values():
            task.cancel()

    def failure(self) -> BaseException | None:
        """The first fault of the emulator itself, which should not be."""
        for task in self._tasks.values():
            if task.done() and not task.cancelled() and task.exception() is not None:
                return task.exception()
        return None

    def _start(self, call: Call, life: Coroutine[None, None, None]) -> None:
        for ended in [old for old, task in self._tasks.items() if task.done()]:
            del self._tasks[ended]
        self._tasks[call] = self.loop.create_task(life)

    def _new_call(self, application: SipMediaApplication, *, sip_rule_id: str | None) -> Call:
        identity = Identity(
            transaction_id=self._id(),
            account=self.desk.account,
            region=self.desk.region,
            sip_media_application_id=str(uuid.uuid5(uuid.NAMESPACE_DNS, application.name)),
            sip_rule_id=sip_rule_id,
        )
        return Call(
            loop=self.loop,
            identity=identity,
            function=self._function_of(application),
            settings=self.desk.settings,
            prompts=self.prompts,
        )

    def _leg(
        self,
        call: Call,
        to: str,
        from_: str,
        direction: Literal["Inbound", "Outbound"],
        at: datetime | None,
        sip_headers: Mapping[str, str],
    ) -> Leg:
        started = at or datetime.now(UTC)
        return Leg(
            tag="LEG-A",
            call_id=self._id(),
            to=to,
            from_=from_,
            direction=direction,
            started_ms=int(started.timestamp() * 1000),
            sip_headers=sip_headers,
            media=self._media(),
            report=call.report,
        )

    def _first_number(self) -> str:
        if not self.desk.numbers:
            raise ConfigError(
                "no number of ours is configured: name a function (HANDLER=module:function), or "
                "write [[tool.offhook.sip_media_applications]] with numbers and function into "
                "pyproject.toml"
            )
        return self.numbers[0]

    def _application_of(self, number: str) -> SipMediaApplication:
        self._first_number()
        if number not in self.desk.numbers:
            raise UnknownNumber(
                f"{number} is not one of our numbers: they are {', '.join(self.numbers)}. Add it "
                "to [[tool.offhook.sip_media_applications]] in pyproject.toml"
            )
        return self.desk.numbers[number]

    def _function_of(self, application: SipMediaApplication) -> Function:
        if self._one_function is not None:
            return self._one_function
        if application.function not in self._functions:
            self._functions[application.function] = load(application.function)
        return self._functions[application.function]

    def _id(self) -> str:
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))
