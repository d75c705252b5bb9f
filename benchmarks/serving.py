"""Requests to the API, beside a bare Starlette application that has botocore check them too.

Both run in this process without sockets: measured is what stands between the HTTP server and the
account. Then, what a call costs that is up and does nothing, how late its events are, and what is
left in memory of very many calls.
"""

import asyncio
import gc
import json
import sys
import tracemalloc
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import TypeAlias, cast

from botocore.model import Shape
from botocore.validate import ParamValidator
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message

from benchmarks.table import Row, Section, compared
from benchmarks.turns import Effort, Timed, take_turns
from offhook.emulator.call.call import Call
from offhook.emulator.clock import VirtualLoop
from offhook.emulator.function.in_process import InProcess
from offhook.emulator.server.api.model import load_model
from offhook.emulator.server.listening import application, collect_garbage_seldom
from offhook.emulator.service.config import Desk, SipMediaApplication
from offhook.emulator.service.quotas import Quotas
from offhook.emulator.service.service import Service
from offhook.emulator.testing import Answers

Event: TypeAlias = Mapping[str, object]
Handler: TypeAlias = Callable[[object, object], object]

OURS, THEIRS = "+15550100100", "+15550100200"
OPERATION = "PutSipMediaApplicationLoggingConfiguration"
BODY = {"SipMediaApplicationLoggingConfiguration": {"EnableSipMediaApplicationMessageLogs": False}}
CALLS = 2_000
PER_SECOND = 500
"""So many of them are placed in a second."""
LATEST = 0.050
MANY = 100_000
AT_ONCE = 100
"""So many are up at a time while many are made, one hundred after the other."""


def measure(effort: Effort) -> Section:
    """Compare them."""
    loop = asyncio.new_event_loop()
    service = _exchange(loop, _says_nothing)
    its_id = next(iter(service.account.holdings.applications))
    path = f"/sip-media-applications/{its_id}/logging-configuration"
    number = 2 if effort.is_once else 100
    times = take_turns(
        {
            "ours": _timed(loop, application(service), path, number),
            "bare": _timed(loop, _bare(), path, number),
        },
        effort.turns,
    )
    calls = 20 if effort.is_once else CALLS
    per_call, late = loop.run_until_complete(_many_calls(service, calls))
    loop.run_until_complete(service.end())
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()
    many = 4 * AT_ONCE if effort.is_once else MANY
    kept = _kept_of(many)
    against = "bare Starlette and botocore's ParamValidator"
    return Section(
        f"a request to the API ({OPERATION}), and calls that do nothing",
        [
            compared(against, times["ours"], times["bare"], aim=1.3),
            _row(
                "memory of a call", f"{per_call / 1000:.1f} kB", "at most 20 kB", per_call <= 20e3
            ),
            _row(
                f"of {calls} calls at a time, {PER_SECOND} a second, events late (p99)",
                f"{late * 1000:.1f} ms",
                "at most 50 ms",
                late <= LATEST,
            ),
            _row(
                f"left in memory of {many} calls, beside that of the first {10 * AT_ONCE}",
                f"{kept:+.2%}",
                "at most 1 %",
                kept <= 0.01,
            ),
        ],
        "Ours also finds the operation in the model, checks patterns, enums, signature, rates and "
        "failures on purpose, and its own answer.",
    )


def _row(what: str, ours: str, aim: str, is_met: bool) -> Row:
    return Row(what, ours, "", "", aim, is_met)


def _says_nothing(_event: object, _context: object) -> object:
    return {"SchemaVersion": "1.0", "Actions": []}


def _hangs_up(event: object, _context: object) -> object:
    """As soon as the other side has picked up."""
    is_answered = cast("Event", event)["InvocationEventType"] == "CALL_ANSWERED"
    hangup: Event = {"Type": "Hangup", "Parameters": {"SipResponseCode": "0"}}
    actions = [hangup] if is_answered else []
    return {"SchemaVersion": "1.0", "Actions": actions}


def _exchange(loop: asyncio.AbstractEventLoop, handler: Handler) -> Service:
    """A desk with one number, and its function."""
    function = InProcess(handler)
    only = SipMediaApplication(numbers=(OURS,), function="nobody:asks")
    desk = Desk(sip_media_applications=(only,), quotas=Quotas(enforced=False))
    return Service(desk, loop, function=function)


def _bare() -> ASGIApp:
    """What anybody would write who wants botocore to check a request."""
    shape = cast("Shape", load_model().operations[OPERATION].model.input_shape)
    validator = ParamValidator()

    async def put(request: Request) -> Response:
        parameters = cast("dict[str, object]", json.loads(await request.body()))
        parameters["SipMediaApplicationId"] = request.path_params["id"]
        report = validator.validate(parameters, shape)
        if report.has_errors():
            return JSONResponse({"Message": report.generate_report()}, 400)
        return JSONResponse(
            {name: parameters[name] for name in ("SipMediaApplicationLoggingConfiguration",)}
        )

    return Starlette(
        routes=[Route("/sip-media-applications/{id}/logging-configuration", put, methods=["PUT"])]
    )


def _timed(loop: asyncio.AbstractEventLoop, app: ASGIApp, path: str, number: int) -> Timed:
    body = json.dumps(BODY).encode()
    scope: Mapping[str, object] = {
        "type": "http",
        "method": "PUT",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [
            (b"host", b"127.0.0.1:4060"),
            (b"authorization", b"AWS4-HMAC-SHA256 Credential=desk"),
        ],
    }
    statuses: list[int] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    async def requests() -> float:
        began = perf_counter()
        for _ in range(number):
            await app(dict(scope), receive, send)
        return (perf_counter() - began) / number

    def run() -> float:
        statuses.clear()
        seconds = loop.run_until_complete(requests())
        assert set(statuses) == {200}, statuses
        return seconds

    return run


async def _many_calls(service: Service, number: int) -> tuple[float, float]:
    """Bytes of one call of so many, and how late the slowest hundredth of their events is."""
    collect_garbage_seldom()  # as `offhook serve` does
    ring_seconds = 1.0 if number < CALLS else 15.0
    service.default_far_end = Answers(after=ring_seconds)
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    calls = [service.call_out(OURS, THEIRS) for _ in range(20)]
    await asyncio.sleep(0.5)
    gc.collect()
    per_call = (tracemalloc.get_traced_memory()[0] - before) / len(calls)
    tracemalloc.stop()
    for _ in range(number - len(calls)):
        calls.append(service.call_out(OURS, THEIRS))
        await asyncio.sleep(1 / PER_SECOND)
    await asyncio.sleep(ring_seconds + 1.0)
    late = sorted(_rang(call) - ring_seconds for call in calls)
    return per_call, late[int(len(late) * 0.99)]


def _rang(call: Call) -> float:
    """Seconds from the first ring to the answer."""
    at = {entry.text: entry.time for entry in call.ladder.entries}
    return at["answered"] - at["rings"]


def _kept_of(many: int) -> float:
    """Blocks of memory that so many calls leave allocated, in parts of what there was before.

    Before them there were enough for the history of calls to be full. In virtual time.
    """
    loop = VirtualLoop()
    service = _exchange(loop, _hangs_up)
    _come_and_go(loop, service, 10 * AT_ONCE)
    before = _allocated()
    _come_and_go(loop, service, many)
    kept = (_allocated() - before) / before
    loop.run_until_complete(service.end())
    loop.close()
    return kept


def _come_and_go(loop: VirtualLoop, service: Service, number: int) -> None:
    for _ in range(0, number, AT_ONCE):
        for _ in range(AT_ONCE):
            service.call_out(OURS, THEIRS)
        loop.run_for(10)
        assert not service.calls


def _allocated() -> int:
    gc.collect()
    return sys.getallocatedblocks()
