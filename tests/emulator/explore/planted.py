"""Small handlers with one fault each, and the same without it.

`NAME.wrong` and `NAME.mended` are the handlers, in this module: the desk reaches them by name.
"""

import os
from collections.abc import Callable
from typing import cast

from offhook.actions import (
    Hangup,
    JoinChimeMeeting,
    Pause,
    PlayAudio,
    ReceiveDigits,
    RecordAudio,
    Speak,
    SpeakAndGetDigits,
    StartBotConversation,
    StopCallRecording,
)
from offhook.handler import ActionFailed, ActionSuccessful, NewInboundCall, Reply, Router
from tests.emulator.explore.planting import (
    API_GATEWAY,
    BYE,
    HELLO,
    MENU,
    PIN,
    RINGS_THE_DESK,
    Event,
    Handler,
    Planted,
    answers,
    asks,
    legs,
    menu,
    on_digits,
    told,
)
from tests.emulator.functions import reply

api_gateway_behind_a_pin = Planted(
    "refused-reply",
    "presses 123456",
    answers(NEW_INBOUND_CALL=[PIN], ACTION_SUCCESSFUL=API_GATEWAY, INVALID_LAMBDA_RESPONSE=BYE),
    answers(NEW_INBOUND_CALL=[PIN], ACTION_SUCCESSFUL=HELLO),
)
nothing_returned_for_silence = Planted(
    "refused-reply",
    "waits",
    menu(ACTION_SUCCESSFUL=HELLO, ACTION_FAILED=None),
    menu(ACTION_SUCCESSFUL=HELLO),
)
misspelt_behind_a_key = Planted(
    "refused-reply",
    "presses 2",
    menu(ACTION_SUCCESSFUL=on_digits(_2=[{"Type": "Spaek"}]), INVALID_LAMBDA_RESPONSE=BYE),
    menu(ACTION_SUCCESSFUL=HELLO),
)
eleven_actions = Planted(
    "refused-reply",
    "presses 1",
    menu(ACTION_SUCCESSFUL=on_digits(_1=[HELLO[0]] * 11), INVALID_LAMBDA_RESPONSE=BYE),
    menu(ACTION_SUCCESSFUL=on_digits(_1=[*[HELLO[0]] * 9, *BYE])),
)
MANY = {f"{n}": "" for n in range(101)}
many_attributes = Planted(
    "refused-reply",
    "presses 1",
    menu(
        ACTION_SUCCESSFUL=on_digits(_1=reply(*HELLO, TransactionAttributes=MANY)),
        INVALID_LAMBDA_RESPONSE=BYE,
    ),
    menu(ACTION_SUCCESSFUL=on_digits(_1=reply(*HELLO, TransactionAttributes={"1": ""}))),
)
hangup_answered_as_for_api_gateway = Planted(
    "refused-reply",
    "waits",
    answers(NEW_INBOUND_CALL=HELLO[:1], ACTION_SUCCESSFUL=BYE, HANGUP=API_GATEWAY),
    answers(NEW_INBOUND_CALL=HELLO[:1], ACTION_SUCCESSFUL=BYE, HANGUP=()),
)
NOT_OURS = RINGS_THE_DESK.model_copy(update={"caller_id_number": "+15550100999"})
caller_id_of_somebody_else = Planted(
    "refused-action",
    "waits, answers",
    answers(NEW_INBOUND_CALL=[HELLO[0], NOT_OURS]),
    answers(NEW_INBOUND_CALL=[HELLO[0], RINGS_THE_DESK]),
)
PAUSE = Pause(duration_in_milliseconds=5_000)
ON_LEG_B = Pause(duration_in_milliseconds=500, participant_tag="LEG-B")
leg_that_is_not_there = Planted(
    "refused-action",
    "waits",
    answers(NEW_INBOUND_CALL=[HELLO[0], ON_LEG_B, *BYE]),
    answers(NEW_INBOUND_CALL=[HELLO[0], PAUSE, *BYE]),
)


def stops_recording(event: Event) -> object:
    return [StopCallRecording(call_id=legs(event)[0]["CallId"])]


recording_that_never_began = Planted(
    "refused-action",
    "presses 1",
    menu(ACTION_SUCCESSFUL=on_digits(_1=stops_recording)),
    menu(ACTION_SUCCESSFUL=HELLO),
)


def nobody_thought_of_this(event: Event) -> object:
    raise KeyError(told(event)[0])


busy_desk_raises = Planted(
    "function-failed",
    "busy",
    answers(NEW_INBOUND_CALL=[RINGS_THE_DESK], ACTION_FAILED=nobody_thought_of_this),
    answers(NEW_INBOUND_CALL=[RINGS_THE_DESK]),
)
no_arguments_raise = Planted(
    "function-failed",
    "",
    answers(NEW_OUTBOUND_CALL=lambda event: event["ActionData"], CALL_ANSWERED=BYE),
    answers(NEW_OUTBOUND_CALL=lambda event: event.get("ActionData", []), CALL_ANSWERED=BYE),
    outbound=True,
)


def flow(says: Callable[[], str]) -> Router:
    """A router: it answers what its functions raise with an apology."""
    router = Router()

    @router.new_inbound_call()
    def welcome(event: NewInboundCall) -> Reply:
        return MENU

    @router.action_successful(MENU, digits="2")
    def second(event: ActionSuccessful[SpeakAndGetDigits]) -> Reply:
        return [Speak(text=says()), Hangup()]

    @router.action_successful(MENU)
    def first(event: ActionSuccessful[SpeakAndGetDigits]) -> Reply:
        return HELLO

    @router.action_failed(MENU)
    def gave_up(event: ActionFailed[SpeakAndGetDigits]) -> Reply:
        return Hangup()

    return router


apology_behind_a_key = Planted(
    "answered-failure", "presses 2", flow(lambda: {"1": "Welcome."}["2"]), flow(lambda: "Welcome.")
)
LISTENS = ReceiveDigits(
    input_digits_regex="^1$",
    in_between_digits_duration_in_milliseconds=500,
    flush_digits_duration_in_milliseconds=1_000,
)
key_while_nothing_is_said = Planted(
    "function-failed",
    "waits, presses 1",
    answers(
        NEW_INBOUND_CALL=[HELLO[0], LISTENS, PAUSE, *BYE], DIGITS_RECEIVED=nobody_thought_of_this
    ),
    answers(NEW_INBOUND_CALL=[HELLO[0], LISTENS, PAUSE, *BYE], DIGITS_RECEIVED=BYE),
)
SHORT = [Speak(text="Hold.")]
key_while_short_words_come_again = Planted(
    "function-failed",
    "presses 1, waits, waits",
    answers(
        NEW_INBOUND_CALL=[LISTENS, *SHORT],
        ACTION_SUCCESSFUL=SHORT,
        DIGITS_RECEIVED=nobody_thought_of_this,
    ),
    answers(NEW_INBOUND_CALL=[LISTENS, *SHORT], ACTION_SUCCESSFUL=BYE, DIGITS_RECEIVED=BYE),
    more=("endless-loop",),
)


def ends_on_silence(event: Event) -> object:
    if "RecordingTerminatorUsed" in told(event)[1]:
        raise KeyError("#")
    return HELLO


RECORDS = RecordAudio(
    recording_destination="voicemail", recording_terminators="#", duration_in_seconds=5
)
message_that_ends_on_a_key = Planted(
    "function-failed",
    "presses #",
    answers(NEW_INBOUND_CALL=[RECORDS], ACTION_SUCCESSFUL=ends_on_silence),
    answers(NEW_INBOUND_CALL=[RECORDS], ACTION_SUCCESSFUL=HELLO),
)
JOINS = JoinChimeMeeting(join_token="token", meeting_id="meeting")
meeting_that_ends = Planted(
    "leg-left-connected",
    "waits, meeting ends",
    answers(NEW_INBOUND_CALL=[JOINS], HANGUP=[]),
    answers(NEW_INBOUND_CALL=[JOINS]),
)
leg_never_hung_up = Planted(
    "leg-left-connected",
    "answers, hangs up on LEG-A",
    answers(
        NEW_INBOUND_CALL=[RINGS_THE_DESK],
        HANGUP=lambda event: BYE if legs(event)[0].get("Status") == "Connected" else [],
    ),
    answers(NEW_INBOUND_CALL=[RINGS_THE_DESK]),
)
busy_desk_leaves_silence = Planted(
    "leg-left-connected",
    "waits, busy",
    answers(
        NEW_INBOUND_CALL=[HELLO[0], RINGS_THE_DESK],
        ACTION_FAILED=lambda event: BYE if told(event)[1]["Type"] == "Speak" else [],
    ),
    answers(NEW_INBOUND_CALL=[HELLO[0], RINGS_THE_DESK]),
)
busy_desk_lets_it_ring = Planted(
    "never-answered",
    "busy",
    answers(NEW_INBOUND_CALL=[RINGS_THE_DESK], ACTION_FAILED=[]),
    answers(NEW_INBOUND_CALL=[RINGS_THE_DESK], ACTION_FAILED=HELLO),
)
said_into_the_greeting = Planted(
    "mailbox-keeps-nothing",
    "machine, waits",
    answers(CALL_ANSWERED=HELLO),
    answers(CALL_ANSWERED=[Pause(duration_in_milliseconds=5_000), *HELLO]),
    outbound=True,
)
ended_by_an_update = Planted(
    "mailbox-keeps-nothing",
    "machine, waits",
    answers(CALL_ANSWERED=HELLO, CALL_UPDATE_REQUESTED=HELLO),
    answers(
        CALL_ANSWERED=[Pause(duration_in_milliseconds=5_000), *HELLO], CALL_UPDATE_REQUESTED=HELLO
    ),
    outbound=True,
    updates=({"what": "end"},),
)


def kept(values: list[object], *, is_shared: bool) -> Callable[[Event], object]:
    """A template of a reply that is changed for each call: the same, or a new one."""

    def first(event: Event) -> object:
        mine = values if is_shared else []
        mine.append(f"{len(mine)} before you.")
        return [Speak(text=str(mine[-1])), *BYE]

    return first


def of_the_caller_before(first: dict[str, str], *, is_shared: bool) -> Callable[[Event], object]:
    """The id of the leg is kept where all calls find it, or not."""

    def chosen(event: Event) -> object:
        mine = first if is_shared else {}
        call_id = mine.setdefault("CallId", legs(event)[0]["CallId"])
        return reply(*HELLO, TransactionAttributes={"caller": call_id})

    return chosen


template_shared_by_all_calls = Planted(
    "shared-state",
    "waits",
    answers(NEW_INBOUND_CALL=kept([], is_shared=True)),
    answers(NEW_INBOUND_CALL=kept([], is_shared=False)),
)
leg_of_the_caller_before = Planted(
    "shared-state",
    "waits",
    answers(NEW_INBOUND_CALL=of_the_caller_before({}, is_shared=True)),
    answers(NEW_INBOUND_CALL=of_the_caller_before({}, is_shared=False)),
)
menu_without_end = Planted(
    "endless-loop",
    "waits",
    answers(NEW_INBOUND_CALL=HELLO[:1], ACTION_SUCCESSFUL=HELLO[:1]),
    answers(NEW_INBOUND_CALL=HELLO[:1], ACTION_SUCCESSFUL=BYE),
)
words_before_anybody_answers = Planted(
    "ignored-actions",
    "answers",
    answers(RINGING=HELLO[:1], CALL_ANSWERED=BYE),
    answers(CALL_ANSWERED=BYE),
    outbound=True,
)
expression_without_end = Planted(
    "endless-expression",
    "",
    answers(NEW_INBOUND_CALL=[asks("^(1+)+$")], ACTION_SUCCESSFUL=HELLO),
    answers(NEW_INBOUND_CALL=[asks("^1+$")], ACTION_SUCCESSFUL=HELLO),
)


def says(text: str, **more: str) -> Handler:
    """As it is on the wire."""
    speak = {"Type": "Speak", "Parameters": {"Text": text, **more}}
    return answers(NEW_INBOUND_CALL=[speak, *BYE])


parameter_that_is_none = Planted(
    "unknown-parameter", "", says("Hi.", Voice="Amy"), says("Hi.", VoiceId="Amy")
)
ampersand_in_ssml = Planted(
    "refused-action",
    "",
    says("<speak>Fish & chips</speak>", TextType="ssml"),
    says("<speak>Fish &amp; chips</speak>", TextType="ssml"),
)

# Not faults.

music_until_an_update = Planted(
    "silent-loop",
    "waits",
    answers(NEW_INBOUND_CALL=HELLO[:1], ACTION_SUCCESSFUL=HELLO[:1], CALL_UPDATE_REQUESTED=BYE),
    answers(NEW_INBOUND_CALL=HELLO[:1], ACTION_SUCCESSFUL=BYE, CALL_UPDATE_REQUESTED=BYE),
    weight="waste",
    updates=({"to": "end"},),
)
one_by_one = Planted(
    "more-invocations-than-needed",
    "waits, waits, waits",
    answers(
        NEW_INBOUND_CALL=[Speak(text="0")],
        ACTION_SUCCESSFUL=lambda event: (
            BYE if cast("int", event["Sequence"]) > 4 else [Speak(text=f"{event['Sequence']}")]
        ),
    ),
    answers(NEW_INBOUND_CALL=[Speak(text="0"), Speak(text="2"), *BYE]),
    weight="waste",
)
leg_of_no_name = Planted(
    "empty-leg",
    "",
    answers(NEW_INBOUND_CALL=[{"Type": "Hangup", "Parameters": {"CallId": ""}}]),
    answers(NEW_INBOUND_CALL=BYE),
    weight="advice",
)
audio_that_is_not_here = Planted(
    "missing-audio",
    "waits",
    answers(NEW_INBOUND_CALL=[PlayAudio(audio_source="s3://bucket/nowhere.wav"), *BYE]),
    answers(NEW_INBOUND_CALL=BYE),
    weight="lack",
)
BOT = "arn:aws:lex:us-east-1:123456789012:bot-alias/A/B"
bot_that_is_not_here = Planted(
    "missing-bot",
    "",
    answers(NEW_INBOUND_CALL=[StartBotConversation(bot_alias_arn=BOT)], ACTION_SUCCESSFUL=BYE),
    answers(NEW_INBOUND_CALL=BYE),
    weight="lack",
)
variable_that_is_not_set = Planted(
    "missing-variable",
    "",
    answers(NEW_INBOUND_CALL=lambda _event: os.environ["NOT_SET_HERE"]),
    answers(NEW_INBOUND_CALL=lambda _event: os.environ.get("NOT_SET_HERE", BYE)),
    weight="lack",
)


class ResourceNotFoundException(Exception):
    """As boto3's."""


def reads_a_table(event: Event) -> object:
    raise ResourceNotFoundException("Requested resource not found")


table_that_is_not_made = Planted(
    "missing-resource",
    "",
    answers(NEW_INBOUND_CALL=reads_a_table),
    answers(NEW_INBOUND_CALL=BYE),
    weight="lack",
)
