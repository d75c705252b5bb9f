"""What a call leaves behind when nobody looks at it any more: nothing."""

import gc
from weakref import ref

from offhook.actions import Hangup, PlayAudio, Speak, SpeakAndGetDigits
from offhook.emulator.service.service import HISTORY
from offhook.emulator.testing import Phone
from tests.emulator.functions import AnsweredBy, Event, reply

MENU = SpeakAndGetDigits(
    text="Press 1.", failure_text="Sorry?", repeat=2, repeat_duration_in_milliseconds=1_000
)
NOT_THERE = PlayAudio(audio_source="s3://nobodys/there.wav")


def greet(event: Event, _context: object) -> object:
    """A menu to new callers, an action that fails to who pressed, then goodbye."""
    match event["InvocationEventType"]:
        case "NEW_INBOUND_CALL":
            return reply(Speak(text="Welcome."), MENU)
        case "ACTION_SUCCESSFUL":
            return reply(NOT_THERE)
        case "ACTION_FAILED":
            return reply(Hangup())
        case _:
            return reply()


def one_call(phone: Phone) -> None:
    """Welcome, the menu with a key in the middle of it, a failure, the end."""
    call = phone.dials()
    call.hears("Welcome.")
    call.interrupts("1")
    call.settles()
    phone.settle()


def test_a_call_needs_no_garbage_collector_to_be_forgotten(answered_by: AnsweredBy) -> None:
    phone = answered_by(greet)
    gc.collect()
    gc.disable()
    try:
        one_call(phone)
        (first,) = map(ref, phone.service.ended)
        for _ in range(HISTORY):
            assert first() is not None
            one_call(phone)
        assert first() is None
    finally:
        gc.enable()
