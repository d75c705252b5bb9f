"""How a call ended: who hung up, or whether the service dropped it."""

from typing import Literal, TypeAlias

from offhook.emulator.call.call import Call

Ends: TypeAlias = Literal["we hung up", "they hung up", "dropped", "goes on"]


def never_answered(call: Call) -> bool:
    """Whether a caller was let ring until the service gave up."""
    caller = call.every_leg[0]
    return (
        caller.direction == "Inbound"
        and caller.answered_at is None
        and any(entry.text.startswith("is not answered in time") for entry in call.ladder.entries)
    )


def how_it_ended(call: Call) -> Ends:
    if any(entry.kind == "service" for entry in call.ladder.entries) or never_answered(call):
        return "dropped"
    last = next((e for e in reversed(call.ladder.entries) if e.kind == "call" and e.leg), None)
    return (
        "we hung up" if last is not None and "by the application" in last.text else "they hung up"
    )
