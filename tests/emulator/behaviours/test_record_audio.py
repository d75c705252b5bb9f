"""RecordAudio: what a leg says becomes a wav, until a key, silence or the duration (B.6).

About `offhook.emulator.service.buckets`.
"""

from pathlib import Path
from typing import cast

import pytest

from offhook.actions import Hangup, RecordAudio, Speak
from offhook.emulator.service.config import Desk
from offhook.emulator.testing import Phone, PhoneCall
from tests.emulator.call.every_action import wire
from tests.emulator.call.stories import UP, bridged, call_id, scripted, story
from tests.emulator.call.wavs import in_the_way, read
from tests.emulator.functions import AnsweredBy, action_data, error, in_turn, types

MESSAGE = "one two three four five six seven eight nine ten eleven"  # 4 seconds


def record(**more: object) -> RecordAudio:
    """Record to a bucket until #."""
    given = {"recording_destination": "s3://voicemail", "recording_terminators": "#", **more}
    return RecordAudio.model_validate(given)


def destination(call: PhoneCall, event: int = 1) -> dict[str, str]:
    """Where the recording is, as the event says."""
    return cast("dict[str, str]", action_data(call.events[event])["RecordingDestination"])


def used(call: PhoneCall) -> object:
    """The key that ended it, as the event says."""
    return action_data(call.events[1]).get("RecordingTerminatorUsed")


def test_a_key_ends_it_and_is_named(answered_by: AnsweredBy) -> None:
    phone = answered_by(in_turn([record(recording_terminators="#*")]))
    ana = phone.dials()
    ana.waits(1)
    ana.says(MESSAGE)
    ana.waits(0.5)
    ana.presses("*")
    assert used(ana) == "*"
    assert story(ana) == [("NEW_INBOUND_CALL", None), ("ACTION_SUCCESSFUL", UP)]
    recorded = read(phone.recordings[0])
    assert (recorded.rate, recorded.samples) == (8_000, 44_000)
    assert recorded.tracks == [[(1.0, 5.0)]]


def test_other_keys_do_not_end_it(answered_by: AnsweredBy) -> None:
    ana = answered_by(in_turn([record()])).dials()
    ana.waits(1)
    ana.presses("1*2")
    assert len(ana.events) == 1
    ana.presses("#")
    assert used(ana) == "#"


def test_the_duration_ends_it_without_a_key(answered_by: AnsweredBy) -> None:
    phone = answered_by(in_turn([record(duration_in_seconds=3)]))
    ana = phone.dials()
    ana.waits(0.25)
    ana.says(MESSAGE)
    assert "RecordingTerminatorUsed" not in action_data(ana.events[1])
    recorded = read(phone.recordings[0])
    assert recorded.samples == 24_000
    assert recorded.tracks == [[(0.25, 3.0)]]


@pytest.mark.parametrize("duration", ["3", 3], ids=repr)
def test_the_duration_may_be_written_as_a_string(answered_by: AnsweredBy, duration: object) -> None:
    phone = answered_by(in_turn([wire("RecordAudio", DurationInSeconds=duration)]))
    ana = phone.dials()
    ana.waits(10)
    assert read(phone.recordings[0]).samples == 24_000


def test_silence_ends_it_so_long_after_the_last_word(answered_by: AnsweredBy) -> None:
    phone = answered_by(in_turn([record(silence_duration_in_seconds=3)]))
    ana = phone.dials()
    ana.waits(1)
    ana.says(MESSAGE)
    ana.waits(2.5)
    ana.says("Bye.")  # 0.364 seconds
    ana.waits(2.999)
    assert len(ana.events) == 1
    ana.waits(0.001)
    assert "RecordingTerminatorUsed" not in action_data(ana.events[1])
    recorded = read(phone.recordings[0])
    assert recorded.samples == round((1 + 4 + 2.5 + 0.364 + 3) * 8_000)
    assert recorded.tracks == [[(1.0, 5.0), (7.5, 7.864)]]


def test_somebody_who_says_nothing_is_silent_from_the_start(answered_by: AnsweredBy) -> None:
    phone = answered_by(in_turn([record(silence_duration_in_seconds=2)]))
    ana = phone.dials()
    ana.waits(10)
    recorded = read(phone.recordings[0])
    assert (recorded.samples, recorded.tracks) == (16_000, [[]])


def test_silence_does_not_end_it_unless_asked_for(answered_by: AnsweredBy) -> None:
    ana = answered_by(in_turn([record()])).dials()
    ana.waits(3_600)
    assert len(ana.events) == 1
    ana.presses("#")
    assert used(ana) == "#"


@pytest.mark.parametrize(
    ("prefix", "key"),
    [("", ""), ("/inbox/42", "inbox/42/"), ("/inbox/42/", "inbox/42/")],
    ids=["none", "a prefix", "with a slash"],
)
def test_the_file_is_where_the_event_says(answered_by: AnsweredBy, prefix: str, key: str) -> None:
    place = f"s3://voicemail{prefix}"
    phone = answered_by(in_turn([record(recording_destination=place, duration_in_seconds=1)]))
    ana = phone.dials()
    ana.waits(2)
    assert list(destination(ana)) == ["Type", "BucketName", "Key"]
    assert (destination(ana)["Type"], destination(ana)["BucketName"]) == ("S3", "voicemail")
    assert destination(ana)["Key"] == f"{key}{call_id(ana.events[0], 'LEG-A')}-0.wav"
    assert [str(file) for file in phone.recordings] == [
        str(phone.recordings[0].parents[key.count("/") + 1] / "voicemail" / destination(ana)["Key"])
    ]


def test_two_messages_of_one_call_are_two_files(answered_by: AnsweredBy) -> None:
    phone = answered_by(in_turn([record(duration_in_seconds=1), record(duration_in_seconds=2)]))
    ana = phone.dials()
    ana.waits(10)
    assert [read(file).samples for file in phone.recordings] == [8_000, 16_000]
    leg = call_id(ana.events[0], "LEG-A")
    keys = [destination(ana, event)["Key"] for event in (1, 2)]
    assert keys == [f"{leg}-0.wav", f"{leg}-1.wav"]


def test_a_fault_of_its_destination_fails_it_at_its_end(answered_by: AnsweredBy) -> None:
    phone = answered_by(in_turn([record(duration_in_seconds=1)], [Hangup()]))
    phone.put_faults("recording-denied")
    ana = phone.dials()
    ana.ends()
    assert phone.now == 1
    says = "An error occurred while uploading the recording to the S3 bucket."
    assert error(ana.events[1]) == ("InvalidActionParameter", says)
    assert "s3:PutObject and s3:PutObjectAcl" in str(ana)
    assert phone.recordings == []


def test_it_is_told_from_the_middle_of_a_list_which_then_goes_on(
    answered_by: AnsweredBy,
) -> None:
    ana = answered_by(in_turn([record(), Speak(text="Thank you."), Hangup()])).dials()
    ana.waits(1)
    ana.presses("#")
    ana.hears("Thank you.")
    ana.ends()
    assert types(ana.events[1:]) == ["ACTION_SUCCESSFUL", "HANGUP"]


def test_only_its_own_leg_is_recorded(answered_by: AnsweredBy) -> None:
    bens = {"CallId": None, "ParticipantTag": "LEG-B", "DurationInSeconds": 6}
    ana, ben, phone = bridged(answered_by, [wire("RecordAudio", **bens)])
    ana.says("one two three")
    ben.says("four five six")
    ana.presses("#")
    ana.waits(6)
    recorded = read(phone.recordings[0])
    assert recorded.samples == 48_000
    assert recorded.tracks == [[(1.091, 2.182)]]


INVALID = "InvalidActionParameter"


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [
        ({"DurationInSeconds": 0}, "DurationInSeconds"),
        ({"DurationInSeconds": "long"}, "DurationInSeconds"),
        ({"SilenceDurationInSeconds": 0}, "SilenceDurationInSeconds"),
        ({"SilenceDurationInSeconds": 1_001}, "SilenceDurationInSeconds"),
        ({"SilenceThreshold": 0}, "SilenceThreshold"),
        ({"SilenceThreshold": 1_001}, "SilenceThreshold"),
        ({"RecordingTerminators": None}, "RecordingTerminators"),
        ({"RecordingTerminators": ["A"]}, "RecordingTerminators"),
        ({"RecordingDestination": None}, "RecordingDestination"),
        ({"RecordingDestination": {"Type": "S3"}}, "RecordingDestination"),
        ({"RecordingDestination": {"Type": "FTP", "BucketName": "b"}}, "RecordingDestination"),
        (
            {"RecordingDestination": {"Type": "S3", "BucketName": "bb1", "Prefix": "a" * 980}},
            "RecordingDestination",
        ),
        (
            {"RecordingDestination": {"Type": "S3", "BucketName": "bb1", "Prefix": "a b"}},
            "RecordingDestination",
        ),
    ],
    ids=str,
)
def test_a_parameter_that_cannot_be_is_refused(
    answered_by: AnsweredBy, changes: dict[str, object], parameter: str
) -> None:
    phone = answered_by(scripted([wire("RecordAudio", **changes)]))
    ana = phone.dials()
    ana.waits(1)
    assert error(ana.events[1]) == (INVALID, f"{parameter} parameter value is invalid.")
    assert phone.recordings == []


@pytest.mark.parametrize(
    "changes",
    [
        {"SilenceDurationInSeconds": 1},
        {"SilenceDurationInSeconds": 1_000},
        {"SilenceThreshold": 1},
        {"SilenceThreshold": 1_000},
        {"RecordingDestination": {"Type": "S3", "BucketName": "bb1", "Prefix": "a/" * 489 + "a"}},
    ],
    ids=lambda changes: str(changes)[:60],
)
def test_a_parameter_at_its_bound_is_taken(
    answered_by: AnsweredBy, changes: dict[str, object]
) -> None:
    ana = answered_by(
        scripted([wire("RecordAudio", **{"DurationInSeconds": 1, **changes})])
    ).dials()
    ana.waits(2)
    assert types(ana.events) == ["NEW_INBOUND_CALL", "ACTION_SUCCESSFUL"]


def test_a_place_that_cannot_be_written_to_fails_when_the_message_is_over(
    answered_by: AnsweredBy,
) -> None:
    phone = answered_by(in_turn([record(duration_in_seconds=2)]))
    in_the_way(phone, "voicemail")
    ana = phone.dials()
    ana.waits(10)
    assert ana.ladder.entries[-2].time == 2
    assert error(ana.events[1]) == (
        INVALID,
        "An error occurred while uploading the recording to the S3 bucket.",
    )
    assert "RecordingDestination" not in action_data(ana.events[1])


def test_no_recording_leaves_the_folder_of_recordings(tmp_path: Path) -> None:
    outside = record(recording_destination="s3://voicemail/../../outside", duration_in_seconds=1)
    with Phone(in_turn([outside]), desk=Desk(prompts=tmp_path)) as phone:
        ana = phone.dials()
        ana.waits(2)
        assert error(ana.events[1])[0] == INVALID
        assert phone.recordings == []


@pytest.mark.parametrize("prefix", ["/inbox", "/inbox/", "//inbox", "/"])
def test_a_prefix_may_begin_with_a_slash(answered_by: AnsweredBy, prefix: str) -> None:
    destined = {"Type": "S3", "BucketName": "voicemail", "Prefix": prefix}
    parameters = {"RecordingDestination": destined, "DurationInSeconds": "1"}
    terminators = {"RecordingTerminators": ["#"]}
    recording = {"Type": "RecordAudio", "Parameters": {**parameters, **terminators}}
    phone = answered_by(in_turn([recording]))
    ana = phone.dials()
    ana.waits(2)
    assert types(ana.events) == ["NEW_INBOUND_CALL", "ACTION_SUCCESSFUL"]
    assert destination(ana)["Key"].startswith(prefix)
    (file,) = phone.recordings
    folder = phone.service.buckets.folder / "voicemail"
    assert file.is_relative_to(folder / "inbox" if "inbox" in prefix else folder)


@pytest.mark.parametrize("prefix", ["/../../etc", "inbox/../..", "x" * 300])
def test_a_prefix_that_no_file_can_have_fails_the_action(
    answered_by: AnsweredBy, prefix: str
) -> None:
    place = f"s3://voicemail/{prefix}"
    ana = answered_by(in_turn([record(recording_destination=place, duration_in_seconds=1)])).dials()
    ana.waits(2)
    assert types(ana.events)[1] == "ACTION_FAILED"
