"""What type checkers say of a flow: `make check` reads this file, and nothing runs it.

A line with an ignore comment is an error on purpose: both checkers complain when it is none.
The first part is what the log offers to paste for each event (see `test_unhandled.py`).
"""

# pyright: reportUnnecessaryTypeIgnoreComment=true

from typing import assert_type

from offhook.actions import (
    Action,
    BotConversation,
    CallAndBridge,
    CallRecording,
    Digits,
    Hangup,
    Pause,
    PlayAudio,
    ReceiveDigits,
    RecordAudio,
    Recording,
    Response,
    Speak,
    SpeakAndGetDigits,
    StartBotConversation,
    StartCallRecording,
)
from offhook.handler import (
    ActionFailed,
    ActionInterrupted,
    ActionSuccessful,
    CallAnswered,
    CallUpdateRequested,
    DigitsReceived,
    Event,
    InvalidLambdaResponse,
    NewInboundCall,
    NewOutboundCall,
    Reply,
    Ringing,
    Router,
    events,
    hang_up_the_rest,
)

router = Router()


@router.new_inbound_call()
def new_inbound_call(event: NewInboundCall) -> Reply:
    return [Speak(text="..."), Hangup()]


@router.new_outbound_call()
def new_outbound_call(event: NewOutboundCall) -> Reply:
    return None  # actions are ignored before CALL_ANSWERED


@router.ringing()
def ringing(event: Ringing) -> Reply:
    return None  # actions are ignored before CALL_ANSWERED


@router.call_answered()
def call_answered(event: CallAnswered) -> Reply:
    return [Speak(text="..."), Hangup()]


@router.action_successful(SpeakAndGetDigits)
def speak_and_get_digits_successful(event: ActionSuccessful[SpeakAndGetDigits]) -> Reply:
    return [Speak(text="..."), Hangup()]


@router.action_successful()
def action_successful(event: ActionSuccessful) -> Reply:
    return [Speak(text="..."), Hangup()]


@router.action_failed(CallAndBridge)
def call_and_bridge_failed(event: ActionFailed[CallAndBridge]) -> Reply:
    return [Speak(text="..."), Hangup()]


@router.action_interrupted(PlayAudio)
def play_audio_interrupted(event: ActionInterrupted[PlayAudio]) -> Reply:
    return None  # actions are ignored here


@router.digits_received()
def digits_received(event: DigitsReceived) -> Reply:
    return [Speak(text="..."), Hangup()]


@router.call_update_requested()
def call_update_requested(event: CallUpdateRequested) -> Reply:
    return [Speak(text="..."), Hangup()]


@router.hangup()
def hangup(event: events.Hangup) -> Reply:
    return hang_up_the_rest(event)


@router.invalid_lambda_response()
def invalid_lambda_response(event: InvalidLambdaResponse) -> Reply:
    return [Speak(text="..."), Hangup()]


MENU = SpeakAndGetDigits(
    text="Press 1.", failure_text="Sorry?", repeat_duration_in_milliseconds=5000
)


@router.action_successful(MENU, digits="1", leg="LEG-A", when=lambda event: event.sequence > 1)
def one_menu(event: ActionSuccessful[SpeakAndGetDigits]) -> Reply:
    assert_type(event.result, Digits)
    assert_type(event.action, SpeakAndGetDigits)
    return MENU


@router.action_successful(Speak)
def of_any_event(event: Event) -> Reply:
    return Response([Pause(duration_in_milliseconds=500)], attributes={"said": True})


def results(
    recorded: ActionSuccessful[RecordAudio],
    understood: ActionSuccessful[StartBotConversation],
    kept: ActionSuccessful[StartCallRecording],
    spoken: ActionSuccessful[Speak],
    anything: ActionSuccessful,
    heard: DigitsReceived,
) -> None:
    """What each action brings back."""
    assert_type(recorded.result, Recording)
    assert_type(understood.result, BotConversation)
    assert_type(kept.result, CallRecording)
    assert_type(spoken.result, None)
    assert_type(anything.result, object)
    assert_type(anything.action, Action[object])
    assert_type(heard.action, ReceiveDigits)
    assert_type(Action.from_wire({}), Action[object])
    assert_type(Speak.from_wire({}), Speak)


@router.call_answered()  # type: ignore[arg-type]
def of_another_event(event: NewInboundCall) -> Reply:
    return None


@router.action_successful(SpeakAndGetDigits)  # type: ignore[arg-type]
def of_another_action(event: ActionSuccessful[PlayAudio]) -> Reply:
    return None


@router.action_failed(MENU)  # type: ignore[arg-type]
def of_another_particular_action(event: ActionFailed[PlayAudio]) -> Reply:
    return None


@router.action_failed(MENU)  # type: ignore[arg-type]
def of_a_success(event: ActionSuccessful[SpeakAndGetDigits]) -> Reply:
    return None


@router.action_successful()  # type: ignore[arg-type]
def of_one_class_where_any_may_come(event: ActionSuccessful[SpeakAndGetDigits]) -> Reply:
    return None


@router.new_inbound_call()  # type: ignore[arg-type]
def with_a_raw_reply(event: NewInboundCall) -> dict[str, object]:
    return {"SchemaVersion": "1.0", "Actions": []}


@router.new_inbound_call()  # type: ignore[arg-type]
async def that_waits(event: NewInboundCall) -> Reply:
    return None


def is_late(event: CallAnswered) -> bool:
    """A condition of another event."""
    return bool(event.sequence)


router.ringing(leg="LEG-A")  # type: ignore[call-arg]
router.hangup(digits="1")  # type: ignore[call-arg]
router.hangup(leg="LEG-C")  # type: ignore[arg-type]
router.hangup(when=is_late)  # type: ignore[arg-type]
router.action_failed(MENU, digits="1")  # type: ignore[call-arg]
router.digits_received(MENU)  # type: ignore[arg-type]
Speak(text=5)  # type: ignore[arg-type]
Speak("Hello.")  # type: ignore[call-arg]
Speak(text="Hello.", voice="Amy")  # type: ignore[call-arg]
Speak(text="Hello.", engine="steam")  # type: ignore[arg-type]
