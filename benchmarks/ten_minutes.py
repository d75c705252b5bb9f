"""A call of ten minutes in virtual time: menus, music on hold, pauses."""

import wave
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.answers.event import DESK
from benchmarks.table import Section, limited
from benchmarks.turns import Effort, in_process, take_turns
from offhook.actions import Hangup, Pause, PlayAudio, Speak, SpeakAndGetDigits
from offhook.emulator.testing import Phone
from offhook.handler import ActionSuccessful, NewInboundCall, Reply, Router

LIMIT = 0.005
MENUS = 5
MUSIC_SECONDS = 10

router = Router()

MENU = SpeakAndGetDigits(
    text="Everybody is busy. To stay on the line, press 1. To give up, press 2.",
    failure_text="Sorry?",
    max_number_of_digits=1,
    repeat=3,
    repeat_duration_in_milliseconds=5_000,
)
HOLD = (
    PlayAudio(audio_source="hold.wav", repeat=10),
    Pause(duration_in_milliseconds=12_000),
    Speak(text="Thank you for waiting."),
    MENU,
)


@router.new_inbound_call()
def welcome(event: NewInboundCall) -> Reply:
    return [Speak(text="Welcome to the workshop."), *HOLD]


@router.action_successful(MENU, digits="1")
def stays(event: ActionSuccessful[SpeakAndGetDigits]) -> Reply:
    return HOLD


@router.action_successful(MENU, digits="2")
def gives_up(event: ActionSuccessful[SpeakAndGetDigits]) -> Reply:
    return [Speak(text="Goodbye."), Hangup()]


def measure(effort: Effort) -> Section:
    """The wall time of one such call."""
    with TemporaryDirectory() as folder:
        _write_silence(Path(folder, "hold.wav"), MUSIC_SECONDS)
        with Phone(router, desk=DESK.model_copy(update={"prompts": Path(folder)})) as phone:
            began = phone.now
            _play(phone)
            minutes = (phone.now - began) / 60
            times = take_turns({"ours": in_process(lambda: _play(phone), effort)}, effort.turns)
    if minutes < 10:
        raise AssertionError(f"the call took {minutes:.1f} minutes: make it ten")
    ours = times["ours"]
    return Section(
        f"A call of {minutes:.0f} minutes: {MENUS} times music, a pause and a menu",
        [limited("wall time", ours, limit=LIMIT)],
        f"{minutes * 60 / min(ours):,.0f} times as fast as the clock on the wall. The fastest turn "
        "counts, because the aim is a time and not a ratio: the other turns had company.",
    )


def _play(phone: Phone) -> None:
    call = phone.dials()
    call.hears("Welcome to the workshop.")
    for menu in range(MENUS):
        for _ in range(10):
            call.hears("hold.wav")
        call.hears("Thank you for waiting.")
        call.hears("Everybody is busy.")
        call.waits(1.0)
        call.presses("2" if menu == MENUS - 1 else "1")
    call.hears("Goodbye.")
    call.ends()


def _write_silence(path: Path, seconds: int) -> None:
    with wave.open(str(path), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(8000)
        wav.writeframes(bytes(2 * 8000 * seconds))
