"""What a function writes that another one invokes stands in the call in which it was invoked."""

import logging
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from offhook.emulator.function.aside import Aside
from offhook.emulator.function.function import Invoked
from offhook.emulator.service.config import Desk, LambdaFunction
from offhook.emulator.testing import Phone
from tests.emulator.function.conftest import Written

ASKS = """
    import boto3

    def lambda_handler(event, context):
        if event["InvocationEventType"] == "NEW_INBOUND_CALL":
            boto3.client("lambda").invoke(FunctionName="depot")
            print("asked the depot", end="")
        return {"SchemaVersion": "1.0", "Actions": [{"Type": "Hangup", "Parameters": {}}]}
"""
DEPOT = """
    import logging

    def lambda_handler(event, context):
        logging.getLogger().setLevel("INFO")
        logging.info("looking it up")
        raise RuntimeError("no stock")
"""
LATER = """
    import time
    from datetime import datetime, timezone

    def lambda_handler(event, context):
        time.sleep(0.3)
        print(f"{datetime.now(timezone.utc):%A %H:%M}")
"""

pytest.importorskip("boto3")


@pytest.fixture
def quiet() -> Iterator[None]:
    """What the depot says of all logs of this process is taken back."""
    level = logging.getLogger().level
    yield
    logging.getLogger().setLevel(level)


def depot_at(place: str) -> Desk:
    return Desk(functions={"depot": LambdaFunction(function=place)})


def rows(call: object) -> list[str]:
    return [line.partition("| ")[2] for line in str(call).splitlines() if "| " in line]


def test_what_it_wrote_and_why_it_failed_stand_below_what_its_asker_wrote(
    written: Written,
) -> None:
    asks, depot = written("app/asks.py", ASKS), written("depot/depot.py", DEPOT)
    with Phone(f"{asks}:lambda_handler", desk=depot_at(f"{depot}:lambda_handler")) as phone:
        call = phone.dials()
        call.ends()
    said = rows(call)
    assert said[:3] == [
        "asked the depot",
        "depot, which was invoked, writes:",
        "[INFO] looking it up",
    ]
    assert said[3] == "[ERROR] RuntimeError: no stock"


@pytest.mark.usefixtures("quiet")
def test_of_one_in_this_process_too(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    asks = written("app/asks.py", ASKS)
    folder = written("depot_of_asides.py", DEPOT).parent
    monkeypatch.setattr(sys, "path", [str(folder), *sys.path])
    desk = depot_at("depot_of_asides:lambda_handler")
    with Phone(f"{asks}:lambda_handler", desk=desk) as phone:
        call = phone.dials()
        call.ends()
    assert rows(call)[1:4] == [
        "depot, which was invoked, writes:",
        "[INFO] looking it up",
        "it fails: RuntimeError: no stock",
    ]


def test_one_that_nobody_waits_for_is_done_before_time_goes_on_and_has_the_clock_of_the_call(
    written: Written,
) -> None:
    asks = written("app/asks.py", ASKS.replace('"depot"', '"depot", InvocationType="Event"'))
    depot = written("depot/depot.py", LATER)
    with Phone(f"{asks}:lambda_handler", desk=depot_at(f"{depot}:lambda_handler")) as phone:
        call = phone.dials(at=datetime(2027, 3, 6, 22, 30, tzinfo=UTC))
        call.ends()
    assert rows(call)[2:] == ["Saturday 22:30"]


def test_what_nobody_can_show_any_more_goes_to_the_output_of_the_desk(
    capsys: pytest.CaptureFixture[str],
) -> None:
    aside = Aside()
    aside.hears("depot", Invoked(log="explored"))  # nobody is at such a desk
    with aside.asking(in_real_time=True):
        pass
    aside.hears("depot", Invoked(log="done at last"))
    aside.hears("depot", Invoked())
    assert capsys.readouterr().out == "depot, which was invoked, writes:\ndone at last\n"
    assert aside.told(Invoked(1)) == Invoked(1)
