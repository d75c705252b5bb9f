"""Failures on purpose: of API operations, of actions, and of all that a call needs."""

from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from offhook.actions import action_types
from offhook.actions.base import ErrorType
from offhook.emulator.faults import ANY_OPERATION, ON_PURPOSE, Fault, NoSuchFault
from offhook.emulator.server.api.model import load_model
from offhook.emulator.server.desk.answers import ActionFailureShown, FailureShown, FaultShown
from offhook.emulator.server.desk.endpoint import Asked, Cannot, answer, read
from offhook.emulator.service.service import Service


class FailureAsked(Asked):
    """The next requests of an operation fail."""

    operation: str = ANY_OPERATION
    """`CreateSipMediaApplicationCall`, ...; `*` is any."""
    error: str
    """`ThrottledClientException`, ...: one that the operation documents."""
    times: Annotated[int, Field(ge=1)] | None = 1
    """`null` fails until it is taken back."""
    message: str = ON_PURPOSE


class ActionFailureAsked(Asked):
    """The next action of a type fails."""

    action: str
    error_type: ErrorType
    error_message: str = ON_PURPOSE


class FaultAsked(Asked):
    """Something goes wrong from now on."""

    fault: str
    """As on the command line: `slow=6`, `throttled:2`, `s3-missing=welcome.wav`, ..."""
    transaction_id: str = ""
    """The call that it is for; every call by default."""


def checked(operation: str, error: str, times: int | None = 1, message: str = ON_PURPOSE) -> Fault:
    """A failure that the operation can really have. Raises `Cannot`."""
    model = load_model()
    if operation != ANY_OPERATION and operation not in model.operations:
        raise Cannot(
            f"there is no operation {operation!r}: write e.g. UpdateSipMediaApplicationCall"
        )
    documented = (
        tuple(model.statuses) if operation == ANY_OPERATION else model.operations[operation].errors
    )
    if error not in documented:
        raise Cannot(f"{operation} has no {error!r}: it has {', '.join(sorted(documented))}")
    return Fault(operation, error, times, message=message)


async def fail(service: Service, request: Request) -> Response:
    """POST /_offhook/failures: an operation of the API fails, for some times."""
    asked = await read(request, FailureAsked)
    failure = checked(asked.operation, asked.error, asked.times, asked.message)
    service.faults.put(failure)
    return answer(_shown(failure), 201)


async def failures(service: Service, _request: Request) -> Response:
    """GET /_offhook/failures: what has not happened yet."""
    waiting = service.faults.waiting
    return answer([_shown(fault) for fault in waiting if fault.name in _operations()])


async def forget_failures(service: Service, _request: Request) -> Response:
    """DELETE /_offhook/failures: nothing fails on purpose any more."""
    service.faults.clear((*_operations(), *action_types()))
    return Response(status_code=204)


async def put_fault(service: Service, request: Request) -> Response:
    """POST /_offhook/faults: something goes wrong from now on."""
    asked = await read(request, FaultAsked)
    fault = Fault.parse(asked.fault, asked.transaction_id)
    service.faults.put(fault)
    return answer(_fault(fault), 201)


async def faults(service: Service, _request: Request) -> Response:
    """GET /_offhook/faults: those that are in force."""
    return answer([_fault(fault) for fault in service.faults.waiting])


async def forget_faults(service: Service, _request: Request) -> Response:
    """DELETE /_offhook/faults: all is well again."""
    service.faults.clear()
    return Response(status_code=204)


async def take_back(service: Service, request: Request) -> Response:
    """DELETE /_offhook/faults/{Fault}: one of them is taken back."""
    try:
        service.faults.take_back(str(request.path_params["fault"]))
    except NoSuchFault as error:
        raise Cannot(str(error), 404) from None
    return Response(status_code=204)


async def fail_action(service: Service, request: Request) -> Response:
    """POST /_offhook/action-failures: the next action of a type fails."""
    asked = await read(request, ActionFailureAsked)
    faults = service.faults
    faults.put(Fault.of_action(asked.action, asked.error_type, asked.error_message))
    waiting = [fault for fault in faults.waiting if fault.name == asked.action]
    shown: ActionFailureShown = {"Action": asked.action, "Waiting": len(waiting)}
    return answer(shown, 201)


def _fault(fault: Fault) -> FaultShown:
    return {"Fault": str(fault), "TransactionId": fault.transaction_id or None}


def _operations() -> tuple[str, ...]:
    return (*load_model().operations, ANY_OPERATION)


def _shown(fault: Fault) -> FailureShown:
    return {
        "Operation": fault.name,
        "Error": fault.value,
        "Times": fault.times,
        "Message": fault.message,
    }
