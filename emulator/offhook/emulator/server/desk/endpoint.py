"""Reading what was asked, and answering it."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, TypeAlias, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic.alias_generators import to_pascal
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from offhook.emulator.call.call import Call
from offhook.emulator.call.leg import Leg
from offhook.emulator.service.service import Service
from offhook.handler.errors import OffhookError

M = TypeVar("M", bound="Asked")
Respond: TypeAlias = Callable[[Service, Request], Awaitable[Response]]


def _written(said: object) -> object:
    if not isinstance(said, str):
        raise ValueError("write it as in 2027-03-06T22:30")
    return said


def _somewhere(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


Moment: TypeAlias = Annotated[datetime, BeforeValidator(_written), AfterValidator(_somewhere)]
"""A time, in UTC unless it says."""


class Cannot(OffhookError):
    """What was asked cannot be done; the message says why."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


class Asked(BaseModel):
    """The body of a request, its names in Pascal case as everywhere at AWS."""

    model_config = ConfigDict(
        alias_generator=to_pascal, validate_by_name=True, validate_by_alias=True, extra="forbid"
    )


async def read(request: Request, kind: type[M]) -> M:
    """The body. Raises `Cannot`, which names every fault."""
    body = await request.body()
    try:
        return kind.model_validate_json(body or b"{}")
    except ValidationError as error:
        faults = [
            f"{'.'.join(map(str, fault['loc'])) or 'the body'}: {fault['msg']}"
            for fault in error.errors(include_url=False, include_context=False)
        ]
        raise Cannot("; ".join(faults)) from None


def call_of(service: Service, request: Request) -> Call:
    """The call that the path names, up or over; `latest` is the last placed. Raises `Cannot`."""
    return call_named(service, request.path_params["transaction_id"])


def call_named(service: Service, wanted: str) -> Call:
    """The same by its name. Raises `Cannot`."""
    if wanted == "latest":
        placed = service.placed()
        if placed:
            return placed[-1]
    call = service.calls.get(wanted)
    for over in service.ended:
        if over.transaction_id == wanted:
            call = over
    if call is None:
        raise Cannot(f"there is no call {wanted}: GET /_offhook/calls lists those there are", 404)
    return call


def leg_of(service: Service, call: Call, request: Request) -> Leg:
    """The leg that the path names, ringing or connected or over. Raises `Cannot`."""
    return leg_named(service, call, request.path_params["tag"])


def leg_named(service: Service, call: Call, tag: str) -> Leg:
    """The same by its tag. Raises `Cannot`."""
    for leg in legs_of(service, call):
        if leg.tag == tag:
            return leg
    there = ", ".join(leg.tag for leg in call.legs)
    raise Cannot(f"the call has no {tag} now: it has {there}", 404)


def legs_of(service: Service, call: Call) -> list[Leg]:
    """The legs of a call, and the one that rings."""
    ringing = service.network.ringing.get(call)
    if ringing is None or ringing in call.legs or ringing.is_gone:
        return call.legs
    return [*call.legs[:1], ringing]


def answer(content: object, status: int = 200) -> Response:
    """An answer as JSON, by default with status 200."""
    return Response(json.dumps(content), status, media_type="application/json")


def guarded(endpoint: Respond, service: Service) -> Callable[[Request], Awaitable[Response]]:
    """Say why what was asked cannot be done, instead of failing."""

    async def run(request: Request) -> Response:
        try:
            return await endpoint(service, request)
        except Cannot as cannot:
            return JSONResponse({"Message": str(cannot)}, cannot.status)
        except OffhookError as error:
            return JSONResponse({"Message": str(error)}, 400)

    return run
