"""Handlers in the styles people really have, run as they are: no Offhook in them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import cast

import pytest

from offhook.emulator.service.config import Desk
from offhook.emulator.testing import Phone
from tests.emulator.function.conftest import needs_node

APPS = Path(__file__).parent / "apps"


Calls = Callable[[str], Phone]


@pytest.fixture
def calls() -> Iterator[Calls]:
    """A phone whose numbers an app answers: `calls("plain_dicts/handler.py:lambda_handler")`."""
    with ExitStack() as phones:
        yield lambda name: phones.enter_context(Phone(f"{APPS}/{name}", desk=Desk()))


def test_if_and_elif_on_dicts_beside_a_file_of_their_own(calls: Calls) -> None:
    call = calls("plain_dicts/handler.py:lambda_handler").dials()
    call.hears("For our opening hours, press 1.")
    call.presses("2")
    call.hears("We are behind the station.")
    call.interrupts("1")
    call.hears("We open at nine.")
    call.ends()
    assert call.attributes == {"lastEvent": "ACTION_SUCCESSFUL"}


def test_their_environment_variables_reach_them(
    calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "de")
    calls("plain_dicts/handler.py:lambda_handler").dials().hears("Öffnungszeiten")


def test_a_template_shared_by_all_calls_speaks_twice_to_the_second_caller(calls: Calls) -> None:
    phone = calls("shared_template/lambda_function.py:lambda_handler")
    first = phone.dials()
    first.hears("Thank you for calling.")
    first.ends()
    second = phone.dials()
    second.hears("Thank you for calling.")
    second.ends()
    assert [len(actions(call.replies[0])) for call in (first, second)] == [2, 4]


@needs_node
def test_a_callback_in_a_module_that_is_required(calls: Calls) -> None:
    call = calls("callback/index.js:handler").dials()
    call.hears("Please leave a message")
    call.says("It is me.")
    call.presses("#")
    call.hears("Thank you.")
    call.ends()


@needs_node
def test_an_async_es_module(calls: Calls) -> None:
    call = calls("module/index.mjs:handler").dials()
    call.hears("Please type your number")
    call.presses("42#")
    call.hears("You typed 42.")
    call.ends()


@needs_node
def test_compiled_typescript(calls: Calls) -> None:
    call = calls("compiled/dist/index.js:handler").dials()
    call.hears("Welcome.")
    call.interrupts("7")
    call.hears("You chose 7.")
    call.ends()


def test_a_reply_as_for_api_gateway_is_recognised_and_explained(calls: Calls) -> None:
    call = calls("api_gateway/handler.py:lambda_handler").dials()
    call.ends()
    assert "the reply has statusCode and body, as for API Gateway" in call.ladder.render()


def actions(reply: object) -> list[object]:
    return cast("dict[str, list[object]]", reply)["Actions"]
