"""The map of a line: what is heard where, and what leads from there."""

import json

from offhook.emulator.explore.drawn import drawn
from offhook.emulator.viewer.document import Document, Map
from tests.emulator.explore.desk_line import OPTIONS, explored


def document() -> Document:
    return drawn([explored()], OPTIONS)


def box(map_: Map, words: str) -> int:
    return next(n for n, each in enumerate(map_["boxes"]) if words in " ".join(each["words"]))


def test_a_situation_has_the_words_that_are_heard_in_it() -> None:
    (map_,) = document()["maps"]
    first = map_["boxes"][0]
    assert (first["kind"], first["title"]) == ("start", "the call begins")
    menu = map_["boxes"][box(map_, "Press 1.")]
    assert (menu["title"], menu["words"]) == ("SpeakAndGetDigits", ["“Press 1.”", "“Sorry?”"])


def test_keys_lead_on_and_the_rows_of_a_path_are_its_whole_call() -> None:
    (map_,) = document()["maps"]
    arrows, menu = map_["arrows"], box(map_, "Press 1.")
    (one,) = (each for each in arrows if each["start"] == menu and each["what"] == "1")
    assert (one["does"], one["is_disturbance"]) == ("presses", False)
    assert map_["boxes"][one["to"]]["words"] == ["“We open at nine.”"]
    rows = [*one["rows"]]
    while one["after"] >= 0:
        one = arrows[one["after"]]
        rows[:0] = one["rows"]
    assert one["does"] == "dials"
    heard = [row["text"] for row in rows if row["kind"] in ("hears", "presses")]
    assert heard == ["hears “Welcome.”  (0.4 s)", "hears “Press 1.”  (0.7 s)", "presses 1"]


def test_ends_and_findings_are_marked_where_they_are() -> None:
    shown = document()
    (map_,) = shown["maps"]
    assert {each["title"] for each in map_["boxes"] if each["kind"] == "end"} == {
        "we hung up",
        "they hung up",
    }
    fault = shown["findings"][0]
    arrow = map_["arrows"][fault["arrow"]]
    assert (fault["rule"], fault["map"], arrow["rows"][-1]) == (
        "leg-left-connected",
        0,
        fault["rows"][-1],
    )


def test_what_was_not_reached_is_in_it_and_all_of_it_is_json() -> None:
    shown = document()
    events = next(each for each in shown["reached"] if each["title"] == "events")
    assert events["missed"]["CALL_ANSWERED"] == "--outbound"
    assert json.loads(json.dumps(shown, default=str)) == shown
