"""What there is: every action by its AWS name, what it brings back, and how it can fail."""

import importlib
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

import offhook.actions
from offhook.actions import Action, action_class, action_types
from offhook.actions.base import ErrorType, snake_case

LEG_OR_SERVICE: tuple[ErrorType, ...] = ("InvalidActionParameter", "SystemException")

ERRORS: dict[str, tuple[ErrorType, ...]] = {
    "CallAndBridge": (
        *("CallNotAnswered", "InvalidActionParameter", "InvalidAudioSource", "SystemException"),
    ),
    "PlayAudio": ("InvalidActionParameter", "InvalidAudioSource", "SystemException"),
    "PlayAudioAndGetDigits": (
        *("InvalidActionParameter", "InvalidAudioSource", "InvalidDigitsReceived"),
        "SystemException",
    ),
    "Speak": (
        *("AccessDenied", "ActionExecutionThrottled", "InvalidActionParameter"),
        *("MissingRequiredActionParameter", "SystemException"),
    ),
    "SpeakAndGetDigits": (
        *("AccessDenied", "InvalidActionParameter", "InvalidDigitsReceived"),
        *("MissingRequiredActionParameter", "SystemException"),
    ),
    "StartBotConversation": (
        *("ActionExecutionThrottled", "InvalidActionParameter", "ResourceAccessDenied"),
        *("ResourceNotFound", "SystemException"),
    ),
    "VoiceFocus": (
        *("ActionExecutionThrottled", "InvalidActionParameter"),
        *("MissingRequiredActionParameter", "SystemException"),
    ),
}
"""How each can fail whose own page, or what was observed, has more than any can fail with."""

RESULTS = {
    "PlayAudioAndGetDigits": "Digits",
    "ReceiveDigits": "Digits",
    "RecordAudio": "Recording",
    "SpeakAndGetDigits": "Digits",
    "StartBotConversation": "BotConversation",
    "StartCallRecording": "CallRecording",
}
"""What each brings back beside `Parameters`; the others bring back nothing."""


def named(name: str) -> type[Action[object]]:
    """The class of an action."""
    kind = action_class(name)
    assert kind is not None
    return kind


@pytest.mark.parametrize("name", action_types())
def test_an_action_lives_in_the_room_of_its_name(name: str) -> None:
    kind: object = getattr(offhook.actions, name)
    assert kind is named(name)
    room = "".join(f"_{c.lower()}" if c.isupper() else c for c in name).removeprefix("_")
    assert getattr(importlib.import_module(f"offhook.actions.{room}"), name) is kind


@pytest.mark.parametrize("name", action_types())
def test_an_action_can_fail_as_is_documented(name: str) -> None:
    found = named(name).errors
    assert found == ERRORS.get(name, LEG_OR_SERVICE), (
        f"write in ERRORS of tests/actions/test_catalogue.py, as its page has it: {name!r}: {found}"
    )


@pytest.mark.parametrize("name", action_types())
def test_an_action_brings_back_what_is_documented(name: str) -> None:
    result = named(name).result_type
    assert (result.__name__ if result else None) == RESULTS.get(name)


@pytest.mark.parametrize("name", action_types())
def test_an_action_names_its_page(name: str) -> None:
    assert named(name).source.startswith("dg/")


@given(
    st.text() | st.sampled_from(["speak", "SPEAK", "Base", "Wire", "Fields", "Digits", "Action"])
)
def test_no_other_name_is_an_action(name: str) -> None:
    assert name in action_types() or action_class(name) is None


@pytest.mark.parametrize(
    "name", ["Answer", "RecordMeeting", "TransactionAttributes", "UnknownAction", "OnLeg"]
)
def test_what_is_no_action_is_not_exported_as_one(name: str) -> None:
    assert action_class(name) is None
    assert name not in action_types()


def test_a_name_that_is_not_there_is_answered_with_those_that_are() -> None:
    name = "Dance"
    with pytest.raises(AttributeError, match=r"has no 'Dance': .*\bSpeak\b"):
        getattr(offhook.actions, name)


def test_dir_lists_what_there_is() -> None:
    assert {"Speak", "Response", "Digits", "Recording", "BotConversation"} <= set(
        dir(offhook.actions)
    )


def test_an_action_is_loaded_on_first_use() -> None:
    code = (
        "import sys; from offhook.actions import Speak; "
        "print([n for n in sys.modules if n.startswith('offhook.actions.play')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_action_of_ones_own_is_not_one_of_the_service() -> None:
    class Dance(Action[None]):
        """Not in any room."""

    assert not Dance.is_known
    assert named("Speak").is_known
    assert action_class("Dance") is None


@given(st.text("aA1_", min_size=1, max_size=4), st.integers(101, 200_000))
def test_a_name_longer_than_any_is_no_action_however_long_it_is(piece: str, length: int) -> None:
    name = ("A" + piece * length)[:length]
    assert action_class(name) is None
    assert snake_case(name) == name
