"""A caller waits, with music, until an update of the call decides.

The update carries a `Decision`: admit to a meeting, transfer to a number, or end. While talking to
whom they were transferred to, *0 brings the caller back to waiting and *1 records the talk.
"""

from typing import Literal

from pydantic import BaseModel

from offhook.actions import (
    CallAndBridge,
    Hangup,
    JoinChimeMeeting,
    PlayAudio,
    ReceiveDigits,
    Response,
    Speak,
    StartCallRecording,
)
from offhook.handler import (
    ActionFailed,
    ActionSuccessful,
    CallUpdateRequested,
    DigitsReceived,
    NewInboundCall,
    Reply,
    Router,
    events,
    hang_up_everybody,
    take_back,
    transfer,
)

router = Router()


class Decision(BaseModel):
    """What becomes of somebody who waits."""

    what: Literal["admit", "transfer", "end"]
    number: str = ""
    """Whom to transfer to."""
    meeting_id: str = ""
    join_token: str = ""
    """The meeting to admit to, and the attendee's token for it."""


class Waiting(BaseModel):
    """What we know of somebody who waits."""

    is_back: bool = False
    """Whether they came back from a talk: the other side was hung up by us."""


KEYS = ReceiveDigits(
    input_digits_regex=r"^\*[01]$",
    in_between_digits_duration_in_milliseconds=1_000,
    flush_digits_duration_in_milliseconds=5_000,
)
MUSIC = PlayAudio(audio_source="hold-music.wav")
SORRY = Speak(text="That did not work. Please wait a little longer.")


@router.new_inbound_call()
def wait(event: NewInboundCall) -> Reply:
    return [Speak(text="Please wait. We will be with you soon."), MUSIC]


@router.action_successful(PlayAudio)
def wait_on(event: ActionSuccessful[PlayAudio]) -> Reply:
    return [Speak(text="Thank you for waiting."), MUSIC]


@router.action_failed(PlayAudio)
def wait_in_silence(event: ActionFailed[PlayAudio]) -> Reply:
    return None  # without music, but not without the caller


@router.call_update_requested()
def decided(event: CallUpdateRequested) -> Reply:
    decision = event.arguments_as(Decision)
    match decision.what:
        case "admit":
            join = JoinChimeMeeting(
                join_token=decision.join_token, meeting_id=decision.meeting_id or None
            )
            return [Speak(text="You are admitted."), join]
        case "transfer":
            return [Speak(text="We connect you."), *transfer(event, decision.number)]
        case "end":
            return [Speak(text="We are closing now. Please call again."), Hangup()]


@router.action_successful(JoinChimeMeeting)
def in_the_meeting(event: ActionSuccessful[JoinChimeMeeting]) -> Reply:
    return None  # until the meeting is over, or they hang up


@router.action_failed(JoinChimeMeeting)
def not_admitted(event: ActionFailed[JoinChimeMeeting]) -> Reply:
    return [SORRY, MUSIC]


@router.action_failed(CallAndBridge)
def not_connected(event: ActionFailed[CallAndBridge]) -> Reply:
    return [SORRY, MUSIC]


@router.action_successful(CallAndBridge)
def talking(event: ActionSuccessful[CallAndBridge]) -> Reply:
    return Response(KEYS, attributes=Waiting(is_back=False))


@router.digits_received(KEYS, digits="*0")
def back_to_waiting(event: DigitsReceived) -> Reply:
    actions = [*take_back(event), Speak(text="You are waiting again."), MUSIC]
    return Response(actions, attributes=Waiting(is_back=True))


@router.digits_received(KEYS, digits="*1")
def record_the_talk(event: DigitsReceived) -> Reply:
    return StartCallRecording(call_id=event.leg_a.call_id, track="BOTH", destination="talks")


@router.action_failed(StartCallRecording)
def not_recorded(event: ActionFailed[StartCallRecording]) -> Reply:
    return None  # the talk goes on


@router.hangup(leg="LEG-B", state={"is_back": True})
def came_back(event: events.Hangup) -> Reply:
    return None


@router.hangup()
def over(event: events.Hangup) -> Reply:
    return hang_up_everybody(event)
