"""What small handlers with one fault each are made of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, cast

from offhook.actions import (
    CallAndBridge,
    Hangup,
    Speak,
    SpeakAndGetDigits,
)
from tests.emulator.functions import Written, reply

Event: TypeAlias = Mapping[str, object]
Handler: TypeAlias = Callable[[Event, object], object]
Answer: TypeAlias = Callable[[Event], object] | Sequence[object] | Mapping[str, object] | None
"""Actions in a list, a reply as it is, or what makes either of an event."""

OURS, THEIRS, DESK = "+15550100100", "+15550100200", "+15550100300"


@dataclass(frozen=True)
class Planted:
    """A fault, and its absence."""

    rule: str
    """What is found, and nothing else."""
    story: str
    """The shortest that leads there, deed by deed."""
    wrong: Handler
    mended: Handler
    weight: str = "fault"
    outbound: bool = False
    updates: Sequence[Mapping[str, str]] = field(default=())
    more: Sequence[str] = ()
    """What else is found by the same sign."""
    lacks: Sequence[str] = ()
    """What the desk lacks, whether it is mended or not."""
    replies: int = 1
    """In so many it shows; in each it is one, however often it is come to."""
    slow_seconds: float | None = None
    """From when on a reply is slow, where it is not as usual."""


def told(event: Event) -> tuple[str, Mapping[str, str]]:
    """Which event it is, and its ActionData."""
    data = cast("Mapping[str, str]", event.get("ActionData") or {})
    return str(event["InvocationEventType"]), data


def answers(**by_event: Answer) -> Handler:
    """Answer each event with what is written for it: actions, a reply as it is, or what a function
    makes of the event. Whatever fails ends the call, and whoever is left is let go, unless that is
    written otherwise."""
    usual: dict[str, Answer] = {"ACTION_FAILED": BYE, "HANGUP": let_go}

    def handler(event: Event, _context: object) -> object:
        answer = made_of((usual | by_event).get(told(event)[0], []), event)
        return reply(*cast("Written", answer)) if isinstance(answer, list) else answer

    return handler


def made_of(answer: Answer, event: Event) -> object:
    """What is answered to an event."""
    return answer(event) if callable(answer) else answer


def legs(event: Event) -> Sequence[Mapping[str, str]]:
    """Who is, or was, there."""
    details = cast("Mapping[str, object]", event["CallDetails"])
    return cast("Sequence[Mapping[str, str]]", details["Participants"])


def let_go(event: Event) -> object:
    """Hang up whoever is still there."""
    there = [leg for leg in legs(event) if leg.get("Status") == "Connected"]
    return [Hangup(call_id=leg["CallId"]) for leg in there]


BYE = [Hangup(participant_tag="LEG-A")]
HELLO = [Speak(text="Hello."), *BYE]
RINGS_THE_DESK = CallAndBridge(caller_id_number=OURS, uri=DESK, call_timeout_seconds=20)


def asks(expression: str, *, fewest: int = 0, most: int = 128) -> SpeakAndGetDigits:
    """A prompt, once."""
    return SpeakAndGetDigits(
        text="Your choice, please.",
        failure_text="Sorry?",
        input_digits_regex=expression,
        min_number_of_digits=fewest,
        max_number_of_digits=most,
        repeat=1,
        repeat_duration_in_milliseconds=3_000,
    )


def on_digits(**by_digits: Answer) -> Callable[[Event], object]:
    """What follows keys: `_1` is those of 1."""

    def chosen(event: Event) -> object:
        return made_of(by_digits.get(f"_{told(event)[1].get('ReceivedDigits', '')}", HELLO), event)

    return chosen


MENU = asks("^[12]$", most=1)
PIN = asks(r"^\d{6}$", fewest=6, most=6)
API_GATEWAY = {"statusCode": 200, "body": "{}"}


def menu(**answered: Answer) -> Handler:
    return answers(NEW_INBOUND_CALL=[MENU], **answered)
