"""What a call recording holds: who speaks on which track, and what is silent (B.14).

About `offhook.emulator.call.sound`.
"""

import asyncio
import time
from pathlib import Path

import pytest

from offhook.actions import Hangup, SendDigits, Speak
from offhook.emulator.call.ladder import Ladder
from offhook.emulator.call.leg import Leg
from offhook.emulator.call.recording import Recorder
from offhook.emulator.call.silent import SilentMedia
from offhook.emulator.call.span import Span
from offhook.emulator.service.buckets import Buckets
from tests.emulator.call.recorded import FOUR_SECONDS, on_leg, pause, resume, start, stop, wait
from tests.emulator.call.stories import ANA, OUR_NUMBER, Event, bridged, call_id, scripted
from tests.emulator.call.wavs import read
from tests.emulator.functions import AnsweredBy, types


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


def test_both_sides_are_equally_long_while_the_clock_goes_on(tmp_path: Path) -> None:
    buckets = Buckets(tmp_path, "prompts", tmp_path)
    loop = asyncio.new_event_loop()
    leg = Leg(
        tag="LEG-A",
        call_id="a-leg",
        to=OUR_NUMBER,
        from_=ANA,
        direction="Inbound",
        started_ms=0,
        sip_headers={},
        media=SilentMedia(),
        loop=loop,
        ladder=Ladder(loop),
    )
    recording = Recorder(
        leg=leg,
        transaction_id="a-call",
        track="BOTH",
        bucket="talks",
        key="talk.wav",
        buckets=buckets,
        tone_seconds=0,
    )
    # So many keys take a while to be drawn on one track, before the other has its turn.
    leg.keyed.extend([Span(loop.time(), loop.time() + 0.1)] * 20_000)
    time.sleep(0.001)
    recording.stop()
    loop.close()
    assert len(buckets.written) == 1
