"""What is read in CloudWatch: lines of JSON that find their call and hold nothing of its caller."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from offhook.handler import log
from offhook.handler.events import parse
from tests.handler.payloads import Payload, details, payload

ROOT = Path(__file__).parents[2]

APPLICATION = """
import json, sys
from offhook.actions import Hangup
from offhook.handler import Router, log

log.for_cloudwatch()
router = Router()

@router.new_inbound_call()
def greet(event):
    log.say(10, event, "a line for whoever debugs")
    return Hangup()

for line in sys.stdin:
    assert router(json.loads(line))["SchemaVersion"] == "1.0"
"""


def lines(*events: Payload, before: str = "", **variables: str) -> list[dict[str, object]]:
    """What a function in Lambda writes while it answers these events."""
    kept = {name: value for name, value in os.environ.items() if "POWERTOOLS" not in name}
    ran = subprocess.run(
        [sys.executable, "-c", f"{before}{APPLICATION}"],
        input="".join(f"{json.dumps(event)}\n" for event in events),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**kept, "AWS_LAMBDA_FUNCTION_NAME": "calls", **variables},
    )
    return [json.loads(line) for line in ran.stdout.splitlines()]


def a_call(number: int) -> Payload:
    event = payload("new_inbound_call/minimal")
    details(event)["TransactionId"] = f"call-{number}"
    return event


def test_logging_that_the_flows_configure_keeps_no_line_back() -> None:
    """`dictConfig` disables the loggers that there are, unless it is told not to."""
    configured = (
        "import logging.config, offhook.handler.log; logging.config.dictConfig({'version': 1})"
    )
    assert lines(a_call(1), before=configured) != []


def test_every_line_finds_the_call_the_event_and_the_flow() -> None:
    told = lines(a_call(1), payload("call_answered/minimal"), POWERTOOLS_SERVICE_NAME="calls-dev")
    assert [line["level"] for line in told] == ["INFO", "WARNING", "INFO"]
    for line in told:
        assert line["service"] == "calls-dev"
        assert {"correlation_id", "sequence", "leg", "event", "flow"} <= line.keys()
    answered, *unhandled = told
    assert (answered["correlation_id"], answered["flow"]) == ("call-1", "__main__.greet")
    assert [line["flow"] for line in unhandled] == ["fallback", "fallback"]


def test_metrics_go_by_the_service_that_the_template_names() -> None:
    (line,) = lines(
        a_call(1), POWERTOOLS_SERVICE_NAME="calls-dev", POWERTOOLS_METRICS_NAMESPACE="Offhook"
    )
    assert line["service"] == "calls-dev"
    assert line["Calls"] == 1
    assert "_aws" in line


def test_without_any_variable_a_call_is_answered_all_the_same() -> None:
    (line,) = lines(a_call(1))
    assert line["service"] == "service_undefined"
    assert "_aws" not in line


def test_the_level_is_a_variable() -> None:
    assert lines(a_call(1), POWERTOOLS_LOG_LEVEL="ERROR") == []
    assert len(lines(a_call(1), POWERTOOLS_LOG_LEVEL="DEBUG")) == 2


def test_a_share_of_calls_is_logged_whole_whatever_the_level() -> None:
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


def test_a_share_of_calls_takes_no_metrics_from_the_others() -> None:
    told = lines(
        *(a_call(number) for number in range(20)),
        POWERTOOLS_LOG_LEVEL="ERROR",
        POWERTOOLS_LOGGER_SAMPLE_RATE="0.00001",
        POWERTOOLS_METRICS_NAMESPACE="Offhook",
    )
    assert len([line for line in told if "_aws" in line]) == 20


def test_a_share_that_is_no_number_is_said_and_breaks_no_call() -> None:
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
