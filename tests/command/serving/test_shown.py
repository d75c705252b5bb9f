"""`offhook serve` shows its calls as they happen: whose line it is, and what is to be mended."""

import pytest

from offhook.actions import Hangup, Speak
from offhook.command.serving.shown import show_calls
from tests.emulator.functions import in_turn
from tests.emulator.server.calls import dials
from tests.emulator.server.conftest import OURS, Serves, serves
from tests.patience import until

__all__ = ["serves"]


def test_each_line_begins_with_the_number_of_its_call(
    serves: Serves, capsys: pytest.CaptureFixture[str]
) -> None:
    function = in_turn([Speak(text="Hello."), Hangup()], None, [Speak(text="Again."), Hangup()])
    server = serves(function)
    show_calls(server.service)
    for _ in range(2):
        call = dials(server, OURS)
        until(lambda: not server.service.calls)
        assert call.has_ended
    lines = capsys.readouterr().out.splitlines()
    assert [line[:3] for line in lines if "dials" in line] == ["[1]", "[2]"]
    (first,) = [line for line in lines if "Hello." in line and "hears" in line]
    (second,) = [line for line in lines if "Again." in line and "hears" in line]
    assert (first[:3], second[:3]) == ("[1]", "[2]")
    assert [line[:3] for line in lines if line.endswith("the call is over")] == ["[1]", "[2]"]


def test_what_is_to_be_mended_follows_the_call(
    serves: Serves, capsys: pytest.CaptureFixture[str]
) -> None:
    server = serves(in_turn(ValueError("no")))
    show_calls(server.service)
    dials(server, OURS)
    printed = ""

    def is_told() -> bool:
        nonlocal printed
        printed += capsys.readouterr().out
        return "catch what may go wrong" in printed

    until(is_told)
    lines = printed.splitlines()
    assert any(line.startswith("[1] 1 thing to mend") for line in lines)
    assert all(line.startswith("[1] ") for line in lines)
