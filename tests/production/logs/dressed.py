"""Calls as logs have them: each style in which handlers log, in each container that is exported.

A delivery of an event has an id of its request, and a stream; the lines of one stream are of one
invocation after the other, as in Lambda.
"""

import base64
import csv
import gzip
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple, TypeAlias
from uuid import UUID

from offhook.production.logs.recorded import Exchange, RecordedCall, milliseconds


class Entry(NamedTuple):
    """What CloudWatch keeps of a line."""

    at: int
    stream: str
    message: str


class Delivery(NamedTuple):
    """One invocation."""

    at: int
    request: str
    exchange: Exchange
    answers: bool
    """Whether it is the delivery whose answer counts."""


Style: TypeAlias = Callable[[Delivery], Iterator[str]]


def iso(at: int) -> str:
    return milliseconds(datetime.fromtimestamp(at / 1000, UTC))


def compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _between(lines: Callable[[Delivery], Iterable[str]]) -> Style:
    """Lambda's own lines around those of the handler."""

    def style(of: Delivery) -> Iterator[str]:
        yield f"START RequestId: {of.request} Version: $LATEST"
        yield from lines(of)
        if of.answers and of.exchange.answer == "failed":
            yield f"[ERROR] {of.exchange.error}\nTraceback (most recent call last):\n  File ..."
        yield f"END RequestId: {of.request}"
        took = (of.exchange.seconds or 0) * 1000 if of.answers else 1
        yield (
            f"REPORT RequestId: {of.request}\tDuration: {took:.2f} ms\tBilled Duration: 4 ms\t"
            "Memory Size: 512 MB\tMax Memory Used: 70 MB\t"
        )

    return style


def _said(of: Delivery) -> list[object]:
    """The event, and the reply where there is one."""
    replied = of.answers and of.exchange.answer == "replied"
    return [of.exchange.event, *([of.exchange.reply] if replied else [])]


def _advanced(of: Delivery) -> Iterator[str]:
    about = {"timestamp": iso(of.at), "level": "INFO", "requestId": of.request}
    start = {"requestId": of.request, "version": "$LATEST"}
    yield compact({"time": iso(of.at), "type": "platform.start", "record": start})
    for value in _said(of):
        yield compact({**about, "message": value})
    if of.answers and of.exchange.answer == "failed":
        name, _, text = of.exchange.error.partition(": ")
        error: dict[str, object] = {"errorType": name, "errorMessage": text, "stackTrace": []}
        yield compact({**about, "log_level": "ERROR", **error})
    took = (of.exchange.seconds or 0) * 1000 if of.answers else 1
    record = {"requestId": of.request, "status": "success", "metrics": {"durationMs": took}}
    yield compact({"time": iso(of.at), "type": "platform.report", "record": record})


def _powertools(of: Delivery) -> Iterator[str]:
    for value in _said(of):
        line = {"level": "INFO", "location": "handler:7", "message": value, "service": "calls"}
        yield compact({**line, "timestamp": iso(of.at), "function_request_id": of.request})


STYLES: Final[Mapping[str, Style]] = {
    "print(json.dumps(event))": _between(lambda of: map(compact, _said(of))),
    "print(event)": _between(lambda of: map(repr, _said(of))),
    "logging": _between(
        lambda of: (f"[INFO]\t{iso(of.at)}\t{of.request}\tgot {compact(v)}" for v in _said(of))
    ),
    "console.log": _between(
        lambda of: (f"{iso(of.at)}\t{of.request}\tINFO\tEvent: {compact(v)}" for v in _said(of))
    ),
    "JSON.stringify(event, null, 2)": _between(
        lambda of: (
            f"{iso(of.at)}\t{of.request}\tINFO\t" + json.dumps(v, indent=2).replace("\n", "\r")
            for v in _said(of)
        )
    ),
    "print(json.dumps(event, indent=2))": _between(
        lambda of: (line for v in _said(of) for line in json.dumps(v, indent=2).split("\n"))
    ),
    "JSON in JSON": _between(
        lambda of: (compact({"level": "info", "message": f"it is {compact(v)}"}) for v in _said(of))
    ),
    "JSON in JSON in JSON": _between(
        lambda of: (compact({"log": compact({"told": compact(v)})}) for v in _said(of))
    ),
    "Powertools": _between(_powertools),
    "Lambda's JSON format": _advanced,
}


def request_of(call: int, sequence: int, number: int) -> str:
    return str(UUID(int=(call << 64) + (sequence << 16) + number + 1))


def deliveries(calls: Sequence[RecordedCall]) -> Iterator[tuple[str, Delivery]]:
    """Each with its stream: as many environments as there are calls, and one more for each
    delivery of an event beyond the first."""
    for place, call in enumerate(calls):
        for exchange in call.exchanges:
            assert exchange.at is not None
            at = round(exchange.at.timestamp() * 1000)
            for number in range(exchange.deliveries):
                stream = f"2027/03/01/[$LATEST]{place:08x}{number:024x}"
                request = request_of(place, exchange.sequence, number)
                yield stream, Delivery(at + 5_000 * number, request, exchange, not number)


def entries(calls: Sequence[RecordedCall], style: Style) -> list[Entry]:
    """All lines, in the order of time."""
    found = [
        Entry(of.at, stream, message) for stream, of in deliveries(calls) for message in style(of)
    ]
    return sorted(found, key=lambda entry: entry.at)


# Containers.


def _rows(lines: Sequence[Entry]) -> list[dict[str, object]]:
    return [
        {
            "logStreamName": line.stream,
            "timestamp": line.at,
            "message": line.message + "\n",
            "ingestionTime": line.at + 900,
            "eventId": f"{number:056}",
        }
        for number, line in enumerate(lines)
    ]


def _by_stream(lines: Sequence[Entry]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for line in lines:
        found.setdefault(line.stream, []).append(line)
    return found


def _filtered(lines: Sequence[Entry]) -> Iterator[bytes]:
    yield json.dumps({"events": _rows(lines), "searchedLogStreams": []}, indent=4).encode()


def _got(lines: Sequence[Entry]) -> Iterator[bytes]:
    for its in _by_stream(lines).values():
        rows = [
            {k: row[k] for k in ("timestamp", "message", "ingestionTime")} for row in _rows(its)
        ]
        tokens = {"nextForwardToken": "f/1/s", "nextBackwardToken": "b/1/s"}
        yield json.dumps({"events": rows, **tokens}).encode()


def _insights(lines: Sequence[Entry]) -> list[dict[str, str]]:
    """The latest first, as a query has it."""
    return [
        {
            "@timestamp": iso(line.at).replace("T", " ").rstrip("Z"),
            "@message": line.message,
            "@logStream": line.stream,
        }
        for line in reversed(lines)
    ]


def _queried(lines: Sequence[Entry]) -> Iterator[bytes]:
    rows = [[{"field": k, "value": v} for k, v in row.items()] for row in _insights(lines)]
    yield json.dumps({"queryLanguage": "CWLI", "results": rows, "status": "Complete"}).encode()


def _console(lines: Sequence[Entry]) -> Iterator[bytes]:
    yield b"\xef\xbb\xbf" + json.dumps(_insights(lines)).encode()


def _csv(lines: Sequence[Entry]) -> Iterator[bytes]:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, ["@timestamp", "@message", "@logStream"])
    writer.writeheader()
    writer.writerows(_insights(lines))
    yield text.getvalue().encode()


def _s3(lines: Sequence[Entry]) -> Iterator[bytes]:
    for its in _by_stream(lines).values():
        text = "".join(f"{iso(line.at)} {line.message}\n" for line in its)
        yield gzip.compress(text.encode())


def _tail(lines: Sequence[Entry]) -> Iterator[bytes]:
    yield "".join(
        f"{iso(line.at).replace('Z', '000+00:00')} {line.stream} {line.message}\n" for line in lines
    ).encode()


def _payloads(lines: Sequence[Entry]) -> Iterator[dict[str, object]]:
    for stream, its in _by_stream(lines).items():
        rows = [
            {"id": row["eventId"], "timestamp": row["timestamp"], "message": row["message"]}
            for row in _rows(its)
        ]
        about = {
            "messageType": "DATA_MESSAGE",
            "owner": "123456789012",
            "logGroup": "/aws/lambda/x",
        }
        yield {**about, "logStream": stream, "subscriptionFilters": ["all"], "logEvents": rows}


def _subscribed(lines: Sequence[Entry]) -> Iterator[bytes]:
    for payload in _payloads(lines):
        data = base64.b64encode(gzip.compress(json.dumps(payload).encode())).decode()
        yield json.dumps({"awslogs": {"data": data}}).encode()


def _in_base64(lines: Sequence[Entry]) -> Iterator[bytes]:
    yield b"\n".join(
        base64.b64encode(gzip.compress(json.dumps(payload).encode()))
        for payload in _payloads(lines)
    )


def _firehose(lines: Sequence[Entry]) -> Iterator[bytes]:
    yield gzip.compress("".join(json.dumps(payload) for payload in _payloads(lines)).encode())


CONTAINERS: Final[Mapping[str, Callable[[Sequence[Entry]], Iterator[bytes]]]] = {
    "filter-log-events": _filtered,
    "get-log-events": _got,
    "get-query-results": _queried,
    "Logs Insights, JSON": _console,
    "Logs Insights, CSV": _csv,
    "an export to S3": _s3,
    "aws logs tail": _tail,
    "a subscription": _subscribed,
    "a subscription, base64": _in_base64,
    "Firehose": _firehose,
}
"""The files of each."""
