"""What a function writes that another one invokes stands in the call in which it was invoked."""

import logging
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from textwrap import dedent
from typing import TypeAlias

import pytest

from offhook.emulator.function.aside import Aside
from offhook.emulator.function.function import Invoked
from offhook.emulator.service.config import Desk, LambdaFunction
from offhook.emulator.testing import MONDAY_AT_TEN, Phone

ASKS = """
    import boto3, pathlib

    def lambda_handler(event, context):
        if event["InvocationEventType"] == "NEW_INBOUND_CALL":
            who, kind = (pathlib.Path(__file__).parent / "asks.txt").read_text().split()
            boto3.client("lambda").invoke(FunctionName=who, InvocationType=kind)
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


Rows: TypeAlias = Callable[..., list[str]]
"""`rows("depot")`: what stands in the ladder of a call in which that was invoked."""


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rows]:
    """One function that asks, in one process, and three that it may ask."""
    folder = tmp_path_factory.mktemp("their-app")
    for name, source in {"asks": ASKS, "depot_of_asides": DEPOT, "later": LATER}.items():
        (folder / f"{name}.py").write_text(dedent(source))
    places = {
        "depot": f"{folder}/depot_of_asides.py:lambda_handler",
        "here": "depot_of_asides:lambda_handler",
        "later": f"{folder}/later.py:lambda_handler",
    }
    desk = Desk(functions={n: LambdaFunction(function=place) for n, place in places.items()})
    with (
        pytest.MonkeyPatch.context() as patch,
        Phone(f"{folder}/asks.py:lambda_handler", desk=desk) as phone,
    ):
        patch.setattr(sys, "path", [str(folder), *sys.path])

        def asked(
            who: str, kind: str = "RequestResponse", at: datetime = MONDAY_AT_TEN
        ) -> list[str]:
            (folder / "asks.txt").write_text(f"{who} {kind}")
            call = phone.dials(at=at)
            call.ends()
            return [line.partition("| ")[2] for line in str(call).splitlines() if "| " in line]

        yield asked


def test_what_it_wrote_and_why_it_failed_stand_below_what_its_asker_wrote(rows: Rows) -> None:
    said = rows("depot")
    assert said[:3] == [
        "asked the depot",
        "depot, which was invoked, writes:",
        "[INFO] looking it up",
    ]
    assert said[3] == "[ERROR] RuntimeError: no stock"


@pytest.mark.usefixtures("quiet")
def test_of_one_in_this_process_too(rows: Rows) -> None:
    assert rows("here")[1:4] == [
        "here, which was invoked, writes:",
        "[INFO] looking it up",
        "it fails: RuntimeError: no stock",
    ]


def test_one_that_nobody_waits_for_is_done_before_time_goes_on_and_has_the_clock_of_the_call(
    rows: Rows,
) -> None:
    at = datetime(2027, 3, 6, 22, 30, tzinfo=UTC)
    assert rows("later", "Event", at)[2:] == ["Saturday 22:30"]


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
