"""Where the stories of settings are filed, and what several of them use."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from offhook.actions import CallAndBridge, ReceiveDigits, Speak, SpeakAndGetDigits
from offhook.emulator.testing import Phone
from tests.emulator.functions import Function

Answered: TypeAlias = Callable[[Function], Phone]
Story: TypeAlias = Callable[[Answered], object]

LONG = Speak(text="This is a long story about a bicycle that nobody wanted to mend.")
LISTEN = ReceiveDigits(
    input_digits_regex="^1$",
    in_between_digits_duration_in_milliseconds=500,
    flush_digits_duration_in_milliseconds=2_000,
)
MENU = SpeakAndGetDigits(
    text="Your number, please.", failure_text="Sorry?", repeat_duration_in_milliseconds=1_000
)
BRIDGE = CallAndBridge(caller_id_number="+15550100100", uri="+15550100300")

STORIES: dict[str, tuple[Story, Mapping[object, object]]] = {}


def decides(outcomes: Mapping[object, object]) -> Callable[[Story], Story]:
    """File a story under its name, which is the setting's: what comes of it for each value."""

    def file(story: Story) -> Story:
        STORIES[story.__name__] = (story, outcomes)
        return story

    return file
