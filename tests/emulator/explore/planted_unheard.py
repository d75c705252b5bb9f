"""Small handlers after which a caller hears nothing, or never hears what is meant for them; and the
same without it."""

from offhook.actions import Hangup, Pause, RecordAudio, StopCallRecording
from tests.emulator.explore.planted import LISTENS
from tests.emulator.explore.planted_disturbed import PLAYS
from tests.emulator.explore.planted_two_legs import TO_A
from tests.emulator.explore.planting import (
    BYE,
    HELLO,
    RINGS_THE_DESK,
    Event,
    Planted,
    answers,
    legs,
    menu,
)
from tests.emulator.functions import reply

THEN = [Pause(duration_in_milliseconds=9_000), *HELLO]
silence_until_a_key = Planted(
    "silent-loop",
    "waits",
    answers(NEW_INBOUND_CALL=[HELLO[0], LISTENS], DIGITS_RECEIVED=BYE),
    answers(NEW_INBOUND_CALL=[HELLO[0], LISTENS, *THEN], DIGITS_RECEIVED=BYE),
    weight="waste",
)
silence_whatever_the_key = Planted(
    "endless-loop",
    "waits",
    answers(NEW_INBOUND_CALL=[HELLO[0], LISTENS], DIGITS_RECEIVED=HELLO[:1]),
    answers(NEW_INBOUND_CALL=[HELLO[0], LISTENS, *THEN], DIGITS_RECEIVED=HELLO),
)
wav_that_is_played_again = Planted(
    "endless-loop",
    "finds no hold-music.wav",
    answers(NEW_INBOUND_CALL=[PLAYS], ACTION_SUCCESSFUL=BYE, ACTION_FAILED=[PLAYS]),
    answers(NEW_INBOUND_CALL=[PLAYS], ACTION_SUCCESSFUL=BYE, ACTION_FAILED=HELLO),
)
goodbye_after_hangup = Planted(
    "actions-after-hangup",
    "presses 1",
    menu(ACTION_SUCCESSFUL=[*BYE, *HELLO[:1]]),
    menu(ACTION_SUCCESSFUL=[*HELLO, StopCallRecording(call_id="LEG-A"), *BYE]),
)
actions_that_are_misspelt = Planted(
    "unknown-parameter",
    "presses 1",
    menu(ACTION_SUCCESSFUL={"SchemaVersion": "1.0", "actions": reply(*HELLO)["Actions"]}),
    menu(ACTION_SUCCESSFUL=reply(*HELLO) | {"Comment": "ours"}),
    more=("leg-left-connected",),
)
RECORDS = RecordAudio(recording_destination="voicemail", recording_terminators="#")
recording_without_end = Planted(
    "leg-left-connected",
    "waits",
    answers(NEW_INBOUND_CALL=[RECORDS], ACTION_SUCCESSFUL=BYE),
    answers(
        NEW_INBOUND_CALL=[RECORDS.model_copy(update={"silence_duration_in_seconds": 5})],
        ACTION_SUCCESSFUL=BYE,
    ),
)


def lets_both_go(event: Event) -> object:
    """In one list, whoever has left."""
    is_there = any(leg.get("Status") == "Connected" for leg in legs(event))
    return [Hangup(participant_tag="LEG-B"), TO_A, *BYE] if is_there else []


def lets_one_go(event: Event) -> object:
    """The caller, where the desk has left."""
    return BYE if legs(event)[0].get("Status") == "Connected" else []


CALLER_LEFT = answers(NEW_INBOUND_CALL=[RINGS_THE_DESK], HANGUP=lets_one_go)
desk_that_is_not_let_go = Planted(
    "leg-left-connected",
    "answers, hangs up on LEG-A",
    CALLER_LEFT,
    answers(
        NEW_INBOUND_CALL=[RINGS_THE_DESK],
        HANGUP=lambda event: lets_one_go(event) or lets_both_go(event),
    ),
)
