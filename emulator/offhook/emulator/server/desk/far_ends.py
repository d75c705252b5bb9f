"""Who is at the numbers that we call, and what bots understand."""

from collections.abc import Callable
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from offhook.emulator.server.desk.answers import BotShown, FarEndShown
from offhook.emulator.server.desk.endpoint import Cannot, answer
from offhook.emulator.service.described import bot, far_end
from offhook.emulator.service.service import Service

T = TypeVar("T")


async def put_far_end(service: Service, request: Request) -> Response:
    """PUT /_offhook/far-ends/{number or default}: `{"Is": "Answers", "After": 3}`."""
    number: str = request.path_params["number"]
    service.far_ends[number] = await _described(request, far_end)
    shown: FarEndShown = {"Number": number, "Is": repr(service.far_ends[number])}
    return answer(shown)


async def put_bot(service: Service, request: Request) -> Response:
    """PUT /_offhook/bots/{alias ARN}: `{"Intent": "BookRoom", "Slots": {"Nights": "2"}}`."""
    arn: str = request.path_params["bot_alias_arn"]
    service.bots[arn] = await _described(request, bot, BotAliasArn=arn)
    shown: BotShown = {"BotAliasArn": arn, "Intent": service.bots[arn].intent}
    return answer(shown)


async def _described(request: Request, read: Callable[[object], T], **more: str) -> T:
    """What the body describes. Raises `Cannot`."""
    try:
        body = TypeAdapter(dict[str, object]).validate_json(await request.body() or b"{}")
        return read({**body, **more})
    except ValidationError as error:
        raise Cannot(f"the body: {error.errors()[0]['msg']}") from None
    except ValueError as error:
        raise Cannot(str(error)) from None
