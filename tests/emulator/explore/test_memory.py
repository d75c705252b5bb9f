"""What is kept of a path is what was new on it, and little of that; what it did is forgotten.

About `offhook.emulator.explore.explorer` too.
"""

import gc
import tracemalloc
from contextlib import closing
from itertools import pairwise

import pytest

from offhook.actions import Hangup, RecordAudio, SpeakAndGetDigits
from offhook.emulator.call.deeds import Known
from offhook.emulator.explore import explored, explorer, judged, situation
from offhook.emulator.explore.explorer import Explorer
from offhook.emulator.explore.jobs import Result
from offhook.emulator.explore.plan import Plan
from offhook.emulator.explore.report import summary
from offhook.emulator.explore.situation import _event_key  # pyright: ignore[reportPrivateUsage]
from offhook.emulator.function.in_process import InProcess
from offhook.emulator.service.usual import MONDAY_AT_TEN
from tests.emulator.explore.lines import OURS, asks, attributes, desk, happened, menus, says
from tests.emulator.functions import Event, Function, reply

FEW = 64
"""So much is kept of what has a bound, so that it is soon reached."""
FIRST, LAST = 150, 450
ACCOUNTS = Known(tuple(f"{number}" for number in range(1_000, 1_000 + LAST)))
COUNTED = "123456"


def exploring(handler: Function, known: Known | None = None, faults: int = 1) -> Explorer:
    """All of a line, with a disturbance a path."""
    plan = Plan(number=OURS, at=MONDAY_AT_TEN, seconds=None, faults=faults)
    return Explorer(desk(), plan, InProcess(handler), known or Known())


def traced() -> int:
    """Bytes that are held, without texts of which a few are kept at once."""
    for cached in (situation.without_stamps, situation.ids, _event_key):
        cached.cache_clear()
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def asks_for_an_account(event: Event, _context: object) -> object:
    """Three situations, however many accounts there are."""
    match happened(event):
        case "NEW_INBOUND_CALL":
            return reply(
                SpeakAndGetDigits(
                    text="Your account?",
                    failure_text="Sorry?",
                    input_digits_regex=r"^\d{4}$",
                    min_number_of_digits=4,
                    max_number_of_digits=4,
                    repeat=1,
                    repeat_duration_in_milliseconds=3_000,
                )
            )
        case "HANGUP":
            return reply()
        case _:
            return reply(Hangup())


def counts(event: Event, _context: object) -> object:
    """A million situations: each of six keys counts, up to ten."""
    what, before = happened(event), attributes(event)
    if what == "HANGUP":
        return reply()
    seen = {key: str(before.get(key, "0")) for key in COUNTED}
    if what in seen:
        seen[what] = str((int(seen[what]) + 1) % 10)
    elif what != "NEW_INBOUND_CALL":
        return says(Hangup(), **seen)
    return says(asks("Go on.", f"[{COUNTED}]"), **seen)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("handler", "known", "most"),
    [
        pytest.param(asks_for_an_account, ACCOUNTS, 2_200, id="ever other keys"),
        pytest.param(counts, Known(), 900, id="ever new situations"),
    ],
)
def test_a_path_adds_little_to_what_is_kept(
    handler: Function, known: Known, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In bytes; of what has a bound the strings of JSON count alone, which pydantic keeps."""
    for module, name in ((explorer, "PAST"), (judged, "KEPT")):
        monkeypatch.setattr(module, name, FEW)
    held: dict[int, int] = {}

    def is_enough() -> bool:
        paths = exploration.explored.paths
        for enough in (FIRST, LAST):
            if paths >= enough and enough not in held:
                held[enough] = traced()
        return paths >= LAST

    with closing(exploring(handler, known)) as exploration:
        tracemalloc.start()
        try:
            exploration.run(is_enough=is_enough)
        finally:
            tracemalloc.stop()
    assert (held[LAST] - held[FIRST]) / (LAST - FIRST) < most


def test_a_path_on_which_nothing_is_new_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explorer, "PAST", 16)
    with closing(exploring(menus([{"1": 0}]))) as exploration:
        tracemalloc.start()
        try:
            held: list[int] = []
            for _ in range(4):
                for _ in range(60):
                    exploration.first()
                held.append(traced())
        finally:
            tracemalloc.stop()
    # Each time, or it was another thread of the process: a server that has made room for itself.
    least = min(after - before for before, after in pairwise(held))
    assert least / 60 < 200  # bytes of a path: two ids, among the strings of JSON


def test_what_was_recorded_on_paths_before_is_deleted_but_for_the_latest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All of it would fill a disk."""
    monkeypatch.setattr(explorer, "RECORDED", 2)

    def records(event: Event, _context: object) -> object:
        message = RecordAudio(recording_destination="s3://wavs", recording_terminators=["#"])
        return reply(message) if happened(event) == "NEW_INBOUND_CALL" else reply(Hangup())

    with closing(exploring(records)) as exploration:
        found = exploration.run()
        written = exploration.service.buckets.written
        assert found.paths > 3
        assert found.results["RecordAudio"] > 3
        assert 2 <= len(written) <= 3
        assert len([*exploration.service.buckets.folder.rglob("*.wav")]) == len(written)


def test_a_map_that_would_not_end_is_left_and_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explored, "MOST", 20)
    with closing(exploring(counts)) as exploration:
        found = exploration.run()
    assert found.paths == 20
    assert found.is_full
    assert found.left_over
    assert not found.is_complete
    said = "it was left after 20 paths, for want of room"
    assert any(line.endswith(said) for line in summary(Result("counts", [found])))
