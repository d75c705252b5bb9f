"""Somebody is on the line: an operator finds the call by its number, tells it something, ends it.

About `offhook.command.calls.live`, `offhook.command.calls.redirect`,
`offhook.command.calls.cancel`.
"""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from offhook.command.main import main
from tests.command.conftest import Run
from tests.command.serving.conftest import OURS, Local, closed, http, in_the_shell_of, opened
from tests.patience import until

ADA, BO = "+15550100177", "+15550100178"


@pytest.fixture(scope="module")
def local() -> Iterator[Local]:
    """A desk whose flow opted in."""
    desk = opened("--handler", "tests.command.serving.opted_in:lambda_handler")
    try:
        yield desk
    finally:
        closed(desk)


def comes_in(local: Local, number: str) -> str:
    """Somebody calls us: the key of the call."""
    said = {"From": number, "To": OURS}
    return f"in:{http('POST', f'{local.service}/_offhook/calls', said)[1]['TransactionId']}"


@pytest.fixture
def offhook(local: Local, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """The command where the exports were typed: its code, and what it said."""

    def run(*typed: str) -> tuple[int, str, str]:
        try:
            code = main(["calls", *typed])
        except SystemExit as left:  # argparse's own refusal
            code = int(str(left.code))
        said, why = capsys.readouterr()
        return code, said, why

    with in_the_shell_of(local):
        yield run


def found(local: Local, number: str) -> list[Any]:
    """What the trigger finds."""
    calls: list[Any] = local.asks("GET", f"/live?number={quote(number)}")[1]["calls"]
    return calls


def test_an_operator_finds_a_caller_tells_them_something_and_ends_the_call(
    local: Local, offhook: Run
) -> None:
    first, second, other = (comes_in(local, number) for number in (ADA, ADA, BO))
    until(lambda: len(found(local, ADA)) == 2)
    assert {call["key"] for call in found(local, ADA)} == {first, second}
    code, said, where = offhook("live", ADA)
    assert code == 0
    assert first in said
    assert second in said
    assert other not in said
    assert "came in, since 20" in said
    assert "queue offhook-calls, ledger offhook-ledger" in where
    code, said, _ = offhook("live", ADA, "--json")
    assert {call["key"] for call in json.loads(said)} == {first, second}
    assert ADA not in said
    code, said, _ = offhook("redirect", first, "place=room 2", "--id", "r-1")
    assert (code, said) == (0, f"{first} is told.\n")
    ladder = until(lambda: local.ladder(first[3:]) if "room 2" in local.ladder(first[3:]) else "")
    assert "Please go to room 2." in ladder
    code, said, _ = offhook("cancel", first)
    assert (code, said.split()[:3]) == (0, [first, "ends", "now"])
    until(lambda: [call["key"] for call in found(local, ADA)] == [second])
    code, _, said = offhook("redirect", first, "place=room 3")
    assert (code, "has ended (cancelled): nothing is left to redirect" in said) == (2, True)
    for key in (second, other):
        assert local.asks("DELETE", f"/calls/{key}")[0] == 200
    until(lambda: not found(local, ADA) and not found(local, BO))
    code, said, _ = offhook("live", ADA)
    assert (code, said) == (1, f"No call with {ADA} is up, as far as the ledger knows.\n")


@pytest.mark.thorough
def test_a_call_that_nobody_knows_is_none(offhook: Run) -> None:
    for command in (["redirect", "in:nobody", "place=room 2"], ["cancel", "in:nobody"]):
        code, _, said = offhook(*command)
        assert (code, "no call was started with the key in:nobody" in said) == (2, True)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (["live", "anonymous"], "Who withholds the number is not found by it"),
        (["redirect", "a-1", "room 2"], "has no name and value: write NAME=VALUE"),
        (["redirect", "a-1", "offhook=cancel"], "to end a call, cancel it"),
        (["redirect", "a/1", "a=b"], "'a/1' is no key: write 1 to 128 letters"),
        (["report", "march/1"], "'march/1' is no name of a list: write 1 to 128 letters"),
        (["report", "monday", "--ledger", "calls"], "there is no table calls in us-east-1"),
        (["cancel", "a-1", "--ledger", "calls"], "there is no table calls in us-east-1"),
    ],
)
def test_what_is_typed_wrong_is_said(offhook: Run, typed: list[str], says: str) -> None:
    code, said, why = offhook(*typed)
    assert (code, said) == (2, "")
    assert says in why
