"""What an action waits for, and until when, as far as it is known."""

from collections.abc import Mapping
from typing import Final, TypeAlias

from offhook.emulator.call.call import Call
from offhook.emulator.call.leg import Leg
from offhook.emulator.call.performance import Performance

Waits: TypeAlias = tuple[str, float | None]
"""For what, and until when by the loop's clock."""

_LENGTHS: Final[Mapping[str, tuple[str, str, float]]] = {
    "Pause": ("the time to pass", "DurationInMilliseconds", 0.001),
    "RecordAudio": ("what is said, until a key or silence", "DurationInSeconds", 1),
    "CallAndBridge": ("somebody to answer", "CallTimeoutSeconds", 1),
    "StartBotConversation": ("the bot", "", 0),
}
"""For what, and the parameter that says how long at most, with its unit in seconds."""
_AFTER_KEYS: Final = "RepeatDurationInMilliseconds"


def waits(call: Call, performance: Performance) -> Waits:
    """Of the action that runs."""
    leg = performance.leg
    if leg is not None and leg.prompts and not leg.prompts[-1].is_over:
        span = next((span for span in reversed(leg.heard) if span.clip is not None), None)
        return f"{leg.prompts[-1].clip} to be heard", span.end if span else None
    if performance.type.endswith("GetDigits"):
        since = _quiet_since(leg)
        if since is None or since < performance.began:
            return "its prompt to be ready", None
        return "keys", _from(since, performance, _AFTER_KEYS, 0.001)
    if found := _LENGTHS.get(performance.type):
        what, parameter, unit = found
        if performance.type == "CallAndBridge" and call.leg_b is not None:
            return "the other leg", None
        return what, _from(performance.began, performance, parameter, unit)
    return "its end", None


def _quiet_since(leg: Leg | None) -> float | None:
    """When the last prompt was over, or the last key pressed."""
    spans = [*(leg.heard[-1:]), *(leg.keyed[-1:])] if leg is not None else []
    return max((span.end for span in spans), default=None)


def _from(
    since: float | None, performance: Performance, parameter: str, unit: float
) -> float | None:
    sent = performance.sent.get(parameter)
    try:
        return None if since is None else since + float(str(sent)) * unit
    except ValueError:
        return None
