"""The HTTP side: one entry for every operation of the service model."""

import logging
import re
from collections.abc import Mapping
from typing import cast

from starlette.types import Receive, Scope, Send

from offhook.emulator.faults import ANY_OPERATION
from offhook.emulator.server.api.answer import HttpAnswer, failure, success
from offhook.emulator.server.api.check import describe
from offhook.emulator.server.api.model import (
    LEGACY,
    MEETINGS,
    SERVICE,
    Model,
    Operation,
    load_model,
)
from offhook.emulator.server.api.operations import Run, find
from offhook.emulator.server.api.received import Received, received
from offhook.emulator.server.api.request import read_parameters
from offhook.emulator.service.service import Service
from offhook.emulator.service.service_error import ServiceError

LEGACY_REFUSAL = (
    "{operation} has left the chime namespace, as at AWS: use the client {service} "
    "(endpoint {endpoint})"
)
NOT_SIGNED = (
    "The request is not signed. Any credentials do at the desk: AWS_ACCESS_KEY_ID=desk "
    "AWS_SECRET_ACCESS_KEY=desk, or curl --aws-sigv4 aws:amz:us-east-1:chime --user desk:desk"
)
GONE = "no longer available for use"
"""What the model says of operations that AWS answers no more: those on Alexa skills."""
HAS_GONE = f"{{operation}} is {GONE}, at AWS neither: there is nothing to call instead"
OUR_FAULT = "The emulator itself has failed, which nobody asked for: its log shows where"

_LEGACY_AGENT = re.compile(r"\bapi/chime[#/]|\bcommand[#/]chime\.", re.IGNORECASE)
"""How a client of the old namespace calls itself: SDKs differ in the case, and in what follows."""

log = logging.getLogger("offhook.api")


class Api:
    """Answers requests to the service's API: an ASGI application."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._model: Model = load_model()
        self._run: Mapping[str, Run] = find()

    @staticmethod
    def load() -> None:
        """Load what all of them need, which takes a moment."""
        load_model()
        find()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; never raises."""
        message = await receive()  # its door has read all of the body
        answer = self.answer(received(scope), cast("bytes", message.get("body", b"")))
        await answer.send(send)

    def answer(self, request: Received, body: bytes) -> HttpAnswer:
        """What is answered to a request; never raises."""
        try:
            return self._answer(request, body)
        except ServiceError as error:
            return failure(self._model.statuses[error.name], error.name, error.message)
        except Exception:
            log.exception("a fault of the emulator, in %s %s", request.method, request.path)
            return failure(500, "ServiceFailureException", OUR_FAULT)

    def _answer(self, request: Received, body: bytes) -> HttpAnswer:
        found = self._model.match(request.method, request.path, request.query)
        if found is None:
            return self._no_operation(request)
        operation, labels = found
        if _LEGACY_AGENT.search(request.user_agent):
            return failure(403, "ForbiddenException", _has_left(operation))
        self._fail_on_purpose(operation.name)
        if not request.authorization.startswith("AWS4-"):
            # That there is a signature; which key made it, and whether it fits, is not looked at.
            error = next(name for name in operation.errors if name.startswith("Unauthorized"))
            raise ServiceError(error, NOT_SIGNED)
        self.service.gate.admit(operation.name)
        parameters = read_parameters(operation, labels, request.query, body)
        if GONE in operation.model.documentation:
            raise ServiceError("GoneException", HAS_GONE.format(operation=operation.name))
        run = self._run.get(operation.name)
        if run is None:
            return self._not_emulated(operation)
        answer = run(self.service, parameters)
        if answer is not None and (mistakes := operation.check_output(answer)):
            raise AssertionError(f"{operation.name} answered {answer}: {describe(mistakes)}")
        return success(operation.status, answer)

    def _fail_on_purpose(self, operation: str) -> None:
        """Raises `ServiceError` where somebody asked for it."""
        fault = self.service.faults.strike((operation, ANY_OPERATION))
        if fault is not None:
            raise ServiceError(fault.value, fault.message)

    def _not_emulated(self, operation: Operation) -> HttpAnswer:
        return failure(
            501,
            "NotEmulated",
            f"{operation.name} is not emulated, and nothing happened: GET /_offhook lists what is",
        )

    def _no_operation(self, request: Received) -> HttpAnswer:
        legacy = load_model(LEGACY).match(request.method, request.path, request.query)
        if legacy is not None:
            return self._not_emulated(legacy[0])
        methods = ", ".join(self._model.knows(request.path))
        allowed = f". It has {methods}; some need `?operation=` besides" if methods else ""
        return failure(
            404,
            "UnknownOperationException",
            f"{request.method} {request.path} is no operation of {SERVICE} or {MEETINGS}{allowed}",
        )


def _has_left(operation: Operation) -> str:
    """What a client of the old namespace is told."""
    metadata = operation.model.metadata
    return LEGACY_REFUSAL.format(
        operation=operation.name, service=operation.service, endpoint=metadata["endpointPrefix"]
    )
