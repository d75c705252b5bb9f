"""When a line answers otherwise is found, not given.

About `offhook.emulator.explore.options` too.
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from offhook.actions import Hangup, Speak
from offhook.emulator.call.deeds import Known
from offhook.emulator.explore.explorer import Explorer
from offhook.emulator.explore.jobs import Result, explore
from offhook.emulator.explore.moments import MONDAY, MOST, WEEK, Questions, apart
from offhook.emulator.explore.options import Options
from offhook.emulator.explore.plan import Plan
from offhook.emulator.function.function import Function, Invoked, Limits
from offhook.emulator.function.in_process import InProcess
from offhook.emulator.function.reach import reach
from offhook.emulator.service.config import SipMediaApplication
from offhook.emulator.service.usual import MONDAY_AT_TEN
from tests.emulator.explore.lines import OURS, asks, attributes, desk, happened, says
from tests.emulator.functions import Event, reply
from tests.emulator.functions import Function as Handler
from tests.sampled import sampled


def found(handler: Handler, *, is_outbound: bool = False) -> list[datetime]:
    """The usual moment, and the first of those at which calls begin otherwise."""
    return of_function(InProcess(handler), is_outbound=is_outbound)


def of_function(function: Function, *, is_outbound: bool = False) -> list[datetime]:
    plan = Plan(number=OURS, at=MONDAY_AT_TEN, is_outbound=is_outbound)
    with closing(Explorer(desk(), plan, function, Known())) as explorer:
        _, *others = apart(function, explorer.first(), plan.at, WEEK)
    return [plan.at, *(first for first, *_ in others)]


def explored(handler: Handler, **options: object) -> Result:
    app = SipMediaApplication(numbers=(OURS,), function="nobody:handler")
    its = Options(seconds=None, **options)  # type: ignore[arg-type]
    return explore(desk(), app, its, handler=handler)


def moments(result: Result) -> list[datetime]:
    return [each.plan.at for each in result.explored]


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
    "code", sampled(["import nowhere", "raise KeyError('at import')", "def handler("], 1)
)
def test_a_function_that_does_not_start_is_asked_once(code: str, tmp_path: Path) -> None:
    file = tmp_path / "line.py"
    file.write_text(f"open('starts', 'a').write('.')\n{code}")
    with closing(reach(f"{file}:handler", Limits())) as function:
        assert of_function(function) == [MONDAY_AT_TEN]
    starts = tmp_path / "starts"  # one whose syntax is wrong leaves no trace
    assert not starts.exists() or len(starts.read_text()) < 9


def test_a_line_that_tells_the_time_is_not_explored_at_every_moment() -> None:
    def handler(_event: Event, _context: object) -> object:
        return reply(Speak(text=f"It is {datetime.now(UTC):%A, %H %M}."), Hangup())

    all_week = moments(explored(handler))
    assert len(all_week) == 1 + MOST
    assert {at.minute for at in all_week} == {0}


def test_where_more_than_the_words_differ_each_moment_is_explored() -> None:
    """On Sundays nobody has thought of an hour."""

    def handler(event: Event, _context: object) -> object:
        if happened(event) != "NEW_INBOUND_CALL":
            return reply(Hangup()) if happened(event) != "HANGUP" else reply()
        day = f"{datetime.now(UTC):%A}"
        hours = {"Sunday": 1 / 0} if day == "Sunday" else {day: 9}
        return says(Speak(text=f"Today is {day}. We open at {hours[day]}."))

    result = explored(handler)
    assert [each.finding.rule for each in result.found] == ["function-failed"]
    assert moments(result)[-1] == datetime(2027, 3, 7, tzinfo=UTC)


def asked(reply_at: Callable[[datetime], object], is_late: Callable[[], bool]) -> list[datetime]:
    """One event is asked."""
    questions, at = Questions(), MONDAY_AT_TEN

    def handler(_event: object, _context: object) -> object:
        return reply_at(datetime.now(UTC))

    details: dict[str, object] = {"Participants": []}
    event = {"InvocationEventType": "NEW_INBOUND_CALL", "CallDetails": details}
    questions.note("one", event, Invoked({}), is_disturbed=False)
    alike, *_ = apart(InProcess(handler), questions, at, WEEK, is_late)
    return alike


def test_who_is_slow_is_not_asked_for_all_of_the_week() -> None:
    asked_at: list[datetime] = []

    def reply_at(at: datetime) -> object:
        asked_at.append(at)
        return "Hello."

    assert asked(reply_at, lambda: len(asked_at) >= 10) == WEEK[: 24 * 8 : 24]
    assert len(asked_at) < 20


# The first reply is the same at each moment, and a later one is not.


def on_2(what: Callable[[], Sequence[object]], *, when: str = "2") -> Handler:
    """A menu, in which a key depends on the hour."""

    def handler(event: Event, _context: object) -> object:
        match happened(event):
            case "NEW_INBOUND_CALL":
                return reply(asks("One or two?", "[12]"))
            case "HANGUP":
                return reply()
            case key if key == when:
                return reply(*cast("Sequence[Speak]", what()), Hangup())
            case _:
                return reply(Hangup())

    return handler


def at_lunch(_event: Event | None = None) -> bool:
    now = datetime.now(UTC)
    return now.weekday() == 2 and now.hour == 12 and now.minute >= 30


NOON = datetime(2027, 3, 3, 12, 30, tzinfo=UTC)


def test_half_an_hour_in_which_a_key_leads_elsewhere_is_found() -> None:
    result = explored(on_2(lambda: [Speak(text="Lunch." if at_lunch() else "Here we are.")]))
    assert moments(result) == [MONDAY_AT_TEN, NOON]
    assert result.exit_code == 0


def test_what_is_wrong_behind_a_key_at_one_hour_alone_is_found() -> None:
    result = explored(on_2(lambda: [Speak(text={False: "Here."}[at_lunch()])]))
    assert [(each.finding.rule, each.story) for each in result.found] == [
        ("function-failed", ["presses 2"])
    ]
    assert result.exit_code == 1


def test_so_it_is_where_a_disturbance_leads_to_it() -> None:
    failed = on_2(lambda: [Speak(text={False: "Again."}[at_lunch()])], when="ACTION_FAILED")

    def handler(event: Event, context: object) -> object:
        data = cast("dict[str, object]", event.get("ActionData") or {})
        if data.get("ErrorType") == "InvalidDigitsReceived":
            return reply(Hangup())
        return failed(event, context)

    assert [each.finding.rule for each in explored(handler).found] == ["function-failed"]


def test_what_depends_on_when_the_call_began_is_found_though_no_clock_is_read() -> None:
    def handler(event: Event, _context: object) -> object:
        details = cast("dict[str, list[dict[str, str]]]", event["CallDetails"])
        started = int(details["Participants"][0]["StartTimeInMilliseconds"]) / 1000
        is_late = datetime.fromtimestamp(started, UTC).hour == 23
        return on_2(lambda: [Speak(text={False: "Here."}[is_late])])(event, None)

    assert [each.finding.rule for each in explored(handler).found] == ["function-failed"]


def test_an_hour_within_another_is_found() -> None:
    """At night there is another menu, and in it a key that nobody thought of on Saturdays."""

    def handler(event: Event, context: object) -> object:
        now = datetime.now(UTC)
        if happened(event) == "NEW_INBOUND_CALL" and now.hour < 8:
            return says(asks("It is night. 2?", "2"), night=1)
        if happened(event) == "2" and "night" in attributes(event) and now.weekday() == 5:
            raise KeyError("Saturday")
        return on_2(list)(event, context)

    result = explored(handler)
    assert [each.finding.rule for each in result.found] == ["function-failed"]
    assert moments(result) == [MONDAY_AT_TEN, MONDAY, MONDAY + timedelta(days=5)]


def test_what_differs_each_time_does_not_differ_by_the_hour() -> None:
    calls: list[int] = []

    def counts() -> Sequence[Speak]:
        calls.append(0)
        return [Speak(text=f"You are caller {len(calls)}."), Speak(text=f"{datetime.now(UTC)}")]

    assert moments(explored(on_2(counts))) == [MONDAY_AT_TEN]


def test_what_looks_at_no_clock_is_not_asked_all_week() -> None:
    asked: list[str] = []

    def handler(event: Event, context: object) -> object:
        asked.append(happened(event))
        return on_2(list)(event, context)

    explored(handler, faults=0)
    assert asked.count("2") < 50
