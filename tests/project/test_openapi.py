"""The published OpenAPI documents are the trigger's and the desk's, and say what is answered.

About `offhook.command.serving.openapi`.
"""

import json
import re
from typing import Any

import pytest

from docs.generate_openapi import FILES, FOLDER, text
from offhook.handler import errors
from offhook.handler.calling import service_errors
from offhook.handler.errors import CallError
from tests.json_schema import validator

DOCUMENT: dict[str, Any] = json.loads((FOLDER / "openapi.json").read_text(encoding="utf-8"))
CALL = DOCUMENT["paths"]["/calls/{key}"]


@pytest.mark.parametrize("name", FILES)
def test_it_is_up_to_date(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == text(name), "run `make docs`"


@pytest.mark.parametrize("name", FILES)
def test_every_reference_leads_somewhere(name: str) -> None:
    there = {
        f"#/components/{shelf}/{each}"
        for shelf, all_of_them in json.loads(text(name))["components"].items()
        for each in all_of_them
    }
    leads_to = set(re.findall(r'"\$ref": "([^"]+)"', text(name)))
    assert leads_to
    assert leads_to <= there


@pytest.mark.parametrize("name", sorted(DOCUMENT["components"]["schemas"]))
def test_every_schema_is_one_and_describes_its_fields(name: str) -> None:
    schema = DOCUMENT["components"]["schemas"][name]
    validator(schema)


def test_the_schema_of_a_call_takes_what_the_readme_sends() -> None:
    new = DOCUMENT["components"]["schemas"]["NewCall"]
    call = {"to_phone_number": "+15550100199", "from_phone_number": "+15550100102"}
    valid = validator(new).is_valid
    assert valid({**call, "arguments_map": {"name": "Ada"}})
    assert not valid({**call, "Name": "Ada"})
    assert not valid({"to_phone_number": "+15550100199"})


ABSTRACT = (CallError, service_errors.ChimeError)


@pytest.mark.parametrize(
    "error",
    [
        kind
        for module in (errors, service_errors)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, CallError)
        if kind.__module__ == module.__name__ and kind not in ABSTRACT
    ],
)
def test_every_error_stands_at_its_status(error: type[CallError]) -> None:
    told = [
        method
        for method, operation in CALL.items()
        if f"`{error.__name__}`"
        in operation["responses"].get(str(error.status), {}).get("description", "")
    ]
    assert told, f"no operation answers {error.__name__}"


def test_a_doubt_about_a_start_is_never_passed_on() -> None:
    said = json.dumps(CALL["put"]["responses"])
    for kind in service_errors.DOCUMENTED.values():
        assert (f"`{kind.__name__}`" in said) == kind.is_refusal
