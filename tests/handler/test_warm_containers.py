"""One function serves many calls, interleaved, in any order: nothing of one reaches another."""

import copy
import random
from collections import Counter
from typing import cast

from pydantic import BaseModel

from offhook.actions import Hangup, Response, Speak, SpeakAndGetDigits
from offhook.handler import ActionSuccessful, CallAnswered, Event, Reply, Router, events
from tests.handler.payloads import Payload, data, details, legs, payload


class Tally(BaseModel):
    """What one caller pressed so far."""

    pressed: list[str] = []


QUESTION = SpeakAndGetDigits(
    text="And now?", failure_text="Sorry?", repeat_duration_in_milliseconds=5000
)

router = Router()


@router.call_answered()
def hello(event: CallAnswered) -> Reply:
    return Response([Speak(text=f"Hello {event.other_party}."), QUESTION], attributes=Tally())


@router.action_successful(QUESTION)
def count(event: ActionSuccessful[SpeakAndGetDigits]) -> Reply:
    tally = event.state(Tally)
    pressed = [*tally.pressed, event.result.received_digits]
    return Response([QUESTION], attributes=Tally(pressed=pressed))


@router.hangup(leg="LEG-A")
def over(event: events.Hangup) -> Reply:
    return [Hangup(call_id=leg.call_id) for leg in event.connected]


class Caller:
    """A call that keeps what the service would keep."""

    def __init__(self, number: int) -> None:
        self.number = f"+1555{number:07}"
        self.id = f"call-{number}"
        self.sequence = 2
        self.attributes: Payload = {}
        self.pressed: list[str] = []

    def invoke(self, name: str, **changes: object) -> Payload:
        """Send an event of this call."""
        self.sequence += 1
        event = payload(name, Sequence=self.sequence)
        details(event).update(TransactionId=self.id, TransactionAttributes=self.attributes)
        legs(event)[0].update(To=self.number, CallId=f"{self.id}-a")
        if changes:
            data(event).update(changes)
        reply = router(event, None)
        stored = reply.get("TransactionAttributes")
        if isinstance(stored, dict):
            self.attributes = dict(stored)
        return cast("Payload", reply)

    def answers(self) -> None:
        """It is heard by its own name."""
        actions = self.invoke("call_answered/minimal")["Actions"]
        assert isinstance(actions, list)
        assert actions[0]["Parameters"] == {"Text": f"Hello {self.number}."}

    def presses(self, digits: str) -> None:
        """What was pressed is counted here, and nowhere else."""
        self.pressed.append(digits)
        self.invoke(
            "action_successful/speak_and_get_digits",
            Parameters=QUESTION.to_wire()["Parameters"],
            ReceivedDigits=digits,
        )

    def hangs_up(self) -> None:
        """It ends with what it pressed, and nothing else."""
        assert Tally.model_validate_json(f'{{"pressed": {self.attributes["pressed"]}}}') == Tally(
            pressed=self.pressed
        )
        assert self.invoke("hangup/outbound_busy_486")["Actions"] == []


def test_thousands_of_interleaved_calls_keep_to_themselves() -> None:
    chance = random.Random(7)
    callers = [Caller(number) for number in range(1000)]
    left: Counter[Caller] = Counter(dict.fromkeys(callers, 5))
    while left:
        caller = chance.choice(list(left))
        left[caller] -= 1
        match left[caller]:
            case 4:
                caller.answers()
            case 0:
                caller.hangs_up()
                del left[caller]
            case _:
                caller.presses(chance.choice("123456789*"))
    assert {len(caller.pressed) for caller in callers} == {3}
    assert {caller.sequence for caller in callers} == {7}


def test_the_same_event_has_the_same_answer_ever_after() -> None:
    names = ("call_answered/minimal", "hangup/single_leg", "new_inbound_call/minimal")
    first = {name: router(payload(name)) for name in names}
    for _ in range(500):
        for name in names:
            answer = router(payload(name))
            assert answer == first[name]
            answer.clear()


def test_whoever_edits_a_reply_edits_no_other() -> None:
    asks, event = Router(), payload("call_answered/minimal")
    asks.call_answered()(lambda _event: QUESTION)
    asks.action_successful(QUESTION)(count)  # what is waited for is made once
    first = copy.deepcopy(asks(event))
    for _ in range(3):
        answer = asks(event)
        assert answer == first
        (action,) = cast("list[Payload]", answer["Actions"])
        cast("Payload", action["Parameters"])["CallId"] = "of-this-call"
        cast("Payload", cast("Payload", action["Parameters"])["SpeechParameters"])["Text"] = "?"


def test_events_of_unknown_types_leave_nothing_behind() -> None:
    quiet = Router()
    for number in range(2000):
        quiet.answer(Event(payload("ringing/minimal", InvocationEventType=f"NEW_{number}")))
    remembered = vars(quiet.routes)["_ranked"]
    assert len(remembered) <= 1
