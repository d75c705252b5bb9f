"""A small client of the Runtime API that does what `awslambdaric` does, with the standard library
alone: an environment without AWS's client is no reason to put ours on somebody else's path.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import sys
import time
import traceback
from decimal import Decimal
from http.client import HTTPConnection
from types import SimpleNamespace
from typing import TYPE_CHECKING, TextIO, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from email.message import Message

    Handler = Callable[[object, object], object]


class CannotStart(Exception):
    """There is no handler to run."""

    def __init__(self, kind: str, why: str, trace: Sequence[str] = ()) -> None:
        super().__init__(why)
        self.kind = kind
        self.trace = trace


class Context:
    """What a handler gets beside the event."""

    client_context = None
    tenant_id = None

    def __init__(self, headers: Message, ahead: float) -> None:
        self.identity = SimpleNamespace(cognito_identity_id=None, cognito_identity_pool_id=None)
        self.aws_request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        self.invoked_function_arn = headers["Lambda-Runtime-Invoked-Function-Arn"]
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self._deadline_ms = int(headers["Lambda-Runtime-Deadline-Ms"]) + int(ahead * 1000)

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the function times out."""
        return max(0, self._deadline_ms - int(time.time() * 1000))

    def log(self, message: object) -> None:
        """Write it to the log, without a line's end."""
        sys.stdout.write(str(message))


class Api:
    """The Runtime API, over one connection that stays."""

    request_id = ""
    """The invocation that is under way, or was the latest."""

    def __init__(self, address: str) -> None:
        self._connection = HTTPConnection(address)

    def ask(
        self, method: str, path: str, value: str | None = None, kind: str | None = None
    ) -> tuple[int, Message, bytes]:
        """Ask, and read the answer to its end."""
        body = None if value is None else value.encode()
        headers = {"Content-Type": "application/json"}
        if kind:
            headers["Lambda-Runtime-Function-Error-Type"] = kind
        self._connection.request(method, "/2018-06-01/runtime/" + path, body, headers)
        response = self._connection.getresponse()
        return response.status, response.headers, response.read()

    def fail(self, path: str, kind: str, message: str, trace: Sequence[str] = ()) -> None:
        """Say what went wrong, to the log and to Lambda."""
        print("[ERROR] {}: {}\n{}".format(kind, message, "".join(trace)).rstrip())
        told = {"errorType": kind, "errorMessage": message, "stackTrace": list(trace)}
        self.ask("POST", path, json.dumps(told), kind)


def load(name: str) -> Handler:
    """The handler. Raises `CannotStart`, in the words of AWS's client."""
    module, _, attribute = name.rpartition(".")
    if module.split(".")[0] in sys.builtin_module_names:
        why = f"Cannot use built-in module {module} as a handler module"
        raise CannotStart("Runtime.BuiltInModuleConflict", why)
    try:
        found = importlib.import_module(module)
    except ImportError as error:
        why = f"Unable to import module '{module}': {error}"
        raise CannotStart("Runtime.ImportModuleError", why) from error
    except SyntaxError as error:
        why = f"Syntax error in module '{module}': {error}"
        where = f'  File "{error.filename}" Line {error.lineno}\n    {error.text}'
        raise CannotStart("Runtime.UserCodeSyntaxError", why, [where]) from error
    if not hasattr(found, attribute):
        why = f"Handler '{attribute}' missing on module '{module}'"
        raise CannotStart("Runtime.HandlerNotFound", why)
    handler: Handler = getattr(found, attribute)
    return handler


def frames(error: BaseException) -> list[str]:
    """The frames of the handler's own code."""
    return traceback.format_list(traceback.extract_tb(error.__traceback__)[1:])


def log_lines(request_id: Callable[[], str]) -> logging.StreamHandler[TextIO]:
    """What writes the root logger's lines in Lambda: INFO is seen as soon as its level is."""
    lines = logging.StreamHandler(sys.stdout)
    lines.terminator = ""
    form = logging.Formatter(
        "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n",
        "%Y-%m-%dT%H:%M:%S",
    )
    form.converter = time.gmtime
    lines.setFormatter(form)

    def with_the_request(record: logging.LogRecord) -> bool:
        record.aws_request_id = request_id()
        return True

    lines.addFilter(with_the_request)
    return lines


def write_logs() -> None:
    """Let the root logger write as in Lambda."""
    level = os.environ.get("AWS_LAMBDA_LOG_LEVEL", "").upper().replace("TRACE", "DEBUG")
    logging.Formatter.converter = time.gmtime
    logging.getLogger().addHandler(log_lines(lambda: Api.request_id))
    if level in ("DEBUG", "INFO", "WARN", "WARNING", "ERROR", "FATAL", "CRITICAL"):
        logging.getLogger().setLevel(level)


def plain(value: object, within: tuple[int, ...] = ()) -> object:
    """A reply as AWS's client has it: decimals are numbers, named tuples objects, bytes text."""
    if isinstance(value, Decimal):
        return int(value) if value.is_finite() and value == int(value) else float(value)
    if isinstance(value, bytes):
        return value.decode()
    if not isinstance(value, (dict, list, tuple)):
        return value
    this = id(cast("object", value))
    if this in within:
        raise ValueError("Circular reference detected")
    within = (*within, this)
    as_object: Callable[[], object] | None = getattr(cast("object", value), "_asdict", None)
    if as_object is not None and isinstance(value, tuple):
        return plain(as_object(), within)
    if isinstance(value, dict):
        pairs = cast("Mapping[object, object]", value).items()
        return {
            key.decode() if isinstance(key, bytes) else key: plain(each, within)
            for key, each in pairs
        }
    return [plain(each, within) for each in cast("Sequence[object]", value)]


def start(api: Api) -> Handler:
    """The handler; a process without one ends here."""
    try:
        return load(os.environ["_HANDLER"])
    except CannotStart as error:
        api.fail("init/error", error.kind, str(error), error.trace)
    except Exception as error:
        api.fail("init/error", type(error).__name__, str(error), frames(error))
    sys.exit(1)


def serve(moved: Callable[[], AbstractContextManager[float]]) -> None:
    """Answer events for as long as there are any, each by the clock of its call: `moved` says by
    how many seconds that is ahead."""
    api = Api(os.environ["AWS_LAMBDA_RUNTIME_API"])
    write_logs()
    handler = start(api)
    while True:
        status, headers, body = api.ask("GET", "invocation/next")
        if status != 200:
            return
        Api.request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        os.environ["_X_AMZN_TRACE_ID"] = headers["Lambda-Runtime-Trace-Id"]
        this = f"invocation/{Api.request_id}/"
        try:
            with moved() as ahead:
                reply = handler(json.loads(body), Context(headers, ahead))
        except Exception as error:
            api.fail(this + "error", type(error).__name__, str(error), frames(error))
            continue
        try:
            text = reply.decode() if isinstance(reply, bytes) else json.dumps(plain(reply))
        except Exception as error:
            message = f"Unable to marshal response: {error}"
            api.fail(this + "error", "Runtime.MarshalError", message)
            continue
        api.ask("POST", this + "response", text)
