"""Paths are played in order, and what is left of them is counted one by one."""

from collections.abc import Sequence

from offhook.emulator.call.deeds import Aside, Deed
from offhook.emulator.explore.planned import Next, Queue, by_disturbances

ONE, TWO, THREE, FAILS = (
    Deed("presses", "1"),
    Deed("presses", "2"),
    Deed("presses", "3"),
    Deed("fails", "SystemException"),
)


def taken(queue: Queue) -> Sequence[Deed]:
    """All that is left, in its order."""
    return [queue.take().deed for _ in range(len(queue))]


def test_the_shortest_come_first_and_then_those_that_least_disturb() -> None:
    longer, disturbed = Next(2, 0, 1, (ONE,), None), Next(1, 1, 2, (FAILS,), None)
    queue = Queue([longer, disturbed, Next(1, 0, 3, (TWO, THREE), None)])
    assert len(queue) == 4
    assert taken(queue) == [TWO, THREE, FAILS, ONE]
    assert not queue


def test_what_comes_of_a_path_waits_for_those_that_differ_from_it_in_their_end_alone() -> None:
    queue = Queue([Next(1, 0, 1, (ONE, TWO), None)])
    assert queue.take().deed == ONE
    queue.put(Next(2, 0, 2, (THREE,), None))
    assert len(queue) == 2
    assert taken(queue) == [TWO, THREE]


def test_what_happens_by_the_way_happens_on_a_path_each() -> None:
    twice, late = Aside("RINGING", 2, "is delivered twice"), Aside("RINGING", 2, "is answered late")
    queue = Queue([Next(1, 1, 1, (ONE,), None, None, (twice, late))])
    assert len(queue) == 2
    assert [deed.asides for deed in taken(queue)] == [(twice,), (late,)]


def test_deeds_that_disturb_as_much_are_together_in_their_order() -> None:
    assert by_disturbances((ONE, FAILS, TWO)) == [(0, (ONE, TWO)), (1, (FAILS,))]
