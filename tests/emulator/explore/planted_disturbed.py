"""Small handlers with a fault that shows when the service disturbs a call, or as bots end; and the
same without it."""

from collections.abc import Callable, Mapping
from typing import cast

from offhook.actions import (
    CallAndBridge,
    PlayAudio,
    Speak,
    StartBotConversation,
    StartCallRecording,
)
from tests.emulator.explore.planted import BOT, nobody_thought_of_this
from tests.emulator.explore.planting import (
    BYE,
    DESK,
    HELLO,
    OURS,
    Event,
    Handler,
    Planted,
    answers,
    legs,
    told,
)


def each_once(seen: set[object]) -> Callable[[Event], object]:
    """Remembers what it was told, as a table of its own would."""

    def first(event: Event) -> object:
        key = legs(event)[0]["CallId"], event["Sequence"]
        if key in seen:
            raise KeyError("it is answered already")
        seen.add(key)
        return HELLO

    return first


told_twice = Planted(
    "function-failed",
    "calls, NEW_INBOUND_CALL 1 is delivered twice",
    answers(NEW_INBOUND_CALL=each_once(set())),
    answers(NEW_INBOUND_CALL=HELLO),
    more=("shared-state",),
)


def counts(seen: dict[object, int], *, is_shared: bool) -> Callable[[Event], object]:
    """Counts what it is asked, though the same may be asked again."""

    def failed(event: Event) -> object:
        key = legs(event)[0]["CallId"] if is_shared else object()
        seen[key] = seen.get(key, 0) + 1
        return [Speak(text=f"Mistakes: {seen[key]}."), *BYE]

    return failed


RINGS = CallAndBridge(caller_id_number=OURS, uri=DESK, call_timeout_seconds=20)
counted_twice = Planted(
    "shared-state",
    "busy, ACTION_FAILED 2 is delivered twice",
    answers(NEW_INBOUND_CALL=[RINGS], ACTION_FAILED=counts({}, is_shared=True)),
    answers(NEW_INBOUND_CALL=[RINGS], ACTION_FAILED=counts({}, is_shared=False)),
)
RECORDS_CALL = StartCallRecording(call_id="a leg", track="BOTH", destination="calls")


def records(event: Event) -> object:
    its = RECORDS_CALL.model_copy(update={"call_id": legs(event)[0]["CallId"]})
    return [HELLO[0], its, *HELLO]


recording_that_may_not_be = Planted(
    "function-failed",
    "waits, StartCallRecording InvalidActionParameter fails",
    answers(
        NEW_INBOUND_CALL=records,
        ACTION_FAILED=lambda event: (
            BYE if told(event)[1]["Type"] == "Speak" else nobody_thought_of_this(event)
        ),
    ),
    answers(NEW_INBOUND_CALL=records),
)


def no_wav(event: Event) -> object:
    """There is one kind of it that nobody thought of."""
    if "Cannot access" in told(event)[1].get("ErrorMessage", ""):
        raise LookupError("no audio")
    return BYE


PLAYS = PlayAudio(audio_source="hold-music.wav")
wav_that_is_deleted = Planted(
    "function-failed",
    "finds no hold-music.wav",
    answers(NEW_INBOUND_CALL=[PLAYS], ACTION_SUCCESSFUL=BYE, ACTION_FAILED=no_wav),
    answers(NEW_INBOUND_CALL=[PLAYS], ACTION_SUCCESSFUL=BYE),
)
TALKS = StartBotConversation(bot_alias_arn=BOT)


def intent(event: Event) -> tuple[str, str]:
    """What a bot made of it, and how that went."""
    data = cast("Mapping[str, Mapping[str, Mapping[str, Mapping[str, str]]]]", told(event)[1])
    its = data["IntentResult"]["SessionState"]["Intent"]
    return its["Name"], its["State"]


def on_intent(*, is_wrong: bool) -> Handler:
    def handler(event: Event, context: object) -> object:
        is_over = told(event)[0] == "ACTION_SUCCESSFUL"
        if is_wrong and is_over and intent(event)[0] == "OrderBicycle":
            raise KeyError("bicycle")
        return answers(NEW_INBOUND_CALL=[TALKS], ACTION_SUCCESSFUL=BYE)(event, context)

    return handler


def on_failure(*, is_wrong: bool) -> Callable[[Event], object]:
    def understood(event: Event) -> object:
        return [] if intent(event)[1] == "Failed" and is_wrong else BYE

    return understood


intent_that_is_asked_for = Planted(
    "function-failed",
    "intent OrderBicycle",
    on_intent(is_wrong=True),
    on_intent(is_wrong=False),
    lacks=("missing-bot",),
)
bot_that_gives_up = Planted(
    "leg-left-connected",
    "gives up as a bot",
    answers(NEW_INBOUND_CALL=[TALKS], ACTION_SUCCESSFUL=on_failure(is_wrong=True)),
    answers(NEW_INBOUND_CALL=[TALKS], ACTION_SUCCESSFUL=on_failure(is_wrong=False)),
    lacks=("missing-bot",),
)
