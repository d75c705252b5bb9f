"""The service on your desk: it places calls to and from our numbers."""

import asyncio
import os
import random
import uuid
from collections.abc import Callable, Coroutine, Mapping
from datetime import UTC, datetime

from offhook.actions.fields import PROMPTS_BUCKET, RECORDINGS_BUCKET
from offhook.emulator.call import Call
from offhook.emulator.clip import Prompts
from offhook.emulator.config import NO_NUMBER, ConfigError, Desk, SipMediaApplication
from offhook.emulator.far_ends import FarEnd
from offhook.emulator.function import Function
from offhook.emulator.function.in_process import load
from offhook.emulator.media import Media
from offhook.emulator.media.silent import SilentMedia
from offhook.emulator.payload import Identity
from offhook.emulator.recording import Recordings
from offhook.emulator.surroundings import Surroundings
from offhook.emulator.teller import Teller
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
        deliveries: int = 1,
        seed: int | None = None,
    ) -> None:
        """`function` answers all numbers instead of those that the desk names. With a `seed`,
        the ids of calls are the same every time."""
        os.environ.setdefault(PROMPTS_BUCKET, desk.prompts_bucket)
        os.environ.setdefault(RECORDINGS_BUCKET, desk.recordings_bucket)
        self.desk = desk
        self.loop = loop
        self._random = random.Random(seed)
        self._functions: dict[str, Function] = {}
        self._one_function = function
        self._deliveries = deliveries
        self._tasks: dict[Call, asyncio.Task[None]] = {}
        self.surroundings = Surroundings(
            loop=loop,
            settings=desk.settings,
            prompts=Prompts(desk.prompts, os.environ[PROMPTS_BUCKET]),
            recordings=Recordings(desk.recordings),
            new_id=self._id,
            new_media=media,
            our_numbers=lambda: self.numbers,
        )

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
        application = self._application_of(to)
        headers = sip_headers or {}
        passed_on = {name: value for name, value in headers.items() if _is_passed_on(name)}
        rule = uuid.uuid5(uuid.NAMESPACE_DNS, f"{to}.{application.name}")
        call = self._new_call(application, at, sip_rule_id=str(rule))
        call.legs.append(
            self.surroundings.new_leg(
                call, "LEG-A", to=to, from_=from_, direction="Inbound", sip_headers=passed_on
            )
        )
        call.report(call.legs[0], "call", f"{from_} dials {to}")
        for name in headers.keys() - passed_on.keys():
            call.report(call.legs[0], "note", f"{name} is not passed on: it is not a custom header")
        self._start(call, call.live_inbound())
        return call

    def call_out(
        self,
        from_: str | None,
        to: str,
        *,
        at: datetime | None = None,
        arguments: Mapping[str, str] | None = None,
        far_end: FarEnd | None = None,
    ) -> Call:
        """We call somebody from one of our numbers (the first by default).

        `far_end` is who answers there; whoever the desk has at that number by default.
        """
        from_ = from_ or self._first_number()
        call = self._new_call(self._application_of(from_), at, sip_rule_id=None)
        call.legs.append(
            self.surroundings.new_leg(call, "LEG-A", to=to, from_=from_, direction="Outbound")
        )
        call.report(call.legs[0], "call", f"{from_} calls {to}")
        self._start(call, call.live_outbound(arguments, far_end))
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

    def _new_call(
        self, application: SipMediaApplication, at: datetime | None, *, sip_rule_id: str | None
    ) -> Call:
        identity = Identity(
            transaction_id=self._id(),
            account=self.desk.account,
            region=self.desk.region,
            sip_media_application_id=str(uuid.uuid5(uuid.NAMESPACE_DNS, application.name)),
            sip_rule_id=sip_rule_id,
        )
        function = self._function_of(application)
        return Call(
            surroundings=self.surroundings,
            teller=Teller(identity, function, self.desk.settings, deliveries=self._deliveries),
            started_ms=int((at or datetime.now(UTC)).timestamp() * 1000),
        )

    def _first_number(self) -> str:
        if not self.desk.numbers:
            raise ConfigError(NO_NUMBER)
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


def _is_passed_on(header: str) -> bool:
    """Whether the function sees a SIP header that a caller sent (dg/sip-headers)."""
    return header.lower().startswith("x-") or header.lower() in ("user-to-user", "diversion")
