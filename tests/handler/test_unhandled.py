"""An event that nobody handles is logged with the handler to paste."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from offhook.handler import Reply, Router
from offhook.handler.events import parse
from offhook.handler.unhandled import pasteable
from tests.handler.answers import Logged, returning, saying
from tests.handler.payloads import IGNORED, NAMES, Payload, data, legs, payload

NUMBERS = ("+15550100100", "+15550100200", "+15550100300", "+17035550122")


def unhandled(logged: Logged, *levels: str) -> Iterator[str]:
    """The lines about events that nobody handles."""
    return (line for line in logged(*levels) if "no function handles this" in line)


def pasted(event: Payload) -> str:
    """The code in the text to paste."""
    return pasteable(parse(event)).partition("paste:\n\n")[2]


@pytest.mark.parametrize("name", sorted({*NAMES} - IGNORED))
def test_an_event_that_somebody_should_handle_is_warned_about(name: str, logged: Logged) -> None:
    Router()(payload(name))
    (line,) = unhandled(logged, "WARNING")
    assert f"@router.{name.split('/', maxsplit=1)[0]}(" in line


@pytest.mark.parametrize("name", sorted(IGNORED))
def test_an_event_whose_answer_is_ignored_is_logged_as_information(
    name: str, logged: Logged
) -> None:
    Router()(payload(name))
    (line,) = unhandled(logged, "INFO")
    assert f"@router.{name.split('/', maxsplit=1)[0]}(" in line
    assert logged("WARNING", "ERROR") == []


@pytest.mark.parametrize("name", NAMES)
def test_a_handled_event_is_not_logged_as_unhandled(name: str, logged: Logged) -> None:
    router = Router()
    getattr(router, name.split("/", maxsplit=1)[0])()(returning(None))
    router(payload(name))
    assert list(unhandled(logged)) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_log_line_holds_no_phone_number(name: str, logged: Logged) -> None:
    Router()(payload(name))
    router = Router()
    getattr(router, name.split("/", maxsplit=1)[0])()(saying("Hello."))
    router(payload(name))
    assert [line for line in logged() for number in NUMBERS if number in line] == []


def test_a_line_names_the_event_its_leg_and_its_call(logged: Logged) -> None:
    Router()(payload("hangup/leg_b_leg_a_still_up"))
    (line,) = unhandled(logged)
    assert line.startswith("HANGUP 4 on LEG-B of 4f1c2b7e-9d35-4a60-8c11-6b0f5e2d7a90: ")


@pytest.mark.parametrize("name", NAMES)
def test_what_is_pasted_runs_and_answers_that_event(name: str) -> None:
    router = Router()
    room: dict[str, object] = {"router": router}
    exec(pasted(payload(name)), room)
    (route,) = router.routes
    assert route.event_type == name.split("/", maxsplit=1)[0].upper()
    event = parse(payload(name))
    assert router.routes.find(event) is not None
    if event.invocation_event_type != "NEW_INBOUND_CALL":
        router(payload(name))
    reply: Reply = route.function(event)
    assert reply is None or isinstance(reply, list)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (
            "new_inbound_call/minimal",
            """\
from offhook.actions import Hangup, Speak
from offhook.handler import NewInboundCall, Reply

@router.new_inbound_call()
def new_inbound_call(event: NewInboundCall) -> Reply:
    return [Speak(text="..."), Hangup()]
""",
        ),
        (
            "action_failed/call_and_bridge_not_answered",
            """\
from offhook.actions import CallAndBridge, Hangup, Speak
from offhook.handler import ActionFailed, Reply

@router.action_failed(CallAndBridge)
def call_and_bridge_failed(event: ActionFailed[CallAndBridge]) -> Reply:
    return [Speak(text="..."), Hangup()]
""",
        ),
        (
            "hangup/leg_b_leg_a_still_up",
            """\
from offhook.handler import Reply, events, hang_up_the_rest

@router.hangup()
def hangup(event: events.Hangup) -> Reply:
    return hang_up_the_rest(event)
""",
        ),
        (
            "ringing/minimal",
            """\
from offhook.handler import Reply, Ringing

@router.ringing()
def ringing(event: Ringing) -> Reply:
    return None  # actions are ignored before CALL_ANSWERED
""",
        ),
    ],
)
def test_what_is_pasted_reads_like_a_flow(name: str, code: str) -> None:
    assert pasted(payload(name)) == code


def test_an_unknown_action_is_pasted_as_any_action() -> None:
    event = payload("action_successful/pause")
    data(event)["Type"] = "Dance"
    assert pasted(event).splitlines()[3:5] == [
        "@router.action_successful()",
        "def action_successful(event: ActionSuccessful) -> Reply:",
    ]
    exec(pasted(event), {"router": Router()})


def test_an_unknown_event_has_nothing_to_paste(logged: Logged) -> None:
    event = payload("call_answered/minimal", InvocationEventType="NOT_ONE_OF_OURS")
    Router()(event)
    (line,) = unhandled(logged)
    assert "does not know 'NOT_ONE_OF_OURS'" in line
    assert "def " not in line


def test_a_type_with_code_in_it_is_not_pasted_as_code() -> None:
    event = payload("action_successful/pause")
    data(event)["Type"] = "Pause)\nimport os  # "
    assert "import os" not in pasted(event)


@pytest.mark.parametrize(
    "name",
    [
        *("new_inbound_call/minimal", "new_outbound_call/with_arguments", "ringing/minimal"),
        *("call_answered/minimal", "action_successful/speak_and_get_digits"),
        *("action_failed/call_and_bridge_not_answered", "action_interrupted/play_audio"),
        *("digits_received/minimal", "call_update_requested/with_arguments"),
        *("hangup/leg_b_leg_a_still_up", "invalid_lambda_response/attributes"),
    ],
)
def test_what_is_pasted_is_seen_by_the_type_checkers(name: str) -> None:
    checked = Path(__file__).with_name("typing_stories.py").read_text(encoding="utf-8")
    handler = pasted(payload(name)).partition("\n\n")[2]
    assert f"\n\n{handler}" in checked


def test_at_the_usual_level_what_is_ignored_leaves_no_line(
    logged: Logged, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, logger="offhook")
    Router()(payload("ringing/minimal"))
    assert logged() == []
    Router()(payload("call_answered/minimal"))
    assert len(logged()) == 1


def test_a_caller_who_left_without_a_tag_is_told_of_without_one(logged: Logged) -> None:
    event = payload("hangup/single_leg")
    del legs(event)[0]["ParticipantTag"]
    Router()(event)
    (line,) = unhandled(logged)
    assert line.startswith("HANGUP 2 of 4f1c2b7e")


@pytest.mark.parametrize("name", ["call_and_bridge", "hangup", "join_chime_meeting"])
def test_the_function_to_paste_cuts_nobody_who_goes_on(name: str) -> None:
    code = pasted(payload(f"action_successful/{name}"))
    assert "return None" in code
    assert "Hangup()" not in code
