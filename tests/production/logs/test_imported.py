"""Logs go in, in whatever container and style, and the calls come back: with noise between them,
lines that are there twice, and lines that are missing.

About `offhook.production.logs.*`.
"""

import gzip
import json
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from offhook.production.logs.imported import NoCalls
from offhook.production.logs.recorded import write
from tests.production.logs.dressed import (
    CONTAINERS,
    STYLES,
    Delivery,
    Entry,
    compact,
    deliveries,
    entries,
)
from tests.production.logs.happened import calls, imported
from tests.sampled import sampled

NOISE: Final = (
    "hello {",
    "{",
    "}}",
    "{'a': 1",
    "[INFO]\tnothing {special}",
    '{"level":"INFO","message":"connected","requestId":"x"}',
    '{"SchemaVersion": "1.0"}',
    '{"InvocationEventType": "HANGUP"}',
    "Traceback (most recent call last):",
    "\u2028 \U0001f600 {",
)


def noisy(lines: Sequence[Entry], random: Random) -> list[Entry]:
    """Lines that are none of the handler's events: before an invocation, and in other streams."""
    found: list[Entry] = []
    before: dict[str, str] = {}
    for line in lines:
        is_new = line.message.startswith("START") or "platform.start" in line.message
        if is_new and random.random() < 0.5:
            found.append(Entry(line.at, line.stream, random.choice(NOISE)))
        if random.random() < 0.1:
            found.append(Entry(line.at, "2027/03/01/[$LATEST]0", random.choice(NOISE)))
        before[line.stream] = line.message
        found.append(line)
    return found


@pytest.mark.parametrize(("container", "style"), sampled(product(CONTAINERS, STYLES), 13))
@settings(max_examples=4, deadline=None)
@given(random=st.integers(0, 10**9).map(Random))
def test_the_calls_come_back(container: str, style: str, random: Random) -> None:
    lines = noisy(entries(calls(), STYLES[style]), random)
    files = [*CONTAINERS[container](lines)]
    again = random.sample(files, random.randint(0, len(files)))
    back, done = imported([*files, *again])
    assert back == calls()
    assert (done.calls, done.incomplete, done.again) == (4, 0, 1)


@pytest.mark.parametrize("style", sampled(name for name in STYLES if "indent" not in name))
@settings(max_examples=15, deadline=None)
@example(random=Random(9938264))  # an END, the line after its REPORT, and the next START
@given(random=st.integers(0, 10**9).map(Random))
def test_what_is_missing_is_said_and_nothing_is_made_up(style: str, random: Random) -> None:
    """A line that is missing from the middle of an indented event may leave another event."""
    lines = entries(calls(), STYLES[style])
    for _ in range(random.randint(1, 3)):
        lines.pop(random.randrange(len(lines)))
        double = random.randrange(len(lines))
        lines.insert(double, lines[double])
    container = random.choice([*CONTAINERS])
    back, _ = imported([*CONTAINERS[container](lines)])
    was = {call.transaction: call for call in calls()}
    for call in back:
        whole = {each.sequence: each for each in was[call.transaction].exchanges}
        for each in call.exchanges:
            its = whole.pop(each.sequence)
            assert each.event == its.event
            if each.answer == "unseen" and each.told.ignores_actions:
                continue
            if each.answer == "unseen":
                assert f"the reply to {each.sequence}" in call.lacks
            else:
                assert (each.answer, each.reply, each.error) == (its.answer, its.reply, its.error)
            assert each.deliveries <= its.deliveries
            assert each.seconds in (None, its.seconds, 0.001)
        last = max(each.sequence for each in call.exchanges)
        assert {f"Sequence {n}" for n in whole if n < last} <= {*call.lacks}
        if any(number > last for number in whole):
            assert "the end" in call.lacks


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(compact(each.event) for each in calls()[0].exchanges),
        "\n".join(json.dumps(each.event, indent=2) for each in calls()[0].exchanges),
        json.dumps([each.event for each in calls()[0].exchanges]),
        "".join(compact(each.event) for each in calls()[0].exchanges),
    ],
    ids=["JSON lines", "indented", "a list", "one after the other"],
)
def test_events_alone_are_a_call_without_replies_and_times(text: str) -> None:
    ((call,), done) = imported([text.encode()])
    assert [each.event for each in call.exchanges] == [e.event for e in calls()[0].exchanges]
    assert call.day == "undated"
    assert "the reply to 1" in call.lacks
    assert done.unseen == len(call.exchanges)


def test_events_and_replies_alone_are_matched_by_what_stands_near() -> None:
    said = [v for each in calls()[0].exchanges for v in (each.event, each.reply)]
    ((call,), _) = imported(["\n".join(map(compact, said)).encode()])
    assert [each.reply for each in call.exchanges] == [e.reply for e in calls()[0].exchanges]


def test_what_was_imported_can_be_imported_again(tmp_path: Path) -> None:
    files = write(tmp_path, calls())
    assert imported([file.read_bytes() for file in files])[0] == calls()


def test_a_line_that_cloudwatch_cut_goes_on_in_the_next() -> None:
    lines: list[Entry] = []
    for stream, of in deliveries(calls()[:1]):
        event = compact({**of.exchange.event, "More": "x" * 600_000 if not lines else ""})
        cuts = range(0, len(event), 262_118)
        lines += [Entry(of.at, stream, event[cut : cut + 262_118]) for cut in cuts]
    ((call,), done) = imported([*CONTAINERS["filter-log-events"](lines)])
    assert len(str(call.exchanges[0].event["More"])) == 600_000
    assert (len(call.exchanges), done.lost) == (len(calls()[0].exchanges), 0)


def test_a_file_that_ends_in_the_middle_gives_what_was_before() -> None:
    lines = entries(calls(), STYLES["Powertools"]) * 5
    (whole,) = CONTAINERS["aws logs tail"](lines)
    packed = gzip.compress(whole)
    back, done = imported([packed[: len(packed) * 3 // 4]])
    assert back
    assert "ends in the middle" in done.unreadable[0]


def test_logs_without_an_invocation_say_what_the_handler_has_to_log() -> None:
    with pytest.raises(NoCalls, match=r"in 2 lines: its handler has to log its event, whole"):
        imported([b"START RequestId: 1\nEND RequestId: 1\n"])


def test_a_text_of_the_service_is_put_to_its_call_by_any_of_its_ids() -> None:
    lines = entries(calls(), STYLES["Powertools"])
    leg = calls()[1].exchanges[0].told.participants[0].call_id
    says = f"{{'callId': '{leg}', 'message': 'AWS Lambda client operation timed out.'}}"
    lines += [
        Entry(lines[-1].at, "sip", says),
        Entry(lines[-1].at, "sip", f"{calls()[2].transaction}: Unsupported action Dance specified"),
        Entry(lines[-1].at, "sip", "nobody: The AWS Lambda function was throttled."),
        Entry(lines[-1].at, "sip", "INVITE sip:+15550100200@example.com SIP/2.0"),
    ]
    back, done = imported([*CONTAINERS["filter-log-events"](lines)])
    said = [[each.text for each in call.service] for call in back]
    assert said == [[], ["AWS Lambda client operation timed out."], ["Unsupported action"], []]
    assert done.unexplained == 1


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (
            "{stamp} {request} Task timed out after 3.01 seconds",
            "Task timed out after 3.01 seconds",
        ),
        (
            (
                '{stamp}\t{request}\tERROR\tInvoke Error \t{{"errorType":"TypeError",'
                '"errorMessage":"x is null","stack":["TypeError: x is null"]}}'
            ),
            "TypeError: x is null",
        ),
        (
            "RequestId: {request} Error: Runtime exited with error: exit status 1",
            "Error: Runtime exited with error: exit status 1",
        ),
        ("[ERROR] ValueError: no\nTraceback (most recent call last):", "ValueError: no"),
    ],
)
def test_a_function_that_failed_says_how(line: str, error: str) -> None:
    def style(of: Delivery) -> Any:
        yield f"START RequestId: {of.request} Version: 7"
        yield compact(of.exchange.event)
        yield line.format(stamp="2027-03-01T10:00:00.000Z", request=of.request)

    back, _ = imported([*CONTAINERS["filter-log-events"](entries(calls()[:1], style))])
    assert (back[0].exchanges[0].answer, back[0].exchanges[0].error) == ("failed", error)


def test_the_latest_reply_of_an_invocation_is_what_it_returned() -> None:
    """Handlers log what they mean to return before they are done with it."""

    def style(of: Delivery) -> Any:
        yield f"START RequestId: {of.request} Version: 7"
        yield compact(of.exchange.event)
        yield compact({"SchemaVersion": "1.0", "Actions": []})
        yield compact(of.exchange.reply)
        yield f"END RequestId: {of.request}"

    back, _ = imported([*CONTAINERS["filter-log-events"](entries(calls()[:1], style))])
    assert back[0].exchanges[0].reply == calls()[0].exchanges[0].reply


def test_invocations_that_run_at_the_same_time_are_kept_apart_by_their_ids() -> None:
    """As in what `aws logs tail --format short` prints, which names no stream."""
    lines = [
        f"2027-03-01T10:00:00 [INFO]\t2027-03-01T10:00:00.1Z\t{of.request}\t{compact(value)}"
        for part in ("event", "reply")
        for _, of in deliveries(calls()[:3])
        if of.answers
        for value in [getattr(of.exchange, part)]
    ]
    back, _ = imported(["\n".join(lines).encode()])
    replies = [[each.reply for each in call.exchanges] for call in back]
    by_name = {call.transaction: call for call in calls()}
    assert replies == [[e.reply for e in by_name[c.transaction].exchanges] for c in back]


def test_the_same_logs_make_the_same_files_in_whatever_order_they_come() -> None:
    files = [*CONTAINERS["a subscription"](entries(calls(), STYLES["Powertools"]))]
    one, _ = imported(files, keep=False)
    other, _ = imported(files[::-1], keep=False)
    assert [call.line() for call in one] == [call.line() for call in other]
    assert one != calls()


def test_what_is_too_deep_to_be_read_is_left_out() -> None:
    deep = compact({"SchemaVersion": 0})[:-1] + ',"a":' + '{"a":' * 50_000 + "}" * 50_001
    lines = entries(calls()[:1], STYLES["Powertools"])
    lines.insert(3, Entry(lines[3].at, "deep", deep))
    assert imported([*CONTAINERS["filter-log-events"](lines)])[0] == calls()[:1]


def test_a_reply_of_attributes_alone_is_one() -> None:
    reply = {"SchemaVersion": "1.0", "TransactionAttributes": {"step": "2"}}
    ((call,), _) = imported([f"{compact(calls()[0].exchanges[0].event)}{compact(reply)}".encode()])
    assert call.exchanges[0].reply == reply


def test_the_same_lines_from_two_containers_are_the_same_calls() -> None:
    lines = entries(calls(), STYLES["print(json.dumps(event))"])
    containers = ("filter-log-events", "an export to S3", "aws logs tail")
    back, done = imported([file for name in containers for file in CONTAINERS[name](lines)])
    assert back == calls()
    assert done.again == 1


@pytest.mark.parametrize(("later", "count"), [(40, 1), (5_040, 2)])
def test_an_event_that_is_there_again_was_delivered_again_when_it_comes_seconds_later(
    later: int, count: int
) -> None:
    """Where no line says of which request it is: a handler may log its event twice."""
    lines = [
        Entry(of.at + more, f"environment {more}", compact(of.exchange.event))
        for _, of in deliveries(calls()[:1])
        for more in (0, later)
    ]
    ((call,), _) = imported([*CONTAINERS["filter-log-events"](lines)])
    assert {each.deliveries for each in call.exchanges} == {count}


def test_whose_first_line_is_missing_is_known_by_its_last() -> None:
    lines = entries(calls(), STYLES["print(json.dumps(event))"])
    back, _ = imported(
        [*CONTAINERS["aws logs tail"]([ln for ln in lines if not ln.message.startswith("START")])]
    )
    assert back == calls()
