"""A function of this process sees events as one elsewhere does: through JSON."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Mapping
from decimal import Decimal
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from offhook.emulator.function.in_process import InProcess

ANY_TEXT = st.text(st.characters(exclude_categories=[]))  # halves of surrogate pairs as well
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | ANY_TEXT
ANY_JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner) | st.dictionaries(ANY_TEXT, inner), max_leaves=12
)


def what_arrives(event: Mapping[str, object]) -> object:
    """The event as the function was given it."""
    given_to_it: list[object] = []
    function = InProcess(lambda event, _context: given_to_it.append(event))
    asyncio.run(function.invoke(event))
    return given_to_it[0]


def nested(depth: int) -> object:
    """Lists in lists."""
    value: object = "the innermost"
    for _ in range(depth):
        value = [value]
    return value


@given(st.dictionaries(ANY_TEXT, ANY_JSON))
def test_any_json_arrives_as_it_was_sent(event: dict[str, object]) -> None:
    assert what_arrives(event) == event


@pytest.mark.parametrize("depth", [100, 210, 300, 900])
def test_what_is_nested_deeply_arrives_too(depth: int) -> None:
    value = nested(depth)
    arrived = cast("dict[str, object]", what_arrives({"CallDetails": value}))
    assert json.dumps(arrived["CallDetails"]) == json.dumps(value)


def test_what_the_function_changes_in_its_event_stays_with_it() -> None:
    event: dict[str, object] = {"CallDetails": {"Participants": [{"To": "+15550100100"}]}}
    as_it_was = json.dumps(event)

    def forgetful(event: object, _context: object) -> None:
        details = cast("dict[str, dict[str, list[object]]]", event)["CallDetails"]
        details["Participants"].clear()

    asyncio.run(InProcess(forgetful).invoke(event))
    assert json.dumps(event) == as_it_was


def test_decimals_and_bytes_in_a_reply_are_what_they_are_in_lambda() -> None:
    reply = {"n": Decimal(7), "half": Decimal("0.5"), b"key": b"text"}
    invoked = asyncio.run(InProcess(lambda _event, _context: reply).invoke({}))
    assert invoked.reply == {"n": 7, "half": 0.5, "key": "text"}
    endless: list[object] = [Decimal(1)]
    endless.append(endless)
    invoked = asyncio.run(InProcess(lambda _event, _context: endless).invoke({}))
    assert "Runtime.MarshalError: the reply is not JSON: Circular" in invoked.error


def test_an_error_is_told_where_the_author_called_what_raised_it() -> None:
    def fails(_event: object, _context: object) -> None:
        TypeAdapter(int).validate_python("seven")

    error = asyncio.run(InProcess(fails).invoke({})).error
    assert f"\n  at {__file__}:" in error


class Speechless(Exception):
    def __str__(self) -> str:
        raise ZeroDivisionError


def test_an_error_without_words_is_one_all_the_same() -> None:
    def fails(_event: object, _context: object) -> None:
        raise Speechless

    error = asyncio.run(InProcess(fails).invoke({})).error
    assert error.startswith("Speechless: <its __str__ raised ZeroDivisionError>\n  at ")


LOGS = """
import asyncio, logging
from offhook.emulator.function.in_process import InProcess

log = logging.getLogger()

def handler(event, context):
    log.setLevel(event["level"])
    log.info("an info line")
    log.warning("a warning line")

for level in ("INFO", "WARNING"):
    asyncio.run(InProcess(handler).invoke({"level": level}))
log.setLevel("INFO")
log.info("nobody's")
"""


def test_what_the_function_logs_is_written_from_the_level_that_it_sets() -> None:
    ran = subprocess.run([sys.executable, "-c", LOGS], capture_output=True, text=True, check=True)
    assert ran.stderr.splitlines() == ["an info line", "a warning line", "a warning line"]
