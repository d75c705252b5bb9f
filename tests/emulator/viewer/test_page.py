"""The viewer's page: one file, which shows any document and needs nothing else.

About `offhook.emulator.viewer.document`.
"""

import json
import re
import shutil
import subprocess
from typing import Any

import pytest

from offhook.emulator.call.ladder import Entry
from offhook.emulator.viewer.document import VERSION, Document, Ladder, rows
from offhook.emulator.viewer.page import HERE, packed, page

NODE = shutil.which("node")
RUDE = "</script><script>alert(1)</script> %%STYLES%% & <b>"


def document(title: str = "A call", text: str = "hears “Welcome.”") -> Document:
    ladder = Ladder(title=title, rows=rows([Entry(1.25, "LEG-A", "hears", text)]))
    return Document(
        version=VERSION,
        title=title,
        summary=[],
        maps=[],
        ladders=[ladder],
        findings=[],
        reached=[],
    )


def as_json(value: object) -> Any:
    return json.loads(json.dumps(value))


def embedded(html: str) -> object:
    (found,) = re.findall(r'<script type="application/json" id="document">(.*?)</script>', html)
    return json.loads(found)


def test_a_page_holds_its_document() -> None:
    assert embedded(page(document())) == as_json(packed(document()))


def test_a_line_that_many_ladders_say_is_there_once() -> None:
    its = document()
    twice = Document({**its, "ladders": [*its["ladders"], *its["ladders"]]})
    its_lines = as_json(packed(twice))["lines"]
    assert its_lines == [["LEG-A", "hears", "hears “Welcome.”"]]
    assert [each["rows"] for each in as_json(packed(twice))["ladders"]] == [[[1.25, 0]]] * 2


def test_no_text_of_a_call_is_read_as_html() -> None:
    rude = document(RUDE, RUDE)
    html = page(rude)
    assert embedded(html) == as_json(packed(rude))
    assert "<script>alert" not in html
    assert html.count("<script") == 2


def test_a_page_asks_nobody_for_anything() -> None:
    html = page(document())
    assert "default-src 'none'" in html
    assert (
        re.findall(r"""(?:src|href)=|@import|url\((?!#)|fetch\(|https?://(?!www\.w3\.org)""", html)
        == []
    )
    for each in ("prefers-color-scheme", "keydown", "aria-label"):
        assert each in html


LAYOUT = """
const { waysOf, sayDeeds, columnsOf, topsOf, wayTo } = require(process.argv[1]);
const arrow = (start, to, does, what = "", after = -1, is_disturbance = false) =>
  ({ start, to, does, what, after, is_disturbance, rows: [] });
const arrows = [
  arrow(0, 1, "dials"), arrow(1, 2, "presses", "1", 0), arrow(1, 2, "presses", "2", 0),
  arrow(1, 3, "hangs up", "", 0), arrow(2, 1, "waits", "", 1), arrow(2, 4, "waits", "", 1),
  arrow(1, 5, "fails", "SystemException", 0, true),
];
const ways = waysOf(arrows, (one) => !one.is_disturbance);
const columns = columnsOf(ways);
ways.forEach((way) => { way.y = 60; });
const heights = new Map([...columns.keys()].map((box) => [box, 100]));
const tops = topsOf(columns, ways, heights, 20);
console.log(JSON.stringify({
  said: ways.map((way) => sayDeeds(way.arrows.map((one) => arrows[one]))),
  columns: [...columns], tops: [...tops], way: wayTo(arrows, 5),
  long: sayDeeds([arrow(0, 1, "presses", "123456789012 on LEG-A")]),
  fails: sayDeeds(["A", "B"].map((error) => arrow(0, 1, "fails", error, -1, true))),
}));
"""


@pytest.mark.skipif(NODE is None, reason="not run: Node is not installed")
def test_a_map_stands_in_columns_and_no_box_on_another() -> None:
    done = subprocess.run(
        [str(NODE), "-e", LAYOUT, str(HERE / "layout.js")],
        capture_output=True,
        text=True,
        check=True,
    )
    came = json.loads(done.stdout)
    assert came["said"] == ["dials", "presses 1 2", "hangs up", "waits", "waits"]
    columns, tops = dict(came["columns"]), dict(came["tops"])
    assert columns == {0: 0, 1: 1, 2: 2, 3: 2, 4: 3}
    assert min(tops.values()) == 0
    assert abs(tops[2] - tops[3]) >= 120
    assert came["way"] == [0, 1, 5]
    assert came["long"] == "presses 1234… (12 keys) on LEG-A"
    assert came["fails"] == "fails (2 ways)"
