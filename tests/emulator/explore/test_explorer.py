"""All that callers can do with a line is found, by the shortest way.

About `offhook.emulator.explore.explored` too.
"""

import gc
import random
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from typing import TypeAlias, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhook.actions import Action, CallAndBridge, Hangup, Pause, Speak
from offhook.emulator.call.call import Call
from offhook.emulator.call.deeds import Deed, Known
from offhook.emulator.call.far_end import LiveCall
from offhook.emulator.call.leg import Leg
from offhook.emulator.explore import explorer, situation
from offhook.emulator.explore.explored import Explored
from offhook.emulator.explore.plan import Plan
from offhook.emulator.function.in_process import InProcess
from offhook.emulator.service.far_ends import Rejects
from offhook.emulator.service.usual import MONDAY_AT_TEN
from tests.emulator.explore.lines import (
    OURS,
    asks,
    attributes,
    desk,
    explored,
    happened,
    menus,
    says,
)
from tests.emulator.functions import Event, Function, reply

Handler: TypeAlias = Callable[[object, object], object]

GRAPHS = st.integers(1, 6).flatmap(
    lambda size: st.lists(
        st.dictionaries(st.sampled_from("123"), st.integers(0, size - 1)),
        min_size=size,
        max_size=size,
    )
)
"""A line of menus: key -> menu, for each."""


def how_far(graph: Sequence[Mapping[str, int]]) -> dict[int, int]:
    """How many keys lead to each menu that can be reached."""
    away = {0: 0}
    queue = deque([0])
    while queue:
        menu = queue.popleft()
        for there in graph[menu].values():
            if there not in away:
                away[there] = away[menu] + 1
                queue.append(there)
    return away


@pytest.mark.thorough
@given(GRAPHS)
@pytest.mark.hypothesis
def test_every_menu_that_can_be_reached_is_reached_by_as_few_keys_as_can_be(
    graph: list[dict[str, int]],
) -> None:
    found = explored(menus(graph))

    first: dict[object, int] = {}
    for arrow in found.arrows:
        menu = found.boxes[arrow.to].attributes.get("menu")
        if not arrow.to.startswith("end:"):
            first.setdefault(menu, len(arrow.story))
    assert first == how_far(graph)
    assert found.is_complete
    assert not found.found


def test_a_story_says_what_happened_and_its_ladder_ends_there() -> None:
    found = explored(menus([{"2": 1}, {"3": 0}]))

    second = next(a for a in found.arrows if found.boxes[a.to].attributes.get("menu") == 1)
    assert second.story == [Deed("presses", "2")]
    said = [entry.text for entry in second.ladder]
    assert any("Menu 0." in text for text in said)
    assert "presses 2" in said
    assert "the call is over" not in said


def test_what_happens_in_a_ladder_is_there_once() -> None:
    found = explored(menus([{"1": 1}, {"1": 2}, {}]))

    longest = max(found.arrows, key=lambda arrow: len(arrow.way))
    said = [entry.text for entry in longest.ladder]
    assert said.count("presses 1") == 2
    assert len([text for text in said if "dials" in text]) == 1


def test_an_attribute_that_only_grows_is_named_and_tells_situations_apart_only_for_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(situation, "GROWN", 8)

    def counts(event: Event, _context: object) -> object:
        if happened(event) == "HANGUP":
            return reply()
        heard = int(str(attributes(event).get("heard", 0)))
        return says(asks("Once more?"), heard=heard + 1)

    found = explored(counts)

    assert found.growing == {"heard"}
    assert found.is_complete
    assert found.situations <= 2 * situation.GROWN + 2


def test_an_attribute_that_goes_back_is_kept_though_it_has_many_values(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(situation, "GROWN", 8)
    there = 13

    def goes_round(event: Event, _context: object) -> object:
        if happened(event) == "HANGUP":
            return reply()
        menu = (int(str(attributes(event).get("menu", 0))) + 5) % there
        return says(asks("On?", "1"), menu=menu)

    found = explored(goes_round)

    assert found.is_complete
    assert {box.attributes.get("menu") for box in found.boxes.values()} >= {*range(there)}


def test_a_function_that_is_never_the_same_is_left_and_named() -> None:
    def rolls(event: Event, _context: object) -> object:
        if happened(event) == "HANGUP":
            return reply()
        return reply(asks(f"Your number is {random.random()}."))

    found = explored(rolls)

    assert found.changes in ("NEW_INBOUND_CALL", "ACTION_SUCCESSFUL", "ACTION_FAILED")
    assert not found.is_complete
    assert found.left_over


def test_a_path_on_which_the_function_is_another_than_it_was_is_not_explored_to_the_end() -> None:
    calls = 0

    def tires(event: Event, _context: object) -> object:
        nonlocal calls
        calls += happened(event) == "NEW_INBOUND_CALL"
        if happened(event) == "NEW_INBOUND_CALL" and calls < 3:
            return reply(asks("Yes?"))
        return reply(Hangup())

    found = explored(tires)

    assert found.strayed
    assert not found.is_complete
    assert {each.finding.rule for each in found.found.values()} >= {"shared-state"}


def test_what_is_over_is_said() -> None:
    found = explored(menus([{"1": 0}]), seconds=0.0)

    assert (found.paths, found.left_over, found.is_complete) == (0, 1, False)


def waits_a_while(event: Event, _context: object) -> object:
    """Something of everything: a menu, a counter, a pause, and a key at which it fails."""
    if happened(event) == "HANGUP":
        return None
    tried = int(str(attributes(event).get("tried", 0)))
    actions: list[Action[object]] = [asks("Yes?")] if tried < 2 else [Speak(text="No."), Hangup()]
    if happened(event) == "2":
        actions = [Pause(duration_in_milliseconds=1_000), Hangup()]
    if happened(event) == "3":
        raise KeyError("3")
    return says(*actions, tried=tried + 1)


def without_caches(handler: Function, monkeypatch: pytest.MonkeyPatch) -> Explored:
    with monkeypatch.context() as patched:
        patched.setattr(situation, "without_stamps", situation.without_stamps.__wrapped__)
        patched.setattr(situation, "ids", situation.ids.__wrapped__)
        return explored(handler, faults=1)


def test_the_same_is_found_with_and_without_what_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = explored(waits_a_while, faults=1)
    anew = without_caches(waits_a_while, monkeypatch)

    assert kept.found.keys() == anew.found.keys()
    assert kept.found
    assert [(a.start, a.deed, a.to) for a in kept.arrows] == [
        (a.start, a.deed, a.to) for a in anew.arrows
    ]
    assert (kept.ends, kept.events, kept.results) == (anew.ends, anew.events, anew.results)


def test_of_ids_of_calls_before_the_latest_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explorer, "PAST", 8)
    handler = InProcess(menus([{"1": 1, "2": 0}, {"1": 0}]))
    plan = Plan(number=OURS, at=MONDAY_AT_TEN, seconds=None)
    with closing(explorer.Explorer(desk(), plan, handler, Known())) as explores:
        found = explores.run()
        assert found.paths > 8
        assert 4 <= len(explores.past) <= 8
        assert explores.placed is not None
        assert explores.placed.transaction_id not in explores.past


def test_a_fault_of_the_emulator_itself_is_no_all_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    def falls_over(_self: Rejects, _call: LiveCall, _leg: Leg) -> None:
        raise ZeroDivisionError

    def rings(event: Event, _context: object) -> object:
        desk_of_it = CallAndBridge(caller_id_number=OURS, uri="+15550100300")
        return reply() if happened(event) == "HANGUP" else reply(desk_of_it)

    monkeypatch.setattr(Rejects, "ring", falls_over)
    with pytest.raises(ZeroDivisionError):
        explored(rings)


def test_calls_that_were_bridged_are_forgotten_with_their_paths() -> None:
    """However many paths there are, only the call of the last one is still there."""

    def bridges(event: Event, _context: object) -> object:
        if event["InvocationEventType"] == "NEW_INBOUND_CALL":
            return reply(CallAndBridge(uri="+15550100200", caller_id_number=OURS))
        return reply(Hangup())

    plan = Plan(number=OURS, at=MONDAY_AT_TEN, seconds=None)
    handler: Function = bridges
    function = InProcess(handler)
    with closing(explorer.Explorer(desk(), plan, function, Known())) as exploring:
        paths = exploring.run().paths
        gc.collect()
        there = [each for each in gc.get_objects() if type(each) is Call]
        ours = [call for call in there if call.loop is exploring.loop]
    assert len(ours) <= 1 < paths


def test_what_a_call_recorded_and_plays_is_explored_to_the_end_also_when_it_is_not_there() -> None:
    """Its key has an id in it, which is another in each call."""

    def handler(event: Event, _context: object) -> object:
        if happened(event) == "NEW_INBOUND_CALL":
            there = {"Type": "S3", "BucketName": "recorded"}
            how = {"RecordingDestination": there, "RecordingTerminators": ["#"]}
            return reply({"Type": "RecordAudio", "Parameters": how})
        data = cast("Mapping[str, object]", event["ActionData"])
        if data["Type"] == "RecordAudio" and happened(event) == "ACTION_SUCCESSFUL":
            played = {"AudioSource": data["RecordingDestination"]}
            return reply({"Type": "PlayAudio", "Parameters": played}, Hangup())
        return reply(Hangup())

    found = explored(handler, faults=1)
    assert found.is_complete
    assert [arrow.deed.what for arrow in found.arrows if arrow.deed.does == "finds no"]
    assert "missing-audio" not in {each.finding.rule for each in found.found.values()}


def test_a_call_that_the_function_starts_by_the_way_is_none_of_the_path() -> None:
    """It calls back whoever hangs up, as often as it is told so."""
    started: list[str] = []

    def handler(event: Event, _context: object) -> object:
        data = cast("Mapping[str, object]", event.get("ActionData") or {})
        if happened(event) == "HANGUP" and data["Parameters"]:
            it.service.gate.admit("CreateSipMediaApplicationCall")
            started.append(it.service.call_out(OURS, "+15550100299").transaction_id)
        is_new = happened(event) == "NEW_INBOUND_CALL"
        return reply(asks("And now?"), Hangup()) if is_new else reply(Hangup())

    plan = Plan(number=OURS, at=MONDAY_AT_TEN, seconds=None, faults=0)
    function = InProcess(cast("Handler", handler))
    with closing(explorer.Explorer(desk(), plan, function, Known())) as it:
        found = it.run()
    assert found.is_complete
    assert len(started) > 5  # one a second may be started
    rules = {each.finding.rule for each in found.found.values()}
    assert rules.isdisjoint({"endless-loop", "function-failed", "shared-state"})
    assert not [arrow for arrow in found.arrows if arrow.deed.does in ("busy", "never answers")]


def test_without_time_to_follow_who_goes_round_it_is_not_explored_to_the_end() -> None:
    def asks_again(event: Event, _context: object) -> object:
        return reply() if happened(event) == "HANGUP" else reply(asks("Yes?"))

    handler: Function = asks_again
    whole = explored(handler)
    plan = Plan(number=OURS, at=MONDAY_AT_TEN, seconds=None, faults=0)
    with closing(explorer.Explorer(desk(), plan, InProcess(handler), Known())) as exploring:
        cut = exploring.run(is_enough=lambda: exploring.explored.paths >= whole.paths)
    assert (whole.is_complete, cut.left_over, cut.is_complete) == (True, 0, False)
