"""The call itself tells the ledger what becomes of it, and never suffers from the ledger."""

import subprocess
import sys
from collections.abc import Mapping
from fnmatch import fnmatch

import pytest
from pydantic import JsonValue

from offhook.actions import Hangup
from offhook.handler import NewInboundCall, NewOutboundCall, Reply, Router, calls, follow
from offhook.handler.arguments import CANCEL
from offhook.handler.calling.environment import ledger
from tests.handler.answers import Logged, Metrics
from tests.handler.calling.conftest import OURS, THEIRS, Line
from tests.patience import until


def event(
    kind: str, transaction_id: str = "t-1", arguments: Mapping[str, str] | None = None
) -> dict[str, object]:
    """An event of an outbound call."""
    leg = {
        "CallId": "a1d4e6f2-3b57-4c08-9e1a-5f72b8c0d913",
        "ParticipantTag": "LEG-A",
        "Direction": "Outbound",
        "To": THEIRS,
        "From": OURS,
        "Status": {"HANGUP": "Disconnected"}.get(kind, "Connected"),
    }
    return {
        "SchemaVersion": "1.0",
        "Sequence": 1,
        "InvocationEventType": kind,
        "CallDetails": {"TransactionId": transaction_id, "Participants": [leg]},
        "ActionData": {"Parameters": {"Arguments": dict(arguments or {})}},
    }


@pytest.fixture
def router() -> Router:
    """A flow that says nothing, and follows its calls."""
    router = Router()
    router.around()(follow)

    @router.new_outbound_call()
    def placed(event: NewOutboundCall) -> Reply:
        return None

    @router.new_inbound_call()
    def comes_in(event: NewInboundCall) -> Reply:
        return Hangup()

    return router


def types(reply: dict[str, JsonValue]) -> list[JsonValue]:
    """The types of a reply's actions."""
    actions = reply["Actions"]
    assert isinstance(actions, list)
    return [action["Type"] for action in actions if isinstance(action, dict)]


def test_a_second_call_for_a_key_is_hung_up_when_it_is_answered(
    line: Line, router: Router, caplog: pytest.LogCaptureFixture
) -> None:
    call = line.starts()
    line.until("answered")
    router(event("NEW_OUTBOUND_CALL", "second", {"offhook": " a-1"}))
    reply = router(event("CALL_ANSWERED", "second"))
    assert types(reply) == ["Hangup"]
    assert "this is a second call for the key a-1" in caplog.text
    router(event("HANGUP", "second"))
    assert line.until("answered").transaction_id == call.transaction_id


def test_every_event_may_come_twice(line: Line, router: Router) -> None:
    line.fails("ServiceFailureException")
    with pytest.raises(Exception, match="nobody knows yet"):
        line.starts()
    for kind, state in (
        ("NEW_OUTBOUND_CALL", "confirmed"),
        ("CALL_ANSWERED", "answered"),
        ("HANGUP", "ended"),
    ):
        for _ in range(2):
            router(event(kind, arguments={"offhook": " a-1"}))
            assert line.until(state).transaction_id == "t-1"


def test_late_events_do_not_take_anything_back(line: Line, router: Router) -> None:
    line.starts()
    call = line.until("answered")
    line.hangs_up()
    line.until("ended")
    its_id = str(call.transaction_id)
    router(event("NEW_OUTBOUND_CALL", its_id, {"offhook": " a-1"}))
    router(event("CALL_ANSWERED", its_id))
    assert line.until("ended").outcome == "completed"


def test_an_update_that_cancels_ends_the_call_even_without_a_ledger(
    router: Router, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OFFHOOK_LEDGER", raising=False)
    assert types(router(event("CALL_UPDATE_REQUESTED", arguments={"offhook": CANCEL}))) == [
        "Hangup"
    ]


def test_a_key_that_the_ledger_does_not_know_harms_nothing(
    line: Line, router: Router, caplog: pytest.LogCaptureFixture
) -> None:
    router(event("NEW_OUTBOUND_CALL", arguments={"offhook": " unknown"}))
    assert "no call was started with the key" in caplog.text
    assert line.placed == 0


def test_a_ledger_out_of_reach_harms_no_call_and_is_one_line_and_one_metric(
    environment: pytest.MonkeyPatch, router: Router, logged: Logged, metrics: Metrics
) -> None:
    environment.setenv("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1")
    arguments = {"offhook": " a-1", "name": "+15550100177"}
    reply = router(event("NEW_OUTBOUND_CALL", arguments=arguments))
    assert reply == {"SchemaVersion": "1.0", "Actions": []}
    (line,) = logged("ERROR")
    assert "the ledger was not told of this event" in line
    assert "+15550100177" not in line
    (counted,) = metrics()
    assert counted["HandlerErrors"] == 1
    assert "RefusedReplies" not in counted


MAY_TELL = ["call#*", "transaction#*", "do-not-call#*", "up"]
"""The items that the call function's role may read and write (template.yaml)."""


def test_a_call_touches_no_items_but_those_of_its_role(line: Line, router: Router) -> None:
    touched: set[str] = set()

    def note(params: Mapping[str, Mapping[str, Mapping[str, str]]], **_said: object) -> None:
        touched.add(params["Key"]["pk"]["S"])

    ledger().table.client.meta.events.register("provide-client-params.dynamodb", note)
    line.starts()
    line.until("answered")
    line.hangs_up()
    line.until("ended")
    for number, key in enumerate((" a-1", " unknown")):
        for kind in ("NEW_OUTBOUND_CALL", "RINGING", "CALL_ANSWERED", "HANGUP"):
            router(event(kind, f"t-{number}", {"offhook": key}))
    line.comes_in("+15550100177")
    line.hangs_up()
    until(lambda: not line.server.service.calls)
    calls.do_not_call("+15550100155")  # as a flow does whose caller presses 9
    assert touched
    for pattern in MAY_TELL:
        assert any(fnmatch(pk, pattern) for pk in touched), pattern
    assert [pk for pk in touched if not any(fnmatch(pk, one) for one in MAY_TELL)] == []


def test_a_call_that_comes_in_loads_no_boto3() -> None:
    program = (
        "import os, sys; os.environ['OFFHOOK_LEDGER'] = 'calls'\n"
        "os.environ['OFFHOOK_DIAL_DESTINATIONS'] = 'US'\n"
        "import json; from flows.app import lambda_handler\n"
        "lambda_handler(json.load(open('events/new_inbound_call/minimal.json')), None)\n"
        "print([name for name in ('boto3', 'botocore', 'phonenumbers') if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip().splitlines()[-1] == "[]"
