"""Start-, Stop-, Pause- and ResumeCallRecording: a leg is recorded in the background (B.14)."""

from collections.abc import Callable, Mapping, Sequence
from typing import cast

import pytest

from offhook.actions import (
    Action,
    Hangup,
    Pause,
    PauseCallRecording,
    ResumeCallRecording,
    SendDigits,
    Speak,
    StartCallRecording,
    StopCallRecording,
)
from offhook.emulator.testing import PhoneCall
from tests.emulator.functions import AnsweredBy, action_data, details, error, types
from tests.emulator.legs.every_action import wire
from tests.emulator.legs.stories import (
    BRIDGE,
    Event,
    bridged,
    by_type,
    call_id,
    scripted,
)
from tests.emulator.legs.wavs import in_the_way, read

FOUR_SECONDS = "one two three four five six seven eight nine ten eleven"


def start(leg: str, track: str = "BOTH", place: str = "s3://talks") -> Action[object]:
    """Record a leg."""
    given = {"call_id": leg, "track": track, "destination": place}
    return StartCallRecording.model_validate(given)


def on_leg(tag: str, *make: Callable[[str], Action[object]]) -> Callable[[Event], list[object]]:
    """An answer of actions that name a leg by its CallId."""
    return lambda event: [one(call_id(event, tag)) for one in make]


def wait(seconds: float) -> Callable[[str], Action[object]]:
    """Do nothing for a while."""
    return lambda _leg: Pause(duration_in_milliseconds=round(seconds * 1_000))


def pause(leg: str) -> Action[object]:
    """Record silence."""
    return PauseCallRecording(call_id=leg)


def resume(leg: str) -> Action[object]:
    """Record again."""
    return ResumeCallRecording(call_id=leg)


def stop(leg: str) -> Action[object]:
    """Record no more."""
    return StopCallRecording(call_id=leg)


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
    ],
)
def test_its_key_has_the_day_the_time_and_the_ids(
    answered_by: AnsweredBy, place: str, prefix: str
) -> None:
    phone = answered_by(
        scripted([Speak(text="Hello.")], on_leg("LEG-A", lambda leg: start(leg, place=place)))
    )
    ana = phone.dials()
    ana.hears("Hello.")
    transaction = details(ana.events[0])["TransactionId"]
    name = f"2027-03-01-10-00-00-364_{transaction}_{call_id(ana.events[0], 'LEG-A')}.wav"
    assert place_of(ana, 2) == f"{prefix}/2027/03/01/{name}"


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


def talk(answered_by: AnsweredBy, track: str) -> list[list[tuple[float, float]]]:
    """Where something is heard in a recording of Ana while she talks with Ben."""
    ana, ben, phone = bridged(answered_by, on_leg("LEG-A", lambda leg: start(leg, track)))
    ana.waits(1)
    ana.says(FOUR_SECONDS)
    ana.waits(0.5)
    ben.says(FOUR_SECONDS)
    ana.waits(0.5)
    ana.hangs_up()
    ben.hangs_up()
    recorded = read(phone.recordings[0])
    assert (recorded.rate, recorded.samples) == (8_000, 80_000)
    return recorded.tracks


@pytest.mark.parametrize(
    ("track", "heard"),
    [
        ("BOTH", [[(1.0, 5.0)], [(5.5, 9.5)]]),
        ("INCOMING", [[(1.0, 5.0)]]),
        ("OUTGOING", [[(5.5, 9.5)]]),
    ],
)
def test_what_the_leg_says_is_left_and_what_it_hears_is_right(
    answered_by: AnsweredBy, track: str, heard: list[list[tuple[float, float]]]
) -> None:
    assert talk(answered_by, track) == heard


def test_what_we_say_is_heard_on_the_outgoing_track(answered_by: AnsweredBy) -> None:
    say = on_leg("LEG-A", start, wait(1), lambda _leg: Speak(text=FOUR_SECONDS))
    phone = answered_by(scripted([Speak(text="Hello.")], say, [Hangup()]))
    ana = phone.dials()
    ana.hears("Hello.")
    ana.hears("one two three")
    ana.ends()
    assert read(phone.recordings[0]).tracks == [[], [(1.0, 5.0)]]


def test_a_prompt_that_was_cut_is_heard_as_far_as_it_came(answered_by: AnsweredBy) -> None:
    phone = answered_by(
        scripted(
            [Speak(text="Hello.")],
            on_leg("LEG-A", start, lambda leg: Speak(text=FOUR_SECONDS, call_id=leg)),
        )
    )
    ana = phone.dials()
    ana.hears("Hello.")
    ana.waits(1.5)
    ana.hangs_up()
    recorded = read(phone.recordings[0])
    assert recorded.samples == 12_000
    assert recorded.tracks == [[], [(0.0, 1.5)]]


def test_keys_and_tones_are_heard_too(answered_by: AnsweredBy) -> None:
    digits = on_leg("LEG-A", start, wait(2), lambda leg: SendDigits(call_id=leg, digits="1,2"))
    phone = answered_by(scripted([Speak(text="Hello.")], digits))
    ana = phone.dials()
    ana.hears("Hello.")
    ana.waits(1)
    ana.presses("5")
    ana.waits(5)
    ana.hangs_up()
    assert read(phone.recordings[0]).tracks == [
        [(1.0, 1.1)],
        [(2.0, 2.25), (2.75, 3.0)],
    ]


def test_both_legs_are_recorded_each_for_itself(answered_by: AnsweredBy) -> None:
    def both(event: Event) -> list[object]:
        return [start(call_id(event, tag), "INCOMING") for tag in ("LEG-A", "LEG-B")]

    ana, ben, phone = bridged(answered_by, both)
    ana.says(FOUR_SECONDS)
    ben.says(FOUR_SECONDS)
    ben.hangs_up()
    ana.waits(2)
    ana.hangs_up()
    bens, anas = phone.recordings
    assert call_id(ana.events[2], "LEG-B") in bens.name
    assert (read(bens).samples, read(bens).tracks) == (64_000, [[(4.0, 8.0)]])
    assert (read(anas).samples, read(anas).tracks) == (80_000, [[(0.0, 4.0)]])


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


PAUSED = on_leg("LEG-A", start, wait(2), pause, wait(3), resume, wait(2), stop)


def test_what_is_paused_is_silent_and_the_length_stays(answered_by: AnsweredBy) -> None:
    ana, ben, phone = bridged(answered_by, PAUSED, pause_tone_seconds=0)
    ana.says(FOUR_SECONDS)
    ben.says(FOUR_SECONDS)
    recorded = read(phone.recordings[0])
    assert recorded.samples == 56_000
    assert recorded.tracks == [[(0.0, 2.0)], [(5.0, 7.0)]]


def test_a_tone_marks_where_it_was_paused_and_resumed(answered_by: AnsweredBy) -> None:
    ana, _, phone = bridged(answered_by, PAUSED)
    ana.waits(10)
    marks = [(2.0, 2.3), (5.0, 5.3)]
    assert read(phone.recordings[0]).tracks == [marks, marks]


def test_it_may_be_paused_and_resumed_any_number_of_times(answered_by: AnsweredBy) -> None:
    again = (wait(1), pause, wait(1), resume)
    ana, _, phone = bridged(answered_by, on_leg("LEG-A", start, *again, *again))
    ana.says(FOUR_SECONDS)
    ana.hangs_up()
    recorded = read(phone.recordings[0])
    assert recorded.samples == 32_000
    assert recorded.tracks[0] == [(0.0, 1.3), (2.0, 3.3)]


def test_a_pause_without_an_end_is_silent_to_the_end(answered_by: AnsweredBy) -> None:
    ana, _, phone = bridged(
        answered_by, on_leg("LEG-A", start, wait(1), pause), pause_tone_seconds=0
    )
    ana.says(FOUR_SECONDS)
    ana.hangs_up()
    assert read(phone.recordings[0]).tracks[0] == [(0.0, 1.0)]


def test_pausing_what_is_paused_and_resuming_what_is_not_changes_nothing(
    answered_by: AnsweredBy,
) -> None:
    ana, _, phone = bridged(
        answered_by,
        on_leg("LEG-A", start, resume, wait(1), pause, wait(1), pause, wait(1), resume),
        pause_tone_seconds=0,
    )
    ana.says(FOUR_SECONDS)
    ana.hangs_up()
    assert types(ana.events[2:]) == ["ACTION_SUCCESSFUL", "HANGUP"]
    assert read(phone.recordings[0]).tracks[0] == [(0.0, 1.0), (3.0, 4.0)]


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
