"""What is known of a function beforehand: of a router its routes, and the keys that they name."""

from pathlib import Path

import pytest

from offhook.actions import Hangup, SpeakAndGetDigits
from offhook.emulator.explore.application import Application
from offhook.emulator.explore.jobs import explore
from offhook.emulator.explore.options import Options
from offhook.emulator.function.in_process import InProcess
from offhook.emulator.service.config import Desk
from offhook.emulator.service.usual import MONDAY_AT_TEN
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


ROUTER = """
from offhook.actions import Hangup, SpeakAndGetDigits
from offhook.handler import Router
ASKS = {"input_digits_regex": "[0-9]+", "repeat_duration_in_milliseconds": 3000}
MENU = SpeakAndGetDigits(text="Which room?", failure_text="Sorry?", **ASKS)
router = Router()
router.new_inbound_call()(lambda event: MENU)
router.action_successful(MENU, digits="417")(lambda event: Hangup())
router.action_failed(MENU)(lambda event: Hangup())
"""


@pytest.mark.thorough
def test_what_a_router_of_another_process_has_no_function_for_is_in_its_log(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(ROUTER)
    desk = Desk().with_function(f"{tmp_path}/app.py:router")
    result = explore(desk, desk.sip_media_applications[0], Options(at=[MONDAY_AT_TEN], faults=0))
    (found,) = result.found
    assert (found.finding.rule, found.story) == ("unhandled-event", ["presses 1"])
    assert "digits='417' did not hold" in found.finding.evidence


def test_of_any_other_function_nothing_is_known() -> None:
    application = Application(InProcess(lambda _event, _context: reply(Hangup())))
    assert (application.routes, application.known().digits) == ({}, ())
    application.close()
