"""Calls: place one to a number of ours, and look at those there are."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

from offhook.actions.fields import E164Number
from offhook.emulator.call.call import Call
from offhook.emulator.call.leg import Leg
from offhook.emulator.server.desk.answers import CallShown, LegShown, WholeCall
from offhook.emulator.server.desk.endpoint import (
    Asked,
    Cannot,
    Moment,
    answer,
    call_of,
    legs_of,
    read,
)
from offhook.emulator.service.quotas import TooManyCalls
from offhook.emulator.service.service import Service
from offhook.emulator.service.usual import A_CALLER


class Dialled(Asked):
    """Somebody dials a number of ours."""

    to: E164Number | None = None
    """The first of our numbers by default."""
    from_: Annotated[E164Number, Field(alias="From")] = A_CALLER
    """Who calls, in E.164."""
    host: str | None = None
    """The host of a Voice Connector, where the call comes through one."""
    sip_headers: Mapping[str, str] = Field(default_factory=dict[str, str])
    at: Moment | None = None
    """When, by the clock of the call; now by default. UTC unless it says."""


class CalledOut(Asked):
    """We call somebody, as by CreateSipMediaApplicationCall."""

    to: E164Number = A_CALLER
    from_: Annotated[E164Number | None, Field(alias="From")] = None
    """The first of our numbers by default."""
    arguments: Mapping[str, str] = Field(default_factory=dict[str, str])
    at: Moment | None = None


class Updated(Asked):
    """Something comes up in the middle of a call, as by UpdateSipMediaApplicationCall."""

    arguments: Mapping[str, str] = Field(default_factory=dict[str, str])


async def dial(service: Service, request: Request) -> Response:
    """POST /_offhook/calls: a call comes in; 503 when the quota of active calls is used up."""
    asked = await read(request, Dialled)
    try:
        call = service.call_in(
            asked.to, asked.from_, at=asked.at, sip_headers=asked.sip_headers, host=asked.host
        )
    except TooManyCalls as error:
        raise Cannot(str(error), 503) from None
    return answer(summary(service, call), 201)


async def call_out(service: Service, request: Request) -> Response:
    """POST /_offhook/calls/out: we call somebody; 503 when the quota of active calls is used up."""
    asked = await read(request, CalledOut)
    try:
        call = service.call_out(asked.from_, asked.to, at=asked.at, arguments=asked.arguments)
    except TooManyCalls as error:
        raise Cannot(str(error), 503) from None
    return answer(summary(service, call), 201)


async def update(service: Service, request: Request) -> Response:
    """POST /_offhook/calls/{TransactionId}/updates: as UpdateSipMediaApplicationCall."""
    asked = await read(request, Updated)
    call = call_of(service, request)
    if call.is_over:
        raise Cannot("the call is over: nothing comes up in it any more", 409)
    call.update(asked.arguments)
    return answer(summary(service, call), 202)


async def list_calls(service: Service, _request: Request) -> Response:
    """GET /_offhook/calls: those that are up, and the latest that are over."""
    calls = service.placed()
    return answer([summary(service, call) for call in calls])


async def show(service: Service, request: Request) -> Response:
    """GET /_offhook/calls/{TransactionId}: all there is to know of a call."""
    call = call_of(service, request)
    shown: WholeCall = {
        **summary(service, call),
        "TransactionAttributes": dict(call.told.attributes),
        "Events": call.told.events,
        "Replies": call.told.replies,
        "Ladder": [str(entry) for entry in call.ladder.entries],
    }
    return answer(shown)


async def ladder(service: Service, request: Request) -> Response:
    """GET /_offhook/calls/{TransactionId}/ladder: what happened, as text."""
    return PlainTextResponse(f"{call_of(service, request).ladder.render()}\n")


async def recordings(service: Service, _request: Request) -> Response:
    """GET /_offhook/recordings: the wav files so far, oldest first."""
    return answer([str(path) for path in service.buckets.written])


async def recording(service: Service, request: Request) -> Response:
    """GET /_offhook/recordings/{place}: one of them, the first is 0."""
    place, written = str(request.path_params["place"]), service.buckets.written
    if not (place.isascii() and place.isdecimal()) or int(place) >= len(written):
        raise Cannot(f"there is no recording {place}: GET /_offhook/recordings lists them", 404)
    return FileResponse(written[int(place)], media_type="audio/wav")


def summary(service: Service, call: Call) -> CallShown:
    """A call in short."""
    return {
        "TransactionId": call.transaction_id,
        "SipMediaApplicationId": call.told.way.sip_media_application_id,
        "IsOver": call.is_over,
        "Legs": [_leg(leg) for leg in legs_of(service, call)],
    }


def _leg(leg: Leg) -> LegShown:
    return {
        "ParticipantTag": leg.tag,
        "CallId": leg.call_id,
        "From": leg.from_,
        "To": leg.to,
        "Direction": leg.direction,
        "Status": leg.status or "Ringing",
        "Heard": [prompt.clip.text for prompt in leg.prompts],
        "DigitsSent": leg.digits_sent,
    }
