"""A leg is recorded in the background: StartCallRecording, PauseCallRecording,
ResumeCallRecording, StopCallRecording (B.14)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import cast

import pytest

from offhook.actions import Action, Hangup, Speak
from offhook.emulator.testing import Answers, PhoneCall
from tests.emulator.call.every_action import wire
from tests.emulator.call.recorded import on_leg, pause, resume, start, stop, wait
from tests.emulator.call.stories import BEN, BRIDGE, Event, bridged, by_type, call_id, scripted
from tests.emulator.call.wavs import in_the_way, read
from tests.emulator.functions import AnsweredBy, action_data, details, error, types


def place_of(call: PhoneCall, event: int) -> str:
    """Where a recording will be, as the event says."""
    destination = action_data(call.events[event])["CallRecordingDestination"]
    assert isinstance(destination, dict)
    found = cast("dict[str, str]", destination)
    assert list(found) == ["Type", "Location"]
    assert found["Type"] == "S3"
    return found["Location"]


def test_it_starts_at_once_and_says_where_it_will_be(answered_by: AnsweredBy) -> None:
    phone = answered_by(scripted([Speak(text="Hello.")], on_leg("LEG-A", start)))
    ana = phone.dials()
    ana.hears("Hello.")
    assert types(ana.events[1:]) == ["ACTION_SUCCESSFUL", "ACTION_SUCCESSFUL"]
    assert ana.ladder.entries[-1].time == 0.364
    assert phone.recordings == []
    ana.hangs_up()
    ana.ends()
    assert str(phone.recordings[0]).endswith(f"/{place_of(ana, 2)}")


@pytest.mark.parametrize(
    ("place", "prefix"),
    [
        ("s3://talks", "talks/Amazon-Chime-SMA-Call-Recordings"),
        ("s3://talks/support/english", "talks/support/english"),
        ("s3://talks/support/", "talks/support"),
        ("s3://talks//support", "talks//support"),
    ],
)
def test_its_key_has_the_day_of_the_call_the_time_of_the_leg_and_the_ids(
    answered_by: AnsweredBy, place: str, prefix: str
) -> None:
    phone = answered_by(
        scripted([Speak(text="Hello.")], on_leg("LEG-A", lambda leg: start(leg, place=place)))
    )
    ana = phone.dials()
    ana.hears("Hello.")
    transaction = details(ana.events[0])["TransactionId"]
    name = f"2027-03-01-10-00-00-000_{transaction}_{call_id(ana.events[0], 'LEG-A')}.wav"
    assert place_of(ana, 2) == f"{prefix}/2027/03/01/{name}"
    ana.hangs_up()
    ana.ends()
    assert str(phone.recordings[0]).endswith(f"{prefix.replace('//', '/')}/2027/03/01/{name}")


def test_a_call_of_yesterday_stays_in_its_folder_and_legs_have_their_own_time(
    answered_by: AnsweredBy,
) -> None:
    hello = Speak(text="Hello.")
    phone = answered_by(scripted([hello, wait(20)("LEG-A"), BRIDGE], on_leg("LEG-B", start)))
    phone.at(BEN, Answers())
    ana = phone.dials(at=datetime(2027, 3, 1, 23, 59, 50, tzinfo=UTC))
    ana.waits(30)
    folder, _, name = place_of(ana, 2).removeprefix("talks/").rpartition("/")
    assert folder == "Amazon-Chime-SMA-Call-Recordings/2027/03/01"
    assert name.startswith("2027-03-02-00-00-10-364_")


def test_a_fault_of_its_destination_fails_it_at_its_start(answered_by: AnsweredBy) -> None:
    phone = answered_by(scripted([Speak(text="Hello.")], on_leg("LEG-A", start), [Hangup()]))
    phone.put_faults("recording-denied=talks")
    ana = phone.dials()
    ana.hears("Hello.")
    ana.ends()
    assert error(ana.events[2]) == ("SystemException", "System error while running an action.")
    assert "voiceconnector.chime.amazonaws.com s3:PutObject and s3:PutObjectAcl" in str(ana)
    assert phone.recordings == []


def test_the_object_in_s3_says_which_leg_it_is_of_and_how_long(answered_by: AnsweredBy) -> None:
    phone = answered_by(scripted([Speak(text="Hello.")], on_leg("LEG-A", start)))
    ana = phone.dials()
    ana.hears("Hello.")
    ana.waits(12.2)
    ana.hangs_up()
    ana.ends()
    (file,) = phone.recordings
    assert phone.service.buckets.metadata[file] == {
        "transaction-id": details(ana.events[0])["TransactionId"],
        "call-id": call_id(ana.events[0], "LEG-A"),
        "recording-duration": "12",
        "recording-audio-file-format": "wav",
    }


def test_in_the_middle_of_a_list_it_is_silent(answered_by: AnsweredBy) -> None:
    actions = on_leg("LEG-A", start, pause, resume, stop, lambda _leg: Speak(text="Recorded."))
    ana = answered_by(scripted(actions, [Hangup()])).dials()
    ana.hears("Recorded.")
    ana.ends()
    assert types(ana.events[1:]) == ["ACTION_SUCCESSFUL", "HANGUP"]


def test_it_does_not_answer_the_call(answered_by: AnsweredBy) -> None:
    ana = answered_by(scripted(on_leg("LEG-A", start))).dials()
    ana.waits(1)
    assert not ana.is_connected


def test_it_is_delivered_when_the_leg_ends(answered_by: AnsweredBy) -> None:
    ana, ben, phone = bridged(answered_by, on_leg("LEG-B", start))
    ana.waits(3)
    ben.hangs_up()
    assert [read(file).samples for file in phone.recordings] == [24_000]
    ana.waits(5)
    ana.hangs_up()
    assert len(phone.recordings) == 1


def test_it_is_delivered_when_it_is_stopped(answered_by: AnsweredBy) -> None:
    ana, _, phone = bridged(answered_by, on_leg("LEG-A", start, wait(3), stop), [])
    ana.waits(2.9)
    assert phone.recordings == []
    ana.waits(0.1)
    assert [read(file).samples for file in phone.recordings] == [24_000]
    ana.waits(5)
    ana.hangs_up()
    assert [read(file).samples for file in phone.recordings] == [24_000]


def test_it_is_there_when_the_end_of_the_leg_is_told(answered_by: AnsweredBy) -> None:
    seen: list[int] = []
    record = on_leg("LEG-A", start)

    def look(_event: Event) -> list[object]:
        seen.append(len(phone.recordings))
        return []

    phone = answered_by(
        by_type(
            {
                "NEW_INBOUND_CALL": [[Speak(text="Hello.")]],
                "ACTION_SUCCESSFUL": [record],
                "HANGUP": [look],
            }
        )
    )
    ana = phone.dials()
    ana.hears("Hello.")
    ana.hangs_up()
    assert seen == [1]


def test_it_is_delivered_when_the_call_is_dropped(answered_by: AnsweredBy) -> None:
    ana, _, phone = bridged(answered_by, on_leg("LEG-A", start, wait(1)), KeyError("oops"))
    ana.ends()
    assert [read(file).samples for file in phone.recordings] == [8_000]


OUT_OF_TURN: Mapping[str, Sequence[Callable[[str], Action[object]]]] = {
    "stopped without a start": [stop],
    "paused without a start": [pause],
    "resumed without a start": [resume],
    "started twice": [start, start],
    "started again after the end": [start, stop, start],
    "stopped twice": [start, stop, stop],
}


@pytest.mark.parametrize("story", OUT_OF_TURN)
@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("InvalidActionParameter", "CallId parameter for action is invalid"),
        ("SystemException", "System error while running an action."),
    ],
)
def test_a_leg_is_recorded_once(
    answered_by: AnsweredBy, story: str, setting: str, message: str
) -> None:
    ana, _, _ = bridged(
        answered_by, on_leg("LEG-A", *OUT_OF_TURN[story]), recording_out_of_turn=setting
    )
    assert types(ana.events[2:]) == ["ACTION_FAILED"]
    assert error(ana.events[2]) == (setting, message)


def test_the_next_second_leg_can_be_recorded_again(answered_by: AnsweredBy) -> None:
    ana, ben, phone = bridged(
        answered_by, on_leg("LEG-B", start), [], [BRIDGE], on_leg("LEG-B", start)
    )
    ana.waits(1)
    ben.hangs_up()
    ben.answers()
    ana.waits(2)
    ben.hangs_up()
    assert [read(file).samples for file in phone.recordings] == [8_000, 16_000]


def test_three_legs_give_three_recordings(answered_by: AnsweredBy) -> None:
    def both(event: Event) -> list[object]:
        return [start(call_id(event, tag)) for tag in ("LEG-A", "LEG-B")]

    ana, ben, phone = bridged(answered_by, both, [], [BRIDGE], on_leg("LEG-B", start))
    ana.waits(1)
    ben.hangs_up()
    ben.answers()
    ana.waits(2)
    ben.hangs_up()
    ana.hangs_up()
    assert [read(file).samples for file in phone.recordings] == [8_000, 16_000, 24_000]
    assert call_id(ana.events[0], "LEG-A") in phone.recordings[2].name


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"Track": "LEFT"}, "The Track parameter is invalid."),
        ({"Track": None}, "The Track parameter is invalid."),
        ({"Destination": None}, "The Destination parameter is invalid."),
        (
            {"Destination": {"Type": "FTP", "Location": "x"}},
            "The Destination parameter is invalid.",
        ),
        ({"Destination": {"Type": "S3"}}, "The Destination parameter is invalid."),
        ({"CallId": ""}, "CallId parameter for action is invalid"),
    ],
    ids=str,
)
def test_a_parameter_that_cannot_be_is_refused(
    answered_by: AnsweredBy, changes: dict[str, object], message: str
) -> None:
    def record(event: Event) -> list[object]:
        leg = {"CallId": call_id(event, "LEG-A")}
        return [wire("StartCallRecording", **{**leg, **changes})]

    ana = answered_by(scripted(record)).dials()
    ana.waits(1)
    assert error(ana.events[1]) == ("InvalidActionParameter", message)


def test_a_place_that_cannot_be_written_to_is_refused_at_once(answered_by: AnsweredBy) -> None:
    phone = answered_by(scripted(on_leg("LEG-A", start)))
    in_the_way(phone, "talks")
    ana = phone.dials()
    ana.waits(1)
    assert error(ana.events[1])[0] == "SystemException"
    assert f"at this desk it is {phone.service.buckets.folder}" in str(ana.ladder)
    assert "the bucket's policy" not in str(ana.ladder)


def test_a_recording_that_cannot_be_delivered_does_not_stop_the_call(
    answered_by: AnsweredBy,
) -> None:
    ana, _, phone = bridged(answered_by, on_leg("LEG-A", start, wait(1), stop))
    in_the_way(phone, "talks")
    ana.waits(2)
    assert types(ana.events[2:]) == ["ACTION_SUCCESSFUL"]
    assert "the recording cannot be delivered" in ana.ladder.render()


def test_a_sample_starts_it_with_the_tag_alone(answered_by: AnsweredBy) -> None:
    ana, ben, phone = bridged(answered_by, [wire("StartCallRecording", ParticipantTag="LEG-B")])
    ana.waits(1)
    ben.hangs_up()
    assert call_id(ana.events[2], "LEG-B") in phone.recordings[0].name
