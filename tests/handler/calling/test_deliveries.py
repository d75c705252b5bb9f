"""What a flow does for a caller is done once, also where the service asks a second time."""

import inspect
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import boto3
import pytest

from flows import reminder
from offhook.actions import Hangup, Response, Speak
from offhook.emulator.testing import Phone
from offhook.handler import Event, Reply, Router, arguments_of, once
from offhook.handler.deliveries import table_for
from tests.handler.answers import Logged
from tests.handler.calling.conftest import losing_an_answer
from tests.handler.payloads import Payload, details, payload

CALL = "call_answered/minimal"
LATER = payload(CALL, Sequence=9)


@pytest.fixture
def deliveries(environment: pytest.MonkeyPatch) -> Iterator[None]:
    """The table, empty."""
    client = boto3.client("dynamodb")  # pyright: ignore[reportUnknownMemberType] - overloads
    client.create_table(
        TableName="deliveries",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    environment.setenv("OFFHOOK_DELIVERIES", "deliveries")
    table_for.cache_clear()
    yield
    table_for.cache_clear()
    with suppress(client.exceptions.ResourceNotFoundException):  # a desk that closed emptied it
        client.delete_table(TableName="deliveries")


class Workshop:
    """A flow that books, and how often it has."""

    def __init__(self) -> None:
        self.booked: list[str] = []
        self.is_booking = threading.Event()
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.fails: list[BaseException] = []
        self.router = Router()

        @self.router.call_answered()
        @once
        def book(event: Event) -> Reply:
            self.is_booking.set()
            assert self.may_go_on.wait(30)
            if self.fails:
                raise self.fails.pop()
            self.booked.append(event.transaction_id)
            said = Speak(text=f"Booking {len(self.booked)} für Sie.")
            return Response([said, Hangup()], attributes={"booked": len(self.booked)})


@pytest.fixture
def workshop(deliveries: None) -> Workshop:
    return Workshop()


def test_a_second_delivery_gets_the_reply_of_the_first(workshop: Workshop) -> None:
    first = workshop.router(payload(CALL))
    assert workshop.router(payload(CALL)) == first
    assert len(workshop.booked) == 1
    assert first["TransactionAttributes"] == {"booked": 1}


def test_where_an_answer_of_the_table_is_lost_it_is_booked_all_the_same(workshop: Workshop) -> None:
    table = table_for(inspect.unwrap(next(iter(workshop.router.routes)).function))
    with losing_an_answer(table.client, "PutItem"):
        assert "Booking 1" in str(workshop.router(payload(CALL)))
    assert "Booking 1" in str(workshop.router(payload(CALL)))


def another_call() -> Payload:
    event = payload(CALL)
    details(event)["TransactionId"] = "another"
    return event


@pytest.mark.parametrize("other", [LATER, another_call()], ids=["later", "another call"])
def test_another_event_is_another_booking(workshop: Workshop, other: Payload) -> None:
    assert workshop.router(payload(CALL)) != workshop.router(other)
    assert len(workshop.booked) == 2


def test_two_executions_at_once_book_once_and_reply_the_same(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_waiting, sleep = threading.Event(), time.sleep

    def sleeps(seconds: float) -> None:
        is_waiting.set()
        sleep(min(seconds, 0.01))

    monkeypatch.setattr(time, "sleep", sleeps)
    workshop.may_go_on.clear()
    with ThreadPoolExecutor() as executions:
        first = executions.submit(workshop.router, payload(CALL))
        assert workshop.is_booking.wait(30)
        second = executions.submit(workshop.router, payload(CALL))
        assert is_waiting.wait(30)
        workshop.may_go_on.set()
        assert first.result() == second.result()
    assert len(workshop.booked) == 1


def test_who_waits_too_long_for_the_first_is_answered_like_a_failure(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, logged: Logged
) -> None:
    monkeypatch.setattr("offhook.handler.deliveries.WAIT_SECONDS", -1)
    workshop.may_go_on.clear()
    with ThreadPoolExecutor() as executions:
        first = executions.submit(workshop.router, payload(CALL))
        assert workshop.is_booking.wait(30)
        assert "something went wrong" in str(workshop.router(payload(CALL)))
        workshop.may_go_on.set()
        assert "Booking 1" in str(first.result())
    (line,) = logged("ERROR")
    assert "AlreadyInProgress" in line


def test_a_booking_that_raised_may_be_tried_again(workshop: Workshop) -> None:
    workshop.fails = [KeyError("customer")]
    assert "something went wrong" in str(workshop.router(payload(CALL)))
    assert "Booking 1" in str(workshop.router(payload(CALL)))


def test_a_booking_that_was_stopped_may_have_been_made_and_is_not_made_again(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("offhook.handler.deliveries.WAIT_SECONDS", -1)
    workshop.fails = [SystemExit()]
    assert "something went wrong" in str(workshop.router(payload(CALL)))
    assert "something went wrong" in str(workshop.router(payload(CALL)))
    assert workshop.booked == []


@pytest.mark.parametrize("unknown", [{"Sequence": None}, {"CallDetails": {}}], ids=str)
def test_where_the_delivery_cannot_be_told_apart_each_is_done(
    workshop: Workshop, unknown: Payload
) -> None:
    event = {**payload(CALL), **unknown}
    Router.answer(workshop.router, Event(event))
    book = next(iter(workshop.router.routes)).function
    book(Event(event))
    book(Event(event))
    assert len(workshop.booked) == 2


def test_the_outcome_of_a_reminder_is_logged_once(
    deliveries: None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "offhook")
    with Phone(reminder.router, deliveries=2) as phone:
        asked = reminder.Reminder(name="Ada", when="tomorrow at ten")
        call = phone.rings(arguments=arguments_of(asked))
        call.answers()
        call.hears("Hello Ada. This is the workshop.")
        call.hears("You have an appointment tomorrow at ten.")
        call.interrupts("1", during="To confirm, press 1.")
        call.hears("Thank you. See you then.")
        call.ends()
    outcomes = [one.getMessage() for one in caplog.records if "reminder: " in one.getMessage()]
    assert outcomes == ["reminder: confirmed"]


@pytest.mark.parametrize(("place", "level"), [("", "INFO"), ("calls", "WARNING")])
def test_without_a_table_the_flow_goes_on_and_the_log_says_so_once(
    monkeypatch: pytest.MonkeyPatch, logged: Logged, place: str, level: str
) -> None:
    monkeypatch.delenv("OFFHOOK_DELIVERIES", raising=False)
    if place:
        monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", place)
    workshop = Workshop()
    workshop.router(payload(CALL))
    workshop.router(payload(CALL))
    assert len(workshop.booked) == 2
    (line,) = [line for line in logged(level) if "OFFHOOK_DELIVERIES" in line]
    assert line.endswith("book may happen twice")


def test_a_flow_that_could_ask_for_it_loads_no_boto3() -> None:
    program = (
        "import sys; from offhook.handler import once, Router; r = Router(); "
        "r.call_answered()(once(lambda event: None)); print('boto3' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
