"""What somebody reads of an exploration."""

from dataclasses import replace
from datetime import timedelta

from offhook.emulator.explore.explored import Progress
from offhook.emulator.explore.report import left_out, name_of, render, summary, told, verdict
from offhook.emulator.service.usual import MONDAY_AT_TEN
from tests.emulator.explore.desk_line import OPTIONS, explored, explored_with


def test_it_says_how_far_it_came_and_how_calls_ended() -> None:
    lines = render(explored(), OPTIONS).splitlines()
    assert lines[0].startswith("  calls to +15550100100, Monday 10:00: 7 situations, ")
    assert lines[1].startswith("  ends: we hung up ")
    assert "they hung up" in lines[1]
    assert "  the longest call: 30 s" in lines
    assert "  the longest wait in which a caller hears nothing: 28 s, after “Please wait.”" in lines


def test_which_paths_were_not_played_is_said_as_it_is() -> None:
    one = explored().explored[0]
    assert left_out(replace(one, left_over=0, strayed=0)) == ""
    assert left_out(replace(one, left_over=0, strayed=1)) == "1 that went otherwise than before"
    assert left_out(replace(one, left_over=2, strayed=0)) == "2 paths left over"


def test_what_was_not_reached_says_what_would_have_to_happen() -> None:
    text = render(explored(), OPTIONS)
    routes = text.partition("routes not reached")[2].partition("functions not reached")[0]
    assert "  --outbound:\n    CALL_ANSWERED (any)" in routes
    assert "  --update NAME=VALUE:\n    CALL_UPDATE_REQUESTED (any)" in routes


def test_a_finding_has_its_story_and_what_the_desk_lacks_stands_apart() -> None:
    text = render(explored(), OPTIONS)
    faults, lacks = text.split("not tried, or not all of it:")
    assert "fault (2 times): leg-left-connected: ACTION_SUCCESSFUL 3" in faults
    assert "  after: waits, presses 2, waits\n     0.000  LEG-A  +15550100200 dials" in faults
    assert "LEG-A  hears “Please wait.”" in faults
    assert "s3://prompts/nowhere.wav" in lacks
    assert lacks.rstrip().endswith("to mend: 1 fault; the desk lacks 1 thing")


def test_all_but_ladders_fits_80_columns() -> None:
    lines = [line for line in render(explored(), OPTIONS).splitlines() if "LEG-A" not in line]
    long = [line for line in lines if len(line) > 80 and not line.startswith("     ")]
    assert long == []


def test_a_verdict_never_says_that_all_is_well_where_it_is_not_known() -> None:
    result = explored()
    faults = {found.finding.known_by for found in result.found if found.finding.weight == "fault"}
    assert verdict(replace(result, known=faults)) == (
        "no fault so far; 1 known; the desk lacks 1 thing"
    )
    everything = {found.finding.known_by for found in result.found}
    assert verdict(replace(result, known=everything)) == "explored to the end, nothing new; 2 known"
    halved = [replace(each, is_complete=False) for each in result.explored]
    assert "not explored to the end" in verdict(replace(result, explored=halved))
    slow = replace(result, is_week_over=False)
    assert "not explored to the end" in verdict(slow)
    assert any("not asked at each half hour" in line for line in summary(slow))


def test_what_is_told_while_it_goes_on_is_a_line() -> None:
    result = explored()
    assert told(result.found[0]) == "fault: leg-left-connected: ACTION_SUCCESSFUL 3"
    progress = Progress(result.explored[0].plan, 12, 5, 7)
    assert told(progress).endswith("Monday 10:00: 12 paths, 7 to go, 5 situations")


def test_a_moment_of_another_week_is_said_with_its_date() -> None:
    plan = explored().explored[0].plan
    later = replace(plan, at=plan.at + timedelta(days=7))
    assert name_of(plan).endswith(", Monday 10:00")
    assert name_of(later).endswith(", Monday 2027-03-08 10:00")


def test_a_moment_that_is_given_twice_is_explored_once() -> None:
    twice = explored_with(replace(OPTIONS, at=[MONDAY_AT_TEN] * 2))
    assert [each.plan.at for each in twice.explored] == [MONDAY_AT_TEN]
