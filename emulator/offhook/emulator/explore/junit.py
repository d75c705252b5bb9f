"""What exploration says, as JUnit XML: what a CI shows of tests."""

from collections.abc import Iterable
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from offhook.emulator.call.visible import visible, visible_lines
from offhook.emulator.explore.explored import Explored, Found
from offhook.emulator.explore.jobs import Result
from offhook.emulator.explore.report import left_out, name_of, story_of


def junit(results: Iterable[Result]) -> str:
    """A suite for each function: a case for each of its explorations (skipped, where paths are
    left over), and one for each finding: a fault fails, what the desk lacks is skipped, the rest
    passes and says why. What a baseline knows passes."""
    suites = Element("testsuites", name="offhook explore")
    for result in results:
        cases = [_exploration(each) for each in result.explored]
        cases += [
            _finding(each, is_known=each.finding.known_by in result.known) for each in result.found
        ]
        suite = SubElement(suites, "testsuite", name=visible(result.function))
        suite.set("tests", f"{len(cases)}")
        for tag, what in (("failure", "failures"), ("skipped", "skipped")):
            suite.set(what, f"{sum(case.find(tag) is not None for case in cases)}")
        suite.set("errors", "0")
        for case in cases:
            case.set("classname", visible(result.function))
            suite.append(case)
    ElementTree.indent(suites)
    written: str = ElementTree.tostring(suites, encoding="unicode")
    return f"{written}\n"


def _exploration(explored: Explored) -> Element:
    case = Element("testcase", name=name_of(explored.plan))
    if not explored.is_complete:
        SubElement(case, "skipped", message=left_out(explored))
    return case


def _finding(found: Found, *, is_known: bool) -> Element:
    finding = found.finding
    case = Element("testcase", name=visible(f"{finding.rule}: {finding.where}"))
    story = visible_lines(story_of(found))
    kind = {"fault": "failure", "lack": "skipped"}.get(finding.weight)
    if kind is None or is_known:
        SubElement(case, "system-out").text = story
    else:
        verdict = SubElement(case, kind, message=visible(finding.evidence), type=finding.rule)
        verdict.text = story
    return case
