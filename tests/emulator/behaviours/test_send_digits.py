"""SendDigits: tones are pressed towards one leg, in their own time (reference B.7)."""

import pytest

from offhook.actions import Hangup, SendDigits, Speak
from tests.emulator.call.every_action import wire
from tests.emulator.call.stories import UP, Event, aimed, bridged, call_id, scripted, story
from tests.emulator.functions import AnsweredBy, error, parameters, types

TONE = "ToneDuration parameter value is invalid."
DIGITS = "The Digits parameter is invalid."


def dial(digits: str, tone: int | None = None) -> object:
    """Send digits to Ben; then say that it is done."""

    def answer(event: Event) -> list[object]:
        more = {} if tone is None else {"ToneDurationInMilliseconds": tone}
        sent = {"CallId": call_id(event, "LEG-B"), "Digits": digits, **more}
        return [{"Type": "SendDigits", "Parameters": sent}, Speak(text="Done.")]

    return answer


@pytest.mark.parametrize(
    ("digits", "tone", "seconds", "heard"),
    [
        ("1", None, 0.25, "1"),
        ("1,2A#", 100, 0.9, "12A#"),
        ("*ABCD#", None, 1.5, "*ABCD#"),
        (",,,,", None, 2.0, ""),
        ("1,1", 50, 0.6, "11"),
        ("0", 24_000, 24.0, "0"),
        ("1" * 50, 50, 2.5, "1" * 50),
    ],
)
def test_each_tone_and_each_comma_takes_its_time(
    answered_by: AnsweredBy, digits: str, tone: int | None, seconds: float, heard: str
) -> None:
    ana, ben, phone = bridged(answered_by, dial(digits, tone))
    began = phone.now
    ana.hears("Done.")
    assert phone.now - 0.364 == pytest.approx(began + seconds, abs=0.001)
    assert ben.tones == heard
    assert ana.tones == ""


def test_tones_are_heard_one_by_one(answered_by: AnsweredBy) -> None:
    ana, ben, _ = bridged(answered_by, dial("12", 1_000))
    ana.waits(1.5)
    assert ben.tones == "1"
    ana.waits(0.5)
    assert ben.tones == "12"


def test_the_caller_can_hear_tones_too_and_is_answered(answered_by: AnsweredBy) -> None:
    phone = answered_by(scripted(aimed("LEG-A", lambda leg: SendDigits(call_id=leg, digits="1"))))
    ana = phone.dials()
    ana.waits(1)
    assert ana.tones == "1"
    assert story(ana) == [("NEW_INBOUND_CALL", None), ("ACTION_SUCCESSFUL", UP)]


def test_it_is_silent_in_the_middle_of_a_list(answered_by: AnsweredBy) -> None:
    ana, _, _ = bridged(answered_by, dial("12"))
    ana.hears("Done.")
    assert types(ana.events[2:]) == ["ACTION_SUCCESSFUL"]
    assert parameters(ana.events[2])["Text"] == "Done."


def test_a_tone_in_whose_middle_the_leg_ends_is_not_counted(answered_by: AnsweredBy) -> None:
    ana, ben, _ = bridged(answered_by, dial("12", 1_000))
    ana.waits(1.5)
    ben.hangs_up()
    ana.waits(10)
    assert ben.tones == "1"
    assert types(ana.events[2:]) == ["HANGUP"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ToneDurationInMilliseconds": 49}, TONE),
        ({"ToneDurationInMilliseconds": 24_001}, TONE),
        ({"ToneDurationInMilliseconds": "long"}, TONE),
        ({"Digits": ""}, DIGITS),
        ({"Digits": "12E"}, DIGITS),
        ({"Digits": "a"}, DIGITS),
        ({"Digits": "1 2"}, DIGITS),
        ({"Digits": "1" * 51}, DIGITS),
        ({"Digits": None}, DIGITS),
        ({"Digits": "12\n"}, DIGITS),
    ],
    ids=str,
)
def test_what_cannot_be_sent_is_refused(
    answered_by: AnsweredBy, changes: dict[str, object], message: str
) -> None:
    def answer(event: Event) -> list[object]:
        return [wire("SendDigits", CallId=call_id(event, "LEG-B"), **changes), Hangup()]

    ana, ben, _ = bridged(answered_by, answer)
    assert error(ana.events[2]) == ("InvalidActionParameter", message)
    assert ben.tones == ""
    assert ana.is_connected
