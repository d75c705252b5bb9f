"""What a caller notices of the settings of actions: how they run, and what is told."""

import wave
from collections.abc import Mapping, Sequence
from typing import cast

from offhook.actions import (
    Hangup,
    JoinChimeMeeting,
    PauseCallRecording,
    RecordAudio,
    Speak,
    StartCallRecording,
    Unlisted,
)
from offhook.emulator.testing import Answers
from tests.emulator.functions import (
    Function,
    action_data,
    error,
    in_turn,
    legs,
    parameters,
    reply,
    types,
)
from tests.emulator.settings_stories.decides import BRIDGE, LISTEN, LONG, MENU, Answered, decides


@decides({165: 4.727, 60: 13.0})
def words_per_minute(answered_by: Answered) -> object:
    phone = answered_by(in_turn([LONG]))
    phone.dials().hears("bicycle")
    return phone.now


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


@decides({"told": 2, "silent": 1})
def success_of_a_replaced_action(answered_by: Answered) -> object:
    call = answered_by(in_turn([MENU], [Speak(text="News.")])).dials()
    call.waits(1)
    call.updates(news="1")
    call.presses("12#")
    call.hears("Your number")
    call.hears("News.")
    return types(call.events).count("ACTION_SUCCESSFUL")


@decides({"error_type": {"ErrorType", "ErrorMessage"}, "error_string": {"Error"}})
def system_exception(answered_by: Answered) -> object:
    phone = answered_by(in_turn([JoinChimeMeeting(join_token="a-token")]))
    phone.fails("JoinChimeMeeting", "SystemException")
    call = phone.dials()
    call.waits(1)
    return action_data(call.events[1]).keys() - {"Type", "Parameters"}


@decides({"InvalidActionParameter": "InvalidActionParameter", "SystemException": "SystemException"})
def recording_out_of_turn(answered_by: Answered) -> object:
    call = answered_by(recording(["StopCallRecording"])).dials()
    call.hears("Hello.")
    call.waits(1)
    return error(call.events[2])[0]


@decides({"fails": "InvalidActionParameter", "taken": None})
def recording_of_another_leg(answered_by: Answered) -> object:
    def records_ben_and_pauses_ana(event: Mapping[str, object], _context: object) -> object:
        if event["Sequence"] == 1:
            return reply(BRIDGE)
        if event["Sequence"] == 2:
            ana, ben = (str(leg["CallId"]) for leg in legs(event))
            place = "s3://talks"
            start = StartCallRecording(call_id=ben, track="BOTH", destination=place)
            return reply(start, PauseCallRecording(call_id=ana))
        return reply()

    phone = answered_by(records_ben_and_pauses_ana)
    phone.at(BRIDGE.uri, Answers())
    call = phone.dials()
    call.waits(5)
    return action_data(call.events[2]).get("ErrorType")


@decides({"start_of_the_leg": "10-00-00-000", "start_of_the_recording": "10-00-00-364"})
def call_recording_key(answered_by: Answered) -> object:
    call = answered_by(recording(["StartCallRecording"])).dials()
    call.hears("Hello.")
    call.waits(1)
    destination = cast("Mapping[str, str]", action_data(call.events[2])["CallRecordingDestination"])
    return destination["Location"].partition("2027-03-01-")[2][:12]


@decides({"call_id_and_number": "-0.wav", "moment_and_ids": "d.wav"})
def record_audio_key(answered_by: Answered) -> object:
    keep = RecordAudio(recording_destination="s3://talks", recording_terminators="#")
    call = answered_by(in_turn([keep])).dials()
    call.waits(1)
    call.presses("#")
    destination = cast("Mapping[str, str]", action_data(call.events[1])["RecordingDestination"])
    leg = str(legs(call.events[1])[0]["CallId"])
    return "d.wav" if destination["Key"].endswith(f"_{leg}.wav") else destination["Key"][36:]


@decides({"refused": ("InvalidActionParameter", ""), "taken": None})
def values_that_are_not_listed(answered_by: Answered) -> object:
    call = answered_by(in_turn([Speak(text="Hello.", voice_id=Unlisted("Nova"))])).dials()
    call.waits(2)
    is_failed = call.events[1]["InvocationEventType"] == "ACTION_FAILED"
    return error(call.events[1]) if is_failed else None


@decides({"ignored": False, "taken": True})
def custom_sip_headers(answered_by: Answered) -> object:
    sent = cast("Mapping[str, object]", BRIDGE.to_wire()["Parameters"])
    custom = {"CustomSipHeaders": {"X-Account-Id": "42"}}
    phone = answered_by(in_turn([{"Type": "CallAndBridge", "Parameters": {**sent, **custom}}]))
    call = phone.dials()
    call.waits(1)
    return "with X-Account-Id" in call.ladder.render()


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


@decides({True: {"seen": "yes"}, False: {}})
def interrupted_reply_stores_attributes(answered_by: Answered) -> object:
    seen = reply(TransactionAttributes={"seen": "yes"})
    call = answered_by(in_turn([LONG], [Speak(text="News.")], seen)).dials()
    call.waits(1)
    call.updates(news="1")
    assert types(call.events)[1:3] == ["CALL_UPDATE_REQUESTED", "ACTION_INTERRUPTED"]
    return call.attributes


@decides({"invoked_leg": ["Hangup"], "fails": ["ACTION_FAILED", "VoiceFocus"]})
def voice_focus_without_call_id(answered_by: Answered) -> object:
    bare = {"Type": "VoiceFocus", "Parameters": {"Enable": True}}
    call = answered_by(in_turn([bare, Hangup()])).dials()
    call.settles()
    told = call.events[1]
    is_failed = told["InvocationEventType"] == "ACTION_FAILED"
    kind = str(action_data(told)["Type"])
    return ["ACTION_FAILED", kind] if is_failed else [kind]
