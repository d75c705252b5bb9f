"""Calls that are up are found by the number of who is on the line, and told something, or ended."""

import json
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import cast
from urllib.parse import quote

import pytest

from offhook.actions import Hangup
from offhook.handler import NewInboundCall, Reply, Router, follow, live
from offhook.handler.calling.ledger import LONGEST_CALL_SECONDS
from tests.handler.answers import Logged
from tests.handler.calling.conftest import OURS, TABLE, THEIRS, Line
from tests.handler.calling.executions import Asks
from tests.patience import until

ADA, BO = "+15550100177", "+15550100178"


def found(url: Asks, number: str) -> list[str]:
    """The keys of the calls with a number that are up."""
    status, told = url.path("GET", f"/live?number={quote(number)}")
    assert status == 200
    return [call["key"] for call in cast("list[dict[str, str]]", told["calls"])]


def told_of(kind: str, *, leg_b: str = "", number: str = ADA, code: int = 0) -> dict[str, object]:
    """An event of a call that came in, and may have a second leg."""
    connected = "Disconnected" if kind == "HANGUP" else None
    leg = {"CallId": "leg-a", "ParticipantTag": "LEG-A", "Direction": "Inbound", "From": number}
    legs = [leg | {"To": OURS} | ({"Status": connected} if connected else {})]
    if leg_b:
        legs.append({"CallId": "leg-b", "ParticipantTag": "LEG-B", "Status": leg_b})
    details = {"TransactionId": "t-1", "SipMediaApplicationId": "sma", "Participants": legs}
    return {
        "SchemaVersion": "1.0",
        "Sequence": 1,
        "InvocationEventType": kind,
        "CallDetails": details,
        "ActionData": {"Parameters": {"CallId": "leg-a", "SipResponseCode": code}},
    }


@pytest.fixture
def router() -> Router:
    """A flow that opted in, and hangs up at once."""
    router = Router()
    router.around()(follow)
    router.around()(live)

    @router.new_inbound_call()
    def comes_in(_event: NewInboundCall) -> Reply:
        return Hangup()

    return router


def test_a_caller_is_found_told_something_and_let_go(line: Line, url: Asks) -> None:
    key = f"in:{line.comes_in(ADA)}"
    assert found(url, ADA) == [key]
    status, told = url("GET", key)
    assert (status, told["state"], told["batch"]) == (200, "answered", None)
    for _ in range(2):
        assert url("PATCH", key, {"arguments": {"name": "room 2"}})[0] == 200
    line.hears("update room 2")
    assert url("DELETE", key)[0] == 200
    until(lambda: not line.server.service.calls)
    until(lambda: not found(url, ADA))
    assert line.told.count("update room 2") == 1
    assert url("GET", key)[1]["outcome"] == "cancelled"
    status, told = url("PATCH", key, {"arguments": {"name": "late"}})
    assert (status, told["error"]) == (404, "NoSuchCall")


def test_two_calls_of_one_number_are_both_found(line: Line, url: Asks) -> None:
    keys = {f"in:{line.comes_in(ADA)}" for _ in range(2)}
    line.comes_in(BO)
    assert len(keys) == 2
    assert set(found(url, ADA)) == keys
    line.hangs_up()
    until(lambda: not found(url, ADA))


def test_whom_we_called_is_found_as_long_as_the_call_is_up(line: Line, url: Asks) -> None:
    url("PUT", "a-1", {"to_phone_number": THEIRS, "from_phone_number": OURS})
    line.until("answered")
    assert found(url, THEIRS) == ["a-1"]
    line.hangs_up()
    line.until("ended")
    assert found(url, THEIRS) == []


def test_nobodys_number_is_kept_when_the_call_is_over(line: Line, url: Asks) -> None:
    line.comes_in(ADA)
    items = json.dumps(line.table.scan(TableName=TABLE)["Items"])
    assert ADA in items
    line.hangs_up()
    until(lambda: not found(url, ADA))
    items = json.dumps(line.table.scan(TableName=TABLE)["Items"])
    assert ADA not in items
    assert "in:" in items


def test_a_call_of_whose_end_nobody_told_is_not_shown_for_ever(line: Line) -> None:
    line.comes_in(ADA)
    assert line.ledger.live(ADA).calls
    (item,) = line.table.scan(TableName=TABLE)["Items"]
    gone = float(item["expires_at"].get("N", 0)) - line.clock()
    assert LONGEST_CALL_SECONDS - 60 < gone < LONGEST_CALL_SECONDS + 60
    line.clock.at += LONGEST_CALL_SECONDS + 60
    assert line.ledger.live(ADA).calls == []


def test_it_is_found_until_the_last_leg_has_left(line: Line, url: Asks, router: Router) -> None:
    assert line.placed == 0
    router(told_of("NEW_INBOUND_CALL"))
    router(told_of("HANGUP", leg_b="Connected"))
    assert found(url, ADA) == ["in:t-1"]
    router(told_of("HANGUP", leg_b="Disconnected"))
    assert found(url, ADA) == []


def test_what_is_told_twice_or_late_brings_no_call_back(
    line: Line, url: Asks, router: Router
) -> None:
    assert line.placed == 0
    for _ in range(2):
        router(told_of("NEW_INBOUND_CALL"))
    assert found(url, ADA) == ["in:t-1"]
    for kind in ("HANGUP", "HANGUP", "NEW_INBOUND_CALL"):
        router(told_of(kind))
        assert found(url, ADA) == []


@pytest.mark.parametrize("number", ["anonymous", "sip:ada@example.com"])
def test_who_withholds_the_number_is_known_by_the_calls_id_alone(
    line: Line, url: Asks, router: Router, number: str
) -> None:
    assert line.placed == 0
    router(told_of("NEW_INBOUND_CALL", number=number))
    assert url("GET", "in:t-1")[1]["state"] == "answered"
    status, told = url.path("GET", f"/live?number={quote(number)}")
    assert (status, told["error"]) == (400, "RequestInvalid")
    assert "number: a phone number is written in E.164" in str(told["message"])


@contextmanager
def silence() -> Generator[tuple[str, list[socket.socket]]]:
    """Something that takes connections and says nothing: its URL, and whoever came."""
    came: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def take() -> None:
            with suppress(OSError):
                while True:
                    came.append(listening.accept()[0])

        thread = threading.Thread(target=take, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", came
        listening.shutdown(socket.SHUT_RDWR)
    thread.join()
    for each in came:
        each.close()


def test_a_silent_ledger_is_asked_twice_and_the_caller_hears_the_flow(
    environment: pytest.MonkeyPatch, router: Router, logged: Logged
) -> None:
    environment.setattr("offhook.handler.calling.environment.LEDGER_SECONDS", 0.2)
    environment.setenv("AWS_LAMBDA_FUNCTION_NAME", "calls")
    with silence() as (place, came):
        environment.setenv("AWS_ENDPOINT_URL_DYNAMODB", place)
        reply = router(told_of("NEW_INBOUND_CALL"))
    assert [action["Type"] for action in cast("list[dict[str, str]]", reply["Actions"])] == [
        "Hangup"
    ]
    assert len(came) == 2
    (line,) = logged("ERROR")
    assert "the ledger was not told of this event" in line
    assert ADA not in line


def test_a_call_that_nobody_noted_ends_as_any(line: Line, router: Router, logged: Logged) -> None:
    assert line.placed == 0
    router(told_of("HANGUP"))
    assert logged("ERROR") == []
    (warned,) = logged("WARNING")
    assert "no call was started with the key in:t-1" in warned


def test_a_call_that_never_came_is_not_cancelled_beforehand(line: Line, url: Asks) -> None:
    for method in ("DELETE", "GET", "PATCH"):
        status, told = url(method, "in:t-1", {"arguments": {}} if method == "PATCH" else None)
        assert (status, told["error"]) == (404, "NoSuchCall")
    assert line.table.scan(TableName=TABLE)["Items"] == []


def test_a_number_is_asked_for_and_no_more(
    line: Line, url: Asks, caplog: pytest.LogCaptureFixture
) -> None:
    assert line.placed == 0
    caplog.set_level("INFO", logger="offhook")
    assert found(url, ADA) == []
    assert "live calls: 0 calls" in caplog.text
    assert url.path("GET", "/live")[1]["message"] == "number: it is missing"
    assert url.path("GET", "/live?number=%2B15550100177&day=1")[0] == 400
    assert url.path("DELETE", "/live")[0] == 405
    assert url.headers["Allow"] == "GET"
    assert "5550100177" not in caplog.text
