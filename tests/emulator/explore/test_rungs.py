"""Entries of many ladders take eight bytes each, and come back as they were."""

from offhook.emulator.call.audio import Clip
from offhook.emulator.call.ladder import Entry
from offhook.emulator.explore.rungs import Rungs

HELLO = Clip("Hello.", 1.2, is_speech=True)
ENTRIES = [
    Entry(0.0, "", "event", "NEW_INBOUND_CALL 1"),
    Entry(0.001, "LEG-A", "hears", "Hello.", HELLO),
    Entry(1.201, "LEG-A", "presses", "presses 1"),
    Entry(3_600.007, "LEG-A", "hears", "Hello.", HELLO),
]


def test_entries_come_back_as_they_were() -> None:
    rungs = Rungs()
    first, second = rungs.packed(ENTRIES), rungs.packed(ENTRIES[::-1])
    assert rungs.entries(first) == ENTRIES
    assert rungs.entries(second) == ENTRIES[::-1]
    assert rungs.entries(rungs.packed([])) == []


def test_every_thousandth_of_a_second_comes_back() -> None:
    rungs = Rungs()
    row = [Entry(round(number * 0.001, 3), "", "note", "so far") for number in range(20_000)]
    assert rungs.entries(rungs.packed(row)) == row


def test_a_line_that_comes_again_is_there_once() -> None:
    rungs = Rungs()
    packed = rungs.packed(ENTRIES)
    again = rungs.packed([each._replace(time=each.time + 2) for each in ENTRIES])
    assert len(packed) == len(again) == 8 * len(ENTRIES)
    one, other = rungs.entries(packed), rungs.entries(again)
    assert all(a.text is b.text for a, b in zip(one, other, strict=True))
