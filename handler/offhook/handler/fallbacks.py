"""What is answered when nobody handles an event, or when a handler fails: a call never drops."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from pydantic import JsonValue

from offhook.actions import Action, Actions, Hangup, Pause, Response, Speak
from offhook.actions.complaints import MAX_ACTIONS
from offhook.handler.events import ActionFailed, Event, Participant
from offhook.handler.memory import goes_on
from offhook.handler.reading import mapping, text

__all__ = ["Fallbacks", "Reply", "apologise", "carry_on", "hang_up_the_rest"]

Reply: TypeAlias = Actions | Action[object] | Response | None
"""What a flow may return: actions, one action, nothing, or a `Response` that changes state."""

Answer: TypeAlias = Callable[[Event], Reply]

APOLOGY = "We are sorry, something went wrong. Please call again later."

_OTHER = {"LEG-A": "LEG-B", "LEG-B": "LEG-A"}


def last_reply(schema_version: str = "1.0") -> dict[str, JsonValue]:
    """What stands when all else has failed, our own code too: made anew, for it may be edited."""
    sorry: JsonValue = {"Type": "Speak", "Parameters": {"Text": APOLOGY}}
    bye: JsonValue = {"Type": "Hangup", "Parameters": {}}
    return {"SchemaVersion": schema_version, "Actions": [sorry, bye]}


def carry_on(_event: Event) -> Reply:
    """No actions: what is running goes on."""
    return None


def apologise(text: str = APOLOGY, *, voice_id: str = "Joanna") -> Answer:
    """Say sorry to whoever is on the call, then hang up."""
    sorry = Speak(text=text, voice_id=voice_id)

    def say_sorry(event: Event) -> Reply:
        failed = event.action_type if isinstance(event, ActionFailed) else ""
        if event.ignores_actions or (failed == "CallAndBridge" and len(event.connected) > 1):
            return None  # nobody is there, or two who talk
        # Where nobody has answered yet, the leg of the event.
        legs = [_of(leg) for leg in event.connected] or [{}]
        # Speech that has just failed would fail again. So would a hang-up, at once: it is tried
        # again later, for a leg that nobody ends is billed for ever.
        words = [Pause(duration_in_milliseconds=10_000)] if failed == "Hangup" else [sorry]
        actions: list[Action[None]] = [
            *(one.model_copy(update=leg) for leg in legs for one in words if failed != "Speak"),
            *(Hangup().model_copy(update=leg) for leg in legs),
        ]
        return actions[-MAX_ACTIONS:]  # of many legs, some end without words

    return say_sorry


def hang_up_the_rest(event: Event) -> list[Hangup]:
    """End every leg that is still connected, or rings us: it is billed until someone does. None
    where we hung up one of two, and more of that list comes for the other."""
    if event.TYPE == "HANGUP" and goes_on(event):
        return []
    rings = [leg for leg in event.participants if leg.is_inbound and not leg.status]
    rest = [_of(leg) for leg in (*event.connected, *rings)]
    other = _OTHER.get(text(mapping(event.action_data, "Parameters"), "ParticipantTag"))
    known = {leg.participant_tag for leg in event.participants}
    if event.TYPE == "HANGUP" and event.flaw and other and other not in known:
        rest.append({"participant_tag": other})  # the list of legs cannot be read
    return [Hangup().model_copy(update=leg) for leg in rest][:MAX_ACTIONS]


def _of(leg: Participant) -> dict[str, str]:
    """What names a leg in an action: its id, or its tag where the event has no id."""
    return {"call_id": leg.call_id} if leg.call_id else {"participant_tag": leg.participant_tag}


_sorry = apologise()
_NAMED: Mapping[str, Answer] = {
    "carry_on": carry_on,
    "apologise": _sorry,
    "apologise_at_the_end": lambda event: None if goes_on(event) else _sorry(event),
    "hang_up_the_rest": hang_up_the_rest,
}


@dataclass(kw_only=True, eq=False, repr=False)  # each of these takes time at start-up
class Fallbacks:
    """The answer to an event of each type that no function handles, and to a failure.

    Each is a function of the event; `carry_on`, `apologise("...")` and `hang_up_the_rest` serve
    most. Where the service ignores actions, these three return none. The one of an event that is
    not given stands in `offhook.handler.event_types`.
    """

    new_inbound_call: Answer | None = None
    new_outbound_call: Answer | None = None
    ringing: Answer | None = None
    call_answered: Answer | None = None
    action_successful: Answer | None = None
    action_failed: Answer | None = None
    action_interrupted: Answer | None = None
    digits_received: Answer | None = None
    call_update_requested: Answer | None = None
    hangup: Answer | None = None
    invalid_lambda_response: Answer | None = None
    unknown_event: Answer = carry_on
    handler_failed: Answer = _sorry
    """A handler raised, or what it returned is no reply: whatever the event, so also when the call
    has other things to do (DIGITS_RECEIVED, CALL_UPDATE_REQUESTED). What was asked for is not done,
    and a call that waits for it is billed; where going on is better, ask which event it is."""

    def of(self, event: Event) -> Answer:
        """The answer to an event that nobody handles."""
        chosen: Answer | None = getattr(self, event.TYPE.lower() or "unknown_event", None)
        return chosen or _NAMED[event.facts.fallback]
