"""A caller waits, with music, until an update of the call decides.

The update carries a `Decision`: admit to a meeting, transfer to a number, or end. Together with
somebody, *0 brings the caller back to waiting and *1 records the talk. When the other side leaves,
the caller is thanked and let go.
"""

from typing import Literal

from pydantic import BaseModel

from offhook.actions import (
    Actions,
    JoinChimeMeeting,
    Pause,
    PlayAudio,
    ReceiveDigits,
    Response,
    Speak,
    StartCallRecording,
)
from offhook.handler import (
    ActionFailed,
    ActionSuccessful,
    ArgumentsUnreadable,
    CallUpdateRequested,
    DigitsReceived,
    Event,
    NewInboundCall,
    Reply,
    Router,
    apologise,
    events,
    hang_up,
    hang_up_the_rest,
    log,
    on,
    take_back,
    transfer,
)

router = Router()


class Decision(BaseModel):
    """What becomes of somebody who waits: the arguments of an update."""

    what: Literal["admit", "transfer", "end"]
    number: str = ""
    """Whom to transfer to, in E.164."""
    meeting_id: str = ""
    join_token: str = ""
    """The meeting to admit to, and the attendee's token for it."""


KEYS = ReceiveDigits(
    input_digits_regex=r"^\*[01]$",
    in_between_digits_duration_in_milliseconds=1_000,
    flush_digits_duration_in_milliseconds=5_000,
)
# Five times over: a call may invoke its function 1,000 times, and a wait may take hours.
MUSIC = PlayAudio(audio_source="hold-music.wav", repeat=5)


def is_together(event: Event) -> bool:
    """Whether somebody is on the other leg."""
    return event.leg_b is not None and event.leg_b.is_connected


@router.new_inbound_call()
def wait(event: NewInboundCall) -> Reply:
    return hold(event, "Please wait. We will be with you soon.")


@router.action_successful(PlayAudio)
def wait_on(event: ActionSuccessful[PlayAudio]) -> Reply:
    return hold(event, "Thank you for waiting.")


@router.call_update_requested()
def decided(event: CallUpdateRequested) -> Reply:
    try:
        return what_follows(event, event.arguments_as(Decision))
    except (ArgumentsUnreadable, ValueError) as error:
        log.warn(event, f"this update decides nothing, and the call goes on: {error}")
        return None


@router.digits_received(KEYS, digits="*0", when=is_together)
def back_to_waiting(event: DigitsReceived) -> Reply:
    return [*take_back(event), *hold(event, "You are waiting again.")]


@router.digits_received(KEYS, digits="*1", when=is_together)
def record_the_talk(event: DigitsReceived) -> Reply:
    listen = on(event.leg_a, KEYS)  # it may be that a match has ended the listening
    if "recorded" in event.transaction_attributes:
        return listen  # a leg's recording starts once, and does not start again
    recording = StartCallRecording(call_id=event.leg_a.call_id, track="BOTH", destination="talks")
    return Response([listen, recording], attributes={"recorded": "yes"})


@router.digits_received()
def no_such_key(event: DigitsReceived) -> Reply:
    return None


@router.hangup(leg="LEG-A")
def the_caller_left(event: events.Hangup) -> Reply:
    return hang_up_the_rest(event)


@router.hangup(leg="LEG-B")
def the_other_side_left(event: events.Hangup) -> Reply:
    caller = event.leg_a
    if event.is_ours or not caller.is_connected:
        return None
    return [on(caller, Speak(text="Thank you for calling. Goodbye.")), hang_up(caller)]


@router.action_successful()
def go_on(event: ActionSuccessful) -> Reply:
    return None  # two talk, a leg was hung up, keys are listened to, a talk is recorded


@router.action_failed()
def did_not_work(event: ActionFailed) -> Reply:
    if not event.leg_a.is_connected:
        return apologise()(event)  # it was the other leg that we could not hang up
    if is_together(event):
        return None
    return hold(event, "That did not work. Please wait a little longer.")


@router.action_failed(PlayAudio)
def wait_without_music(event: ActionFailed[PlayAudio]) -> Reply:
    quiet = Pause(duration_in_milliseconds=20_000)
    return [on(event.leg_a, quiet), *hold(event, "Thank you for waiting.")]


@router.action_failed(Speak)
def wait_without_words(event: ActionFailed[Speak]) -> Reply:
    return None if is_together(event) else on(event.leg_a, MUSIC)


def hold(event: Event, words: str) -> Actions:
    """Let the caller hear why, and then music."""
    return [on(event.leg_a, Speak(text=words)), on(event.leg_a, MUSIC)]


def what_follows(event: Event, decision: Decision) -> Actions:
    """The actions that a decision means. Raises `ValueError` when it lacks what they need.

    Whoever is there is hung up first of all: if they hung up in between, our Hangup would fail.
    """
    caller = event.leg_a
    match decision.what:
        case "admit":
            join = JoinChimeMeeting(
                join_token=decision.join_token, meeting_id=decision.meeting_id or None
            )
            admitted = on(caller, Speak(text="You are admitted."))
            return [*take_back(event), admitted, join, on(caller, KEYS)]
        case "transfer":
            *parted, bridge = transfer(event, decision.number, call_timeout_seconds=20)
            return [*parted, on(caller, Speak(text="We connect you.")), bridge, on(caller, KEYS)]
        case "end":
            closing = on(caller, Speak(text="We are closing now. Please call again."))
            return [*take_back(event), closing, hang_up(caller)]
