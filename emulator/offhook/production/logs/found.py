"""What a log has of calls, however a line of it is dressed.

An invocation is known by what it is: an object with `InvocationEventType` and `CallDetails`; a
reply is one with `SchemaVersion` and `Actions`, or attributes. Both may be JSON, JSON in JSON, or
what Python prints of a dict, with anything before and after.
"""

import ast
import json
import re
from collections.abc import Iterator, Mapping
from typing import Final, Literal, NamedTuple, TypeAlias, cast

from offhook.production.log_texts import known
from offhook.production.logs import recorded
from offhook.production.logs.containers import milliseconds
from offhook.production.logs.recorded import FORMAT, RecordedCall

Fields: TypeAlias = Mapping[str, object]
Kind: TypeAlias = Literal["start", "event", "reply", "failed", "report", "end", "said"]

ID: Final = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
REQUEST: Final = re.compile(
    rf"(?:\[[A-Z]+\]\s+)?(?:\d{{4}}-\d\d-\d\dT\S+\s+)?({ID})\s|[A-Z_ ]{{,12}}RequestId: ({ID})",
    re.IGNORECASE,
)
"""Where Lambda's own formats have the id of the request."""
STARTS: Final = re.compile(r"(START|END|REPORT|INIT_START)\b")
LEVEL: Final = re.compile(rf"\[[A-Z]+\]\s|\d{{4}}-\d\d-\d\dT\S+\s+{ID}\s")
"""How a line of a logger begins, which is no part of what another one began."""
DURATION: Final = re.compile(r"\bDuration: ([\d.]+) ms")
RAISED: Final = re.compile(r"\[ERROR\] (\w[\w.]*(?:: .*)?)")
ENDED: Final = re.compile(r"(Task timed out after [\d.]+ seconds|(?:Error: )?Runtime exited .*)")

IN_IT: Final = (
    "InvocationEvent",
    "SchemaVersion",
    "equestId",
    "errorMessage",
    "platform.",
    "exchanges",
)
"""What a text has somewhere that is worth reading as an object."""
NAMES: Final = (
    "requestId",
    "function_request_id",
    "awsRequestId",
    "aws_request_id",
    "AWSRequestId",
)
REPLIES: Final = ("Actions", "TransactionAttributes")
"""A reply has one of them, at the least."""
TIMES: Final = ("timestamp", "time", "@timestamp")
DEEPEST: Final = 12

_decode = json.JSONDecoder(strict=False, parse_constant=lambda _: None).raw_decode
_TOKEN: Final = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|[\[\]{}()]""", re.DOTALL)
_BEGUN: Final = re.compile(r"""\{\s*(?:$|["'])""")


class Found(NamedTuple):
    """Something that belongs to a call."""

    kind: Kind
    request: str
    """The id of the request; empty where nothing says."""
    value: object
    """Of an event and a reply, the object; of what failed or was said, the text; of a report, how
    many seconds it took."""
    at: int | None = None
    """Milliseconds since 1970, where the object itself says it."""


class Open(NamedTuple):
    """A text that ends in the middle of an object."""

    start: int


def in_text(text: str, request: str = "", depth: int = 0) -> Iterator[Found | Open]:
    """What a text has, from its beginning to its end; at the end, perhaps, that it goes on."""
    if found := REQUEST.match(text):
        request = found[1] or found[2]
    if not depth:
        yield from _of_lambda(text, request)
    if depth > DEEPEST:
        return
    place = text.find("{")
    while place >= 0 and (_is_worth(text, place) or text.endswith("{")):
        end = place + 1
        try:
            value, end = _decode(text, place)
        except RecursionError:
            return
        except json.JSONDecodeError as error:
            opened = _otherwise(text, place, error)
            if isinstance(opened, Open):
                yield opened
                return
            if opened is not None:
                value, end = opened
                yield from in_value(value, request, depth + 1)
        else:
            yield from in_value(value, request, depth + 1)
        place = text.find("{", end)


def _is_worth(text: str, place: int) -> bool:
    return any(text.find(each, place) >= 0 for each in IN_IT)


def _otherwise(
    text: str, place: int, error: json.JSONDecodeError
) -> tuple[object, int] | Open | None:
    """What is no JSON at a place: what Python prints, JSON in quotes, or what has no end yet."""
    if text[place + 1 : place + 3] == '\\"':
        if place and text[place - 1] == '"':
            try:
                return _decode(text, place - 1)
            except ValueError:
                return Open(place - 1) if _BEGUN.match(text, place) else None
        try:
            value, _ = _decode(re.sub(r"\\(.)", r"\1", text[place:]))
        except ValueError:
            return None
        return value, len(text)
    if error.pos >= len(text.rstrip()) - 1 or "Unterminated" in error.msg:
        return Open(place) if _BEGUN.match(text, place) else None
    if text[place + 1 : place + 2] != "'":
        return None
    depth = 0
    for token in _TOKEN.finditer(text, place):
        depth += (token[0] in "[{(") - (token[0] in ")}]")
        if not depth:
            try:
                return cast("object", ast.literal_eval(text[place : token.end()])), token.end()
            except (ValueError, SyntaxError, MemoryError, RecursionError):
                return None
    return Open(place)


def _of_lambda(text: str, request: str) -> Iterator[Found]:
    """What Lambda itself writes in lines of text; and the texts of the service."""
    if found := STARTS.match(text):
        if found[1] == "START":
            yield Found("start", request, None)
        elif found[1] == "REPORT" and (took := DURATION.search(text)):
            yield Found("report", request, float(took[1]) / 1000)
        elif found[1] == "END":
            yield Found("end", request, None)
    elif (failed := RAISED.match(text)) or (failed := _ended(text)):
        yield Found("failed", request, failed[1].rstrip())
    if known(text):
        yield Found("said", request, text)


def _ended(text: str) -> re.Match[str] | None:
    """How Lambda says that an invocation has come to no end of its own."""
    return ENDED.search(text) if "timed out after" in text or "Runtime exited" in text else None


def in_value(value: object, request: str = "", depth: int = 0) -> Iterator[Found | Open]:
    """What an object has, at whatever depth; texts in it are read as well."""
    if depth > DEEPEST:
        return
    if isinstance(value, dict):
        yield from _in_object(cast("dict[str, object]", value), request, depth)
    elif isinstance(value, list):
        for each in cast("list[object]", value):
            yield from in_value(each, request, depth + 1)
    elif isinstance(value, str) and "{" in value and any(each in value for each in IN_IT):
        yield from (each for each in in_text(value, request, depth + 1) if isinstance(each, Found))


def _in_object(fields: dict[str, object], request: str, depth: int) -> Iterator[Found | Open]:
    if is_event(fields):
        yield Found("event", request, fields)
        return
    if "SchemaVersion" in fields and not fields.keys().isdisjoint(REPLIES):
        yield Found("reply", request, fields)
        return
    if fields.get("format") == FORMAT and "exchanges" in fields:
        yield from _of_ours(fields)
        return
    at = next((milliseconds(fields[name]) for name in TIMES if name in fields), None)
    request = next((str(fields[n]) for n in NAMES if isinstance(fields.get(n), str)), request)
    if str(kind := fields.get("type")).startswith("platform."):
        yield from _of_platform(str(kind), fields.get("record"), at)
        return
    if isinstance(said := fields.get("errorMessage"), str):
        name = fields.get("errorType")
        text = f"{name}: {said}" if isinstance(name, str) else said
        ended = _ended(text)
        yield Found("failed", request, ended[1] if ended else text, at)
    for each in fields.values():
        if isinstance(each, str) and (known(each) or _ended(each)):
            yield from (found._replace(at=at) for found in _of_lambda(each, request))
        for found in in_value(each, request, depth + 1):
            if isinstance(found, Found) and found.at is None:
                yield found._replace(at=at)
            else:
                yield found


def _of_ours(fields: Mapping[str, object]) -> Iterator[Found]:
    """A line of a folder that was imported before."""
    call = RecordedCall.model_validate(fields)
    for exchange in call.exchanges:
        at = milliseconds(exchange.at and recorded.milliseconds(exchange.at))
        for number in range(exchange.deliveries):
            request = f"{call.transaction}:{exchange.sequence}:{number}"
            yield Found("event", request, exchange.event, at)
            if not number and exchange.answer == "replied":
                yield Found("reply", request, exchange.reply, at)
            if not number and exchange.answer == "failed":
                yield Found("failed", request, exchange.error, at)
            if not number and exchange.seconds is not None:
                yield Found("report", request, exchange.seconds, at)
    for said in call.service:
        at = milliseconds(said.at and recorded.milliseconds(said.at))
        yield Found("said", "", f"{said.text} {call.transaction}", at)


def is_event(fields: Mapping[str, object]) -> bool:
    """Whether an object is an invocation of a SIP media application's function."""
    if not isinstance(fields.get("InvocationEventType"), str):
        return False
    details = fields.get("CallDetails")
    return (
        isinstance(fields.get("Sequence"), int)
        and isinstance(details, dict)
        and _has(cast("Fields", details), "TransactionId")
        and _are_legs(cast("Fields", details).get("Participants"))
    )


def _are_legs(legs: object) -> bool:
    return isinstance(legs, list) and all(
        isinstance(leg, dict) and _has(cast("Fields", leg), "CallId", "ParticipantTag")
        for leg in cast("list[object]", legs) or [None]
    )


def _has(fields: Fields, *names: str) -> bool:
    return all(isinstance(value := fields.get(name), str) and value for name in names)


def _of_platform(kind: str, record: object, at: int | None) -> Iterator[Found]:
    """Of Lambda's JSON format."""
    if not isinstance(record, dict):
        return
    fields = cast("Mapping[str, object]", record)
    request = str(fields.get("requestId") or "")
    if kind == "platform.start":
        yield Found("start", request, None, at)
    elif kind == "platform.report":
        metrics = fields.get("metrics")
        took = cast("Fields", metrics).get("durationMs") if isinstance(metrics, dict) else None
        if isinstance(took, int | float):
            yield Found("report", request, took / 1000, at)
        if fields.get("status") in ("timeout", "error", "failure"):
            why = fields.get("errorType") or fields["status"]
            yield Found("failed", request, f"Lambda: {why}", at)
        yield Found("end", request, None, at)
