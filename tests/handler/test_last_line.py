"""What stands last: whatever fails, the caller hears something, and the log and metrics know."""

import asyncio
import json
import logging
from typing import cast

import pytest

from offhook.actions import Hangup, Response, Speak
from offhook.actions.base import UnknownAction
from offhook.handler import Event, Fallbacks, Reply, Router, carry_on, journal, log
from offhook.handler.fallbacks import APOLOGY, Answer, last_reply
from tests.handler.answers import Logged, Metrics, failing, heard, returning, saying
from tests.handler.mutations import DEEP, nested
from tests.handler.payloads import Payload, data, legs, payload

CALL = "call_answered/minimal"
INBOUND = "new_inbound_call/minimal"


@pytest.mark.parametrize(
    "error",
    [SystemExit(1), asyncio.CancelledError(), GeneratorExit(), MemoryError(), RecursionError()],
    ids=repr,
)
def test_a_flow_that_leaves_the_process_is_answered_like_any_failure(
    error: BaseException, logged: Logged, metrics: Metrics
) -> None:
    router = Router()
    router.call_answered()(failing(error))
    assert APOLOGY in str(router(payload(CALL)))
    (line,) = logged("ERROR")
    assert type(error).__name__ in line
    (counted,) = metrics()
    assert counted["HandlerErrors"] == 1


def test_an_event_that_is_nested_deeper_than_python_goes_is_answered(
    logged: Logged, metrics: Metrics, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "line")  # where what a caller said is masked
    event = payload("action_successful/speak")
    data(event)["More"] = nested(DEEP)
    router = Router()
    data(event)["Customer"] = "Anastasia"
    router.action_successful()(failing(KeyError("Anastasia")))
    assert APOLOGY in str(router(event))
    (line,) = logged("ERROR")
    assert "KeyError" in line
    assert "Anastasia" not in line
    (counted,) = metrics()
    assert counted["HandlerErrors"] == 1


def test_an_inbound_call_is_answered_although_its_only_leg_is_gone() -> None:
    event = payload(INBOUND)
    legs(event)[0]["Status"] = "Disconnected"
    assert APOLOGY in str(Router()(event))


def parameters_of(action: Payload) -> dict[str, str]:
    """The parameters of an action in a reply."""
    return cast("dict[str, str]", action["Parameters"])


@pytest.mark.parametrize("number", [5, 6, 10, 14])
def test_of_many_legs_every_one_is_hung_up_as_far_as_a_reply_goes(number: int) -> None:
    event = payload(CALL)
    legs(event)[:] = [{**legs(event)[0], "CallId": f"leg-{leg}"} for leg in range(number)]
    actions = cast("list[Payload]", Router()(event)["Actions"])
    ended = [parameters_of(one)["CallId"] for one in actions if one["Type"] == "Hangup"]
    assert len(actions) == 10
    assert set(ended) <= {f"leg-{leg}" for leg in range(number)}
    assert len(set(ended)) == min(number, 10)
    assert actions[-1]["Type"] == "Hangup"


@pytest.mark.parametrize(
    "reply",
    [
        Speak(text="Hello.").model_copy(update={"text": "\ud800"}),
        Speak(text="Hello.").model_copy(update={"text": float("nan")}),
        Speak(text="Hello.").model_copy(update={"text": {"Hello"}}),
        UnknownAction(type="Speak", parameters={"Text": 10**5000}),
        Response(Hangup(), attributes={"who": "\ud800"}),
    ],
    ids=["half a letter", "no number", "a set", "too long a number", "in attributes"],
)
def test_what_lambda_cannot_encode_is_refused_here(reply: object, logged: Logged) -> None:
    router = Router()
    router.call_answered()(returning(reply))
    assert APOLOGY in str(router(payload(CALL)))
    (line,) = logged("ERROR")
    assert "ReplyRefused" in line


def test_a_leg_whose_id_cannot_be_encoded_is_apologised_to_by_the_constant(
    logged: Logged, metrics: Metrics
) -> None:
    event = payload(CALL)
    legs(event)[0]["CallId"] = "\ud800"
    router = Router()
    router.call_answered()(failing(KeyError("customer")))
    assert router(event) == last_reply()
    (counted,) = metrics()
    assert counted["HandlerErrors"] == len(logged("ERROR")) == 3


@pytest.mark.parametrize(
    ("said", "echoed"), [("1.0", "1.0"), ("1.1", "1.1"), ("one", "1.0"), (1.1, "1.0"), ("", "1.0")]
)
def test_the_schema_version_comes_back_where_it_looks_like_one(said: object, echoed: str) -> None:
    assert Router()(payload(INBOUND, SchemaVersion=said))["SchemaVersion"] == echoed
    refuses = Router(fallbacks=Fallbacks(handler_failed=failing(KeyError())))
    refuses.new_inbound_call()(returning([Hangup()] * 11))
    assert refuses(payload(INBOUND, SchemaVersion=said))["SchemaVersion"] == echoed


@pytest.mark.parametrize("fails", ["around", "check"])
def test_a_hook_or_a_check_that_always_fails_drops_nobody(fails: str, metrics: Metrics) -> None:
    router = Router()
    router.call_answered()(saying("Hello."))

    def broken(event: Event, answer: Answer) -> Reply:
        raise SystemExit

    getattr(router, fails)()(broken)
    assert APOLOGY in str(router(payload(CALL)))
    (counted,) = metrics()
    assert counted["HandlerErrors"] == (2 if fails == "check" else 1)


class Broken(logging.Filter):
    """A filter of somebody's who did not think of something."""

    def filter(self, record: logging.LogRecord) -> bool:
        raise OSError(f"disk full: {record.name}")


@pytest.fixture
def broken_log(logged: Logged, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing can be logged."""
    monkeypatch.setattr(log.logger, "filters", [Broken()])
    monkeypatch.setattr(journal, "NAMESPACE", "Offhook")
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Offhook")
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "calls-dev")


@pytest.mark.usefixtures("broken_log")
def test_a_log_that_fails_keeps_nobody_from_an_answer(capsys: pytest.CaptureFixture[str]) -> None:
    router = Router()
    router.call_answered()(saying("Hello."))
    assert heard(router, payload(CALL)) == "Hello."
    (line,) = map(json.loads, capsys.readouterr().err.splitlines())
    assert line["message"] == "Offhook itself failed: OSError"
    assert "test_last_line.py" in line["where"]


@pytest.mark.usefixtures("broken_log")
def test_what_no_log_can_take_is_a_line_all_the_same_and_counts(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert APOLOGY in str(Router()(payload(CALL)))
    line = json.loads(capsys.readouterr().err.splitlines()[0])
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "Offhook"
    assert [line[name] for (name,) in directive["Dimensions"]] == ["calls-dev"]
    assert [line[metric["Name"]] for metric in directive["Metrics"]] == [1]


def test_where_our_own_code_fails_the_caller_hears_the_constant(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def out_of_memory(_raw: object) -> Event:
        raise MemoryError

    monkeypatch.setattr("offhook.handler.events.parse", out_of_memory)
    for _ in range(2):
        said = Router()(payload(INBOUND))
        assert said == last_reply()
        parameters_of(cast("list[Payload]", said["Actions"])[0])["CallId"] = "of-this-call"
    assert "MemoryError" in capsys.readouterr().err


def test_of_an_exception_handler_that_fails_both_failures_are_told_in_one_line(
    logged: Logged, metrics: Metrics
) -> None:
    router = Router()
    router.call_answered()(failing(KeyError("customer")))
    router.exception(KeyError)(lambda _event, _error: failing(OSError("ledger"))(_event))
    assert APOLOGY in str(router(payload(CALL)))
    (line,) = logged("ERROR")
    assert line.index("ledger") < line.index("customer")
    (counted,) = metrics()
    assert counted["HandlerErrors"] == 1


async def books() -> Reply:
    """Asks two at once; one of them says why not."""

    async def booked() -> None:
        try:
            raise LookupError("the table is full")
        except LookupError as error:
            raise ValueError("no booking") from error

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(booked())
        tasks.create_task(asyncio.sleep(60))
    return None


def test_of_several_at_once_the_log_says_which_failed_and_why(
    logged: Logged, metrics: Metrics
) -> None:
    router = Router()
    router.call_answered()(lambda _event: asyncio.run(books()))
    router(payload(CALL))
    (line,) = logged("ERROR")
    for said in ("unhandled errors in a TaskGroup", "ValueError: no booking", "in booked"):
        assert said in line
    assert "LookupError: the table is full" in line
    (counted,) = metrics()
    assert counted["HandlerErrors"] == 1


def test_what_the_author_has_answered_is_no_failure(logged: Logged, metrics: Metrics) -> None:
    router = Router()
    router.call_answered()(failing(KeyError("customer")))
    router.exception(KeyError)(lambda event, _error: carry_on(event))
    router(payload(CALL))
    assert logged("ERROR", "WARNING") == []
    (counted,) = metrics()
    assert "HandlerErrors" not in counted


UNREADABLE = [None, [], "LEG-A, LEG-B", ["LEG-A", "LEG-B"], [5, {"ParticipantTag": "LEG-B"}]]


@pytest.mark.parametrize("participants", UNREADABLE, ids=repr)
def test_who_is_left_is_hung_up_although_the_legs_cannot_be_read(participants: object) -> None:
    event = payload("hangup/leg_b_leg_a_still_up")
    cast("Payload", event["CallDetails"])["Participants"] = participants
    assert cast("Payload", data(event)["Parameters"])["ParticipantTag"] == "LEG-B"
    (action,) = cast("list[Payload]", Router()(event)["Actions"])
    assert action == {"Type": "Hangup", "Parameters": {"ParticipantTag": "LEG-A"}}


@pytest.mark.parametrize("tag", ["", "LEG-C", 5, None])
def test_where_nobody_can_know_who_is_left_nobody_is_hung_up(tag: object) -> None:
    event = payload("hangup/leg_b_leg_a_still_up")
    cast("Payload", event["CallDetails"])["Participants"] = None
    cast("Payload", data(event)["Parameters"])["ParticipantTag"] = tag
    assert Router()(event)["Actions"] == []


def test_a_leg_that_is_known_to_have_ended_is_not_hung_up_again() -> None:
    event = payload("hangup/leg_b_leg_a_still_up", Sequence="7")
    for leg in legs(event):
        leg["Status"] = "Disconnected"
    assert Router()(event)["Actions"] == []
