"""What the caller hears while somebody is called for them: the ringback tone, or nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest

from offhook.actions import CallAndBridge, Hangup, PlayAudio, Speak
from offhook.emulator.testing import Answers, FarEnd, NeverAnswers, PhoneCall, Rejects
from tests.emulator.call.stories import BEN, BRIDGE, DOWN, OUR_NUMBER, UP, on, scripted, story
from tests.emulator.functions import AnsweredBy, error

HELLO = Speak(text="One moment, please.")
WITH_TONE = CallAndBridge(
    caller_id_number=OUR_NUMBER,
    uri=BEN,
    ringback_tone="s3://prompts/ringback.wav",
    call_timeout_seconds=9,
)


def hears_the_tone(call: PhoneCall, times: int) -> None:
    """The caller hears the tone so often, and the last time not to its end."""
    for _ in range(times):
        call.hears("ringback.wav")
    cut = [entry.text for entry in call.ladder.entries if entry.text.endswith("is cut")]
    assert cut == ["♪ ringback.wav is cut"]


def test_a_caller_on_the_line_hears_the_tone_until_the_other_answers(
    answered_by: AnsweredBy, a_wav: Callable[..., Path]
) -> None:
    a_wav("ringback.wav", seconds=2)
    phone = answered_by(scripted([HELLO, WITH_TONE]))
    phone.at(BEN, Answers(after=5, says=["Ben here."]))
    ana = phone.dials()
    ana.hears("One moment")
    began = phone.now
    hears_the_tone(ana, times=3)
    assert phone.now == pytest.approx(began + 5)
    ana.hears("Ben here.")


@pytest.mark.parametrize(
    ("far_end", "seconds"),
    [(Rejects(486, after=3), 3), (NeverAnswers(), 9)],
    ids=["declines", "never answers"],
)
def test_the_tone_ends_when_the_other_does_not_answer(
    answered_by: AnsweredBy, a_wav: Callable[..., Path], far_end: FarEnd, seconds: int
) -> None:
    a_wav("ringback.wav", seconds=2)
    phone = answered_by(scripted([HELLO, WITH_TONE], [Speak(text="Sorry."), Hangup()]))
    phone.at(BEN, far_end)
    ana = phone.dials()
    ana.hears("One moment")
    began = phone.now
    hears_the_tone(ana, times=-(-seconds // 2))
    assert phone.now == pytest.approx(began + seconds)
    ana.hears("Sorry.")
    ana.ends()


def test_the_tone_ends_when_the_caller_leaves(
    answered_by: AnsweredBy, a_wav: Callable[..., Path]
) -> None:
    a_wav("ringback.wav", seconds=2)
    phone = answered_by(scripted([HELLO, WITH_TONE]))
    phone.at(BEN, NeverAnswers())
    ana = phone.dials()
    ana.hears("One moment")
    ana.waits(3)
    ana.hangs_up()
    ana.ends()
    assert ana.heard == 3
    assert story(ana)[1:] == [("HANGUP", DOWN)]


def test_a_caller_whom_nobody_has_answered_hears_no_tone(
    answered_by: AnsweredBy, a_wav: Callable[..., Path]
) -> None:
    a_wav("ringback.wav")
    phone = answered_by(scripted([WITH_TONE]))
    phone.at(BEN, Answers(after=5))
    ana = phone.dials()
    ana.waits(6)
    assert ana.heard == 0
    assert story(ana)[1] == ("ACTION_SUCCESSFUL", UP, UP)


def test_without_a_tone_of_ours_the_caller_hears_what_the_network_plays(
    answered_by: AnsweredBy,
) -> None:
    phone = answered_by(scripted([HELLO, BRIDGE]))
    phone.at(BEN, Answers(after=5))
    ana = phone.dials()
    ana.waits(10)
    assert ana.heard == 1


def test_keys_do_not_stop_the_tone(answered_by: AnsweredBy, a_wav: Callable[..., Path]) -> None:
    a_wav("ringback.wav", seconds=2)
    phone = answered_by(scripted([HELLO, WITH_TONE]))
    phone.at(BEN, Answers(after=4))
    ana = phone.dials()
    ana.hears("One moment")
    ana.interrupts("#*1")
    assert not ana.hears_nothing


def test_what_is_played_next_starts_after_the_tone(
    answered_by: AnsweredBy, a_wav: Callable[..., Path]
) -> None:
    a_wav("ringback.wav", seconds=2)
    a_wav("welcome.wav", seconds=3)
    welcome = PlayAudio(audio_source="s3://prompts/welcome.wav")
    phone = answered_by(scripted([HELLO, WITH_TONE], [welcome, Hangup()]))
    phone.at(BEN, Answers(after=3))
    ana = phone.dials()
    ana.hears("One moment")
    hears_the_tone(ana, times=2)
    began = phone.now
    ana.hears("welcome.wav")
    assert phone.now == pytest.approx(began + 3)


def test_a_tone_of_no_length_is_heard_once(
    answered_by: AnsweredBy, a_wav: Callable[..., Path]
) -> None:
    a_wav("ringback.wav", seconds=0)
    phone = answered_by(scripted([HELLO, WITH_TONE]))
    phone.at(BEN, Answers(after=5))
    ana = phone.dials()
    ana.waits(10)
    assert ana.heard == 2
    assert story(ana)[-1] == ("ACTION_SUCCESSFUL", UP, UP)


def test_a_tone_that_is_not_there_fails_before_anybody_is_called(answered_by: AnsweredBy) -> None:
    phone = answered_by(scripted([HELLO, WITH_TONE]))
    phone.at(BEN, Answers(after=0))
    ana = phone.dials()
    ana.waits(10)
    assert error(ana.events[1]) == (
        "InvalidAudioSource",
        "Cannot access S3 bucket or audio file.",
    )
    assert "rings" not in ana.ladder.render()


def test_a_tone_that_is_no_pcm_wav_fails_with_words_of_its_own(
    answered_by: AnsweredBy, prompts: Path
) -> None:
    (prompts / "ringback.wav").write_bytes(b"ID3, not RIFF")
    ana = answered_by(scripted([HELLO, WITH_TONE])).dials()
    ana.waits(10)
    assert error(ana.events[1]) == ("InvalidAudioSource", "Ringtone parameter value is invalid.")


def test_the_tone_is_heard_by_the_caller_of_an_outbound_call(
    answered_by: AnsweredBy, a_wav: Callable[..., Path]
) -> None:
    a_wav("ringback.wav", seconds=2)
    phone = answered_by(on("CALL_ANSWERED", [WITH_TONE]))
    phone.at(BEN, Answers(after=1))
    ana = phone.rings("+15550100200")
    ana.answers()
    hears_the_tone(ana, times=1)
