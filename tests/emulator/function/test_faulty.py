"""A function that is slow, refused, failing or dead: what the service does, in virtual time.

Reference C.4: again after 5 s, dropped after 20 s, a 4XX tried once more.
"""

from typing import cast

import pytest

from offhook.actions import Hangup, Speak
from offhook.command.main import main
from offhook.emulator.testing import Fault, NoSuchFault, Phone
from tests.emulator.functions import AnsweredBy, Event, Function, reply, types

HELLO = (Speak(text="Hello."), Hangup())


def counting(told: list[object]) -> Function:
    def function(event: object, _context: object) -> object:
        told.append(event)
        first = cast("Event", event)["Sequence"] == 1
        return reply(*HELLO) if first else reply()

    return function


@pytest.fixture
def told() -> list[object]:
    return []


@pytest.fixture
def phone(answered_by: AnsweredBy, told: list[object]) -> Phone:
    return answered_by(counting(told))


def test_a_reply_within_five_seconds_is_in_time(phone: Phone, told: list[object]) -> None:
    phone.function_is(slow=4.9, times=1)
    call = phone.dials()
    call.hears("Hello.")
    call.ends()
    assert phone.now == pytest.approx(4.9 + 0.364, abs=0.01)
    assert len(told) == 2


def test_after_five_seconds_the_same_event_is_sent_again(phone: Phone, told: list[object]) -> None:
    phone.function_is(slow=6, times=1)
    call = phone.dials()
    call.hears("Hello.")
    assert phone.now == pytest.approx(5.364, abs=0.01)  # the second was quicker
    call.ends()
    phone.wait(1)
    assert "no reply in 5 s: the same event is sent again" in call.ladder.render()
    assert told[0] == told[2]  # same sequence; the late first one ran all the same
    assert "a late reply to NEW_INBOUND_CALL 1 is thrown away" in call.ladder.render()
    assert types(call.events) == ["NEW_INBOUND_CALL", "HANGUP"]
    assert len(told) == 3


def test_the_first_is_not_called_off_and_wins_if_it_is_sooner(phone: Phone) -> None:
    phone.put_faults("slow=6:1", "slow=9:1")
    call = phone.dials()
    call.hears("Hello.")
    assert phone.now == pytest.approx(6.364, abs=0.01)


@pytest.mark.parametrize("fault", ["dead", "slow=21", "slow=20"])
def test_after_twenty_seconds_the_call_is_dropped(phone: Phone, fault: str) -> None:
    phone.put_faults(fault)
    call = phone.dials()
    call.ends()
    assert phone.now == pytest.approx(20)
    assert "480, the call is dropped: AWS Lambda client operation timed out." in str(call)
    assert len(call.events) == 1


@pytest.mark.parametrize(
    ("fault", "log"),
    [
        ("throttled", "The AWS Lambda function was throttled."),
        ("denied", "Access denied while invoking the AWS Lambda function."),
    ],
)
def test_a_4xx_is_tried_once_more(phone: Phone, fault: str, log: str) -> None:
    phone.put_faults(f"{fault}:1")
    phone.dials().hears("Hello.")
    phone.put_faults(fault)
    call = phone.dials()
    call.ends()
    assert str(call).count(log) == 2
    assert f"480, the call is dropped: {log}" in str(call)


def test_a_4xx_after_a_slow_one_waits_for_the_slow_one(phone: Phone) -> None:
    phone.put_faults("slow=6:1", "throttled:1")
    call = phone.dials()
    call.hears("Hello.")
    assert phone.now == pytest.approx(6.364, abs=0.01)


def test_a_function_that_fails_ends_the_call_at_once(phone: Phone, told: list[object]) -> None:
    phone.function_is(failing=True)
    call = phone.dials()
    call.ends()
    assert "480, the call is dropped: the function failed" in str(call)
    assert told == []


def test_a_function_told_everything_twice_answers_once(phone: Phone, told: list[object]) -> None:
    phone.function_is(doubled=True)
    call = phone.dials()
    call.hears("Hello.")
    call.ends()
    assert len(told) == 4
    assert len(call.events) == 2


def test_naming_nothing_makes_it_well_again(phone: Phone) -> None:
    phone.function_is(dead=True)
    phone.function_is()
    phone.dials().hears("Hello.")


def test_a_phone_put_away_leaves_nothing_under_way(phone: Phone) -> None:
    phone.function_is(dead=True)
    call = phone.dials()
    call.ends()
    phone.close()
    assert not phone.service.functions.invoker("").under_way


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("slow=6", Fault("slow", "6")),
        ("slow=0.5:2", Fault("slow", "0.5", 2)),
        ("s3-missing=a/b:c.wav:3", Fault("s3-missing", "a/b:c.wav", 3)),
        ("destination-busy=+15550100200", Fault("destination-busy", "+15550100200")),
        ("leg-lost:1", Fault("leg-lost", "LEG-A", 1)),
        ("throttled", Fault("throttled")),
        ("dead:1", Fault("dead", times=1)),
    ],
)
def test_a_fault_is_read_from_text(text: str, fault: Fault) -> None:
    assert Fault.parse(text) == fault


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("sloth", "there is no fault 'sloth': there are slow, throttled, denied, failing, dead"),
        ("slow", "write the seconds, as in slow=6"),
        ("dead=3", "it takes no value"),
        ("slow=x", "write the seconds"),
        ("slow=6:y", "write the seconds"),
        ("dead:0", "0 times is never"),
        ("slow=-1", "write the seconds"),
        ("slow=nan", "write the seconds"),
        ("slow=901", "write the seconds"),
        ("s3-missing=s3://bucket/a.wav", "write the key alone, as in s3-missing=welcome.wav"),
        ("leg-lost=LEG-C", "write leg-lost=LEG-A"),
        ("destination-busy=a b", "write a number, as in destination-busy=.15550100200"),
        ("", "there is no fault ''"),
        ("slow=6 slow=7", "write the seconds"),
    ],
)
def test_what_is_no_fault_says_what_is(text: str, says: str) -> None:
    with pytest.raises(NoSuchFault, match=says):
        Fault.parse(text)


def test_a_fault_from_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["call", "--script", "1", "--fault", "slow=6:1"]) == 0
    assert "no reply in 5 s" in capsys.readouterr().out
    assert main(["call", "--script", "1", "--fault", "denied"]) == 1
    with pytest.raises(SystemExit):
        main(["call", "--fault", "sloth"])
    assert "there is no fault 'sloth'" in capsys.readouterr().err
