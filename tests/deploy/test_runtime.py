"""The handler in AWS's own runtime: its runtime emulator and its client, on loopback."""

import json
from pathlib import Path
from tempfile import TemporaryFile
from typing import cast

import pytest

from offhook.emulator.function.lambda_runtime import CannotInvoke, invoke, post, read_event, running
from tests.handler.payloads import FILES

EVENTS = Path(__file__).parents[2] / "events"


def test_an_inbound_call_is_answered_in_the_real_runtime() -> None:
    invocation = invoke(
        read_event(EVENTS / "new_inbound_call" / "minimal.json"), "flows.app:lambda_handler"
    )
    assert not invocation.failed
    assert cast("dict[str, str]", invocation.reply)["SchemaVersion"] == "1.0"
    assert invocation.init_ms is not None
    assert invocation.duration_ms is not None


def test_every_event_is_answered_with_an_envelope() -> None:
    with TemporaryFile() as log, running("flows.app:lambda_handler", log.fileno()) as port:
        for file in FILES:
            reply = post(port, read_event(file))
            assert cast("dict[str, str]", reply)["SchemaVersion"] == "1.0", file


TRIGGER = "offhook.handler.trigger:lambda_handler"


@pytest.mark.parametrize("operation", ["start", "redirect", "cancel", "outcome"])
def test_the_trigger_refuses_a_direct_request_by_the_name_of_the_error(operation: str) -> None:
    event = read_event(EVENTS / "trigger" / f"{operation}.json")
    invocation = invoke(event, TRIGGER, environment={"OFFHOOK_LEDGER": ""})
    assert cast("dict[str, str]", invocation.reply)["errorType"] == "NotConfigured"
    assert "OFFHOOK_LEDGER is not set" in str(invocation.reply)


def test_the_trigger_answers_its_url_with_a_status_and_json() -> None:
    event = read_event(EVENTS / "trigger" / "url_start.json")
    wrong = event.replace(b"+15550100199", b"555-0199")
    no_ledger = {"OFFHOOK_LEDGER": ""}
    with TemporaryFile() as log, running(TRIGGER, log.fileno(), environment=no_ledger) as port:
        answers = [cast("dict[str, object]", post(port, each)) for each in (wrong, event)]
    assert [answer["statusCode"] for answer in answers] == [400, 500]
    told = [cast("dict[str, str]", json.loads(str(answer["body"]))) for answer in answers]
    assert [each["error"] for each in told] == ["RequestInvalid", "NotConfigured"]
    assert "to_phone_number" in told[0]["message"]
    assert "555-0199" not in told[0]["message"]


def test_the_trigger_leaves_in_its_queue_what_it_cannot_do_without_dead_letters() -> None:
    event = read_event(EVENTS / "trigger" / "queue.json")
    sent = cast("dict[str, list[dict[str, str]]]", json.loads(event))["Records"]
    off = {"OFFHOOK_LEDGER": "", "OFFHOOK_DEAD_LETTERS": ""}
    reply = invoke(event, TRIGGER, environment=off).reply
    assert reply == {"batchItemFailures": [{"itemIdentifier": each["messageId"]} for each in sent]}


def test_a_handler_that_does_not_load_is_a_failure_with_its_reason() -> None:
    invocation = invoke(read_event(EVENTS / "hangup" / "single_leg.json"), "flows.nothing:handler")
    assert invocation.failed
    assert "flows.nothing" in str(invocation.reply)


def test_no_event_no_invocation(tmp_path: Path) -> None:
    with pytest.raises(CannotInvoke, match="there is no event"):
        read_event(tmp_path / "nothing.json")
