"""Makes `docs/openapi.json` from the trigger.

The routes and the schemas are the trigger's own. The errors, which are exceptions there, and the
signature, which the function URL checks before the trigger sees anything, are written here.
"""

import json
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeAlias

from docs.generate_schemas import docs
from offhook.handler import errors, trigger
from offhook.handler.calling import requests, service_errors
from offhook.handler.calling.service_errors import ChimeError
from offhook.handler.errors import CallError

FILE = Path(__file__).with_name("openapi.json")

Document: TypeAlias = dict[str, Any]

ABOUT = (
    "Starts, redirects and ends calls, and tells what became of them. Requests are signed with "
    "Signature Version 4 for the service `lambda`. docs/calling-out.md."
)
OF_THE_LEDGER = (errors.RequestInvalid, errors.NotConfigured, errors.LedgerFailed)
OF_A_CALL = (errors.NoSuchCall, errors.Unsettled, errors.Busy)
OF_A_START = (errors.DialRefused, errors.KeyTaken, errors.Unknown)
ERRORS: dict[str, tuple[type[CallError], ...]] = {
    "put": (*OF_THE_LEDGER, errors.Unsettled, errors.Busy, *OF_A_START),
    "patch": (*OF_THE_LEDGER, *OF_A_CALL),
    "delete": (*OF_THE_LEDGER, errors.NoSuchCall, errors.Busy),
    "get": (*OF_THE_LEDGER, errors.NoSuchCall, errors.Busy),
}
"""What each method may answer, beside what the service answered."""


def document() -> str:
    """The OpenAPI document, as it stands in the repository."""
    made: Document = json.loads(
        trigger.app.get_openapi_json_schema(
            title="Offhook: calling out", version=version("offhook"), description=ABOUT
        )
    )
    made["servers"] = [{"url": "https://{url-id}.lambda-url.{region}.on.aws", "variables": URL}]
    schemas = made["components"]["schemas"]
    schemas["Failed"] = trigger.Failed.model_json_schema()
    shown = (trigger.Known, trigger.Failed, requests.NewCall, requests.Redirection)
    for model in shown:
        for name, text in docs(model).items():
            schemas[model.__name__]["properties"][name]["description"] = text
    made["components"]["schemas"] = {model.__name__: schemas[model.__name__] for model in shown}
    made["components"]["securitySchemes"] = {"sigv4": SIGV4}
    made["security"] = [{"sigv4": []}]
    for path in made["paths"].values():
        for method, operation in path.items():
            operation["operationId"] = OPERATIONS[method]
            operation["summary"] = getattr(trigger, OPERATIONS[method]).__doc__
            operation["responses"]["200"]["description"] = "What is known of the call."
            operation["responses"].pop("422", None)
            operation["responses"] |= dict(_failures(method))
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


OPERATIONS = {"put": "start", "patch": "redirect", "delete": "cancel", "get": "outcome"}
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
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Failed"}}},
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


if __name__ == "__main__":
    FILE.write_text(document(), encoding="utf-8")
