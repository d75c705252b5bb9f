"""The ladder: a loop is folded after five equal turns, and nothing else is left out."""

import logging
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from offhook.actions import Speak
from offhook.emulator.call.ladder import TURNS_SHOWN, Entry, Folding, folded
from tests.emulator.functions import AnsweredBy, always, reply


def turn(
    number: int, about: str = "Speak", more: Sequence[str] = ("hears “Hello.”",)
) -> list[Entry]:
    """An event, and what came of it."""
    told = Entry(float(number), "", "event", f"ACTION_SUCCESSFUL {number} ({about})  →  Speak")
    return [told, *(Entry(number + 0.5, "LEG-A", "hears", text) for text in more)]


def test_of_equal_turns_the_first_five_are_shown_and_the_rest_counted() -> None:
    turns = [turn(number) for number in range(1, 21)]
    shown = [*folded([entry for each in turns for entry in each])]
    assert shown[: 2 * TURNS_SHOWN] == [entry for each in turns[:TURNS_SHOWN] for entry in each]
    left_out, *rest = shown[2 * TURNS_SHOWN :]
    assert left_out.text == "(the same, 14 times more)"
    assert rest == turns[-1]


def test_a_loop_in_a_call_is_one_of_these(answered_by: AnsweredBy) -> None:
    call = answered_by(always(Speak(text="Hello.")), max_invocations=100).dials()
    call.settles()
    lines = call.ladder.render().splitlines()
    assert len(lines) < 20
    assert any("times more)" in line for line in lines)
    assert "the call is dropped: 100 invocations" in lines[-2]


def test_a_loop_that_logs_is_one_too_and_its_lines_have_no_id(answered_by: AnsweredBy) -> None:
    def logs(_event: object, _context: object) -> object:
        logging.getLogger("theirs").warning("once more")
        print("2027-03-01T10:00:00.000Z\t6e95feb8-3886-4b1e-a715-7562f8385031\tINFO\tof Node")
        return reply(Speak(text="Hello.").to_wire())

    call = answered_by(logs, max_invocations=100).dials()
    call.settles()
    texts = [entry.text for entry in call.ladder.entries if entry.kind == "log"]
    assert set(texts) == {"| [WARNING] once more", "| INFO of Node"}
    assert "times more)" in call.ladder.render()


def test_an_error_of_several_lines_stays_in_its_column() -> None:
    first, second = str(Entry(1.5, "", "event", "failed: no\n  at app.py:5")).split("\n")
    assert first.index("failed") == len(second) - len("  at app.py:5")
    assert not second[: first.index("failed")].strip()


TURNS = st.lists(
    st.tuples(
        st.sampled_from("AB"), st.lists(st.sampled_from(["hears “1.”", "presses 1"]), max_size=2)
    ),
    max_size=40,
)


@given(TURNS)
def test_what_is_left_out_is_what_is_counted(turns: list[tuple[str, list[str]]]) -> None:
    entries = [entry for n, (about, more) in enumerate(turns) for entry in turn(n, about, more)]
    folding = Folding()
    shown = [each for entry in entries for each in folding.show(entry)]
    shown += folding.rest()
    notes = [entry for entry in shown if entry.kind == "note"]
    kept = [entry for entry in shown if entry.kind != "note"]
    assert kept == [entry for entry in entries if entry in kept]
    told = sum(entry.kind == "event" for entry in entries) - sum(e.kind == "event" for e in kept)
    assert told == sum(int(note.text.split()[2]) for note in notes)
