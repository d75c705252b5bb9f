"""What is known of a function beforehand: of a router its routes, and the keys that they name."""

from pathlib import Path

import pytest

from offhook.actions import Hangup, SpeakAndGetDigits
from offhook.emulator.explore.application import Application
from offhook.emulator.function.in_process import InProcess
from offhook.handler import ActionSuccessful, NewInboundCall, Reply, Router
from tests.emulator.explore.lines import asks, explored
from tests.emulator.functions import reply

router = Router()
MENU = asks("Which room?", "[0-9]+").model_copy(update={"max_number_of_digits": 3})


@router.new_inbound_call()
def welcome(event: NewInboundCall) -> Reply:
    return MENU


@router.action_successful(MENU, digits="417")
def room(event: ActionSuccessful[SpeakAndGetDigits]) -> Reply:
    return Hangup()


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No other modules of the current folder, as the flows here, have keys to try."""
    monkeypatch.chdir(tmp_path)


def test_keys_that_routes_name_are_tried() -> None:
    application = Application(InProcess(router))
    assert application.known().digits == (f"{417}",)  # of the route: this file has no other
    application.close()


def test_routes_are_taken_until_it_is_closed() -> None:
    application = Application(InProcess(router))
    explored(router, application.known())
    assert {name.rpartition(" ")[2].rpartition(".")[2] for name in application.taken} == {
        "welcome",
        "room",
    }
    assert len(application.routes) == 2
    application.close()
    application.taken.clear()
    explored(router)
    assert not application.taken


def test_of_any_other_function_nothing_is_known() -> None:
    application = Application(InProcess(lambda _event, _context: reply(Hangup())))
    assert (application.routes, application.known().digits) == ({}, ())
    application.close()
