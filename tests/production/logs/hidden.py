"""Calls of an emulator whose settings nobody knows: each kind of call asks for one of them."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from random import Random
from typing import Any, TypeAlias, cast

from offhook.emulator.service.far_ends import Answers
from offhook.emulator.settings import Settings
from offhook.emulator.testing import Phone
from offhook.production.logs.of_emulator import all_of
from offhook.production.logs.recorded import RecordedCall
from tests.production.logs.happened import DESK

Event: TypeAlias = Mapping[str, Any]
Action: TypeAlias = Mapping[str, object]
Replies: TypeAlias = Callable[[str, Event], Sequence[Action] | Mapping[str, object]]
Deeds: TypeAlias = Callable[[Phone], object]

HANGUP: Action = {"Type": "Hangup", "Parameters": {}}
DESTINATION = {"Type": "S3", "BucketName": "recordings"}


def action(kind: str, **parameters: object) -> Action:
    return {"Type": kind, "Parameters": parameters}


def speak(text: str = "Welcome to us all.", **more: object) -> Action:
    return action("Speak", Text=text, **more)


def asks(text: str = "Your key, please.", *, fewest: int = 1) -> Action:
    return action(
        "SpeakAndGetDigits",
        MinNumberOfDigits=fewest,
        MaxNumberOfDigits=1,
        Repeat=2,
        RepeatDurationInMilliseconds=3000,
        SpeechParameters={"Text": text},
        FailureSpeechParameters={"Text": "Sorry, I have not understood that."},
    )


BRIDGE = action(
    "CallAndBridge",
    CallTimeoutSeconds=30,
    CallerIdNumber="+15550100100",
    Endpoints=[{"BridgeEndpointType": "PSTN", "Uri": "+15550100400"}],
)


def answers(said: Replies) -> Callable[[Event, object], object]:
    """A handler that is told an event by a short name, `ACTION_SUCCESSFUL Speak`; a `CallId` of
    `LEG-A` is that of the leg."""

    def handler(event: Event, _context: object) -> object:
        data: Mapping[str, Any] = event.get("ActionData") or {}
        kind = event["InvocationEventType"]
        name = f"{kind} {data.get('Type')}" if kind.startswith("ACTION_") else kind
        found = said(name, event)
        reply = found if isinstance(found, Mapping) else {"SchemaVersion": "1.0", "Actions": found}
        text = json.dumps(reply)
        for leg in event["CallDetails"]["Participants"]:
            text = text.replace(
                f'"CallId": "{leg["ParticipantTag"]}"', f'"CallId": "{leg["CallId"]}"'
            )
        return cast("object", json.loads(text))

    return handler


def of(table: Mapping[str, object]) -> Replies:
    return lambda name, _event: cast("Sequence[Action]", table.get(name, ()))


def listens(phone: Phone) -> None:
    """Somebody calls, hears it all, and hangs up in the end."""
    call = phone.dials()
    phone.wait(45)
    if not call.is_over:
        call.hangs_up()
    phone.wait(5)


def leaves(after: float) -> Deeds:
    def does(phone: Phone) -> None:
        call = phone.dials()
        phone.wait(after)
        if not call.is_over:
            call.hangs_up()
        phone.wait(30)

    return does


def presses(keys: str, after: float) -> Deeds:
    def does(phone: Phone) -> None:
        call = phone.dials()
        phone.wait(after)
        call.presses(keys)
        phone.wait(45)
        if not call.is_over:
            call.hangs_up()
        phone.wait(5)

    return does


def updates(phone: Phone) -> None:
    call = phone.dials()
    phone.wait(2)
    call.updates(what="now")
    phone.wait(30)
    call.hangs_up()
    phone.wait(5)


def fails(phone: Phone) -> None:
    phone.fails("StartCallRecording", "SystemException", "System error.")
    listens(phone)


def interrupted(name: str, _event: Event) -> Sequence[Action] | Mapping[str, object]:
    match name:
        case "NEW_INBOUND_CALL":
            return [speak(), action("Pause", DurationInMilliseconds=20_000)]
        case "CALL_UPDATE_REQUESTED":
            return [speak("Now.")]
        case "ACTION_INTERRUPTED Pause" | "ACTION_INTERRUPTED Speak":
            return {"SchemaVersion": "1.0", "Actions": [], "TransactionAttributes": {"was": "cut"}}
        case _:
            return []


def of_an_error(name: str, _event: Event) -> Sequence[Action]:
    if name != "NEW_INBOUND_CALL":
        raise KeyError("name")
    return [speak()]


def bridged(*then: Action, left: Sequence[Action] = ()) -> Replies:
    return of(
        {"NEW_INBOUND_CALL": [BRIDGE], "ACTION_SUCCESSFUL CallAndBridge": then, "HANGUP": left}
    )


RECORDS = action(
    "StartCallRecording",
    CallId="LEG-A",
    Track="BOTH",
    Destination={"Type": "S3", "Location": "recordings/calls"},
)

STORIES: Mapping[str, tuple[Replies, Deeds]] = {
    "empty_reply_to_new_inbound_call": (of({}), listens),
    "pause_answers": (
        of({"NEW_INBOUND_CALL": [action("Pause", DurationInMilliseconds=1000)]}),
        leaves(5),
    ),
    "hangup_of_the_only_leg": (
        of({"NEW_INBOUND_CALL": [speak()], "ACTION_SUCCESSFUL Speak": [HANGUP]}),
        listens,
    ),
    "hangup_of_leg_b": (bridged(action("Hangup", ParticipantTag="LEG-B")), listens),
    "caller_leaves_during_an_action": (
        of({"NEW_INBOUND_CALL": [speak("One two three. " * 9)]}),
        leaves(3),
    ),
    "success_of_a_replaced_action": (
        of({"NEW_INBOUND_CALL": [speak("Hi."), BRIDGE], "CALL_UPDATE_REQUESTED": [speak("Now.")]}),
        updates,
    ),
    "list_after_its_leg_left": (
        bridged(
            action("Speak", Text="One two three. " * 9, ParticipantTag="LEG-A"),
            action("Speak", Text="You as well.", ParticipantTag="LEG-B"),
        ),
        leaves(6),
    ),
    "echo_participant_tag": (of({"NEW_INBOUND_CALL": [speak()]}), listens),
    "invalid_digits_message": (
        of({"NEW_INBOUND_CALL": [asks()], "ACTION_FAILED SpeakAndGetDigits": [HANGUP]}),
        listens,
    ),
    "bad_reply": (
        of({"NEW_INBOUND_CALL": [speak()], "ACTION_SUCCESSFUL Speak": [{"Type": "Nothing"}]}),
        listens,
    ),
    "hangup_event_after_a_drop": (of_an_error, listens),
    "voice_focus_without_call_id": (
        of(
            {
                "NEW_INBOUND_CALL": [speak()],
                "ACTION_SUCCESSFUL Speak": [action("VoiceFocus", Enable=True)],
            }
        ),
        listens,
    ),
    "recording_out_of_turn": (
        of(
            {
                "NEW_INBOUND_CALL": [speak()],
                "ACTION_SUCCESSFUL Speak": [action("StopCallRecording", CallId="LEG-A")],
            }
        ),
        listens,
    ),
    "recording_of_another_leg": (
        of(
            {
                "NEW_INBOUND_CALL": [BRIDGE],
                "ACTION_SUCCESSFUL CallAndBridge": [RECORDS],
                "ACTION_SUCCESSFUL StartCallRecording": [
                    action("PauseCallRecording", CallId="LEG-B")
                ],
            }
        ),
        listens,
    ),
    "values_that_are_not_listed": (of({"NEW_INBOUND_CALL": [speak(VoiceId="Nobody")]}), listens),
    "record_audio_key": (
        of(
            {
                "NEW_INBOUND_CALL": [
                    action(
                        "RecordAudio",
                        DurationInSeconds=2,
                        RecordingTerminators=["#"],
                        RecordingDestination=DESTINATION,
                    )
                ]
            }
        ),
        listens,
    ),
    "interrupted_reply_stores_attributes": (interrupted, updates),
    "system_exception": (
        of({"NEW_INBOUND_CALL": [speak()], "ACTION_SUCCESSFUL Speak": [RECORDS]}),
        fails,
    ),
    "no_digits_is_success": (of({"NEW_INBOUND_CALL": [asks(fewest=0)]}), listens),
    "barge_in": (of({"NEW_INBOUND_CALL": [asks("One two three. " * 9)]}), presses("1", 3)),
}
"""What is answered and done, by the setting that it is meant for."""
SEEN = [*STORIES][: [*STORIES].index("no_digits_is_success")]
"""Those that a call of the kind shows, whatever they are. Others are shown by some values, or by
times alone."""
MESSAGE = "The digits are not valid."


def values(name: str) -> list[object]:
    """What a setting may be."""
    schema = cast("dict[str, Any]", Settings.model_json_schema()["properties"][name])
    if schema.get("type") == "boolean":
        return [False, True]
    return schema.get("enum") or [MESSAGE, Settings().invalid_digits_message]


def happened(settings: Settings, kinds: Sequence[str], seed: int) -> list[RecordedCall]:
    """A call of each kind, as logs would have it: their times are some milliseconds off."""
    random = Random(seed)
    made: list[RecordedCall] = []
    for kind in kinds:
        said, does = STORIES[kind]
        with Phone(
            answers(said), desk=DESK, settings=settings, seed=random.getrandbits(32)
        ) as phone:
            phone.at("+15550100400", Answers(after=2, hangs_up_after=20))
            does(phone)
            made += [jittered(call, random) for call in all_of(phone)]
    return made


def jittered(call: RecordedCall, random: Random) -> RecordedCall:
    rows = [
        each.model_copy(
            update={"at": each.at and each.at + timedelta(milliseconds=random.randrange(40))}
        )
        for each in call.exchanges
    ]
    return call.model_copy(update={"exchanges": rows})
