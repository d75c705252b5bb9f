"""Time in a story: it is virtual, stands still while a function runs, and repeats exactly.

About `offhook.emulator.threads`.
"""

import asyncio
import threading
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest

from offhook.actions import Hangup, Pause, Speak, SpeakAndGetDigits
from offhook.emulator.clock import VirtualLoop, in_thread
from offhook.emulator.service.config import Desk
from offhook.emulator.testing import Phone, StoryFailed
from tests.emulator.functions import AnsweredBy, always, details, in_turn, legs, reply, types
from tests.patience import PATIENCE_SECONDS

MENU = SpeakAndGetDigits(
    text="Press 1.",
    failure_text="Sorry?",
    max_number_of_digits=1,
    input_digits_regex="^1$",
    repeat=3,
    repeat_duration_in_milliseconds=5_000,
)


def test_an_hour_of_waiting_takes_no_time(answered_by: AnsweredBy) -> None:
    phone = answered_by(in_turn([Speak(text="Please hold.")]))
    call = phone.dials()
    before = time.monotonic()
    call.hears("Please hold.")
    call.waits(3_600)
    assert time.monotonic() - before < PATIENCE_SECONDS
    assert phone.now > 3_600


def test_the_clock_stands_still_while_a_function_runs(answered_by: AnsweredBy) -> None:
    def slow(_event: object, _context: object) -> object:
        time.sleep(0.02)
        return reply(Speak(text="Hello."))

    phone = answered_by(slow)
    call = phone.dials()
    call.hears("Hello.")
    assert phone.now == pytest.approx(0.364)
    assert call.ladder.entries[2].time == 0


def test_a_function_may_run_an_event_loop_of_its_own(answered_by: AnsweredBy) -> None:
    async def look_up() -> str:
        await asyncio.sleep(0)
        return "Ana"

    def function(_event: object, _context: object) -> object:
        with pytest.raises(RuntimeError):
            asyncio.get_running_loop()
        return reply(Speak(text=f"Hello {asyncio.run(look_up())}."))

    answered_by(function).dials().hears("Hello Ana.")


def test_a_function_may_play_a_call_itself(answered_by: AnsweredBy) -> None:
    def function(_event: object, _context: object) -> object:
        with Phone(in_turn([Speak(text="Within.")]), desk=Desk()) as inner:
            heard = inner.dials().hears("Within.")
        return reply(Speak(text=f"I heard: {heard}"))

    answered_by(function).dials().hears("I heard: Within.")


def test_the_same_story_is_the_same_every_time() -> None:
    def story() -> tuple[str, object]:
        with Phone(in_turn([Speak(text="Hello."), MENU], [Hangup()]), desk=Desk(), seed=0) as phone:
            call = phone.dials()
            call.hears("Hello.")
            call.interrupts("2")
            call.hears("Sorry?")
            call.interrupts("1")
            call.ends()
            return call.ladder.render(), call.events

    assert story() == story()


def test_another_seed_makes_other_ids() -> None:
    def ids(seed: int) -> object:
        with Phone(always(Hangup()), desk=Desk(), seed=seed) as phone:
            call = phone.dials()
            call.ends()
            return details(call.events[0])["TransactionId"], legs(call.events[0])[0]["CallId"]

    assert ids(1) != ids(2)
    assert ids(1) == ids(1)


def test_time_passes_to_the_millisecond(answered_by: AnsweredBy) -> None:
    phone = answered_by(in_turn([Pause(duration_in_milliseconds=1_234)]), pause_answers=True)
    call = phone.dials()
    for _ in range(1_233):
        call.waits(0.001)
    assert types(call.events) == ["NEW_INBOUND_CALL"]
    call.waits(0.001)
    assert types(call.events) == ["NEW_INBOUND_CALL", "ACTION_SUCCESSFUL"]
    assert phone.now == pytest.approx(1.234)


def test_waiting_for_nothing_takes_no_time(answered_by: AnsweredBy) -> None:
    phone = answered_by(in_turn([Speak(text="Hello.")]))
    call = phone.dials()
    call.waits(0)
    assert phone.now == 0
    assert types(call.events) == ["NEW_INBOUND_CALL"]


def test_calls_go_on_side_by_side(answered_by: AnsweredBy) -> None:
    phone = answered_by(always(Speak(text="Please hold the line.")))
    first = phone.dials()
    first.waits(1)
    second = phone.dials()
    second.hears("Please hold")
    assert phone.now == pytest.approx(1 + 4 * 60 / 165, abs=0.001)
    assert first.heard == 2
    assert len({details(call.events[0])["TransactionId"] for call in (first, second)}) == 2


def test_calls_begin_on_a_monday_at_ten_and_later_ones_later(answered_by: AnsweredBy) -> None:
    phone = answered_by(in_turn([Speak(text="Hello.")], [], [Speak(text="Hello.")]))
    first = phone.dials()
    first.waits(90)
    second = phone.dials()
    second.waits(1)
    stamps = [legs(call.events[0])[0]["StartTimeInMilliseconds"] for call in (first, second)]
    monday = datetime(2027, 3, 1, 10, tzinfo=UTC)
    assert stamps == [
        str(int(moment.timestamp() * 1000)) for moment in (monday, monday + timedelta(seconds=90))
    ]


def test_a_call_begins_exactly_when_the_story_says(answered_by: AnsweredBy) -> None:
    phone = answered_by(always(Hangup()))
    phone.dials().ends()
    phone.dials().waits(90)
    evening = datetime(2027, 3, 1, 17, 59, 59, tzinfo=timezone(timedelta(hours=1)))
    call = phone.dials(at=evening)
    call.ends()
    assert legs(call.events[0])[0]["StartTimeInMilliseconds"] == "1803920399000"


def test_a_time_without_a_zone_is_no_moment(answered_by: AnsweredBy) -> None:
    noon = datetime.fromisoformat("2027-03-01T12:00")
    with pytest.raises(ValueError, match="is in no time zone"):
        answered_by(always(Hangup())).dials(at=noon)


def test_a_story_that_cannot_go_on_fails_at_once(answered_by: AnsweredBy) -> None:
    call = answered_by(in_turn([Speak(text="Hello.")])).dials()
    call.hears("Hello.")
    before = time.monotonic()
    with pytest.raises(StoryFailed, match="nothing more will be heard"):
        call.hears("Goodbye.")
    with pytest.raises(StoryFailed, match="it stays up: LEG-A is on the line, and nothing"):
        call.ends()
    assert time.monotonic() - before < PATIENCE_SECONDS


def test_putting_the_phone_away_ends_every_call(answered_by: AnsweredBy) -> None:
    phone = answered_by(in_turn([Speak(text="Hello.")], [], [], []))
    calls = [phone.dials(), phone.rings()]
    calls[0].waits(0.1)
    phone.close()
    phone.close()
    for call in calls:
        assert call.is_over
        assert call.ladder.entries[-1].text == "the call is over"


def test_a_loop_in_virtual_time_keeps_the_order_of_things() -> None:
    loop = VirtualLoop()
    seen: list[str] = []
    for delay, name in ((3.0, "third"), (1.0, "first"), (2.0, "second")):
        loop.call_later(delay, seen.append, name)
    loop.run_for(2.5)
    assert (seen, loop.time()) == (["first", "second"], 2.5)
    assert not loop.run(lambda: False)
    assert (seen[-1], loop.time()) == ("third", 3.0)
    loop.close()


def test_work_outside_of_the_loop_hands_back_what_it_raises() -> None:
    loop = VirtualLoop()
    caught: list[BaseException] = []

    async def work() -> None:
        try:
            await loop.outside(int, "none")
        except ValueError as error:
            caught.append(error)

    task = loop.create_task(work())
    loop.run(task.done)
    loop.close()
    assert len(caught) == 1


def test_a_loop_takes_sockets_when_another_thread_is_to_wake_it() -> None:
    loop = VirtualLoop()
    before = loop.holds_sockets
    task = loop.create_task(in_thread(threading.get_ident))
    loop.run(task.done)
    assert task.result() != threading.get_ident()
    assert (before, loop.holds_sockets) == (False, True)
    loop.close()


def test_what_is_done_outside_of_the_loop_may_run_a_loop_also_this_one() -> None:
    loop = VirtualLoop()

    async def there() -> str:
        return "done"

    def work() -> str:
        loop.run_for(2.0)
        return asyncio.run(there())

    task = loop.create_task(loop.outside(work))
    task.add_done_callback(lambda _: loop.noticed())
    assert loop.run(task.done)
    assert (task.result(), loop.time()) == ("done", 2.0)
    loop.close()
