"""A leg is recorded in the background: what its stories share."""

from collections.abc import Callable

from offhook.actions import (
    Action,
    Pause,
    PauseCallRecording,
    ResumeCallRecording,
    StartCallRecording,
    StopCallRecording,
)
from tests.emulator.call.stories import Event, call_id

FOUR_SECONDS = "one two three four five six seven eight nine ten eleven"


def start(leg: str, track: str = "BOTH", place: str = "s3://talks") -> Action[object]:
    """Record a leg."""
    given = {"call_id": leg, "track": track, "destination": place}
    return StartCallRecording.model_validate(given)


def on_leg(tag: str, *make: Callable[[str], Action[object]]) -> Callable[[Event], list[object]]:
    """An answer of actions that name a leg by its CallId."""
    return lambda event: [one(call_id(event, tag)) for one in make]


def wait(seconds: float) -> Callable[[str], Action[object]]:
    """Do nothing for a while."""
    return lambda _leg: Pause(duration_in_milliseconds=round(seconds * 1_000))


def pause(leg: str) -> Action[object]:
    """Record silence."""
    return PauseCallRecording(call_id=leg)


def resume(leg: str) -> Action[object]:
    """Record again."""
    return ResumeCallRecording(call_id=leg)


def stop(leg: str) -> Action[object]:
    """Record no more."""
    return StopCallRecording(call_id=leg)
