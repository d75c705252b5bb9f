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
    LiveCalls,
    RedirectCall,
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
    "delete": (*OF_THE_LEDGER, errors.NoSuchCall, errors.Busy),
    "get": (*OF_THE_LEDGER, errors.NoSuchCall, errors.Busy),
}
"""What each method may answer, beside what the service answered."""


def document(at: str | None = None) -> Document:
    """All of it: as deployed, or as it is served at a URL of this machine, where nobody looks at a
    signature."""
    place = {"url": at} if at else {"url": "https://{url-id}.lambda-url.{region}.on.aws"}
    shown: tuple[type[BaseModel], ...] = (OurCall, CallList, trigger.Failed, *BODIES)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Offhook: calling out", "description": ABOUT, "version": VERSION},
        "servers": [place | ({} if at else {"variables": URL})],
        "paths": {
            "/calls": {"get": _listing(ListCalls, "A page of them.")},
            "/live": {"get": _listing(LiveCalls, "All of them.")},
            "/calls/{key}": {verb.lower(): _operation(verb) for verb in trigger.VERBS},
        },
        "components": {
            "schemas": {_name(model): _schema(model) for model in shown},
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
    if kind in BODIES:
        made["requestBody"] = {"required": True, "content": _json(kind)}
    answered = {"description": "What is known of the call.", "content": _json(OurCall)}
    made["responses"] = {"200": answered, **dict(_failures(verb.lower()))}
    return made


def _json(model: type[BaseModel]) -> Document:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{_name(model)}"}}}


def _name(model: type[BaseModel]) -> str:
    return BODIES.get(model, model.__name__)


def _listing(kind: type[CallRequest], answered: str) -> Document:
    said, described = docs(kind), kind.model_json_schema()
    return {
        "summary": kind.__doc__,
        "operationId": kind.model_fields["operation"].default,
        "parameters": [
            {"name": name, "in": "query", "schema": schema, "description": said.get(name, "")}
            | ({"required": True} if name in described.get("required", ()) else {})
            for name, schema in described["properties"].items()
            if name != "operation"
        ],
        "responses": {
            "200": {"description": answered, "content": _json(CallList)},
            **dict(_failures("get")),
        },
    }


def _schema(model: type[BaseModel]) -> Document:
    made: Document = model.model_json_schema(
        mode="serialization" if model in (OurCall, CallList) else "validation",
        ref_template="#/components/schemas/{model}",
    )
    made.pop("$defs", None)  # they are components of their own
    made["title"] = _name(model)
    for name in ("key", "operation") if model in BODIES else ():  # the path and the method say them
        del made["properties"][name]
    made["required"] = [name for name in made["required"] if name in made["properties"]]
    for name, text in docs(model).items():
        if name in made["properties"]:
            made["properties"][name]["description"] = text
    return made


VERSION = version("offhook")
BODIES: dict[type[BaseModel], str] = {StartCall: "NewCall", RedirectCall: "Redirection"}
"""Requests with a body, and what it is called."""
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
