"""Whoever is sent the picture of a call sees what the pages show, and can read it."""

import re
import xml.etree.ElementTree as ET

from offhook.emulator.call.ladder import Entry
from offhook.emulator.testing import Answers, Phone
from offhook.emulator.viewer.document import Ladder, ladder, rows
from offhook.emulator.viewer.picture import WIDTH, picture

SVG = "{http://www.w3.org/2000/svg}"


def drawn(*entries: Entry, title: str = "A call") -> ET.Element:
    return ET.fromstring(picture([Ladder(title=title, rows=rows(entries))]))


def words(svg: ET.Element) -> str:
    return " ".join(element.text or "" for element in svg.iter(f"{SVG}text"))


def a_call() -> str:
    with Phone() as phone:
        phone.at("+15550100300", Answers(after=3))
        call = phone.dials("+15550100101")
        call.hears("This is the reception.")
        call.interrupts("1")
        call.waits(9)
        call.hangs_up()
        return picture([ladder(each) for each in phone.service.placed()])


def test_a_call_has_the_same_picture_each_time_it_is_played() -> None:
    first = a_call()
    assert first == a_call()
    svg = ET.fromstring(first)
    assert "+15550100200 → +15550100101" in words(svg)
    (heads,) = [[each.text for each in svg.iter() if "head" in each.get("class", "").split()]]
    assert heads == ["LEG-A", "application", "LEG-B"]


def test_each_side_has_its_column_and_lines_go_down() -> None:
    svg = drawn(
        Entry(0, "LEG-A", "presses", "presses 1"),
        Entry(1, "", "event", "DIGITS_RECEIVED 2  →  no actions"),
        Entry(2, "LEG-B", "says", "says “Hello.”"),
    )
    texts = [each for each in svg.iter(f"{SVG}text") if each.get("class") == "text"]
    assert [each.text for each in texts] == [
        "▶ presses 1",
        "DIGITS_RECEIVED 2  →  no actions",
        "▶ says “Hello.”",
    ]
    for axis in ("x", "y"):
        places = [int(each.get(axis, "")) for each in texts]
        assert places == sorted(set(places))


def test_where_nobody_is_called_the_other_columns_are_wider() -> None:
    alone = drawn(Entry(0, "LEG-A", "call", "answered"), Entry(0, "", "note", "the call is over"))
    assert "LEG-B" not in words(alone)


def test_a_long_line_stays_in_its_column_and_none_of_it_is_lost() -> None:
    text = f"hears “{'open from nine to six, ' * 30}{'x' * 400}”"
    svg = drawn(Entry(0, "LEG-A", "hears", text), Entry(0, "LEG-B", "call", "is called"))
    lines = [
        each.text or ""
        for group in svg.iter(f"{SVG}g")
        if group.get("class") == "hears a"
        for each in group.iter(f"{SVG}text")
        if each.get("class") == "text"
    ]
    assert "".join("".join(lines).split()) == "".join(f"◀ {text}".split())
    assert max(map(len, lines)) < 45
    assert int(svg.get("height", "")) > 18 * len(lines)


def test_it_says_to_who_cannot_see_it_what_it_shows() -> None:
    svg = drawn(Entry(1.25, "LEG-A", "hears", "hears “Welcome.”"))
    assert svg.get("role") == "img"
    assert svg.findtext(f"{SVG}title") == "A call"
    assert "1.250  LEG-A  hears “Welcome.”" in (svg.findtext(f"{SVG}desc") or "")


def test_it_needs_nothing_else_and_is_light_or_dark() -> None:
    svg = picture([Ladder(title="A call", rows=[])])
    assert "var(" not in svg
    assert "url(" not in svg
    assert re.findall(r"https?://[^\"]+", svg) == ["http://www.w3.org/2000/svg"]
    light, dark = svg.split("@media (prefers-color-scheme: dark)")
    assert ".paper { fill: #fff;" in light
    assert ".paper { fill: #1c212b;" in dark


def test_whatever_is_said_is_text_and_no_markup() -> None:
    rude = "</desc><script>alert(1)</script> & \x00 \ud800"
    svg = drawn(Entry(0, "LEG-A", "says", rude), title=rude)
    assert [*svg.iter(f"{SVG}script")] == []
    assert "<script>alert(1)</script>" in words(svg)


def test_a_loop_is_folded_and_a_call_that_lasts_has_its_whole_picture() -> None:
    turn = [Entry(0, "", "event", "ACTION_SUCCESSFUL 2  →  Speak"), Entry(0, "", "log", "again")]
    svg = drawn(*turn * 50)
    assert "times more" in words(svg)
    assert int(svg.get("width", "")) == WIDTH
