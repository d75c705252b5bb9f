"""Somebody listens for digits: what its stories share."""

from offhook.actions import ReceiveDigits, Speak
from offhook.emulator.testing import PhoneCall
from tests.emulator.functions import AnsweredBy, action_data, in_turn

HELLO = Speak(text="Hello.")


def listen(regex: str = r"^\d{2}#$", between: int = 1_000, flush: int = 5_000) -> ReceiveDigits:
    """Listen for digits."""
    return ReceiveDigits(
        input_digits_regex=regex,
        in_between_digits_duration_in_milliseconds=between,
        flush_digits_duration_in_milliseconds=flush,
    )


def received(call: PhoneCall) -> list[object]:
    """The digits of each DIGITS_RECEIVED so far."""
    return [
        action_data(event)["ReceivedDigits"]
        for event in call.events
        if event["InvocationEventType"] == "DIGITS_RECEIVED"
    ]


def listening(answered_by: AnsweredBy, *actions: ReceiveDigits, **settings: object) -> PhoneCall:
    """A caller in silence, whose keys are listened to."""
    call = answered_by(in_turn([HELLO, *actions]), **settings).dials()
    call.hears("Hello.")
    return call
