"""When a line answers otherwise is found, not given."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from offhook.actions import Hangup, Speak
from offhook.emulator.call.deeds import Known
from offhook.emulator.explore.explorer import Explorer
from offhook.emulator.explore.moments import MOST, moments
from offhook.emulator.explore.plan import Plan
from offhook.emulator.function.function import Limits
from offhook.emulator.function.in_process import InProcess
from offhook.emulator.function.reach import reach
from offhook.emulator.service.usual import MONDAY_AT_TEN
from tests.emulator.explore.lines import OURS, desk, happened
from tests.emulator.functions import Event, Function, reply
from tests.sampled import sampled


def found(handler: Function, *, is_outbound: bool = False) -> list[datetime]:
    plan = Plan(number=OURS, at=MONDAY_AT_TEN, is_outbound=is_outbound)
    with closing(Explorer(desk(), plan, InProcess(handler), Known())) as explorer:
        return moments(explorer.first_reply, plan.at)


def lunch(_event: Event, _context: object) -> object:
    """Closed from half past twelve on Wednesdays, for half an hour, by the function's clock."""
    now = datetime.now(UTC)
    is_closed = now.weekday() == 2 and now.hour == 12 and now.minute >= 30
    return reply(Speak(text="Closed." if is_closed else "Open."), Hangup())


def test_half_an_hour_in_a_week_is_found_by_the_clock_that_a_function_reads() -> None:
    assert found(lunch) == [MONDAY_AT_TEN, datetime(2027, 3, 3, 12, 30, tzinfo=UTC)]


def test_it_is_found_by_the_start_of_the_call() -> None:
    def handler(event: Event, _context: object) -> object:
        details = cast("dict[str, list[dict[str, str]]]", event["CallDetails"])
        started = int(details["Participants"][0]["StartTimeInMilliseconds"]) / 1000
        is_sunday = datetime.fromtimestamp(started, UTC).weekday() == 6
        return reply(Speak(text="It is Sunday." if is_sunday else "Hello."), Hangup())

    assert found(handler) == [MONDAY_AT_TEN, datetime(2027, 3, 7, tzinfo=UTC)]


def test_of_a_call_that_we_make_it_is_what_is_said_when_somebody_picks_up() -> None:
    def handler(event: Event, context: object) -> object:
        return lunch(event, context) if happened(event) == "CALL_ANSWERED" else reply()

    assert len(found(handler, is_outbound=True)) == 2


@pytest.mark.parametrize(
    "code", sampled(["def handler(", "import nowhere", "raise KeyError('at import')"], 1)
)
def test_a_function_that_does_not_start_is_asked_once(code: str, tmp_path: Path) -> None:
    file = tmp_path / "line.py"
    file.write_text(f"open('starts', 'a').write('.')\n{code}")
    plan = Plan(number=OURS, at=MONDAY_AT_TEN)
    with (
        closing(reach(f"{file}:handler", Limits())) as function,
        closing(Explorer(desk(), plan, function, Known())) as explorer,
    ):
        assert moments(explorer.first_reply, plan.at) == [MONDAY_AT_TEN]
    starts = tmp_path / "starts"  # one whose syntax is wrong leaves no trace
    assert not starts.exists() or len(starts.read_text()) < 9


def test_a_line_that_tells_the_time_is_not_explored_at_every_moment() -> None:
    start = datetime(2027, 3, 1, tzinfo=UTC)
    all_week = moments(lambda at: f"It is {at}.", start)
    assert len(all_week) == MOST
    assert all(at - start < timedelta(days=1) for at in all_week)


def test_who_is_slow_is_not_asked_for_all_of_the_week() -> None:
    start = datetime(2027, 3, 1, tzinfo=UTC)
    asked: list[datetime] = []

    def reply_at(at: datetime) -> str:
        asked.append(at)
        return "Hello."

    assert moments(reply_at, start, lambda: len(asked) >= 10) == [start]
    assert len(asked) < 20
