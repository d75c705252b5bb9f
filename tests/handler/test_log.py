"""What is read in CloudWatch: lines of JSON that find their call and hold nothing of its caller."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from offhook.handler import log
from offhook.handler.events import parse
from tests.handler.payloads import Payload, details, payload

ROOT = Path(__file__).parents[2]

APPLICATION = """
from offhook.actions import Hangup
from offhook.handler import Router, log

log.for_cloudwatch()
router = Router()

@router.new_inbound_call()
def greet(event):
    log.say(10, event, "a line for whoever debugs")
    return Hangup()

for event in events:
    assert router(event)["SchemaVersion"] == "1.0"
"""
STARTS = """
import json, os, sys
from offhook.actions import Hangup

Hangup()
for line in sys.stdin:
    code, events, variables = json.loads(line)
    if not os.fork():
        os.environ.update(variables)
        exec(code, {"__name__": "__main__", "events": events})
        break
    _, status = os.wait()
    print(json.dumps({"exit": os.waitstatus_to_exitcode(status)}), flush=True)
"""
"""For each function a process that has loaded the actions, and nothing that logs."""

Lines: TypeAlias = Callable[..., list[dict[str, object]]]
"""`lines(*events, LEVEL="INFO")`: what a function in Lambda writes while it answers these."""
Starter: TypeAlias = subprocess.Popen[str]


@pytest.fixture(scope="module")
def starter() -> Iterator[Starter]:
    """What starts functions in Lambda."""
    kept = {name: value for name, value in os.environ.items() if "POWERTOOLS" not in name}
    with subprocess.Popen(
        [sys.executable, "-c", STARTS],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**kept, "AWS_LAMBDA_FUNCTION_NAME": "calls"},
    ) as process:
        yield process
        process.communicate()


@pytest.fixture
def lines(starter: Starter) -> Lines:
    def written(*events: Payload, before: str = "", **variables: str) -> list[dict[str, object]]:
        assert starter.stdin is not None
        assert starter.stdout is not None
        starter.stdin.write(json.dumps([f"{before}{APPLICATION}", events, variables]) + "\n")
        starter.stdin.flush()
        told: list[dict[str, object]] = []
        while "exit" not in (line := json.loads(starter.stdout.readline())):
            told.append(line)
        assert line == {"exit": 0}
        return told

    return written


def a_call(number: int) -> Payload:
    event = payload("new_inbound_call/minimal")
    details(event)["TransactionId"] = f"call-{number}"
    return event


def test_logging_that_the_flows_configure_keeps_no_line_back(lines: Lines) -> None:
    """`dictConfig` disables the loggers that there are, unless it is told not to."""
    configured = (
        "import logging.config, offhook.handler.log; logging.config.dictConfig({'version': 1})"
    )
    assert lines(a_call(1), before=configured) != []


def test_every_line_finds_the_call_the_event_and_the_flow(lines: Lines) -> None:
    told = lines(a_call(1), payload("call_answered/minimal"), POWERTOOLS_SERVICE_NAME="calls-dev")
    assert [line["level"] for line in told] == ["INFO", "WARNING", "INFO"]
    for line in told:
        assert line["service"] == "calls-dev"
        assert {"correlation_id", "sequence", "leg", "event", "flow"} <= line.keys()
    answered, *unhandled = told
    assert (answered["correlation_id"], answered["flow"]) == ("call-1", "__main__.greet")
    assert [line["flow"] for line in unhandled] == ["fallback", "fallback"]


def test_metrics_go_by_the_service_that_the_template_names(lines: Lines) -> None:
    (line,) = lines(
        a_call(1), POWERTOOLS_SERVICE_NAME="calls-dev", POWERTOOLS_METRICS_NAMESPACE="Offhook"
    )
    assert line["service"] == "calls-dev"
    assert line["Calls"] == 1
    assert "_aws" in line


def test_without_any_variable_a_call_is_answered_all_the_same(lines: Lines) -> None:
    (line,) = lines(a_call(1))
    assert line["service"] == "service_undefined"
    assert "_aws" not in line


def test_the_level_is_a_variable(lines: Lines) -> None:
    assert lines(a_call(1), POWERTOOLS_LOG_LEVEL="ERROR") == []
    assert len(lines(a_call(1), POWERTOOLS_LOG_LEVEL="DEBUG")) == 2


def test_a_share_of_calls_is_logged_whole_whatever_the_level(lines: Lines) -> None:
    told = lines(
        *(a_call(number) for number in range(100)),
        POWERTOOLS_LOG_LEVEL="ERROR",
        POWERTOOLS_LOGGER_SAMPLE_RATE="0.5",
    )
    by_call: dict[object, int] = {}
    for line in told:
        by_call[line["correlation_id"]] = by_call.get(line["correlation_id"], 0) + 1
    assert 25 < len(by_call) < 75
    assert set(by_call.values()) == {2}


def test_a_share_of_calls_takes_no_metrics_from_the_others(lines: Lines) -> None:
    told = lines(
        *(a_call(number) for number in range(20)),
        POWERTOOLS_LOG_LEVEL="ERROR",
        POWERTOOLS_LOGGER_SAMPLE_RATE="0.00001",
        POWERTOOLS_METRICS_NAMESPACE="Offhook",
    )
    assert len([line for line in told if "_aws" in line]) == 20


def test_a_share_that_is_no_number_is_said_and_breaks_no_call(lines: Lines) -> None:
    warning, line = lines(a_call(1), POWERTOOLS_LOGGER_SAMPLE_RATE="half")
    assert "POWERTOOLS_LOGGER_SAMPLE_RATE is 'half'" in str(warning["message"])
    assert line["event"] == "NEW_INBOUND_CALL"


@pytest.mark.usefixtures("in_lambda")
def test_what_a_warning_quotes_of_the_event_is_masked(caplog: pytest.LogCaptureFixture) -> None:
    event = parse(payload("new_inbound_call/minimal"))
    with caplog.at_level(logging.WARNING, "offhook"):
        log.warn(event, f"nobody knows {event.leg.from_}")
    assert "nobody knows ***" in caplog.text
    assert event.leg.from_ not in caplog.text


def test_at_the_desk_nothing_is_changed() -> None:
    before = log.logger.handlers[:]
    log.for_cloudwatch()
    assert log.logger.handlers == before
