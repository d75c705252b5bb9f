"""A function of this process reads the call's clock: opening hours are those of the call."""

import importlib
import shutil
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from offhook.emulator.function.in_process import InProcess
from offhook.emulator.testing import Desk, Phone
from tests.emulator.function.conftest import Written, needs_awslambdaric, needs_node
from tests.emulator.functions import reply

SATURDAY = datetime(2027, 3, 6, 22, 30, tzinfo=UTC)
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)

seen: list[float] = []


def looks(_event: object, _context: object) -> object:
    """What time it is; and something to say, and to wait for."""
    seen.append(time.time())
    assert abs(datetime.now(UTC).timestamp() - time.time()) < 1
    return reply({"Type": "Pause", "Parameters": {"DurationInMilliseconds": 5000}})


@pytest.fixture(autouse=True)
def looked() -> Iterator[list[float]]:
    seen.clear()
    yield seen
    seen.clear()


def nearly(moment: float) -> datetime:
    """To the second: the function takes a moment itself."""
    return datetime.fromtimestamp(round(moment - 0.4), UTC)


def test_it_is_the_moment_of_the_event() -> None:
    before = time.time()
    with Phone(looks, desk=Desk()) as phone:
        call = phone.dials(at=SATURDAY)
        call.waits(21)
        call.hangs_up()
    assert nearly(seen[0]) == SATURDAY
    assert nearly(seen[-1]) == SATURDAY + timedelta(seconds=21)
    assert time.time() - before < 3600, "the clock is put back"


def test_how_long_things_take_is_as_it_was() -> None:
    spans: list[float] = []

    def measures(_event: object, _context: object) -> object:
        began = time.monotonic()
        assert time.time() > SATURDAY.timestamp()
        spans.append(time.monotonic() - began)
        return reply({"Type": "Hangup"})

    with Phone(measures, desk=Desk()) as phone:
        phone.dials(at=SATURDAY).settles()
    assert all(0 <= span < 60 for span in spans)


def test_a_call_of_this_moment_leaves_the_clock_alone() -> None:
    with Phone(looks, desk=Desk()) as phone:
        phone.dials(at=datetime.now(UTC))
        phone.wait(1)
    assert abs(seen[0] - time.time()) < 60
    assert not time_machine.escape_hatch.is_travelling()


def test_who_moved_the_clock_is_left_alone() -> None:
    with time_machine.travel(SATURDAY, tick=False), Phone(looks, desk=Desk()) as phone:
        phone.dials(at=SATURDAY + timedelta(days=2))
        phone.wait(1)
    assert datetime.fromtimestamp(seen[0], UTC) == SATURDAY


def test_where_an_account_is_real_the_clock_is_too() -> None:
    with Phone(InProcess(looks, Desk(real_aws=True).named("")[1]), desk=Desk()) as phone:
        phone.dials(at=SATURDAY)
        phone.wait(1)
    assert abs(seen[0] - time.time()) < 60


IN_PYTHON = """
import importlib
import shutil
import time
from datetime import datetime, timezone
def handler(event, context):
    now = datetime.now(timezone.utc)
    assert abs(now.timestamp() - time.time()) < 1
    left = context.get_remaining_time_in_millis()
    said = f"{now:%A %H:%M}" + ("." if 1_000 < left <= 20_000 else f", {left} ms")
    speak = {"Type": "Speak", "Parameters": {"Text": said}}
    return {"SchemaVersion": "1.0", "Actions": [speak, {"Type": "Hangup", "Parameters": {}}]}
"""
IN_NODE = """
exports.handler = async (event, context) => {
  const now = new Date();
  const isWell = Math.abs(now - Date.now()) < 1000 && now instanceof Date;
  if (!isWell || typeof Date() !== "string" || now.constructor !== Date) throw new Error("clock");
  const format = new Intl.DateTimeFormat("en-US", { weekday: "long", timeZone: "UTC" });
  const day = format.format();
  const days = [format.formatToParts()[0].value, format.format(now)];
  if (days.some((each) => each !== day) || format.format(0) !== "Thursday") throw new Error(days);
  const left = context.getRemainingTimeInMillis();
  const end = left > 1000 && left <= 20000 ? "." : `, ${left} ms`;
  const Text = `${day} ${now.toISOString().slice(11, 16)}${end}`;
  const Actions = [{ Type: "Speak", Parameters: { Text } }, { Type: "Hangup", Parameters: {} }];
  return { SchemaVersion: "1.0", Actions };
};
"""


@pytest.mark.parametrize(
    ("file", "code"),
    [
        pytest.param("app.py", IN_PYTHON, marks=needs_awslambdaric, id="of AWS's client"),
        pytest.param("ours/app.py", IN_PYTHON, id="of our client"),
        pytest.param("app.js", IN_NODE, marks=needs_node, id="of Node"),
    ],
)
def test_a_function_of_another_process_has_it_too(
    file: str, code: str, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    if file.startswith("ours"):  # where AWS's is not installed
        written("ours/sitecustomize.py", "import sys; sys.modules['awslambdaric'] = None")
        monkeypatch.setenv("PYTHONPATH", str(written("ours/nothing", "").parent))
    with Phone(f"{written(file, code)}:handler", desk=Desk()) as phone:
        for at, said in ((SATURDAY, "Saturday 22:30."), (MONDAY, "Monday 09:00.")):
            call = phone.dials(at=at)
            call.hears(said)
            call.ends()


@needs_awslambdaric
@pytest.mark.parametrize(
    ("changes", "says"),
    [
        pytest.param(
            {
                "    epoch_deadline_time_in_ms,\n    tenant_id,\n": (
                    "    tenant_id,\n    epoch_deadline_time_in_ms,\n"
                ),
                "event_request.deadline_time_in_ms,": "event_request.tenant_id,",
                "event_request.tenant_id,\n                log": (
                    "event_request.deadline_time_in_ms,\n                log"
                ),
            },
            "Saturday 22:30.",
            id="in another place",
        ),
        pytest.param({"epoch_deadline_time_in_ms": "until"}, "not known", id="by another name"),
    ],
)
def test_another_release_of_awss_client_has_it_too_or_says_so(
    changes: Mapping[str, str], says: str, written: Written
) -> None:
    name = f"{written('app.py', IN_PYTHON)}:handler"
    client = importlib.import_module("awslambdaric")
    release = shutil.copytree(client.__path__[0], written("x", "").parent / "awslambdaric")
    code = (release / "bootstrap.py").read_text()
    for before, after in changes.items():
        assert before in code
        code = code.replace(before, after)
    (release / "bootstrap.py").write_text(code)
    with Phone(name, desk=Desk()) as phone:
        call = phone.dials(at=SATURDAY)
        call.waits(1)
        assert says in str(call.ladder)
