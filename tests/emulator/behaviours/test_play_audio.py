"""PlayAudio: how long a wav is, how often it plays, what stops it, which files are refused."""

import wave
from collections.abc import Callable
from pathlib import Path

import pytest

from offhook.emulator.service.buckets import MAX_WAV_BYTES
from tests.emulator.functions import AnsweredBy, Function, action_data, error, in_turn, types

NO_ACCESS = ("InvalidAudioSource", "Cannot access S3 bucket or audio file.")
INVALID = ("InvalidAudioSource", "Audio Source parameter value is invalid.")


def play(key: str, bucket: str = "prompts", **more: object) -> dict[str, object]:
    source = {"Type": "S3", "BucketName": bucket, "Key": key}
    return {"Type": "PlayAudio", "Parameters": {"AudioSource": source, **more}}


def plays(key: str, bucket: str = "prompts", **more: object) -> Function:
    return in_turn([play(key, bucket, **more)])


@pytest.mark.parametrize(("seconds", "rate"), [(2.0, 8000), (0.25, 8000), (3.5, 44100)])
def test_a_wav_takes_as_long_as_it_is(
    answered_by: AnsweredBy, a_wav: Callable[..., Path], seconds: float, rate: int
) -> None:
    a_wav("welcome.wav", seconds=seconds, rate=rate)
    phone = answered_by(plays("welcome.wav"))
    call = phone.dials()
    assert call.hears("welcome.wav") == "welcome.wav"
    assert phone.now == pytest.approx(seconds, abs=0.001)
    assert types(call.events) == ["NEW_INBOUND_CALL", "ACTION_SUCCESSFUL"]


@pytest.mark.parametrize("repeat", [3, "3"], ids=repr)
def test_it_is_played_as_often_as_asked(
    answered_by: AnsweredBy, a_wav: Callable[..., Path], repeat: object
) -> None:
    a_wav("tone.wav", seconds=1)
    phone = answered_by(plays("tone.wav", Repeat=repeat))
    call = phone.dials()
    for _ in range(3):
        call.hears("tone.wav")
    call.waits(60)
    assert call.heard == 3
    assert len(call.events) == 2


def test_a_terminator_ends_it_and_its_repeats_with_success(
    answered_by: AnsweredBy, a_wav: Callable[..., Path]
) -> None:
    a_wav("tone.wav", seconds=4)
    phone = answered_by(plays("tone.wav", Repeat=5, PlaybackTerminators=["#", "0"]))
    call = phone.dials()
    call.hears("tone.wav")
    call.interrupts("0")
    call.waits(60)
    assert call.heard == 2
    assert types(call.events) == ["NEW_INBOUND_CALL", "ACTION_SUCCESSFUL"]
    assert "ReceivedDigits" not in action_data(call.events[1])
    assert "♪ tone.wav is cut" in call.ladder.render()


def test_other_keys_do_not_stop_it(answered_by: AnsweredBy, a_wav: Callable[..., Path]) -> None:
    a_wav("tone.wav", seconds=4)
    phone = answered_by(plays("tone.wav", PlaybackTerminators=["#"]))
    call = phone.dials()
    call.interrupts("123456789*0")
    call.waits(2)
    assert "is cut" not in call.ladder.render()
    assert types(call.events) == ["NEW_INBOUND_CALL", "ACTION_SUCCESSFUL"]


def test_keys_in_folders_and_other_buckets_are_folders_at_the_desk(
    answered_by: AnsweredBy, a_wav: Callable[..., Path]
) -> None:
    a_wav("en/welcome.wav")
    a_wav("other-bucket/de/welcome.wav")
    english = play("en/welcome.wav")
    call = answered_by(in_turn([english, play("de/welcome.wav", "other-bucket")])).dials()
    call.hears("en/welcome.wav")
    call.hears("de/welcome.wav")


@pytest.mark.parametrize(
    "key",
    [
        "nothing.wav",
        "a-folder",
        "../outside.wav",
        "a-folder/../../outside.wav",
        "n" * 300 + ".wav",
        "nul\x00.wav",
    ],
)
def test_a_key_without_a_file_in_the_folder_cannot_be_accessed(
    answered_by: AnsweredBy, a_wav: Callable[..., Path], prompts: Path, key: str
) -> None:
    (prompts / "a-folder").mkdir()
    a_wav("../outside.wav")
    call = answered_by(plays(key)).dials()
    call.waits(1)
    assert call.heard == 0
    assert error(call.events[1]) == NO_ACCESS


def test_the_path_of_a_key_may_not_leave_the_folder_by_its_root(
    answered_by: AnsweredBy, a_wav: Callable[..., Path], tmp_path: Path
) -> None:
    a_wav("../outside.wav")
    call = answered_by(plays(str(tmp_path / "outside.wav"))).dials()
    call.waits(1)
    assert error(call.events[1]) == NO_ACCESS


@pytest.mark.parametrize(
    "content",
    [b"", b"RIFF", b"ID3\x03 this is an mp3", b"RIFF\x24\x00\x00\x00WAVEfmt ", b"\x00" * 100],
    ids=["empty", "four bytes", "an mp3", "cut in its header", "zeros"],
)
def test_what_is_no_wav_is_an_invalid_source(
    answered_by: AnsweredBy, prompts: Path, content: bytes
) -> None:
    (prompts / "welcome.wav").write_bytes(content)
    call = answered_by(plays("welcome.wav")).dials()
    call.waits(1)
    assert error(call.events[1]) == INVALID


def test_a_compressed_wav_is_an_invalid_source(
    answered_by: AnsweredBy, a_wav: Callable[..., Path]
) -> None:
    path = a_wav("welcome.wav")
    mu_law = bytearray(path.read_bytes())
    mu_law[20] = 7  # the format in the fmt chunk; PCM is 1
    path.write_bytes(mu_law)
    call = answered_by(plays("welcome.wav")).dials()
    call.waits(1)
    assert error(call.events[1]) == INVALID
    assert "s3://prompts/welcome.wav is not a PCM wav" in call.ladder.render()
    assert "(ffmpeg -i OLD" in call.ladder.render()


def test_a_wav_that_was_cut_short_is_as_long_as_what_is_there(
    answered_by: AnsweredBy, a_wav: Callable[..., Path]
) -> None:
    path = a_wav("welcome.wav", seconds=10)
    path.write_bytes(path.read_bytes()[:16_044])
    phone = answered_by(plays("welcome.wav"))
    phone.dials().hears("welcome.wav")
    assert phone.now == pytest.approx(1.0, abs=0.01)


def test_a_streamed_wav_of_unknown_length_is_as_long_as_what_is_there(
    answered_by: AnsweredBy, a_wav: Callable[..., Path]
) -> None:
    path = a_wav("welcome.wav", seconds=1)
    streamed = bytearray(path.read_bytes())
    streamed[4:8] = streamed[40:44] = b"\xff\xff\xff\xff"  # as encoders write into a pipe
    path.write_bytes(streamed)
    phone = answered_by(plays("welcome.wav"))
    phone.dials().hears("welcome.wav")
    assert phone.now == pytest.approx(1.0, abs=0.01)


def test_a_wav_above_50_mb_is_an_invalid_source(
    answered_by: AnsweredBy, a_wav: Callable[..., Path]
) -> None:
    path = a_wav("welcome.wav")
    with path.open("r+b") as wav:
        wav.truncate(MAX_WAV_BYTES + 1)
    call = answered_by(plays("welcome.wav")).dials()
    call.waits(1)
    assert error(call.events[1]) == INVALID


def test_a_wav_without_sound_is_over_at_once(answered_by: AnsweredBy, prompts: Path) -> None:
    with wave.open(str(prompts / "nothing.wav"), "wb") as wav:
        wav.setnchannels(2)
        wav.setsampwidth(1)
        wav.setframerate(8000)
    phone = answered_by(plays("nothing.wav"))
    call = phone.dials()
    call.hears("nothing.wav")
    assert phone.now == 0
    assert types(call.events) == ["NEW_INBOUND_CALL", "ACTION_SUCCESSFUL"]
