"""The service: the emulator's API over HTTP, and the functions of its calls.

Events wait here until the schedule says when, how often and whether the function gets them.
"""

import asyncio
import queue
import threading
from collections.abc import Mapping
from typing import Self, cast

from offhook.emulator.call.call import Call
from offhook.emulator.call.far_end import FarEnd
from offhook.emulator.function.function import Invoked
from offhook.emulator.server.listening import Server
from offhook.emulator.service.config import Desk, SipMediaApplication
from offhook.emulator.service.quotas import Quotas
from offhook.emulator.testing import NeverAnswers

OURS = "+15550100102"
THE_OTHER = "+15550100103"
"""Another number of ours."""
SECONDS = 10.0
"""Real ones: what the emulator does next, it does in milliseconds."""


class Told:
    """An event that waits for the function's answer; or the end of the call, which is no event."""

    def __init__(self, event: Mapping[str, object], loop: asyncio.AbstractEventLoop) -> None:
        self.event = event
        self.type = cast("str", event.get("InvocationEventType", ""))
        self.answer: asyncio.Future[Invoked] = loop.create_future()


class Calls:
    """The function behind every number, and the calls that it is told of."""

    def __init__(self) -> None:
        self._told: dict[str, queue.SimpleQueue[Told | None]] = {}
        self._lock = threading.Lock()

    async def invoke(self, event: Mapping[str, object]) -> Invoked:
        """Wait for the schedule. Ringing is of no interest to anybody."""
        told = Told(event, asyncio.get_running_loop())
        if told.type == "RINGING":
            return Invoked(reply={"SchemaVersion": "1.0", "Actions": []})
        details = cast("Mapping[str, str]", event["CallDetails"])
        self.of(details["TransactionId"]).put(told)
        return await told.answer

    def close(self) -> None:
        """Nothing was started."""

    def over(self, call: Call) -> None:
        """A call has ended."""
        self.of(call.transaction_id).put(None)

    def of(self, transaction_id: str) -> "queue.SimpleQueue[Told | None]":
        """What the function of a call is told, and `None` at the end."""
        with self._lock:
            return self._told.setdefault(transaction_id, queue.SimpleQueue())

    def forget(self, transaction_id: str) -> None:
        """The call is over, and nobody asks."""
        del self._told[transaction_id]


class Service:
    """The emulator's server, without quotas; the schedule says who answers when."""

    def __init__(self) -> None:
        self.calls = Calls()
        application = SipMediaApplication(numbers=(OURS, THE_OTHER), function="nobody:asks")
        desk = Desk(sip_media_applications=(application,), quotas=Quotas(enforced=False))
        self._server = Server(desk, port=0, function=self.calls)

    def __enter__(self) -> Self:
        self._server.__enter__()
        service = self._server.service
        service.when_over.append(self.calls.over)
        service.default_far_end = NeverAnswers()
        self.endpoint = self._server.endpoint
        self.application = next(iter(service.account.holdings.applications))
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.stop()

    def meet(self, far_end: FarEnd) -> None:
        """Who is at every number from now on."""
        self._server.service.default_far_end = far_end

    def next(self, transaction_id: str) -> Told | None:
        """What the function is told next; `None` when the call is over."""
        return self.calls.of(transaction_id).get(timeout=SECONDS)

    def answer(self, told: Told, answer: Invoked) -> None:
        """What the function returned."""
        self._server.loop.call_soon_threadsafe(told.answer.set_result, answer)

    def pick_up(self, transaction_id: str) -> None:
        """Whom we called answers."""
        call = self._server.service.calls[transaction_id]
        self._server.loop.call_soon_threadsafe(call.answered, call.legs[0])

    def hang_up(self, transaction_id: str, sip_response_code: int) -> None:
        """Whom we called hangs up, or does not want to talk."""
        call = self._server.service.calls[transaction_id]
        self._server.loop.call_soon_threadsafe(
            call.person_hangs_up, call.legs[0], sip_response_code
        )
