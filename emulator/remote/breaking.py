"""Failures on purpose: of API operations, and of actions."""

from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from offhook.actions.base import ErrorType
from offhook.actions.refusals import Refusal
from offhook.emulator.api.model import load_model
from offhook.emulator.control.exchange import Exchange
from offhook.emulator.control.failures import ANY, Failure
from offhook.emulator.remote.asked import Asked, Cannot, answer, read


class FailureAsked(Asked):
    """The next requests of an operation fail."""

    operation: str = ANY
    """`CreateSipMediaApplicationCall`, ...; `*` is any."""
    error: str
    """`ThrottledClientException`, ...: one that the operation documents."""
    times: Annotated[int, Field(ge=1)] | None = 1
    """`null` fails until it is taken back."""
    message: str = "On purpose."


class ActionFailureAsked(Asked):
    """The next action of a type fails."""

    action: str
    error_type: ErrorType
    error_message: str = "On purpose."


def checked(operation: str, error: str, times: int | None = 1, message: str = "") -> Failure:
    """A failure that the operation can really have. Raises `Cannot`."""
    model = load_model()
    if operation != ANY and operation not in model.operations:
        raise Cannot(
            f"there is no operation {operation!r}: write e.g. UpdateSipMediaApplicationCall"
        )
    documented = tuple(model.statuses) if operation == ANY else model.operations[operation].errors
    if error not in documented:
        raise Cannot(f"{operation} has no {error!r}: it has {', '.join(sorted(documented))}")
    return Failure(operation, error, times, message or "On purpose.")


async def fail(exchange: Exchange, request: Request) -> Response:
    """POST /_offhook/failures."""
    asked = await read(request, FailureAsked)
    failure = checked(asked.operation, asked.error, asked.times, asked.message)
    exchange.failures.add(failure)
    return answer(_shown(failure), 201)


async def failures(exchange: Exchange, _request: Request) -> Response:
    """GET /_offhook/failures: what has not happened yet."""
    return answer([_shown(failure) for failure in exchange.failures.waiting])


async def forget_failures(exchange: Exchange, _request: Request) -> Response:
    """DELETE /_offhook/failures: nothing fails on purpose any more."""
    exchange.failures.clear()
    exchange.service.surroundings.failures.clear()
    return Response(status_code=204)


async def fail_action(exchange: Exchange, request: Request) -> Response:
    """POST /_offhook/action-failures."""
    asked = await read(request, ActionFailureAsked)
    waiting = exchange.service.surroundings.failures.setdefault(asked.action, [])
    waiting.append(Refusal(asked.error_type, asked.error_message))
    return answer({"Action": asked.action, "Waiting": len(waiting)}, 201)


def _shown(failure: Failure) -> dict[str, object]:
    return {
        "Operation": failure.operation,
        "Error": failure.error,
        "Times": failure.times,
        "Message": failure.message,
    }
