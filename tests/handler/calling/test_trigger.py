"""The trigger, asked by a function URL, and directly."""

import json
import logging

import pytest

from offhook.handler import trigger
from offhook.handler.calling.service_errors import DOCUMENTED, BadRequestException
from offhook.handler.errors import KeyTaken, NoSuchCall, NotConfigured, RequestInvalid
from tests.handler.calling.conftest import OURS, THEIRS, Line
from tests.handler.calling.executions import Asks, Context
from tests.sampled import sampled

CALL = {"to_phone_number": THEIRS, "from_phone_number": OURS}


def test_a_call_is_put_and_read(line: Line, url: Asks) -> None:
    status, told = url("PUT", "a-1", CALL)
    assert status == 200
    assert told["transaction_id"] in line.server.service.calls
    assert url("PUT", "a-1", CALL)[1]["transaction_id"] == told["transaction_id"]
    assert line.placed == 1
    line.until("answered")
    status, told = url("GET", "a-1")
    assert (status, told["state"]) == (200, "answered")


def test_a_call_is_redirected_and_deleted(line: Line, url: Asks) -> None:
    url("PUT", "a-1", CALL)
    line.until("answered")
    assert url("PATCH", "a-1", {"arguments": {"name": "room 2"}})[0] == 200
    line.hears("update room 2")
    assert url("DELETE", "a-1")[0] == 200
    line.until("ended")
    status, told = url("PATCH", "a-1", {"arguments": {}})
    assert (status, told["error"]) == (404, "NoSuchCall")
    assert url("GET", "a-1")[1]["outcome"] == "cancelled"


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "error"),
    [
        ("GET", "/calls/none", None, 404, "NoSuchCall"),
        ("GET", "/", None, 404, "RequestInvalid"),
        ("POST", "/calls/a-1", "{}", 405, "RequestInvalid"),
        ("GET", "/calls/a%20b", None, 400, "RequestInvalid"),
        ("PUT", "/calls/a-1", "{}", 400, "RequestInvalid"),
        ("PUT", "/calls/a-1", "{", 400, "RequestInvalid"),
        ("PUT", "/calls/a-1", None, 400, "RequestInvalid"),
        ("PATCH", "/calls/a-1", '{"arguments": {"a": 1}}', 400, "RequestInvalid"),
    ],
)
def test_a_wrong_request_is_answered_with_what_is_wrong(
    line: Line, url: Asks, method: str, path: str, body: str | None, status: int, error: str
) -> None:
    answer = url.path(method, path, body)
    assert (answer[0], answer[1]["error"]) == (status, error)
    assert answer[1]["message"]
    assert line.placed == 0


def test_what_the_policy_forbids_is_forbidden(line: Line, url: Asks) -> None:
    status, told = url("PUT", "a-1", CALL | {"to_phone_number": "+19005550143"})
    assert (status, told["error"]) == (403, "DialRefused")
    assert url("GET", "a-1")[1]["error"] == "DialRefused"
    assert line.placed == 0


@pytest.mark.parametrize("name", sampled(sorted(set(DOCUMENTED) - {"NotFoundException"}), 3))
def test_each_documented_error_has_its_status(line: Line, url: Asks, name: str) -> None:
    line.fails(name, times=None)
    status, told = url("PUT", "a-1", CALL, seconds=8.5)
    kind = DOCUMENTED[name]
    assert (status, told["error"]) == (
        (kind.status, name) if kind.is_refusal else (202, "Unsettled")
    )
    assert name in str(told["message"])
    assert ("Retry-After" in url.headers) is (kind.is_temporary or not kind.is_refusal)


def test_a_time_that_is_used_up_starts_nothing(line: Line, url: Asks) -> None:
    status, told = url("PUT", "a-1", CALL, seconds=7)
    assert (status, told["error"]) == (429, "Busy")
    assert line.placed == 0


def test_a_ledger_out_of_reach_dials_nothing(
    line: Line, url: Asks, environment: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    environment.setenv("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1")
    status, told = url("PUT", "a-1", CALL)
    assert (status, told["error"]) == (503, "LedgerFailed")
    assert line.placed == 0
    assert "the ledger failed (EndpointConnectionError)" in caplog.text


def test_no_phone_number_is_logged(line: Line, url: Asks, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="offhook")
    url("PUT", "a-15550100199", CALL)
    url("PUT", "a-2", CALL | {"to_phone_number": "+19005550143"})
    url("PUT", "a-3", CALL | {"to_phone_number": "nobody"})
    ours = [record.getMessage() for record in caplog.records if record.name == "offhook"]
    assert len(ours) >= 2
    assert not any("5550" in line for line in ours)


def test_asked_directly_it_returns_the_call_or_raises_by_name(line: Line, url: Asks) -> None:
    told = trigger.lambda_handler({"operation": "start", "key": "a-1", **CALL}, Context())
    assert told["transaction_id"] in line.server.service.calls
    json.dumps(told)
    with pytest.raises(NoSuchCall):
        trigger.lambda_handler({"operation": "outcome", "key": "none"}, Context())
    with pytest.raises(RequestInvalid, match="operation is missing"):
        trigger.lambda_handler({"key": "none"}, Context())
    line.fails("BadRequestException")
    with pytest.raises(BadRequestException):
        trigger.lambda_handler({"operation": "start", "key": "a-2", **CALL}, Context())


@pytest.mark.parametrize(
    "content_type", ["application/json", "application/x-www-form-urlencoded", "text/plain", ""]
)
def test_a_body_is_json_whatever_it_is_called(line: Line, url: Asks, content_type: str) -> None:
    url.content_type = content_type
    assert url("PUT", "a-1", CALL)[0] == 200


@pytest.mark.parametrize("body", ["to=1&from=2", "[" * 100_000, "\x00", '"text"', "[]", "1e999"])
def test_a_body_that_is_no_object_is_refused(line: Line, url: Asks, body: str) -> None:
    status, told = url("PUT", "a-1", body)
    assert (status, told["error"]) == (400, "RequestInvalid")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig", "latin-1"])
def test_a_body_is_json_in_utf_8(line: Line, url: Asks, encoding: str) -> None:
    call = {**CALL, "arguments_map": {"name": "Zoë"}}
    said = json.dumps(call, ensure_ascii=False).encode(encoding)
    status, told = url.path("PUT", "/calls/a-1", said)
    assert (status, told["error"]) == (400, "RequestInvalid")
    assert url.path("PUT", "/calls/a-1", json.dumps(call, ensure_ascii=False).encode())[0] == 200


def test_what_stands_in_the_path_stands_nowhere_else(line: Line, url: Asks) -> None:
    for field in ({"key": "a-2"}, {"operation": "cancel"}):
        status, told = url("PUT", "a-1", {**CALL, **field})
        assert (status, told["error"]) == (400, "RequestInvalid")
    assert line.placed == 0


def test_what_lambda_logs_of_an_error_holds_no_phone_number(line: Line, url: Asks) -> None:
    request = {"operation": "start", "key": "call-15550100199", **CALL}
    trigger.lambda_handler(request, Context())
    with pytest.raises(KeyTaken) as caught:
        trigger.lambda_handler({**request, "to_phone_number": "+15550100177"}, Context())
    assert "5550" not in str(caught.value)
    assert "a new call needs a key of its own" in str(caught.value)


@pytest.mark.parametrize("event", ["start", 7, None, [], {}])
def test_asked_directly_for_nothing_it_says_so(event: object) -> None:
    with pytest.raises(RequestInvalid):
        trigger.lambda_handler(event, Context())


def test_without_a_ledger_nothing_is_started(
    line: Line, url: Asks, environment: pytest.MonkeyPatch
) -> None:
    environment.delenv("OFFHOOK_LEDGER")
    status, told = url("PUT", "a-1", CALL)
    assert (status, told["error"]) == (500, "NotConfigured")
    assert "OFFHOOK_LEDGER" in str(told["message"])
    with pytest.raises(NotConfigured):
        trigger.lambda_handler({"operation": "outcome", "key": "a-1"}, Context())


def test_without_a_region_it_says_which_variable(
    line: Line, environment: pytest.MonkeyPatch
) -> None:
    environment.delenv("AWS_DEFAULT_REGION")
    environment.setenv("AWS_CONFIG_FILE", "/nowhere")
    with pytest.raises(NotConfigured, match="AWS_DEFAULT_REGION"):
        trigger.lambda_handler({"operation": "outcome", "key": "a-1"}, Context())
