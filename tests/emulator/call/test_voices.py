"""A voice comes frame by frame: the other side hears it, recordings keep it, and nobody who speaks
is silent.

About `offhook.emulator.call.span`.
"""

import pytest

from offhook.actions import CallAndBridge, Hangup, Pause, RecordAudio
from offhook.emulator.call.call import Call
from offhook.emulator.call.leg import Leg
from offhook.emulator.call.silent import SilentMedia
from offhook.emulator.call.span import FRAME_BYTES, FRAME_SECONDS
from offhook.emulator.media.pcm import tone
from offhook.emulator.testing import Phone
from tests.emulator.call.recorded import on_leg, start
from tests.emulator.call.stories import scripted
from tests.emulator.call.wavs import read
from tests.emulator.functions import in_turn

OURS, SECOND, FRIEND = "+15550100100", "+15550100101", "+15550100400"
SECOND_OF_VOICE = tone(440, 1.0, level=0.5)
RECORD = RecordAudio(
    duration_in_seconds=30,
    silence_duration_in_seconds=2,
    recording_destination="s3://offhook-recordings",
    recording_terminators=["#"],
)


class Ear(SilentMedia):
    """Keeps what is heard of the other side."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[bytes] = []

    def hear(self, frame: bytes) -> None:
        self.heard.append(frame)


def speaks(phone: Phone, call: Call, leg: Leg, seconds: float, *, late_at: int = -1) -> None:
    """Somebody speaks into a microphone; one frame may come half a second late."""
    for n in range(round(seconds / FRAME_SECONDS)):
        phone.wait(FRAME_SECONDS + (0.5 if n == late_at else 0))
        at = n * FRAME_BYTES % len(SECOND_OF_VOICE)
        call.person_speaks(leg, SECOND_OF_VOICE[at : at + FRAME_BYTES])


def test_a_voice_is_recorded_as_it_sounded_and_keeps_the_recording_going() -> None:
    with Phone(in_turn([RECORD], [Hangup()])) as phone:
        call = phone.dials()
        call.waits(1)
        (placed,) = phone.service.placed()
        speaks(phone, placed, placed.legs[0], 3)
        call.ends()
        recorded = read(phone.recordings[0])
        (span,) = recorded.tracks[0]
        assert span == pytest.approx((1.0, 4.0), abs=0.03)
        assert recorded.samples / recorded.rate == pytest.approx(6.0, abs=0.05)
        assert "3.0 s of voice in 6.0 s" in call.ladder.render()


def test_what_comes_late_leaves_a_silence_where_it_was_missing() -> None:
    with Phone(in_turn([RECORD], [Hangup()])) as phone:
        call = phone.dials()
        call.waits(1)
        (placed,) = phone.service.placed()
        speaks(phone, placed, placed.legs[0], 1, late_at=20)
        call.ends()
        before, after = read(phone.recordings[0]).tracks[0]
        assert before == pytest.approx((1.0, 1.4), abs=0.03)
        assert after == pytest.approx((1.9, 2.5), abs=0.03)


def test_a_quiet_microphone_is_silence() -> None:
    with Phone(in_turn([RECORD], [Hangup()])) as phone:
        call = phone.dials()
        call.waits(0.5)
        (placed,) = phone.service.placed()
        for _ in range(10):
            placed.person_speaks(placed.legs[0], b"\x05\x00" * (FRAME_BYTES // 2))
        call.ends()
        assert "nobody said anything in 2.0 s" in call.ladder.render()


def test_bridged_legs_hear_each_others_voices_and_recordings_have_both() -> None:
    bridge = CallAndBridge(call_timeout_seconds=20, caller_id_number=OURS, uri=FRIEND)
    wait = Pause(duration_in_milliseconds=1_000)
    with Phone(scripted([wait], on_leg("LEG-A", start), [bridge])) as phone:
        friend = phone.person(FRIEND)
        call = phone.dials()
        friend.answers()
        (placed,) = phone.service.placed()
        leg_a, leg_b = placed.legs
        leg_a.media, leg_b.media = Ear(), Ear()
        speaks(phone, placed, leg_a, 1)
        phone.wait(1)
        speaks(phone, placed, leg_b, 1)
        assert b"".join(leg_b.media.heard) == SECOND_OF_VOICE
        assert b"".join(leg_a.media.heard) == SECOND_OF_VOICE
        call.hangs_up()
        said, heard = read(phone.recordings[0]).tracks
        assert len(said) == len(heard) == 1
        assert heard[0][0] - said[0][0] == pytest.approx(2.0, abs=0.05)


def test_a_voice_goes_through_an_application_to_another() -> None:
    bridge = CallAndBridge(call_timeout_seconds=20, caller_id_number=OURS, uri=SECOND)
    onwards = CallAndBridge(call_timeout_seconds=20, caller_id_number=SECOND, uri=FRIEND)

    def function(event: dict[str, object], context: object) -> object:
        return (first if str(event).count(SECOND) == 0 else second)(event, context)

    first, second = in_turn([bridge]), in_turn([onwards])
    with Phone(function) as phone:
        friend = phone.person(FRIEND)
        call = phone.dials()
        call.waits(1)
        friend.answers()
        call.waits(1)
        one, other = phone.service.placed()
        other.legs[1].media = ear = Ear()
        speaks(phone, one, one.legs[0], 1)
        assert b"".join(ear.heard) == SECOND_OF_VOICE
