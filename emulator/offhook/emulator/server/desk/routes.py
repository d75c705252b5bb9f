"""Where everything is, below `/_offhook`."""

from collections.abc import Awaitable, Mapping
from typing import Final, NamedTuple

from starlette.convertors import StringConvertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from offhook.emulator.call.bots import Bot
from offhook.emulator.server.api.operations import find
from offhook.emulator.server.desk import breaking, calls, far_ends, legs
from offhook.emulator.server.desk.answers import (
    About,
    ActionFailureShown,
    BotShown,
    CallShown,
    FailureShown,
    FarEndShown,
    FaultShown,
    Heard,
    WholeCall,
)
from offhook.emulator.server.desk.endpoint import Respond, answer, guarded
from offhook.emulator.service.described import AnyFarEnd
from offhook.emulator.service.service import Service

LEG: Final = "/calls/{transaction_id}/legs/{tag}"


class Text(StringConvertor):
    """Whatever stands at the end of a path, slashes and line breaks as well."""

    regex = "(?s:.+)"


register_url_convertor("text", Text())


async def about(service: Service, _request: Request) -> Response:
    """GET /_offhook: what is at this desk."""
    applications = service.account.holdings.applications
    shown: About = {
        "Numbers": list(service.account.numbers),
        "SipMediaApplications": {key: app.name for key, app in applications.items()},
        "ActiveCalls": service.active_calls(),
        "S3": service.s3.endpoint if service.s3 is not None else None,
        "Operations": sorted(find()),
        "Desk": [f"{row.method} /_offhook{row.path}" for row in TABLE[1:]],
    }
    return answer(shown)


class Row(NamedTuple):
    """What can be asked, and what is answered."""

    method: str
    path: str
    respond: Respond
    answers: object
    """What the body of a good answer is; `None` where there is none."""
    asks: object = None
    """What the body of the request is."""
    status: int = 200
    """Of a good answer."""
    may: tuple[int, ...] = ()
    """The statuses of answers that say why it cannot be done, besides 400."""


TABLE: Final = (
    Row("GET", "", about, About),
    Row("POST", "/calls", calls.dial, CallShown, calls.Dialled, 201, (503,)),
    Row("GET", "/calls", calls.list_calls, list[CallShown]),
    Row("POST", "/calls/out", calls.call_out, CallShown, calls.CalledOut, 201, (503,)),
    Row("GET", "/calls/{transaction_id}", calls.show, WholeCall, may=(404,)),
    Row("GET", "/calls/{transaction_id}/ladder", calls.ladder, str, may=(404,)),
    Row(
        *("POST", "/calls/{transaction_id}/updates", calls.update),
        answers=CallShown,
        asks=calls.Updated,
        status=202,
        may=(404, 409),
    ),
    Row("POST", LEG, legs.act, CallShown, legs.Deed, may=(404, 409)),
    Row("GET", f"{LEG}/hears", legs.hear, Heard, may=(404, 408)),
    Row("PUT", "/far-ends/{number}", far_ends.put_far_end, FarEndShown, AnyFarEnd),
    Row("PUT", "/bots/{bot_alias_arn:text}", far_ends.put_bot, BotShown, Bot),
    Row("POST", "/failures", breaking.fail, FailureShown, breaking.FailureAsked, 201),
    Row("GET", "/failures", breaking.failures, list[FailureShown]),
    Row("DELETE", "/failures", breaking.forget_failures, None, status=204),
    Row(
        *("POST", "/action-failures", breaking.fail_action),
        *(ActionFailureShown, breaking.ActionFailureAsked, 201),
    ),
    Row("POST", "/faults", breaking.put_fault, FaultShown, breaking.FaultAsked, 201),
    Row("GET", "/faults", breaking.faults, list[FaultShown]),
    Row("DELETE", "/faults", breaking.forget_faults, None, status=204),
    Row("DELETE", "/faults/{fault:text}", breaking.take_back, None, status=204, may=(404,)),
    Row("GET", "/recordings", calls.recordings, list[str]),
    Row("GET", "/recordings/{place}", calls.recording, bytes, may=(404,)),
)


def routes(service: Service) -> list[Route]:
    """All of them: one for each path, so that a method that it has not is told all that it has."""
    by_path: dict[str, dict[str, Respond]] = {}
    for row in TABLE:
        by_path.setdefault(f"/_offhook{row.path}", {})[row.method] = row.respond
    return [
        Route(path, guarded(_by_method(methods), service), methods=list(methods))
        for path, methods in by_path.items()
    ]


def _by_method(methods: Mapping[str, Respond]) -> Respond:
    def respond(service: Service, request: Request) -> Awaitable[Response]:
        return methods["GET" if request.method == "HEAD" else request.method](service, request)

    return respond
