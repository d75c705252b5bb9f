"""Callers of the workshop's first number: in opening hours, out of them, and at their edges."""

from datetime import UTC, datetime

import pytest
from hypothesis import given

from flows import opening_hours
from offhook.emulator.service.config import load
from offhook.emulator.testing import Phone, PhoneCall
from offhook.handler import Router
from tests.flows.random_callers import often, play
from tests.flows.random_stories import Story, stories

NUMBER = "+15550100100"
WELCOME = "Welcome to the bicycle workshop."
MENU = "For our opening hours, press 1. For the way to us, press 2. To end the call, press 0."
HOURS = "We are open from Monday to Friday, nine to six."
WAY = "You find us at 12 Canal Street, behind the station."
SORRY = "Sorry, I did not get that."
CLOSED = "The bicycle workshop is closed."
GOODBYE = "Thank you for calling. Goodbye."


@pytest.fixture
def flow() -> Router:
    return opening_hours.router


@pytest.fixture(autouse=True)
def _in_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORKSHOP_TIMEZONE", raising=False)


def says_goodbye(call: PhoneCall) -> None:
    call.hears(GOODBYE)
    call.ends()


def test_pressing_0_says_goodbye(phone: Phone) -> None:
    call = phone.dials(NUMBER)
    call.hears(WELCOME)
    call.hears(MENU)
    call.presses("0")
    says_goodbye(call)


@pytest.mark.parametrize(
    ("key", "answer"), [("1", HOURS), ("2", WAY)], ids=["the opening hours", "the way"]
)
def test_a_key_tells_what_was_asked_for_and_the_menu_asks_again(
    phone: Phone, key: str, answer: str
) -> None:
    call = phone.dials(NUMBER)
    call.hears(WELCOME)
    call.interrupts(key, during=MENU)
    call.hears(answer)
    call.interrupts("0", during=MENU)
    says_goodbye(call)


def test_the_menu_can_be_used_as_often_as_one_likes(phone: Phone) -> None:
    call = phone.dials(NUMBER)
    call.hears(WELCOME)
    for key, answer in ("1", HOURS), ("2", WAY), ("2", WAY), ("1", HOURS):
        call.interrupts(key, during=MENU)
        call.hears(answer)
    call.interrupts("0", during=MENU)
    says_goodbye(call)


@pytest.mark.parametrize("key", ["3", "9", "*", "#"])
def test_another_key_asks_again(phone: Phone, key: str) -> None:
    call = phone.dials(NUMBER)
    call.hears(WELCOME)
    call.interrupts(key, during=MENU)
    call.hears(SORRY)
    call.interrupts("1", during=MENU)
    call.hears(HOURS)
    call.hangs_up()
    call.ends()


def test_three_wrong_keys_say_goodbye(phone: Phone) -> None:
    call = phone.dials(NUMBER)
    call.hears(WELCOME)
    for key in "789":
        call.interrupts(key, during=MENU)
        call.hears(SORRY)
    says_goodbye(call)


def test_whoever_presses_nothing_is_asked_three_times(phone: Phone) -> None:
    call = phone.dials(NUMBER)
    call.hears(WELCOME)
    for _ in range(3):
        call.hears(MENU)
        call.hears(SORRY)
    says_goodbye(call)


def test_a_key_is_waited_for_five_seconds(phone: Phone) -> None:
    call = phone.dials(NUMBER)
    call.hears(WELCOME)
    call.hears(MENU)
    call.waits(4.999)
    call.presses("1")
    call.hears(HOURS)
    call.interrupts("0", during=MENU)
    says_goodbye(call)


@pytest.mark.parametrize("seconds", [0.0, 1.0, 3.0, 12.0], ids="after {} s".format)
def test_a_caller_may_hang_up_at_any_time(phone: Phone, seconds: float) -> None:
    call = phone.dials(NUMBER)
    call.waits(seconds)
    call.hangs_up()
    call.ends()


SATURDAY = datetime(2027, 3, 6, 10, tzinfo=UTC)
SUNDAY = datetime(2027, 3, 7, 10, tzinfo=UTC)


def at(hour: int, minute: int = 0, second: int = 0, *, day: int = 1) -> datetime:
    """A moment of the week of Monday, the 1st of March 2027, in UTC."""
    return datetime(2027, 3, day, hour, minute, second, tzinfo=UTC)


@pytest.mark.parametrize(
    "moment",
    [SATURDAY, SUNDAY, at(8, 59, 59), at(18), at(23, 59), at(0, 0), at(18, 0, 0, day=5)],
    ids="{:%A %X}".format,
)
def test_out_of_hours_the_caller_hears_when_it_opens(phone: Phone, moment: datetime) -> None:
    call = phone.dials(NUMBER, at=moment)
    heard = call.hears(CLOSED)
    assert HOURS in heard
    says_goodbye(call)


@pytest.mark.parametrize(
    "moment", [at(9), at(17, 59, 59), at(9, day=2), at(17, 59, 59, day=5)], ids="{:%A %X}".format
)
def test_in_opening_hours_the_caller_is_welcome(phone: Phone, moment: datetime) -> None:
    call = phone.dials(NUMBER, at=moment)
    call.hears(WELCOME)
    call.interrupts("0", during=MENU)
    says_goodbye(call)


@pytest.mark.parametrize(
    ("zone", "moment", "heard"),
    [
        ("Europe/Berlin", datetime(2027, 3, 1, 8, 0, tzinfo=UTC), WELCOME),
        ("Europe/Berlin", datetime(2027, 3, 1, 7, 59, 59, tzinfo=UTC), CLOSED),
        ("Europe/Berlin", datetime(2027, 3, 1, 17, 0, tzinfo=UTC), CLOSED),
        ("Europe/Berlin", datetime(2027, 7, 5, 7, 0, tzinfo=UTC), WELCOME),
        ("Europe/Berlin", datetime(2027, 7, 5, 16, 0, tzinfo=UTC), CLOSED),
        ("America/Los_Angeles", datetime(2027, 3, 2, 1, 59, tzinfo=UTC), WELCOME),
        ("America/Los_Angeles", datetime(2027, 3, 6, 1, 59, tzinfo=UTC), WELCOME),
        ("Pacific/Auckland", datetime(2027, 2, 28, 20, 0, tzinfo=UTC), WELCOME),
        ("Pacific/Auckland", datetime(2027, 3, 5, 20, 0, tzinfo=UTC), CLOSED),
    ],
    ids=str,
)
def test_the_hours_are_those_of_the_workshop_s_own_clock(
    phone: Phone, monkeypatch: pytest.MonkeyPatch, zone: str, moment: datetime, heard: str
) -> None:
    monkeypatch.setenv("WORKSHOP_TIMEZONE", zone)
    call = phone.dials(NUMBER, at=moment)
    call.hears(heard)
    call.hangs_up()
    call.ends()


def test_the_desk_in_pyproject_answers_its_number_with_this_flow(
    request: pytest.FixtureRequest,
) -> None:
    with Phone(desk=load(request.config.rootpath)) as phone:
        call = phone.dials(NUMBER)
        call.hears(WELCOME)
        call.interrupts("2", during=MENU)
        call.hears(WAY)
        call.interrupts("0", during=MENU)
        says_goodbye(call)


def test_a_time_zone_that_does_not_exist_apologises(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("WORKSHOP_TIMEZONE", "Atlantis/Centre")
    with Phone(desk=load(request.config.rootpath)) as phone:
        call = phone.dials(NUMBER)
        call.hears("We are sorry, something went wrong.")
        call.ends()
    assert "No time zone found with key Atlantis/Centre" in caplog.text


@often
@given(stories(NUMBER))
def test_anybody_may_ask_for_the_opening_hours(story: Story) -> None:
    play(story)
