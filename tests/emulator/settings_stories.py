"""What a caller notices of each setting: a story under its name, and its outcome for each value."""

import wave
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias, cast

from offhook.actions import (
    CallAndBridge,
    Hangup,
    JoinChimeMeeting,
    Pause,
    ReceiveDigits,
    Speak,
    SpeakAndGetDigits,
)
from offhook.emulator.service.switchboard import DeskSwitchboard, Line
from offhook.emulator.testing import Phone
from tests.emulator.functions import (
    Function,
    action_data,
    always,
    error,
    in_turn,
    legs,
    parameters,
    reply,
    statuses,
    types,
)

Answered: TypeAlias = Callable[[Function], Phone]
Story: TypeAlias = Callable[[Answered], object]

LONG = Speak(text="This is a long story about a bicycle that nobody wanted to mend.")
LISTEN = ReceiveDigits(
    input_digits_regex="^1$",
    in_between_digits_duration_in_milliseconds=500,
    flush_digits_duration_in_milliseconds=2_000,
)
MENU = SpeakAndGetDigits(
    text="Your number, please.",
    failure_text="Sorry?",
    repeat_duration_in_milliseconds=1_000,
)
BRIDGE = CallAndBridge(caller_id_number="+15550100100", uri="+15550100300")

STORIES: dict[str, tuple[Story, Mapping[object, object]]] = {}


def decides(outcomes: Mapping[object, object]) -> Callable[[Story], Story]:
    """File a story under its name, which is the setting's: what comes of it for each value."""

    def file(story: Story) -> Story:
        STORIES[story.__name__] = (story, outcomes)
        return story

    return file


@decides({165: 4.727, 60: 13.0})
def words_per_minute(answered_by: Answered) -> object:
    phone = answered_by(in_turn([LONG]))
    phone.dials().hears("bicycle")
    return phone.now


@decides({"drop": (0, 0), "ring": (1, 30)})
def empty_reply_to_new_inbound_call(answered_by: Answered) -> object:
    call = answered_by(always()).dials()
    call.ends()
    return types(call.events).count("HANGUP"), call.ladder.entries[-1].time


@decides({30.0: 30, 12.5: 12.5})
def unanswered_seconds(answered_by: Answered) -> object:
    call = answered_by(in_turn([Pause(duration_in_milliseconds=100)])).dials()
    call.ends()
    return call.ladder.entries[-1].time


@decides({60.0: 60, 12.5: 12.5})
def outbound_ring_seconds(answered_by: Answered) -> object:
    call = answered_by(always()).rings()
    call.ends()
    return call.ladder.entries[-1].time


@decides({True: [None, "Connected"], False: [None, None]})
def pause_answers(answered_by: Answered) -> object:
    call = answered_by(in_turn([Pause(duration_in_milliseconds=100)])).dials()
    call.waits(1)
    return list(statuses(call.events))


@decides({"hangup": ["HANGUP"], "action_successful_then_hangup": ["ACTION_SUCCESSFUL", "HANGUP"]})
def hangup_of_the_only_leg(answered_by: Answered) -> object:
    call = answered_by(in_turn([Speak(text="Bye."), Hangup()])).dials()
    call.hears("Bye.")
    call.ends()
    return types(call.events)[1:]


@decides(
    {
        "action_successful_then_hangup": ["ACTION_SUCCESSFUL", "HANGUP"],
        "hangup_then_action_successful": ["HANGUP", "ACTION_SUCCESSFUL"],
        "hangup": ["HANGUP"],
    }
)
def hangup_of_leg_b(answered_by: Answered) -> object:
    phone = answered_by(in_turn([BRIDGE], [Hangup(participant_tag="LEG-B")]))
    ben = phone.person("+15550100300")
    call = phone.dials()
    ben.answers()
    call.waits(1)
    return types(call.events)[2:]


@decides({"action_then_hangup": ["ACTION_SUCCESSFUL", "HANGUP"], "hangup": ["HANGUP"]})
def caller_leaves_during_an_action(answered_by: Answered) -> object:
    call = answered_by(in_turn([LONG])).dials()
    call.waits(1)
    call.hangs_up()
    call.ends()
    return types(call.events)[1:]


@decides({"finish_then_replace": False, "replace": True})
def reply_while_an_action_runs(answered_by: Answered) -> object:
    call = answered_by(in_turn([LISTEN, LONG, LONG], [Speak(text="Hello, 1.")])).dials()
    call.interrupts("1", during="bicycle")
    call.hears("Hello, 1.")
    return "is cut" in call.ladder.render()


@decides({"goes_on": 3, "waits": 1})
def list_while_the_function_is_asked(answered_by: Answered) -> object:
    hello = Speak(text="Hello there.")
    phone = answered_by(in_turn([hello, hello, LONG]))
    call = phone.dials()
    phone.wait(0.5)
    phone.function_is(slow=4.0)
    call.updates()
    phone.wait(3.0)
    return call.heard


@decides({"search": "11", "fullmatch": "InvalidDigitsReceived"})
def digits_regex(answered_by: Answered) -> object:
    call = answered_by(in_turn([_with(MENU.to_wire(), InputDigitsRegex="1")])).dials()
    call.interrupts("11#")
    call.waits(1)
    data = action_data(call.events[1])
    return data.get("ReceivedDigits", data.get("ErrorType"))


@decides({True: "12", False: "InvalidDigitsReceived"})
def regex_may_take_the_terminator(answered_by: Answered) -> object:
    call = answered_by(in_turn([_with(MENU.to_wire(), InputDigitsRegex=r"^\d{2}#$")])).dials()
    call.interrupts("12#")
    call.waits(1)
    data = action_data(call.events[1])
    return data.get("ReceivedDigits", data.get("ErrorType"))


@decides({True: (True, "1"), False: (False, "1")})
def barge_in(answered_by: Answered) -> object:
    call = answered_by(in_turn([_with(MENU.to_wire(), MaxNumberOfDigits=1)])).dials()
    call.interrupts("1")
    call.waits(2)
    return "is cut" in call.ladder.render(), action_data(call.events[1])["ReceivedDigits"]


@decides(
    {
        "after_terminator": ("", "InvalidDigitsReceived"),
        "always": ("", ""),
        "never": ("InvalidDigitsReceived", "InvalidDigitsReceived"),
    }
)
def no_digits_is_success(answered_by: Answered) -> object:
    came: list[object] = []
    for keys in ("#", ""):
        call = answered_by(in_turn([MENU])).dials()
        call.hears("Your number, please.")
        if keys:
            call.presses(keys)
        call.waits(3)
        data = action_data(call.events[1])
        came.append(data.get("ReceivedDigits", data.get("ErrorType")))
    return tuple(came)


@decides({True: 2, False: 1})
def failure_prompt_after_the_last_attempt(answered_by: Answered) -> object:
    call = answered_by(in_turn([MENU])).dials()
    call.waits(10)
    return call.heard


@decides({"Invalid digits received.": "Invalid digits received.", "Nothing.": "Nothing."})
def invalid_digits_message(answered_by: Answered) -> object:
    call = answered_by(in_turn([MENU])).dials()
    call.waits(10)
    return error(call.events[1])[1]


@decides({"stays": 2, "ends": 1})
def receive_digits_after_a_match(answered_by: Answered) -> object:
    call = answered_by(in_turn([Speak(text="Hello."), LISTEN])).dials()
    call.hears("Hello.")
    for _ in range(2):
        call.presses("1")
        call.waits(1)
    return types(call.events).count("DIGITS_RECEIVED")


@decides({"forget": [], "send": ["29"]})
def unmatched_digits(answered_by: Answered) -> object:
    call = answered_by(in_turn([Speak(text="Hello."), LISTEN])).dials()
    call.hears("Hello.")
    call.presses("29")
    call.waits(5)
    told = [event for event in call.events if event["InvocationEventType"] == "DIGITS_RECEIVED"]
    return [action_data(event)["ReceivedDigits"] for event in told]


@decides({"told": 2, "silent": 1})
def success_of_a_replaced_action(answered_by: Answered) -> object:
    call = answered_by(in_turn([MENU], [Speak(text="News.")])).dials()
    call.waits(1)
    call.updates(news="1")
    call.presses("12#")
    call.hears("Your number")
    call.hears("News.")
    return types(call.events).count("ACTION_SUCCESSFUL")


@decides({"dropped": 0, "goes_on": 1})
def list_after_its_leg_left(answered_by: Answered) -> object:
    to_both = [LONG.model_copy(update={"participant_tag": "LEG-B"}), Speak(text="To you.")]
    phone = answered_by(in_turn([BRIDGE], to_both))
    ben = phone.person("+15550100300")
    call = phone.dials()
    ben.answers()
    ben.waits(1)
    ben.hangs_up()
    call.waits(10)
    return call.heard


@decides(
    {
        "error_type": {"ErrorType", "ErrorMessage"},
        "error_string": {"Error"},
    }
)
def system_exception(answered_by: Answered) -> object:
    phone = answered_by(in_turn([JoinChimeMeeting(join_token="a-token")]))
    phone.fails("JoinChimeMeeting", "SystemException")
    call = phone.dials()
    call.waits(1)
    return action_data(call.events[1]).keys() - {"Type", "Parameters"}


@decides(
    {
        "InvalidActionParameter": "InvalidActionParameter",
        "SystemException": "SystemException",
    }
)
def recording_out_of_turn(answered_by: Answered) -> object:
    call = answered_by(recording(["StopCallRecording"])).dials()
    call.hears("Hello.")
    call.waits(1)
    return error(call.events[2])[0]


@decides({0.3: 0.6, 0.0: 0.0})
def pause_tone_seconds(answered_by: Answered) -> object:
    steps = ["StartCallRecording", "PauseCallRecording", "Pause", "ResumeCallRecording"]
    phone = answered_by(recording([*steps, "Pause"]))
    call = phone.dials()
    call.hears("Hello.")
    call.waits(5)
    call.hangs_up()
    call.ends()
    with wave.open(str(phone.recordings[0]), "rb") as wav:
        samples = wav.readframes(wav.getnframes())
    windows = [samples[start : start + 1600] for start in range(0, len(samples), 1600)]
    return sum(any(window) for window in windows) / 10


def recording(steps: Sequence[str]) -> Function:
    """Answer the first event with words, the second with these actions on LEG-A."""

    def function(event: object, _context: object) -> object:
        told = cast("Mapping[str, object]", event)
        if told["Sequence"] == 1:
            return reply(Speak(text="Hello."))
        sent = {
            "CallId": legs(told)[0]["CallId"],
            "Track": "INCOMING",
            "Destination": {"Type": "S3", "Location": "recordings"},
            "DurationInMilliseconds": 2_000,
        }
        wires = [{"Type": step, "Parameters": sent} for step in steps]
        return reply(*wires) if told["Sequence"] == 2 else reply()

    return function


@decides({True: {"CallId", "ParticipantTag", "Text"}, False: {"CallId", "Text"}})
def echo_participant_tag(answered_by: Answered) -> object:
    call = answered_by(in_turn([Speak(text="Hello.")])).dials()
    call.hears("Hello.")
    return parameters(call.events[1]).keys()


@decides({"to_meeting": ("+17035550122", "SMA"), "from_meeting": ("SMA", "+17035550122")})
def meeting_leg_numbers(answered_by: Answered) -> object:
    join = JoinChimeMeeting(join_token="a-token", meeting_id="a-meeting")
    call = answered_by(in_turn([Speak(text="Hello."), join])).dials()
    call.hears("Hello.")
    call.waits(10)
    meeting = legs(call.events[-1])[1]
    return meeting["To"], meeting["From"]


@decides({"invalid_lambda_response": ["INVALID_LAMBDA_RESPONSE"], "hang_up": []})
def bad_reply(answered_by: Answered) -> object:
    call = answered_by(in_turn([Speak(text="Hello.")], 7)).dials()
    call.hears("Hello.")
    call.waits(1)
    assert call.is_over == (len(call.events) == 2)
    return types(call.events)[2:]


class TwoTargets(DeskSwitchboard):
    """A SIP rule with two targets."""

    def answering(self, number: str, host: str | None = None) -> Sequence[Line]:
        (line,) = super().answering(number, host)
        return line, Line("the-next", line.function)


@decides({"drop": 1, "next_target": 2})
def function_error(answered_by: Answered) -> object:
    phone = answered_by(in_turn(ValueError("no"), [Speak(text="Hello."), Hangup()]))
    phone.service.switchboard = TwoTargets(phone.service.desk)
    call = phone.dials()
    call.settles()
    return len(call.events)


@decides({True: ["HANGUP"], False: []})
def hangup_event_after_a_drop(answered_by: Answered) -> object:
    call = answered_by(in_turn([Speak(text="Hello.")], None)).dials()
    call.hears("Hello.")
    call.ends()
    told = call.events[2:]
    assert [parameters(event)["SipResponseCode"] for event in told] == [480] * len(told)
    return types(told)


@decides({1000: 1000, 3: 3})
def max_invocations(answered_by: Answered) -> object:
    call = answered_by(always(Speak(text="Hello."))).dials()
    call.settles()
    return len(call.events)


@decides({True: {"seen": "yes"}, False: {}})
def interrupted_reply_stores_attributes(answered_by: Answered) -> object:
    seen = reply(TransactionAttributes={"seen": "yes"})
    call = answered_by(in_turn([LONG], [Speak(text="News.")], seen)).dials()
    call.waits(1)
    call.updates(news="1")
    assert types(call.events)[1:3] == ["CALL_UPDATE_REQUESTED", "ACTION_INTERRUPTED"]
    return call.attributes


def _with(wire: Mapping[str, object], **more: object) -> dict[str, object]:
    sent = wire["Parameters"]
    assert isinstance(sent, dict)
    return {"Type": wire["Type"], "Parameters": {**sent, **more}}
