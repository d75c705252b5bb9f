"""An event may be delivered twice, as after a late answer: the same event, and one effect."""

from collections import Counter
from typing import cast

from offhook.actions import Hangup, Speak, StartCallRecording
from offhook.emulator.testing import Phone
from tests.emulator.call.stories import ANA, BEN, BRIDGE, Event, call_id, on
from tests.emulator.functions import action_data, reply, types


class Reception:
    """A function that answers an event the same way however often it is delivered."""

    def __init__(self) -> None:
        self.told: list[Event] = []

    def __call__(self, event: object, _context: object) -> object:
        told = cast("Event", event)
        self.told.append(told)
        match told["InvocationEventType"], action_of(told):
            case "NEW_INBOUND_CALL", _:
                return reply(Speak(text="One moment."), BRIDGE)
            case "ACTION_SUCCESSFUL", "CallAndBridge":
                leg = call_id(told, "LEG-A")
                return reply(
                    StartCallRecording(call_id=leg, track="BOTH", destination="s3://talks")
                )
            case "HANGUP", _:
                return reply(Hangup())
            case _:
                return reply()


def action_of(event: Event) -> object:
    """The type of the action that an event is about."""
    return action_data(event)["Type"] if "ActionData" in event else None


def test_the_same_event_comes_twice_and_has_one_effect() -> None:
    function = Reception()
    with Phone(function, deliveries=2) as phone:
        ben = phone.person(BEN)
        ana = phone.dials(from_=ANA)
        ana.hears("One moment.")
        ben.answers()
        ana.says("Hello, Ben.")
        ben.hears("Hello, Ben.")
        ben.hangs_up()
        ana.ends()
        assert types(ana.events) == [
            "NEW_INBOUND_CALL",
            "ACTION_SUCCESSFUL",
            "ACTION_SUCCESSFUL",
            "HANGUP",
            "HANGUP",
        ]
        assert len(phone.recordings) == 1
        assert (ana.heard, ben.heard) == (1, 1)
    assert [event["Sequence"] for event in ana.events] == [1, 2, 3, 4, 5]
    assert Counter(cast("int", event["Sequence"]) for event in function.told) == dict.fromkeys(
        range(1, 6), 2
    )
    for first, second in zip(function.told[::2], function.told[1::2], strict=True):
        assert first == second


def test_the_last_answer_counts() -> None:
    answers = iter([Speak(text="First answer."), Speak(text="Last answer."), Hangup(), Hangup()])

    def function(_event: object, _context: object) -> object:
        return reply(next(answers))

    with Phone(function, deliveries=2) as phone:
        call = phone.dials()
        call.hears("Last answer.")
        call.ends()
        assert call.heard == 1


def test_somebody_is_called_once_for_one_event() -> None:
    with Phone(on("NEW_INBOUND_CALL", [BRIDGE], [BRIDGE], [BRIDGE]), deliveries=3) as phone:
        ben = phone.person(BEN)
        call = phone.dials()
        ben.answers()
        call.hangs_up()
        rang = [entry.text for entry in call.ladder.entries if "rings" in entry.text]
    assert len(rang) == 1
