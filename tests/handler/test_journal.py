"""One line for every event, which is the metrics as well, and nothing of the caller in it."""

import logging
from typing import Any, cast

import pytest

from offhook.actions import Hangup, Speak
from offhook.handler import NewInboundCall, Reply, Router, journal
from tests.handler.payloads import payload


@pytest.fixture
def metrics(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "NAMESPACE", "Offhook")


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    return [vars(record) for record in caplog.records if record.funcName == "journal"]


def greeter() -> Router:
    router = Router()

    @router.new_inbound_call()
    def greet(event: NewInboundCall) -> Reply:
        return [Speak(text="Hello."), Hangup()]

    return router


def test_the_line_says_what_came_what_went_and_who_answered(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "offhook")
    event = payload("new_inbound_call/minimal")
    greeter()(event)
    (line,) = lines(caplog)
    assert line["message"] == "NEW_INBOUND_CALL 1 -> Speak, Hangup"
    assert line["correlation_id"] == "4f1c2b7e-9d35-4a60-8c11-6b0f5e2d7a90"
    assert line["event"] == "NEW_INBOUND_CALL"
    assert line["sequence"] == 1
    assert line["leg"] == "LEG-A"
    assert str(line["flow"]).endswith("greet")
    assert line["actions"] == ["Speak", "Hangup"]


def test_above_info_and_without_metrics_there_is_no_line(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "NAMESPACE", "")
    caplog.set_level(logging.WARNING, "offhook")
    greeter()(payload("new_inbound_call/minimal"))
    assert lines(caplog) == []


@pytest.mark.usefixtures("metrics")
def test_with_metrics_the_line_is_written_at_any_level(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("offhook"), "level", logging.ERROR)
    greeter()(payload("new_inbound_call/minimal"))
    assert len(lines(caplog)) == 1


@pytest.mark.usefixtures("metrics")
def test_the_line_is_embedded_metric_format(caplog: pytest.LogCaptureFixture) -> None:
    greeter()(payload("new_inbound_call/minimal"))
    (line,) = lines(caplog)
    embedded = cast("dict[str, object]", line["_aws"])
    assert isinstance(embedded["Timestamp"], int)
    by_dimensions: dict[tuple[str, ...], list[str]] = {}
    for directive in cast("list[dict[str, Any]]", embedded["CloudWatchMetrics"]):
        assert directive["Namespace"] == "Offhook"
        (dimensions,) = directive["Dimensions"]
        by_dimensions[tuple(dimensions)] = [metric["Name"] for metric in directive["Metrics"]]
    assert by_dimensions == {
        ("service",): ["Events", "Calls", "Duration"],
        ("service", "event"): ["Events"],
    }
    assert {"Events", "Calls", "Duration", "event"} <= line.keys()


@pytest.mark.usefixtures("metrics")
def test_failed_actions_are_counted_by_action_and_error(caplog: pytest.LogCaptureFixture) -> None:
    Router()(payload("action_failed/play_audio_no_access"))
    (line,) = lines(caplog)
    assert (line["action"], line["error_type"]) == ("PlayAudio", "InvalidAudioSource")
    assert line["ActionFailures"] == 1
    assert line["UnhandledEvents"] == 1
    last = cast("dict[str, Any]", line["_aws"])["CloudWatchMetrics"][-1]
    assert last["Dimensions"] == [["service", "action", "error_type"]]
    assert [metric["Name"] for metric in last["Metrics"]] == ["ActionFailures"]


@pytest.mark.usefixtures("metrics")
def test_a_handler_that_fails_and_a_refused_reply_are_counted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    router = Router()

    @router.new_inbound_call()
    def many(event: NewInboundCall) -> Reply:
        return [Speak(text="Hello.")] * 11

    router(payload("new_inbound_call/minimal"))
    (line,) = lines(caplog)
    assert (line["HandlerErrors"], line["RefusedReplies"]) == (1, 1)


@pytest.mark.usefixtures("metrics")
def test_what_we_do_not_know_is_one_name_and_not_many(caplog: pytest.LogCaptureFixture) -> None:
    event = payload("action_failed/play_audio_no_access")
    data = cast("dict[str, object]", event["ActionData"])
    data.update({"Type": "Dance", "ErrorType": "Tired"})
    Router()(event)
    Router()({**payload("ringing/minimal"), "InvocationEventType": "RANG_OFF"})
    first, second = lines(caplog)
    assert (first["action"], first["error_type"]) == ("other", "other")
    assert second["event"] == "other"
