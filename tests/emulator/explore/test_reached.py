"""What was reached, and what would have to happen for the rest."""

from dataclasses import replace

import pytest

from offhook.emulator.explore.options import Options
from offhook.emulator.explore.reached import Reached, reached
from tests.emulator.explore.desk_line import OPTIONS, explored, explored_with


def of(kind: str, options: Options = OPTIONS) -> Reached:
    result = explored() if options is OPTIONS else explored_with(options)
    return next(each for each in reached(result, options) if each.kind == kind)


def test_functions_are_those_of_the_routes() -> None:
    functions = of("functions")
    names = [name.rpartition(".")[2] for name in functions.reached]
    assert names == ["gave_up", "one", "other", "three", "two", "waits", "welcome"]
    assert [name.rpartition(".")[2] for name in functions.missed] == ["answered", "updated"]


@pytest.mark.parametrize(
    ("event", "why"),
    [
        ("CALL_ANSWERED", "--outbound"),
        ("CALL_UPDATE_REQUESTED", "--update NAME=VALUE"),
        ("DIGITS_RECEIVED", "keys while a ReceiveDigits listens: none did"),
        ("INVALID_LAMBDA_RESPONSE", "a reply that the service refuses: there is none"),
    ],
)
def test_an_event_says_what_brings_it(event: str, why: str) -> None:
    assert of("events").missed[event] == why


@pytest.mark.thorough
def test_who_does_what_is_said_reaches_it() -> None:
    options = replace(OPTIONS, outbound=True, updates=({"what": "end"},), faults=1)
    assert of("functions", options).missed == {}
    assert "CALL_ANSWERED" in of("events", options).reached
    assert "Speak SystemException" in of("errors", options).reached


def test_where_paths_are_left_over_more_time_is_what_it_takes() -> None:
    result = explored()
    left = [replace(each, is_complete=False) for each in result.explored]
    halved = replace(result, taken={next(iter(result.taken))}, explored=left)
    routes = next(each for each in reached(halved, OPTIONS) if each.kind == "routes")
    assert set(routes.missed.values()) == {
        "--all, or more --seconds: there are paths left over",
        "--outbound",
        "--update NAME=VALUE",
    }
    halved.explored[:] = [replace(each, changes="ACTION_FAILED") for each in left]
    routes = next(each for each in reached(halved, OPTIONS) if each.kind == "routes")
    assert "the same reply to the same ACTION_FAILED: it was left" in routes.missed.values()
