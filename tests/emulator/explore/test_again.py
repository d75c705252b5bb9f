"""What is asked again where a path ends needs no path of its own, unless it is answered otherwise.

About `offhook.emulator.explore.failing`.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhook.actions import Hangup, Pause, Speak
from offhook.emulator.explore.again import Again
from offhook.emulator.explore.explored import Explored
from tests.emulator.explore.lines import asks, attributes, call_id, explored, happened, menus, says
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


GRAPHS = st.lists(
    st.dictionaries(st.sampled_from("123"), st.integers(0, 2)), min_size=3, max_size=3
)


@pytest.mark.parametrize("line", [tells_errors_apart, says_the_time, counts_mistakes])
def test_it_comes_to_the_same_as_a_path_for_each(line: Function) -> None:
    quick = explored(line, faults=1)
    with pytest.MonkeyPatch.context() as patch:
        for way in ("alike", "becomes"):
            patch.setattr(Again, way, never)
        slow = explored(line, faults=1)
    assert stories(quick) == stories(slow)
    for name in ("paths", "situations", "ends", "events", "results", "boxes"):
        assert getattr(quick, name) == getattr(slow, name), name
    assert round(quick.longest_call, 3) == round(slow.longest_call, 3)
    arrows = [
        Counter((one.start, str(one.deed), one.to, str(one.entries)) for one in its.arrows)
        for its in (quick, slow)
    ]
    assert arrows[0] == arrows[1]
    assert [one.count for one in quick.found.values()] == [
        quick.found[key].count for key in slow.found
    ]


@pytest.mark.hypothesis
@given(GRAPHS)
def test_so_it_does_for_any_menus(graph: Sequence[dict[str, int]]) -> None:
    test_it_comes_to_the_same_as_a_path_for_each(menus(graph))


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


def test_who_keeps_each_answer_under_its_number_is_asked_under_another() -> None:
    """As an idempotent function does: the same Sequence of a call would bring the same again."""
    kept: dict[object, object] = {}

    def once(event: Event, context: object) -> object:
        key = call_id(event), event["Sequence"]
        if key not in kept:
            kept[key] = tells_errors_apart(event, context)
        return kept[key]

    assert stories(explored(once, faults=1)) == [("function-failed", "fails SystemException")]


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
