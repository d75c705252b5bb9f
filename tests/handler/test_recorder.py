"""Calls are recorded so that they can be replayed, and nobody knows whose they were."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from offhook.actions import Hangup, Response, Speak, SpeakAndGetDigits
from offhook.emulator.testing import Phone
from offhook.handler import ActionSuccessful, NewInboundCall, Reply, Router, record
from offhook.production.logs.imported import import_logs
from offhook.production.logs.recorded import RecordedCall, read
from offhook.production.logs.reenacted import reenacted
from offhook.production.logs.replayed import Replay
from tests.production.logs.happened import DESK

PIN = SpeakAndGetDigits(
    text="Your PIN, please.",
    failure_text="Sorry?",
    input_digits_regex=r"^\d{4}$",
    repeat_duration_in_milliseconds=5_000,
)


def bank() -> Router:
    """It asks for a PIN, reads it back, and knows names."""
    router = Router()

    @router.new_inbound_call()
    def welcome(event: NewInboundCall) -> Reply:
        name = event.sip_headers["X-Name"]
        return Response(
            [Speak(text=f"Hello {name}."), PIN], attributes={"step": "pin", "who": name}
        )

    @router.action_successful(PIN)
    def known(event: ActionSuccessful[SpeakAndGetDigits]) -> Reply:
        spelled = ", ".join(event.result.received_digits or "")
        text = f"You are {event.transaction_attributes['who']}, at {event.other_party}: {spelled}."
        return [Speak(text=text), Hangup()]

    return router


def call_of(router: Router, from_: str = "+12065550142") -> list[str]:
    """One calls, and enters a PIN."""
    with Phone(router, desk=DESK) as phone:
        call = phone.dials(from_=from_, sip_headers={"X-Name": "Zoë O'Hara"})
        call.hears("Hello Zoë O'Hara.")
        call.hears("PIN")
        call.presses("4711")
        told = call.hears("You are")
        call.ends()
        return [told]


def recorded(**how: Any) -> tuple[Router, list[str]]:
    lines: list[str] = []
    router = bank()
    given: dict[str, Any] = {"key": "a key", "write": lines.append, **how}
    router.around()(record(**given))
    return router, lines


def imported(lines: list[str], *, ours: tuple[str, ...] = ("step",)) -> list[RecordedCall]:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "log.txt"
        prefix = "2027-03-01T10:00:00.000Z\t6c1f\tINFO\t"
        file.write_text("".join(f"{prefix}{line}\n" for line in lines), encoding="utf-8")
        import_logs([file], Path(folder) / "calls", ours=ours)
        return [*read(Path(folder) / "calls")]


def test_a_caller_hears_the_same_and_nothing_of_them_is_written() -> None:
    router, lines = recorded(ours=["step"])
    (told,) = call_of(router)
    assert told == "You are Zoë O'Hara, at +12065550142: 4, 7, 1, 1."
    text = "".join(lines)
    assert len(lines) == 3
    for secret in ("2065550142", "4711", "4, 7, 1, 1", "Zo", "Hara"):
        assert secret not in text
    assert '"step": "pin"' in text
    assert re.search("You are n[0-9]{6}", text)


SPELLED = ("(206) 555-0142", "206 555 0142", "1 206 555 01 42", "12065550142", "+1 206 5550142")


@pytest.mark.parametrize("spelled", SPELLED)
def test_a_number_is_found_however_it_is_spelled(spelled: str) -> None:
    router, lines = recorded()

    @router.action_failed(PIN)
    def failed(_event: object) -> Reply:
        return [Speak(text=f"Your number is {spelled}. Goodbye."), Hangup()]

    with Phone(router, desk=DESK) as phone:
        call = phone.dials(from_="+12065550142", sip_headers={"X-Name": "Ada"})
        call.settles()
        assert f"Your number is {spelled}." in call.ladder.render()
    digits = ["".join(filter(str.isdigit, line)) for line in lines]
    assert len(lines) == 3
    assert not any("5550142" in each for each in digits)


def test_one_caller_is_one_pseudonym_under_one_key() -> None:
    found = list[set[str]]()
    for key in ("a key", "a key", "another"):
        router, lines = recorded(key=key)
        call_of(router)
        calls = [json.loads(line)["exchanges"][0]["event"]["CallDetails"] for line in lines]
        found.append({call["Participants"][0]["From"] for call in calls})
    (one,), (again,), (other,) = found
    assert one == again != other
    assert one.startswith("+155501")


def test_an_import_reads_it_back_whole_and_a_replay_finds_nothing() -> None:
    router, lines = recorded(ours=["step"])
    call_of(router)
    (call,) = imported(lines)
    assert call.is_complete
    assert [each.told.TYPE for each in call.exchanges] == [
        *("NEW_INBOUND_CALL", "ACTION_SUCCESSFUL", "HANGUP")
    ]
    assert all(each.answer == "replied" and each.at for each in call.exchanges)
    assert reenacted(call, DESK).is_same
    with Replay(DESK, bank()) as replay:
        assert [change.what for change in replay.changes(call)] == []


def test_without_a_key_and_of_no_share_nothing_is_written() -> None:
    for how in ({"key": ""}, {"share": 0.0}):
        router, lines = recorded(**how)
        call_of(router)
        assert lines == []


def test_no_call_fails_of_it_and_what_takes_long_is_not_tried_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tried: list[str] = []

    def fails(line: str) -> None:
        tried.append(line)
        raise OSError("no room")

    router, _ = recorded(write=fails)
    call_of(router)
    assert len(tried) == 3
    assert "Offhook itself failed: OSError" in capsys.readouterr().err

    def clock() -> Iterator[float]:
        now = 0.0
        while True:
            yield now
            now += 0.2

    ticks = clock()
    monkeypatch.setattr("offhook.handler.recorder.perf_counter", lambda: next(ticks))
    router, lines = recorded()
    call_of(router)
    assert len(lines) == 1


def test_a_line_that_is_too_long_is_left_out() -> None:
    router, lines = recorded()

    @router.hangup()
    def left(_event: object) -> Reply:
        return Response([], attributes={"note": "x" * 61_000})

    call_of(router)
    assert len(lines) == 2


def test_a_handler_that_fails_is_recorded_as_one() -> None:
    router, lines = recorded()

    @router.hangup()
    def left(_event: object) -> Reply:
        raise KeyError("Zoë")

    call_of(router)
    assert json.loads(lines[-1])["exchanges"][0]["answer"] == "failed"
    assert "Zoë" not in lines[-1]
