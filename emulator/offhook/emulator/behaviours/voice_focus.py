"""VoiceFocus: noise suppression is switched on a leg."""

from offhook.actions.refusals import Refusal
from offhook.actions.voice_focus import VoiceFocus
from offhook.emulator.call.behaviour import Stage, behaviour
from offhook.emulator.call.refused import Refused
from offhook.emulator.settings import Settings

PER_SECOND = 5
"""Requests a second in an account (dg/voice-focus)."""

_THROTTLED = Refusal(
    "ActionExecutionThrottled",
    "Failed to run action. The maximum number of actions per second has been reached.",
)


def _reads(read: dict[str, object], call_id: str, settings: Settings) -> str:
    if read.get("CallId") or not call_id or settings.voice_focus_without_call_id == "fails":
        return ""
    read["CallId"] = call_id
    return "VoiceFocus has no CallId, and is taken: send one"


@behaviour(reads=_reads)
async def voice_focus(action: VoiceFocus, stage: Stage) -> None:
    """Switch it; nothing is heard of it at the desk."""
    now = stage.leg.loop.time()
    lately = [time for time in stage.world.voice_focus_times if time > now - 1]
    if len(lately) >= PER_SECOND:
        raise Refused(_THROTTLED, f"{PER_SECOND} a second, in the whole account")
    stage.world.voice_focus_times[:] = [*lately, now]
    if isinstance(stage.echo["Enable"], str):
        stage.leg.report("note", "Enable is a string, and taken: send true or false")
    stage.leg.focuses(action.enable)
    on = "on" if action.enable else "off"
    stage.leg.report("action", f"noise suppression is {on}")
