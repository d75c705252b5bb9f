"""The two-leg vocabulary: what each word makes of an event, and what it does in a call."""

import pytest

from offhook.actions import CallAndBridge, Hangup, JoinChimeMeeting, ReceiveDigits, Speak
from offhook.emulator.testing import A_CALLER, Person, Phone, PhoneCall, busy
from offhook.handler import (
    ActionFailed,
    ActionSuccessful,
    DigitsReceived,
    Event,
    NewInboundCall,
    Reply,
    Router,
    events,
    hang_up,
    hang_up_the_rest,
    on,
    take_back,
    transfer,
)
from offhook.handler.events import parse

OURS = "+15550100100"
COLLEAGUE, ANOTHER = "+15550100300", "+15550100301"
A, B = "a1d4e6f2-3b57-4c08-9e1a-5f72b8c0d913", "b2e5f703-4c68-4d19-8f2b-6083c9d1ea24"


def event(a: str | None = "Connected", b: str | None = None, direction: str = "Inbound") -> Event:
    """An update of a call whose legs have these states; without one for LEG-B it has one leg."""
    far, near = ("From", "To") if direction == "Inbound" else ("To", "From")
    legs: list[dict[str, str]] = [
        {"CallId": A, "ParticipantTag": "LEG-A", "Direction": direction, far: A_CALLER, near: OURS}
        | ({"Status": a} if a else {})
    ]
    if b is not None:
        to = {"Direction": "Outbound", "To": COLLEAGUE, "From": OURS}
        legs.append({"CallId": B, "ParticipantTag": "LEG-B", "Status": b, **to})
    return parse(
        {
            "SchemaVersion": "1.0",
            "Sequence": 3,
            "InvocationEventType": "CALL_UPDATE_REQUESTED",
            "CallDetails": {"TransactionId": "t", "Participants": legs},
        }
    )


# --- on


def test_the_same_action_is_put_on_a_leg() -> None:
    hello = Speak(text="Hello.", voice_id="Matthew")
    moved = on(event().leg_a, hello)
    assert moved == Speak(text="Hello.", voice_id="Matthew", call_id=A)
    assert moved.to_wire() == Speak(text="Hello.", voice_id="Matthew", call_id=A).to_wire()
    assert hello.call_id is None


def test_a_leg_that_was_named_otherwise_is_replaced() -> None:
    moved = on(event().leg_a, Speak(text="Hello.", participant_tag="LEG-B"))
    assert (moved.call_id, moved.participant_tag) == (A, None)
    assert on(event().leg_a, Speak(text="Hello.", call_id=B)).call_id == A


# --- hang up


def test_a_leg_is_hung_up_by_its_id() -> None:
    assert hang_up(event().leg_a) == Hangup(call_id=A, sip_response_code=0)
    assert hang_up(event().leg_a, sip_response_code=486).sip_response_code == 486


@pytest.mark.parametrize(
    ("one", "legs"),
    [
        (event(), [A]),
        (event(b="Connected"), [A, B]),
        (event(b="Disconnected"), [A]),
        (event("Disconnected", "Connected"), [B]),
        (event("Disconnected", "Disconnected"), []),
        (event(None), [A]),
    ],
    ids=["one leg", "two", "one of two", "the other of two", "nobody", "who rings us"],
)
def test_everybody_is_whoever_is_connected(one: Event, legs: list[str]) -> None:
    assert [hangup.call_id for hangup in hang_up_the_rest(one)] == legs


# --- take back, transfer


@pytest.mark.parametrize(
    ("one", "legs"),
    [(event(), []), (event(b="Connected"), [B]), (event(b="Disconnected"), [])],
    ids=["alone", "together", "the other has left"],
)
def test_taking_back_ends_the_other_leg_if_there_is_one(one: Event, legs: list[str]) -> None:
    assert [hangup.call_id for hangup in take_back(one)] == legs


def test_a_transfer_of_one_leg_bridges_it() -> None:
    assert transfer(event(), COLLEAGUE) == [
        CallAndBridge(
            uri=COLLEAGUE,
            caller_id_number=OURS,
            call_timeout_seconds=30,
            ringback_tone=None,
        )
    ]


def test_a_transfer_of_two_legs_ends_the_other_first() -> None:
    hangup, bridge = transfer(event(b="Connected"), ANOTHER)
    assert hangup == Hangup(call_id=B, sip_response_code=0)
    assert isinstance(bridge, CallAndBridge)
    assert bridge.uri == ANOTHER


def test_a_transfer_after_the_other_has_left_bridges_at_once() -> None:
    (bridge,) = transfer(event(b="Disconnected"), ANOTHER)
    assert isinstance(bridge, CallAndBridge)


@pytest.mark.parametrize("direction", ["Inbound", "Outbound"])
def test_the_callee_sees_our_number(direction: str) -> None:
    (bridge,) = transfer(event(direction=direction), COLLEAGUE)
    assert isinstance(bridge, CallAndBridge)
    assert bridge.caller_id_number == OURS


def test_a_transfer_takes_the_rest_of_the_bridge() -> None:
    (bridge,) = transfer(
        event(),
        COLLEAGUE,
        caller_id_number=A_CALLER,
        call_timeout_seconds=10,
        ringback_tone="s3://prompts/ring.wav",
    )
    assert isinstance(bridge, CallAndBridge)
    assert bridge.caller_id_number == A_CALLER
    assert bridge.call_timeout_seconds == 10
    assert bridge.ringback_tone == "s3://prompts/ring.wav"


@pytest.mark.parametrize("number", ["", "12", "0155501003", "ada"])
def test_a_transfer_to_no_number_is_refused_where_it_is_written(number: str) -> None:
    with pytest.raises(ValueError, match="uri"):
        transfer(event(), number)


# --- in a call

KEYS = ReceiveDigits(
    input_digits_regex="^[0-9]$",
    in_between_digits_duration_in_milliseconds=100,
    flush_digits_duration_in_milliseconds=200,
)

router = Router()


@router.new_inbound_call()
def ring(event: NewInboundCall) -> Reply:
    return [Speak(text="Hello."), *transfer(event, COLLEAGUE)]


@router.action_successful(CallAndBridge)
def together(event: ActionSuccessful[CallAndBridge]) -> Reply:
    return on(event.leg_a, KEYS)


@router.action_failed(CallAndBridge)
def alone(event: ActionFailed[CallAndBridge]) -> Reply:
    return on(event.leg_a, Speak(text="Nobody is there."))


@router.digits_received(KEYS, digits="0")
def back(event: DigitsReceived) -> Reply:
    return [*take_back(event), Speak(text="Here you are.")]


@router.digits_received(KEYS, digits="1")
def another(event: DigitsReceived) -> Reply:
    return transfer(event, ANOTHER)


@router.digits_received(KEYS, digits="2")
def whisper(event: DigitsReceived) -> Reply:
    assert event.leg_b is not None
    return on(event.leg_b, Speak(text="Only you hear this."))


@router.digits_received(KEYS, digits="3")
def enough(event: DigitsReceived) -> Reply:
    return hang_up_the_rest(event)


@router.digits_received(KEYS, digits="4")
def meet(event: DigitsReceived) -> Reply:
    return [*take_back(event), JoinChimeMeeting(join_token="ada-may-join", meeting_id="8a1f")]


@router.hangup(leg="LEG-B")
def the_colleague_left(event: events.Hangup) -> Reply:
    return None


def talking(phone: Phone) -> tuple[PhoneCall, Person]:
    """A call in which two talk."""
    colleague = phone.person(COLLEAGUE)
    call = phone.dials()
    call.hears("Hello.")
    colleague.answers(after=2)
    return call, colleague


def test_taken_back_the_caller_is_alone_and_hears_the_rest() -> None:
    with Phone(router) as phone:
        call, colleague = talking(phone)
        call.presses("0")
        call.hears("Here you are.")
        assert not colleague.is_connected
        assert call.is_connected


def test_a_meeting_is_left_when_the_caller_is_taken_back() -> None:
    with Phone(router) as phone:
        meeting = phone.meeting("8a1f", {"ada-may-join": "ada"})
        call, colleague = talking(phone)
        call.presses("4")
        call.waits(1)
        assert not colleague.is_connected
        assert "is the meeting 8a1f" in call.ladder.render()
        call.presses("0")
        call.hears("Here you are.")
        meeting.end()  # nobody of ours is in it any more
        call.waits(60)
        assert call.is_connected


def test_the_caller_is_handed_on() -> None:
    with Phone(router) as phone:
        somebody_else = phone.person(ANOTHER)
        call, colleague = talking(phone)
        call.presses("1")
        somebody_else.answers(after=1)
        assert not colleague.is_connected
        somebody_else.says("Good morning.")
        call.hears("Good morning.")
        call.hangs_up()
        call.ends()
        assert not somebody_else.is_connected


def test_handed_on_to_somebody_busy_the_caller_is_alone() -> None:
    with Phone(router) as phone:
        phone.at(ANOTHER, busy())
        call, colleague = talking(phone)
        call.presses("1")
        call.hears("Nobody is there.")
        assert not colleague.is_connected


def test_what_is_on_one_leg_the_other_does_not_hear() -> None:
    with Phone(router) as phone:
        call, colleague = talking(phone)
        heard = call.heard
        call.presses("2")
        colleague.hears("Only you hear this.")
        assert call.heard == heard


def test_everybody_is_let_go() -> None:
    with Phone(router) as phone:
        call, colleague = talking(phone)
        call.presses("3")
        call.ends()
        assert not colleague.is_connected
