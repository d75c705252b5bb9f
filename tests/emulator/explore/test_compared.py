"""An event that is told again is answered again: the second answer counts, as the ladder says."""

from itertools import cycle

import pytest

from offhook.actions import Hangup, Speak
from offhook.emulator.explore.explored import Explored
from tests.emulator.explore.lines import asks, explored, happened, says
from tests.emulator.functions import Event, reply


def counts() -> Explored:
    """What comes of a line that says how often it was asked the same."""
    asked: dict[str, int] = {}

    def handler(event: Event, _context: object) -> object:
        if happened(event) != "NEW_INBOUND_CALL":
            return reply()
        key = str(event["CallDetails"])
        asked[key] = asked.get(key, 0) + 1
        return reply(Speak(text=f"Asked {asked[key]} times."), Hangup())

    return explored(handler, faults=1)


@pytest.mark.parametrize(
    ("how", "says", "at"),
    [
        ("is delivered twice", "the answer to the second counts", 0.0),
        ("is answered late", "after 5 s the same event is sent again", 5.0),
    ],
)
def test_the_second_answer_counts(how: str, says: str, at: float) -> None:
    arrow = next(arrow for arrow in counts().arrows if how in str(arrow.deed))
    last = arrow.entries[-1]

    assert [str(deed) for deed in arrow.story] == [f"calls, NEW_INBOUND_CALL 1 {how}"]
    assert f"NEW_INBOUND_CALL 1 {how}: {says}" in [entry.text for entry in arrow.entries]
    assert (last.time, last.text) == (at, "answered")


def test_another_answer_is_found_and_what_disturbed_it_is_said() -> None:
    rule = ("shared-state", "NEW_INBOUND_CALL")
    (found,) = (each for key, each in counts().found.items() if str(key).startswith(str(rule)[:-1]))
    assert "brings another reply when it is delivered twice" in found.finding.evidence
    assert found.disturbed_by == ["NEW_INBOUND_CALL 1 is delivered twice"]


def test_nothing_is_told_again_where_nothing_may_disturb() -> None:
    told: list[object] = []

    def handler(event: Event, _context: object) -> object:
        told.append(event["Sequence"])
        return reply(Hangup()) if happened(event) == "NEW_INBOUND_CALL" else reply()

    assert not explored(handler, faults=0).found
    assert told == [1, 2]
    told.clear()
    assert not explored(handler, faults=1).found
    again = [1, 1, 2]  # once before that, as the second was told since; and that one, too
    assert told == [1, 2, 2, 2, *again, *again]


@pytest.mark.parametrize("desks", [2, 3, 4])
@pytest.mark.parametrize("faults", [0, 1])
def test_who_takes_turns_is_found_however_many_there_are(desks: int, faults: int) -> None:
    turns = cycle(range(desks))

    def handler(event: Event, _context: object) -> object:
        if happened(event) == "NEW_INBOUND_CALL":
            return says(asks("Which?"), desk=f"{next(turns)}")
        return reply() if happened(event) == "HANGUP" else reply(Hangup())

    found = explored(handler, faults=faults).found.values()
    assert [one.finding.rule for one in found] == ["shared-state"] * len(found)
    assert any(one.finding.evidence.endswith("in another call") for one in found)
