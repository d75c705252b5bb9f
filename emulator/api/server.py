"""The HTTP side: one entry for every operation of the service model."""

import asyncio
import logging
import re
from collections.abc import Mapping
from typing import cast

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from offhook.emulator.api.answer import failure, success
from offhook.emulator.api.check import describe
from offhook.emulator.api.model import LEGACY, Model, Operation, load_model
from offhook.emulator.api.operations import Run, find
from offhook.emulator.api.request import read_parameters
from offhook.emulator.control.exchange import Exchange
from offhook.emulator.control.service_error import ServiceError

MOST_BYTES = 1024 * 1024
"""Of a body. No operation needs a hundredth of it."""
BODY_SECONDS = 10.0
"""How long a client may take to send its body."""

_LEGACY_AGENT = re.compile(r"\bapi/chime#|\bcommand[#/]chime\.")

log = logging.getLogger("offhook.api")


class Api:
    """Answers requests to the service's API."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self._model: Model = load_model()
        self._run: Mapping[str, Run] = find()

    async def __call__(self, request: Request) -> Response:
        """Answer one request; never raises."""
        try:
            return await self._answer(request)
        except ServiceError as error:
            return failure(self._model.statuses[error.name], error.name, error.message)
        except ClientDisconnect:
            return failure(400, "BadRequestException", "The client is gone")
        except Exception:
            log.exception("a fault of the emulator, in %s %s", request.method, request.url.path)
            return failure(
                500,
                "ServiceFailureException",
                "The emulator itself has failed, which nobody asked for: its log shows where",
            )

    async def _answer(self, request: Request) -> Response:
        path = cast("bytes", request.scope["raw_path"]).decode("latin-1")
        query = dict(request.query_params)
        found = self._model.match(request.method, path, query)
        if _is_legacy(request, path, query, is_known=found is not None):
            return failure(403, "ForbiddenException", LEGACY_REFUSAL)
        if found is None:
            return self._no_operation(request.method, path)
        operation, labels = found
        self.exchange.failures.strike(operation.name)
        _check_signature(request.headers.get("authorization", ""))
        self.exchange.gate.admit(operation.name)
        body = await _read(request)
        if body is None:
            return failure(408, "RequestTimeout", f"The body did not come in {BODY_SECONDS:.0f} s")
        if len(body) > MOST_BYTES:
            return failure(
                413, "RequestEntityTooLarge", f"The body is larger than {MOST_BYTES} bytes"
            )
        parameters = read_parameters(operation, labels, query, body)
        run = self._run.get(operation.name)
        if run is None:
            return self._not_emulated(operation)
        answer = run(self.exchange, parameters)
        faults = operation.check_output(dict(answer or {}))
        if faults:
            raise AssertionError(f"{operation.name} answered {answer}: {describe(faults)}")
        return success(operation.status, answer)

    def _not_emulated(self, operation: Operation) -> Response:
        return failure(
            501,
            "NotEmulated",
            f"{operation.name} is an operation of the service that Offhook does not emulate. "
            f"What is emulated: {', '.join(sorted(self._run))}",
        )

    def _no_operation(self, method: str, path: str) -> Response:
        methods = ", ".join(self._model.knows(path))
        allowed = f". It has {methods}; some need `?operation=` besides" if methods else ""
        return failure(
            404,
            "UnknownOperationException",
            f"{method} {path} is no operation of chime-sdk-voice{allowed}",
        )


LEGACY_REFUSAL = (
    "The operations of PSTN Audio have left the chime namespace: use the client chime-sdk-voice "
    "(endpoint voice-chime)"
)


def _is_legacy(request: Request, path: str, query: Mapping[str, str], *, is_known: bool) -> bool:
    """Whether a client of the old namespace asks: it says so, or asks for what only that had."""
    if is_known:
        return _LEGACY_AGENT.search(request.headers.get("user-agent", "")) is not None
    return load_model(LEGACY).match(request.method, path, query) is not None


def _check_signature(authorization: str) -> None:
    """That there is one; which key made it, and whether it fits, is not looked at."""
    if not authorization.startswith("AWS4-"):
        raise ServiceError(
            "UnauthorizedClientException",
            "The request is not signed. Any credentials do at the desk: AWS_ACCESS_KEY_ID=desk "
            "AWS_SECRET_ACCESS_KEY=desk, or curl --aws-sigv4 aws:amz:us-east-1:chime "
            "--user desk:desk",
        )


async def _read(request: Request) -> bytes | None:
    """The body, or a little more than is allowed; `None` when it does not come in time."""
    chunks: list[bytes] = []
    length = 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                chunks.append(chunk)
                length += len(chunk)
                if length > MOST_BYTES:
                    break
    except TimeoutError:
        return None
    return b"".join(chunks)
