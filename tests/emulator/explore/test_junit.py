"""What a CI shows of an exploration."""

from dataclasses import replace
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from offhook.emulator.explore.jobs import Result
from offhook.emulator.explore.junit import junit
from tests.emulator.explore.desk_line import explored


def suite_of(result: Result) -> Element:
    (suite,) = ElementTree.fromstring(junit([result]))
    return suite


def test_a_fault_fails_and_what_the_desk_lacks_is_skipped() -> None:
    suite = suite_of(explored())
    assert suite.get("name") == "desk_line:router"
    assert [suite.get(name) for name in ("tests", "failures", "skipped")] == ["3", "1", "1"]
    cases = {case.get("name", ""): case for case in suite}
    assert [*cases["calls to +15550100100, Monday 10:00"]] == []
    (failure,) = cases["leg-left-connected: ACTION_SUCCESSFUL 3"]
    assert (failure.tag, failure.get("type")) == ("failure", "leg-left-connected")
    assert "LEG-A  hears “Please wait.”" in f"{failure.text}"
    (skipped,) = cases["missing-audio: ACTION_FAILED 3"]
    assert skipped.tag == "skipped"


def test_what_is_known_passes_and_is_told() -> None:
    result = explored()
    suite = suite_of(replace(result, known={each.finding.known_by for each in result.found}))
    assert suite.get("failures") == "0"
    assert len(suite.findall("testcase/system-out")) == 2


def test_paths_that_are_left_over_are_a_test_that_was_not_run() -> None:
    result = explored()
    left = [replace(each, is_complete=False, left_over=7) for each in result.explored]
    first = suite_of(replace(result, explored=left))[0]
    assert [each.get("message") for each in first] == ["7 paths left over"]
