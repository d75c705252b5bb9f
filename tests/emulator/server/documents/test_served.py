"""The documents of what is served, as JSON and as pages that need nothing else.

About `offhook.emulator.server.documents.*`, `offhook.emulator.server.desk.answers`.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from offhook.command.serving import openapi
from offhook.emulator.server.desk.routes import TABLE
from offhook.emulator.server.documents import desk, page
from offhook.emulator.server.listening import Server
from tests.emulator.server import calls
from tests.emulator.server.conftest import OURS
from tests.json_schema import validator

DOCUMENTS: dict[str, Callable[[], Any]] = {
    "desk": cache(desk.document),
    "trigger": openapi.document,
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_page_has_every_operation_and_field_and_needs_no_other_place(name: str) -> None:
    document = DOCUMENTS[name]()
    shown = page.page(document)
    operations = [each for methods in document["paths"].values() for each in methods.values()]
    assert re.findall(r'<h2 id="(\w+)"', shown) == [each["operationId"] for each in operations]
    asked = [name for each in operations for name in each.get("requestBody", {}).get("content", {})]
    assert shown.count("<caption>Body: ") >= len(asked)
    assert not re.search(r"<script|<link|src=|https?://", shown)


def test_a_server_shows_the_desk_s(server: Server) -> None:
    assert calls.desk(server, "GET", "/documents/desk.json") == (200, desk.document())
    with urlopen(f"{server.endpoint}/_offhook/documents/desk") as answer:
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert answer.read().decode() == page.page(desk.document())
    there = {"desk": "/_offhook/documents/desk.json"}
    assert calls.desk(server, "GET", "/documents") == (200, there)


def test_what_is_not_there_says_what_is(server: Server) -> None:
    with pytest.raises(HTTPError) as refused:
        urlopen(f"{server.endpoint}/_offhook/documents/trigger")
    with refused.value as answer:
        assert (answer.code, b"documents/desk" in answer.read()) == (404, True)


def test_the_document_has_all_of_the_table_and_says_what_is_answered(server: Server) -> None:
    paths = DOCUMENTS["desk"]()["paths"]
    told = {(method.upper(), path) for path, methods in paths.items() for method in methods}
    table = {
        (row.method, f"/_offhook{row.path.replace(':text', '').replace(':int', '')}")
        for row in TABLE
    }
    assert told == table
    _, made = calls.desk(server, "POST", "/calls", {"To": OURS})
    schemas = DOCUMENTS["desk"]()["components"]
    schema = {"$ref": "#/components/schemas/CallShown", "components": schemas}
    validator(schema).validate(made)


def test_a_far_end_is_described_with_the_words_of_its_class() -> None:
    body = DOCUMENTS["desk"]()["paths"]["/_offhook/far-ends/{number}"]["put"]["requestBody"]
    kinds = body["content"]["application/json"]["schema"]["anyOf"]
    (answers,) = (each for each in kinds if each["title"] == "Answers")
    assert (
        answers["properties"]["After"]["description"]
        == "Seconds that it rings before somebody answers."
    )
    assert "Hangs Up After" not in answers["properties"]
    assert "HangsUpAfter" in answers["properties"]
