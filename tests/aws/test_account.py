"""Nothing is asked of AWS that nobody has allowed, nobody is called who is on no list, and what it
costs is said before."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.aws.account import MAY_ASK, SWITCH, Account, NotAllowed
from tests.aws.conftest import Line
from tests.emulator.server.conftest import OURS

NAMED = {"OFFHOOK_AWS": "1", "OFFHOOK_AWS_APPLICATION": "an-id", "OFFHOOK_AWS_FROM": "+12065550100"}


def test_it_is_off_unless_somebody_says_1() -> None:
    assert Account.named({}) is None
    assert Account.named({**NAMED, "OFFHOOK_AWS": "0"}) is None
    account = Account.named({**NAMED, "OFFHOOK_AWS_MAY_DIAL": "+12065550101, +12065550102,"})
    assert account == Account("an-id", "+12065550100", ("+12065550101", "+12065550102"))


@pytest.mark.parametrize("missing", ["OFFHOOK_AWS_APPLICATION", "OFFHOOK_AWS_FROM"])
def test_what_is_not_named_is_asked_for(missing: str) -> None:
    with pytest.raises(NotAllowed, match=f"{missing} is not set: write "):
        Account.named({**NAMED, missing: ""})


@pytest.mark.parametrize("may_dial", [(), ("+12065550101",)])
def test_nobody_is_called_who_is_on_no_list(line: Line, may_dial: tuple[str, ...]) -> None:
    voice = Account(line.account.application, line.account.ours, may_dial).guard(line.voice)
    for number in ("+12065550199", "911", may_dial[0].lstrip("+") if may_dial else ""):
        with pytest.raises(NotAllowed, match="is not in OFFHOOK_AWS_MAY_DIAL: "):
            voice.create_sip_media_application_call(
                FromPhoneNumber=OURS, ToPhoneNumber=number, SipMediaApplicationId="an-id"
            )


def test_nothing_else_is_asked(line: Line) -> None:
    with pytest.raises(NotAllowed, match="DeletePhoneNumber is not among CreateSipMedia"):
        line.voice.delete_phone_number(PhoneNumberId=OURS)
    with pytest.raises(NotAllowed):
        line.voice.create_phone_number_order(
            ProductType="SipMediaApplicationDialIn", E164PhoneNumbers=["+12065550123"]
        )
    makes = {name for name in MAY_ASK if not name.startswith(("Get", "List"))}
    assert makes == {"CreateSipMediaApplicationCall", "UpdateSipMediaApplicationCall"}


def test_what_it_costs_is_in_minutes() -> None:
    account = Account("an-id", "+12065550100", ("+12065550101",))
    said = "\n".join(account.cost(8, 2))
    assert "8 tests send requests, which AWS does not bill" in said
    assert "2 tests call somebody to +12065550101" in said
    assert "2 begun minutes are billed" in said
    assert "0 tests call somebody: OFFHOOK_AWS_MAY_DIAL names nobody" in "\n".join(
        Account("an-id", "+12065550100").cost(8, 2)
    )


def pytest_of(*options: str, **environment: str) -> str:
    """What pytest says of this room, in a process of its own."""
    room = Path(__file__).with_name("test_api.py")
    without = {name: value for name, value in os.environ.items() if not name.startswith(SWITCH)}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, str(room)],
        cwd=Path(__file__).parents[2],
        env={**without, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.mark.thorough
def test_the_cost_is_said_before_anything_is_asked() -> None:
    said = pytest_of("--collect-only", **NAMED, OFFHOOK_AWS_MAY_DIAL="+12065550101")
    assert "against AWS, as an-id and +12065550100:" in said
    assert "2 tests call somebody to +12065550101" in said
    assert "against AWS" not in pytest_of("--collect-only")


@pytest.mark.thorough
def test_who_names_nothing_is_told_what_to_name() -> None:
    said = pytest_of("--collect-only", OFFHOOK_AWS="1")
    assert "OFFHOOK_AWS_APPLICATION and OFFHOOK_AWS_FROM is not set: write" in said
