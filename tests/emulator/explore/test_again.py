"""What is asked again where a path ends needs no path of its own, unless it is answered otherwise.

About `offhook.emulator.explore.failing`.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhook.actions import Action, Hangup, JoinChimeMeeting, Pause, Speak, StartCallRecording
from offhook.emulator.explore.again import Again
from offhook.emulator.explore.explored import Explored
from offhook.emulator.explore.jobs import explore
from offhook.emulator.explore.options import Options
from offhook.emulator.service.config import LambdaFunction
from offhook.emulator.service.usual import MONDAY_AT_TEN
from tests.emulator.explore.lines import (
    asks,
    attributes,
    call_id,
    desk,
    explored,
    happened,
    menus,
    says,
    two_menus,
)
from tests.emulator.functions import Event, Function, reply


def error_in(event: Event) -> str:
    """Of an action that failed."""
    data = cast("Mapping[str, object]", event.get("ActionData") or {})
    return str(data.get("ErrorType", ""))


def never(*_: object) -> int:
    """Nothing is asked again."""
    return 0


def stories(found: Explored) -> Sequence[tuple[str, str]]:
    """Each rule that was broken, and how."""
    return sorted((one.finding.rule, ", ".join(one.story)) for one in found.found.values())


def tells_errors_apart(event: Event, _context: object) -> object:
    """One error brings it down, and another one it mentions."""
    match happened(event), error_in(event):
        case "NEW_INBOUND_CALL", _:
            return reply(Speak(text="Hello."), Hangup())
        case "HANGUP", _:
            return reply()
        case _, "SystemException":
            raise KeyError("nobody thought of this")
        case _, "AccessDenied":
            return reply(Pause(duration_in_milliseconds=500), Hangup())
        case _:
            return reply(Hangup())


def says_the_time(event: Event, _context: object) -> object:
    """To the second, to whoever presses 1."""
    match happened(event):
        case "HANGUP":
            return reply()
        case "NEW_INBOUND_CALL":
            return reply(asks("Press 1 for the time."))
        case "1":
            return reply(Speak(text=f"It is {datetime.now(UTC):%S} s past."), Hangup())
        case _:
            return reply(Hangup())


def counts_mistakes(event: Event, _context: object) -> object:
    """Where it belongs."""
    what, before = happened(event), int(str(attributes(event).get("mistakes", 0)))
    if what == "HANGUP":
        return reply()
    if before > 2:
        return reply(Hangup())
    return says(asks("Once more."), mistakes=f"{before + (what != 'NEW_INBOUND_CALL')}")


def says_which_there_are(event: Event, _context: object) -> object:
    """In its log, whichever it is."""
    if happened(event) == "ACTION_FAILED":
        print("It may be SystemException or AccessDenied.")
    return two_menus(event, _context)


def hangs_up_who_has_left(event: Event, _context: object) -> object:
    """Which is found wherever a path ends."""
    return reply(Hangup()) if happened(event) == "HANGUP" else two_menus(event, _context)


LATER = """
import time

def handler(event, context):
    time.sleep(0.02)
    print("later")
"""

GRAPHS = st.lists(
    st.dictionaries(st.sampled_from("123"), st.integers(0, 2)), min_size=3, max_size=3
)


@pytest.mark.parametrize("faults", [1, 2])
@pytest.mark.parametrize(
    "line",
    [
        tells_errors_apart,
        says_the_time,
        counts_mistakes,
        says_which_there_are,
        hangs_up_who_has_left,
    ],
)
def test_it_comes_to_the_same_as_a_path_for_each(line: Function, faults: int) -> None:
    quick = explored(line, faults=faults)
    with pytest.MonkeyPatch.context() as patch:
        for way in ("alike", "becomes"):
            patch.setattr(Again, way, never)
        slow = explored(line, faults=faults)
    assert stories(quick) == stories(slow)
    for name in ("paths", "situations", "ends", "events", "results", "boxes"):
        assert getattr(quick, name) == getattr(slow, name), name
    assert round(quick.longest_call, 3) == round(slow.longest_call, 3)
    arrows = [
        Counter((one.start, str(one.deed), one.to, str(one.entries)) for one in its.arrows)
        for its in (quick, slow)
    ]
    assert arrows[0] == arrows[1]
    counts = [{key: one.count for key, one in its.found.items()} for its in (quick, slow)]
    assert counts[0] == counts[1]


@pytest.mark.hypothesis
@given(GRAPHS)
def test_so_it_does_for_any_menus(graph: Sequence[dict[str, int]]) -> None:
    test_it_comes_to_the_same_as_a_path_for_each(menus(graph), 1)


def test_an_error_that_is_answered_otherwise_has_a_path_of_its_own() -> None:
    found = explored(tells_errors_apart, faults=1)
    assert stories(found) == [("function-failed", "fails SystemException")]
    waits = [
        str(arrow.deed)
        for arrow in found.arrows
        if any(
            entry.text.startswith("ACTION_FAILED") and "Pause" in entry.text
            for entry in arrow.entries
        )
    ]
    assert waits == ["fails AccessDenied"]


@pytest.mark.parametrize("named_by", ["Sequence", "InvocationEventType"])
def test_who_keeps_what_was_answered_in_a_call_is_asked_in_another_one(named_by: str) -> None:
    """By the number of an event, as an idempotent function does, or by its type, which is a
    mistake: in the same call another error would bring the same again."""
    kept: dict[object, object] = {}

    def once(event: Event, context: object) -> object:
        key = call_id(event), event[named_by]
        if key not in kept:
            kept[key] = tells_errors_apart(event, context)
        return kept[key]

    assert ("function-failed", "fails SystemException") in stories(explored(once, faults=1))


def test_who_tries_again_by_the_number_of_an_event_is_asked_under_it() -> None:
    def handler(event: Event, context: object) -> object:
        if error_in(event) == "SystemException" and event["Sequence"] != 2:
            return reply(Hangup())
        return tells_errors_apart(event, context)

    assert stories(explored(handler, faults=1)) == [("function-failed", "fails SystemException")]


def test_what_is_kept_of_an_event_that_comes_again_shows_at_the_end_of_the_path() -> None:
    """As a row for each order, of which there is to be one when the caller is gone."""
    orders: dict[str, list[str]] = {}

    def handler(event: Event, _context: object) -> object:
        match happened(event):
            case "NEW_INBOUND_CALL":
                return reply(asks("What do you order?"))
            case "HANGUP":
                if call_id(event) in orders:
                    (_order,) = orders[call_id(event)]
                return reply()
            case "1" | "2" | "3" as pressed:
                orders.setdefault(call_id(event), []).append(pressed)
                return reply(Hangup())
            case _:
                return reply(Hangup())

    story = "presses 1, ACTION_SUCCESSFUL 2 is delivered twice"
    assert ("function-failed", story) in stories(explored(handler, faults=1))


def test_what_is_kept_of_an_error_shows_at_the_end_of_the_path() -> None:
    errors: dict[str, str] = {}

    def handler(event: Event, context: object) -> object:
        if error := error_in(event):
            errors[call_id(event)] = error
            return reply(Hangup())
        if happened(event) == "HANGUP" and errors.get(call_id(event)) == "SystemException":
            raise KeyError("nobody thought of this")
        return tells_errors_apart(event, context)

    told = ("function-failed", "fails SystemException")
    assert told in stories(explored(handler, faults=1))


def records(leg: str) -> Action[object]:
    """From now on."""
    return StartCallRecording(call_id=leg, track="BOTH", destination="s3://recordings")


def joins(leg: str) -> Action[object]:
    """A meeting."""
    return JoinChimeMeeting(join_token="token", call_id=leg, meeting_id="meeting")


@pytest.mark.parametrize("action", [records, joins])
def test_what_is_kept_shows_behind_what_takes_no_time(
    action: Callable[[str], Action[object]],
) -> None:
    """Where an undisturbed path ends, as the next action may fail, this one goes on."""
    calls: list[str] = []

    def handler(event: Event, _context: object) -> object:
        match happened(event):
            case "NEW_INBOUND_CALL":
                calls.append(call_id(event))
                return reply(action(call_id(event)))
            case "ACTION_SUCCESSFUL":
                if calls.count(call_id(event)) > 1:
                    raise KeyError("nobody thought of this")
                return reply(Hangup())
            case "HANGUP":
                return reply()
            case _:
                return reply(Hangup())

    story = "calls, NEW_INBOUND_CALL 1 is delivered twice"
    assert ("function-failed", story) in stories(explored(handler, faults=1))


def test_what_came_last_is_asked_before_anything_else_is_told_again() -> None:
    """Of who begins anew with each call there would be nothing to see."""
    begun: set[str] = set()

    def handler(event: Event, _context: object) -> object:
        leg = call_id(event)
        match happened(event):
            case "NEW_INBOUND_CALL":
                begun.discard(leg)
                return reply(records(leg))
            case "ACTION_SUCCESSFUL":
                if leg in begun:
                    raise KeyError("nobody thought of this")
                begun.add(leg)
                return reply(asks("Which?"))
            case "HANGUP":
                return reply()
            case _:
                return reply(Hangup())

    story = "calls, ACTION_SUCCESSFUL 2 is delivered twice"
    assert ("function-failed", story) in stories(explored(handler, faults=1))


def test_who_knows_the_latest_event_alone_is_told_the_same_twice_in_a_row() -> None:
    """Others were told since, when a path is over."""
    latest: list[object] = [None]

    def handler(event: Event, _context: object) -> object:
        told = call_id(event), event["Sequence"]
        is_known, latest[0] = latest[0] == told, told
        if happened(event) == "NEW_INBOUND_CALL":
            return reply() if is_known else reply(Hangup())
        return reply()

    told_twice = ("shared-state", "calls, NEW_INBOUND_CALL 1 is delivered twice")
    assert told_twice in stories(explored(handler, faults=1))


def test_what_another_function_writes_stands_in_no_other_call(tmp_path: Path) -> None:
    """Nobody waits for it; so it may write when the next path is played."""
    (tmp_path / "later.py").write_text(LATER)
    later = LambdaFunction(function=f"{tmp_path}/later.py:handler")
    its = desk().model_copy(update={"functions": {"later": later}})

    def handler(event: Event, _context: object) -> object:
        match happened(event):
            case "NEW_INBOUND_CALL":
                return reply(asks("Which?"))
            case "HANGUP":
                return reply()
            case "2":
                raise KeyError("nobody thought of this")
            case _:
                aws = import_module("boto3")  # there are no types for its client of Lambda here
                aws.client("lambda").invoke(FunctionName="later", InvocationType="Event")
                return reply(Hangup())

    options = Options(at=[MONDAY_AT_TEN])
    result = explore(its, its.sip_media_applications[0], options, handler=handler)
    (fault,) = result.found
    assert "which was invoked" not in fault.ladder
