"""Many calls at once: what waits says so, lists are read, and one switch stops them all."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from offhook.command.main import main
from offhook.handler import trigger
from offhook.handler.calling.dial_policy import Hours
from offhook.handler.calling.requests import AskCall, ListCalls
from offhook.handler.errors import Busy, DialRefused, KeyTaken
from tests.handler.calling.conftest import OPEN, THEIRS, Line
from tests.handler.calling.executions import Context


def test_what_waits_says_since_when_and_what_for(line: Line) -> None:
    line.starts("a-1")
    busy = line.caller(calls_up=1)
    with pytest.raises(Busy):
        line.starts("a-2", by=busy)
    first = busy.outcome(AskCall(key="a-2"))
    assert (first.state, first.outcome) == ("waiting", "waiting")
    assert first.waits_for == "1 calls are up, as many as may be (OFFHOOK_CALLS_UP)"
    line.clock.at += 60
    with pytest.raises(Busy):
        line.starts("a-2", by=busy)
    assert busy.outcome(AskCall(key="a-2")).waiting_since == first.waiting_since
    started = line.starts("a-2")
    assert started.state not in ("waiting", "refused")
    assert (started.waits_for, started.waits_until) == (None, None)


def test_what_waits_for_its_hours_says_until_when(line: Line) -> None:
    there = datetime.fromtimestamp(line.clock.at, UTC)
    later = (there + timedelta(hours=3)).time().replace(minute=0, second=0, microsecond=0)
    policy = replace(OPEN, hours=Hours(start=later, end=later.replace(minute=30)))
    with pytest.raises(DialRefused):
        line.starts("a-1", by=line.caller(policy))
    call = line.ledger.read("a-1")
    assert (call.state, call.advice) == ("waiting", None)
    assert call.waits_until is not None
    assert call.waits_until.time() == later


def test_what_is_refused_says_why_and_what_is_dialled_later_says_it_no_more(line: Line) -> None:
    line.ledger.stop(THEIRS)
    with pytest.raises(DialRefused):
        line.starts("a-1")
    call = line.ledger.read("a-1")
    assert (call.state, call.error) == ("refused", "DialRefused")
    assert call.advice == "the number is on the do-not-call list"
    line.ledger.go(THEIRS)
    assert line.starts("a-1").advice is None


def test_a_key_of_another_list_is_in_the_lists_of_both(line: Line) -> None:
    line.starts("a-1", batch="monday")
    with pytest.raises(KeyTaken):
        line.starts("a-1", batch="tuesday", arguments_map={"name": "Bo"})
    line.starts("a-1", batch="wednesday")  # the very same call: nothing is dialled for it again
    line.clock.sleep(1)  # of one moment the index may tell in any order
    line.starts("a-2", batch="wednesday")
    for batch in ("tuesday", "wednesday"):
        (call, *_) = line.ledger.listed(ListCalls(batch=batch, limit=1)).calls
        assert (call.key, call.state, call.error) == ("a-1", "refused", "KeyTaken")
        assert call.advice == "the key is of another list, or of none"
    more = line.ledger.listed(ListCalls(batch="wednesday", limit=1)).next
    asked = ListCalls(batch="wednesday", next=more)
    assert [call.key for call in line.ledger.listed(asked).calls] == ["a-2"]
    (call,) = line.ledger.listed(ListCalls(batch="monday")).calls
    assert (call.state, call.error) == (line.ledger.read("a-1").state, None)


def test_what_is_reserved_by_nobody_any_more_is_given_up_in_the_report(
    line: Line, capsys: pytest.CaptureFixture[str]
) -> None:
    now = line.clock.at
    for seconds, key in ((600, "a-1"), (0, "a-2"), (200, "a-3")):
        line.clock.at = now - seconds
        line.ledger.reserve(key, "of its request", line.application, "monday")
    line.clock.at = now
    assert main(["calls", "report", "monday", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["known"], told["done"]) == (3, 1)
    assert told["outcomes"] == {"refused": 1, "reserved": 2}
    (why,) = told["refused"]
    assert why.startswith("GivenUp: whoever was about to dial it died")


def test_times_are_written_as_in_iso_8601(line: Line) -> None:
    call = json.loads(line.starts().model_dump_json())
    assert datetime.fromisoformat(call["dialled_at"]).tzinfo is not None


@pytest.mark.thorough
def test_a_batch_is_listed_page_by_page(line: Line) -> None:
    for number in range(5):
        line.starts(f"a-{number}", batch="monday")
        line.clock.at += 60
    line.starts("b-1")
    pages, more = list[list[str]](), None
    while True:
        page = line.ledger.listed(ListCalls(batch="monday", limit=2, next=more))
        pages.append([call.key for call in page.calls])
        more = page.next
        if more is None:
            break
    assert [key for page in pages for key in page] == [f"a-{number}" for number in range(5)]
    assert [call.key for call in line.ledger.listed(ListCalls()).calls] == ["b-1"]
    since = datetime.fromtimestamp(line.clock.at, UTC) - timedelta(seconds=150)
    asked = ListCalls(batch="monday", since=since)
    assert [call.key for call in line.ledger.listed(asked).calls] == ["a-3", "a-4"]
    asked = ListCalls(batch="monday", state="waiting")
    assert line.ledger.listed(asked).calls == []


def asked(method: str, path: str, body: str = "", **query: str) -> tuple[int, dict[str, Any]]:
    answer = trigger.lambda_handler(
        {
            "requestContext": {"http": {"method": method}},
            "rawPath": path,
            "queryStringParameters": query,
            "body": body,
        },
        Context(20),
    )
    return int(str(answer["statusCode"])), json.loads(str(answer["body"]))


@pytest.mark.usefixtures("url")
def test_the_url_lists_them(line: Line) -> None:
    line.starts("a-1", batch="monday")
    status, told = asked("GET", "/calls", batch="monday", limit="10")
    assert status == 200
    assert [call["key"] for call in told["calls"]] == ["a-1"]
    status, told = asked("GET", "/calls", state="up")
    assert status == 400
    assert "state" in str(told["message"])
    status, told = asked("GET", "/calls", day="monday")
    assert (status, told["message"]) == (400, "day: there is no such field")


@pytest.mark.usefixtures("url")
def test_a_redirection_without_an_id_is_sent_once(line: Line) -> None:
    line.starts("a-1")
    line.hears("answered")
    for _ in range(2):
        status, _ = asked("PATCH", "/calls/a-1", '{"arguments": {"name": "noon"}}')
        assert status == 200
    asked("PATCH", "/calls/a-1", '{"arguments": {"name": "one"}}')
    line.hears("update one")
    assert line.told.count("update noon") == 1


def test_a_flow_keeps_what_was_said_with_the_key(line: Line) -> None:
    line.starts("a-1")
    line.hears("answered")
    transaction = line.until("answered").transaction_id
    assert transaction is not None
    line.ledger.keep(transaction, "confirmed")
    line.hangs_up()
    ended = line.until("ended")
    assert (ended.said, ended.outcome) == ("confirmed", "completed")
    line.ledger.keep("t-of-nobody", "confirmed")
