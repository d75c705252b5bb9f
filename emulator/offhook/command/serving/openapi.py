"""The OpenAPI document of the trigger.

The verbs and the schemas are the trigger's own. The errors, which are exceptions there, and the
signature, which the function URL checks before the trigger sees anything, are written here.
"""

from collections.abc import Iterator
from importlib.metadata import version
from typing import Any, TypeAlias

from pydantic import BaseModel

from offhook.emulator.server.documents.docstrings import docs
from offhook.handler import errors, trigger
from offhook.handler.calling import service_errors
from offhook.handler.calling.call_record import CallList, OurCall
from offhook.handler.calling.requests import (
    AskCall,
    CallRequest,
    CancelCall,
    ListCalls,
    NewCall,
    RedirectCall,
    Redirection,
    StartCall,
)
from offhook.handler.calling.service_errors import ChimeError
from offhook.handler.errors import CallError

Document: TypeAlias = dict[str, Any]

ABOUT = (
    "Starts, redirects and ends calls, and tells what became of them. Requests are signed with "
    "Signature Version 4 for the service `lambda`. docs/calling-out.md."
)
OF_THE_LEDGER = (
    *(errors.RequestInvalid, errors.NotConfigured, errors.LedgerFailed, errors.LedgerNewer),
)
OF_A_CALL = (errors.NoSuchCall, errors.Unsettled, errors.Busy)
OF_A_START = (errors.DialRefused, errors.KeyTaken, errors.Unknown)
ERRORS: dict[str, tuple[type[CallError], ...]] = {
    "put": (*OF_THE_LEDGER, errors.Unsettled, errors.Busy, *OF_A_START),
    "patch": (*OF_THE_LEDGER, *OF_A_CALL),
    "delete": (*OF_THE_LEDGER, errors.Busy),
    "get": (*OF_THE_LEDGER, errors.NoSuchCall, errors.Busy),
}
"""What each method may answer, beside what the service answered."""


def document(at: str | None = None) -> Document:
    """All of it: as deployed, or as it is served at a URL of this machine, where nobody looks at a
    signature."""
    place = {"url": at} if at else {"url": "https://{url-id}.lambda-url.{region}.on.aws"}
    shown = (OurCall, CallList, trigger.Failed, NewCall, Redirection)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Offhook: calling out", "description": ABOUT, "version": VERSION},
        "servers": [place | ({} if at else {"variables": URL})],
        "paths": {
            "/calls": {"get": _listing()},
            "/calls/{key}": {verb.lower(): _operation(verb) for verb in trigger.VERBS},
        },
        "components": {
            "schemas": {model.__name__: _schema(model) for model in shown},
            "securitySchemes": {"sigv4": SIGV4},
        },
        "security": [] if at else [{"sigv4": []}],
    }


def _operation(verb: str) -> Document:
    name = trigger.VERBS[verb]
    kind = REQUESTS[name]
    made: Document = {
        "summary": kind.__doc__,
        "operationId": name,
        "parameters": [{"name": "key", "in": "path", "required": True, "schema": KEY}],
    }
    body = next((base for base in kind.__bases__ if base is not CallRequest), None)
    if body is not None:
        made["requestBody"] = {"required": True, "content": _json(body)}
    answered = {"description": "What is known of the call.", "content": _json(OurCall)}
    made["responses"] = {"200": answered, **dict(_failures(verb.lower()))}
    return made


def _json(model: type[BaseModel]) -> Document:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}}


def _listing() -> Document:
    said = docs(ListCalls)
    return {
        "summary": ListCalls.__doc__,
        "operationId": "list",
        "parameters": [
            {"name": name, "in": "query", "schema": schema, "description": said.get(name, "")}
            for name, schema in ListCalls.model_json_schema()["properties"].items()
            if name != "operation"
        ],
        "responses": {
            "200": {"description": "A page of them.", "content": _json(CallList)},
            **dict(_failures("get")),
        },
    }


def _schema(model: type[BaseModel]) -> Document:
    made: Document = model.model_json_schema(
        mode="serialization" if model in (OurCall, CallList) else "validation",
        ref_template="#/components/schemas/{model}",
    )
    made.pop("$defs", None)  # they are components of their own
    for name, text in docs(model).items():
        made["properties"][name]["description"] = text
    return made


VERSION = version("offhook")
REQUESTS: dict[str, type[CallRequest]] = {
    kind.model_fields["operation"].default: kind
    for kind in (StartCall, RedirectCall, CancelCall, AskCall)
}
KEY = AskCall.model_json_schema()["properties"]["key"] | {
    "description": "What makes two requests the same request."
}
URL = {
    "url-id": {"default": "abcdefghijklmnopqrstuvwxyz012345"},
    "region": {"default": "us-east-1"},
}
SIGV4 = {
    "type": "apiKey",
    "name": "Authorization",
    "in": "header",
    "description": "AWS Signature Version 4, service `lambda`.",
    "x-amazon-apigateway-authtype": "awsSigv4",
}


def _failures(method: str) -> Iterator[tuple[str, Document]]:
    """By status, the errors that it stands for."""
    of_the_service: tuple[type[ChimeError], ...] = (
        () if method == "get" else tuple(_of_the_service(method))
    )
    by_status: dict[int, list[type[CallError]]] = {}
    for kind in (*ERRORS[method], *of_the_service):
        by_status.setdefault(kind.status, []).append(kind)
    for status, kinds in sorted(by_status.items()):
        said = "; ".join(f"`{kind.__name__}`: {_first_line(kind)}" for kind in kinds)
        answer: Document = {
            "description": said,
            "content": _json(trigger.Failed),
        }
        if status in (202, 429, 503):
            answer["headers"] = {
                "Retry-After": {
                    "description": "Seconds after which to ask again, with the same key.",
                    "schema": {"type": "integer"},
                }
            }
        yield str(status), answer


def _of_the_service(method: str) -> Iterator[type[ChimeError]]:
    """What the service answers. Whether a call was placed is settled, never passed on as a doubt:
    where a start is in doubt, it answers Unsettled or Unknown."""
    kinds: tuple[type[ChimeError], ...] = (
        *service_errors.DOCUMENTED.values(),
        *(service_errors.NotConnected, service_errors.NoAnswer),
    )
    for kind in kinds:
        if kind.is_refusal or method != "put":
            yield kind


def _first_line(kind: type[CallError]) -> str:
    words = " ".join((kind.__doc__ or "").split())
    code, _, rest = words.partition(": ")
    said = rest if code.isdecimal() else f"{words[0].lower()}{words[1:]}"
    return said.rstrip(".")
