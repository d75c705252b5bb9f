"""In Lambda a log holds nothing of a caller, however it is spelled; at the desk it holds all."""

import json
import logging
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import cast
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from offhook.actions import Speak
from offhook.emulator.function.function import Limits
from offhook.emulator.function.variables import variables
from offhook.handler import Event, Reply, Router, log
from offhook.handler.events import parse
from offhook.handler.masking import masked, masked_numbers
from tests.handler.answers import Logged, failing
from tests.handler.payloads import NAMES, Payload, details, legs, parameters, payload, storing

ATTRIBUTES: Payload = {
    "name": "Ada Lovelace",
    "address": "12 Long Road, Springfield, Illinois, United States",
    "pin": "0123",
    "guest": json.dumps({"who": "José Pérez", "room": 456, "asked": "Speak"}),
    "friend": "王小明",
    "composer": "Dvořak, Anžofie",
    "age": "45",
    "painter": '"S\\u00f6phie"',
    "last": "text",
    "Type": "Grace",
    "ErrorMessage": "Hopper",
}


def of_ada() -> Event:
    """An event of a call that knows a few things of a caller."""
    event = storing(ATTRIBUTES)
    legs(event)[0]["SipHeaders"] = {
        "X-Who": "sip:turing@example.com",
        "X-Url": "Jo%C3%A3o",
        "Vera Molnar": "1",
    }
    return parse(event)


@pytest.mark.usefixtures("in_lambda")
@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("nobody knows +15550100200", "nobody knows ***"),
        ("15550100200, +1 (555) 010-0200 and 1.555.010.0200", "***, *** and ***"),
        (quote_plus("+15550100200"), "***"),
        ("no PIN is 4711, or 47 11", "no PIN is ***, or ***"),
        (f"{[4, 7, 1, 1]} {list('4711')}", "[***] ['***']"),
        (f"{15550100200:,}, {15550100200:_}", "***, ***"),
        (json.dumps(json.dumps(list("4711"))), r'"[\"***\"]"'),
        (f"{int('0123')} is in the event, 503 is not", "*** is in the event, 503 is not"),
        ("room 456, 45 and 6", "room ***, 45 and 6"),
        ("KeyError: '7' of Actions[1]", "KeyError: '7' of Actions[1]"),
        ("no card for Ada, LOVELACE, ada_lovelace", "no card for ***, ***, ***"),
        ("Grace, Hopper, Turing, Molnar, Söphie, João", "***, ***, ***, ***, ***, ***"),
        ("in Long Road, Springfield, Illi...ates", "in *** ***, ***, ***...***"),
        (f"{json.dumps('José')} {'José Pérez'.encode()!r}", "\"***\" b'*** ***'"),
        (f"{'王小明'!a} 客户王小明未找到", "'***' 客户***未找到"),
        (json.dumps(json.dumps("Dvořak, Anžofie")), r'"\"***, ***\""'),
        (quote("Ada/Lovelace", safe=""), "***"),
        ("one line\\nAda", "one ***"),
        (
            "Actions[0] (Speak): text, max_number_of_digits",
            "Actions[0] (Speak): text, max_number_of_digits",
        ),
        (
            "no calls/2f1c2b7e-1235-4a60-8c11-6b0f5e2d7a90.wav",
            "no calls/2f1c2b7e-1235-4a60-8c11-6b0f5e2d7a90.wav",
        ),
        (r"^\d{4}$ takes four", r"^\d{4}$ takes four"),
    ],
)
def test_in_lambda_a_text_loses_what_it_quotes_and_keeps_what_is_ours(text: str, read: str) -> None:
    assert masked(text, of_ada()) == read


def test_at_the_desk_and_in_tests_nothing_is_hidden(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, logged: Logged
) -> None:
    router = Router()
    router.call_answered()(failing(KeyError("7 of +15550100200, Ada")))
    event = storing(ATTRIBUTES)
    router(event)
    for name, value in variables("calls", tmp_path, "app.handler", Limits()).items():
        monkeypatch.setenv(name, value)  # a function in a process of its own
    router(event)
    monkeypatch.setenv("AWS_LAMBDA_LOG_STREAM_NAME", "$LATEST")  # sam local
    router(event)
    lines = logged("ERROR")
    assert [line.splitlines()[-1] for line in lines] == ["KeyError: '7 of +15550100200, Ada'"] * 3


@pytest.mark.parametrize("where", ["at the desk", "in Lambda"])
def test_what_a_terminal_obeys_never_reaches_a_line_as_it_is(
    where: str, request: pytest.FixtureRequest, logged: Logged
) -> None:
    if where == "in Lambda":
        request.getfixturevalue("in_lambda")
    router = Router()
    router.call_answered()(failing(ValueError("\x1b[2J\r\x85\u202e\u2028\ud800\x00\nERROR forged")))
    router(storing({}))
    event = parse(storing({}))
    log.warn(event, "\x1b[31m\nERROR forged")
    for line in logged("ERROR", "WARNING"):
        assert all(one.isprintable() or one == "\n" for one in line)
        assert "\nERROR" not in line
        assert "\n    | ERROR forged" in line


LETTERS = "qxzjQXZéжЖ王"
"""Of no word that a log has of its own."""

NUMBERS = st.from_regex(r"\A\+?[1-9]{5,15}\Z")
NAMED = st.lists(st.text(LETTERS, min_size=1, max_size=7), min_size=1, max_size=8).flatmap(
    lambda words: st.sampled_from([" ", "-", ", ", "@"]).map(lambda between: between.join(words))
)
SECRETS = NUMBERS | NAMED.filter(lambda text: sum(map(str.isalpha, text)) > 2)

OURS = {"CallId", "Direction", "Error", "ErrorMessage", "ErrorType", "ParticipantTag", "Status"} | {
    *("AudioSource", "FailureAudioSource", "RingbackTone", "StartTimeInMilliseconds", "Type"),
    *("CallRecordingDestination", "Destination", "RecordingDestination"),
}


def planted(value: object, secrets: Iterator[str], *, is_ours: bool) -> object:
    """The same with a secret in place of each text that a caller, or an application, gives."""
    if isinstance(value, dict):
        names = cast("Payload", value)
        return {
            name: inner
            if is_ours and name in OURS
            else planted(
                inner, secrets, is_ours=is_ours and name not in {"Arguments", "SipHeaders"}
            )
            for name, inner in names.items()
        }
    if isinstance(value, list):
        return [planted(inner, secrets, is_ours=is_ours) for inner in cast("list[object]", value)]
    return next(secrets) if isinstance(value, str) else value


def spellings(secret: str, cut: int) -> dict[str, str]:
    found = {
        "as it is": secret,
        "loud": secret.upper(),
        "repr": repr(secret),
        "ascii": ascii(secret),
        "bytes": repr(secret.encode()),
        "JSON": json.dumps(secret),
        "JSON in JSON": json.dumps(json.dumps({"it": secret})),
        "URL": quote(secret),
        "form": quote_plus(secret),
    }
    digits = secret.lstrip("+")
    if digits.isdigit():
        found["no plus"] = digits
        found["int"] = repr([int(digits)])
        found["spaced"] = " ".join(digits[at : at + 3] for at in range(0, len(digits), 3))
    if secret[:cut][-1:].isalnum():
        found["cut"] = f"{secret[:cut]}..."
    return found


class Table(BaseModel):
    """What a flow may read of an event."""

    seats: bool


def failing_in(kind: str, text: str) -> Callable[[Event, object], Reply]:
    """What fails and quotes a text."""

    def flow(_event: Event, _answer: object) -> Reply:
        match kind:
            case "KeyError":
                return {"none": None}[text]
            case "cause":
                raise LookupError("no luck") from ValueError(f"it is {text} here")
            case "note":
                error = ValueError("no luck")
                error.add_note(text)
                raise error
            case "pydantic":
                return Speak(text=str(Table.model_validate({"seats": text})))
            case _:
                raise ValueError(f"it is {text} here")

    return flow


KINDS = st.sampled_from(["ValueError", "KeyError", "cause", "note", "pydantic"])


def told(
    name: str, secrets: list[str], kind: str, caplog: pytest.LogCaptureFixture
) -> tuple[str, list[str]]:
    """What the log holds of a flow that quotes what is planted in an event, and what it quoted."""
    caplog.clear()
    event = payload(name)
    used: list[str] = []

    def each() -> Iterator[str]:
        while True:
            used.append(secrets[len(used) % len(secrets)])
            yield used[-1]

    call = details(event)
    for leg in legs(event):
        leg["SipHeaders"] = {"X-Who": "", "Type": ""}
    call["TransactionAttributes"] = {"name": "", "Type": "", "CallId": ""}
    for place, key in ((event, "ActionData"), (call, "Participants")):
        place[key] = planted(place.get(key), each(), is_ours=True)
    stored = cast("Payload", planted(call["TransactionAttributes"], each(), is_ours=False))
    call["TransactionAttributes"] = {**stored, "guest": json.dumps({"who": next(each())})}
    quoted: list[str] = []
    for number, secret in enumerate(dict.fromkeys(used)):
        forms = spellings(secret, 3 + number % 5)
        for text in forms.values():
            router = Router()
            router.around()(failing_in(kind, text))
            router(event)
        quoted += forms.values()
    usual = {*vars(logging.makeLogRecord({})), "message"}
    lines = [record.getMessage() for record in caplog.records]
    for record in caplog.records:
        lines += (f"{name}={value}" for name, value in vars(record).items() if name not in usual)
    return "\n".join(lines), quoted


PROPERTY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.usefixtures("in_lambda", "logged")
@PROPERTY
@given(name=st.sampled_from(NAMES), secrets=st.lists(SECRETS, min_size=1, max_size=4), kind=KINDS)
def test_in_lambda_no_line_holds_what_came_from_a_caller_in_any_spelling(
    name: str, secrets: list[str], kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    lines, quoted = told(name, secrets, kind, caplog)
    assert lines.count("a handler failed") == len(quoted)
    assert [text for text in {*quoted, *secrets} if text.casefold() in lines.casefold()] == []


@pytest.mark.usefixtures("logged")
@PROPERTY
@given(name=st.sampled_from(NAMES), secrets=st.lists(SECRETS, min_size=1, max_size=4))
def test_at_the_desk_every_line_holds_what_it_quotes(
    name: str, secrets: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    lines, quoted = told(name, secrets, "ValueError", caplog)
    assert [text for text in quoted if text not in lines] == []


@pytest.mark.usefixtures("in_lambda")
def test_twice_the_headers_take_twice_the_steps() -> None:
    def steps(headers: int) -> int:
        event = storing({})
        legs(event)[0]["SipHeaders"] = {f"X-{at}": f"number {at}" for at in range(headers)}
        text = json.dumps(event)
        counted = 0

        def count(_frame: FrameType, _event: str, _argument: object) -> None:
            nonlocal counted
            counted += 1

        sys.setprofile(count)
        try:
            masked(text, parse(event))
        finally:
            sys.setprofile(None)
        return counted

    assert steps(4_000) < 2.2 * steps(2_000)


@pytest.mark.usefixtures("in_lambda")
@pytest.mark.parametrize(
    "piece",
    ["\\", "%", "%4", "1", "1 ", "1, ", "a_", "...a", "\\n", "é", "0", "\n", "4f1c2b7e-9d35-", "a"],
)
def test_what_repeats_for_ever_is_masked_all_the_same(piece: str) -> None:
    assert masked(f"{piece * 20_000} Ada", of_ada()).endswith("***")


@pytest.mark.usefixtures("in_lambda")
@pytest.mark.parametrize("page", ["nobody is here. ", "é", "\x00", "Ada Lovelace, "])
def test_of_a_text_that_is_too_long_both_ends_are_told(page: str) -> None:
    told = masked(f"no answer for Ada: {page * 500_000} Ada Lovelace, 47", of_ada())
    assert told.startswith("no answer for ***: ")
    assert "..." in told
    assert told.endswith(" *** ***, 47")
    assert len(told) < 100_000
    assert "Ada" not in told


@pytest.mark.usefixtures("in_lambda")
def test_what_is_nested_deeper_than_python_goes_is_masked() -> None:
    deep: object = "Ada"
    for _ in range(50_000):
        deep = {"a": [deep]}
    event = payload("action_successful/speak")
    parameters(event)["Later"] = deep
    details(event)["TransactionAttributes"] = {"nested": "[" * 50_000, "name": "Grace"}
    assert masked("Ada and Grace", parse(event)) == "*** and ***"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("start appointment-2026-11-28: Busy", "start appointment-2026-11-28: Busy"),
        ("cancel +15550100200 and 15550100200", "cancel *** and ***"),
        ("nobody answers +1 (555) 010-0200, at 08:00-21:00", "nobody answers ***, at 08:00-21:00"),
        ("one\ntwo\x1b[2J", "one\n    | two\\x1b[2J"),
    ],
)
def test_of_a_request_numbers_are_masked_wherever_it_runs(text: str, written: str) -> None:
    assert masked_numbers(text) == written
