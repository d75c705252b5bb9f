"""What is explored of a function, and in which process."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from offhook.emulator.explore import jobs
from offhook.emulator.explore.jobs import Result, explore, explore_apart
from offhook.emulator.explore.options import Options
from offhook.emulator.explore.plan import Plan
from offhook.emulator.service.config import Desk, SipMediaApplication
from offhook.emulator.service.usual import MONDAY_AT_TEN
from tests.emulator.explore import lines
from tests.patience import until

NUMBERS = ("+15550100100", "+15550100101", "+15550100102")


def result(
    function: str = f"{lines.__name__}:two_menus",
    numbers: tuple[str, ...] = NUMBERS,
    **options: object,
) -> Result:
    app = SipMediaApplication(numbers=numbers, function=function)
    at = {"at": [MONDAY_AT_TEN], "seconds": None, **options}
    return explore(Desk(sip_media_applications=(app,)), app, Options(**at))  # type: ignore[arg-type]


def summary(found: Result) -> list[tuple[object, ...]]:
    return sorted(
        (each.plan.number, each.plan.is_outbound, each.paths, each.situations, each.is_complete)
        for each in found.explored
    )


def test_each_number_is_explored() -> None:
    found = result()
    assert [each.plan.number for each in found.explored] == [*NUMBERS]
    assert found.is_complete
    assert found.exit_code == 0


def test_in_processes_of_their_own_the_same_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    here = result(numbers=NUMBERS[:2])
    monkeypatch.setattr(jobs, "ALONE_SECONDS", -1.0)
    assert summary(result(numbers=NUMBERS[:2])) == summary(here)


def test_a_function_that_does_not_start_is_not_started_for_each_moment_of_a_week(
    tmp_path: Path,
) -> None:
    (tmp_path / "app.py").write_text(
        "from pathlib import Path\nPath('starts').open('a').write('x')\nimport nowhere_at_all\n"
    )
    found = result(f"{tmp_path}/app.py:handler", NUMBERS[:1], at=())
    assert found.exit_code == 1
    assert len((tmp_path / "starts").read_text()) < 20


def test_without_all_of_the_week_it_is_not_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "ASKING", 0.0)
    found = result(numbers=NUMBERS[:1], at=(), seconds=60.0)
    assert [each.is_complete for each in found.explored] == [True]
    assert not found.is_complete
    assert found.exit_code == 2


def test_apart_what_the_function_prints_is_not_seen(capfd: pytest.CaptureFixture[str]) -> None:
    app = SipMediaApplication(numbers=NUMBERS, function=f"{lines.__name__}:loud")
    plan = Plan(number=NUMBERS[0], at=MONDAY_AT_TEN, seconds=None)
    found = explore_apart(Desk(sip_media_applications=(app,)), app.function, plan, lambda _: None)
    assert found.is_complete
    assert found.situations > 1
    assert capfd.readouterr() == ("", "")


def test_calls_that_we_make_are_explored_with_their_arguments_and_by_mistake_without() -> None:
    found = result(outbound=True, inbound=False, arguments={"name": "Ada"})
    assert [each.plan.arguments for each in found.explored] == [{"name": "Ada"}, {}] * 3


@pytest.mark.thorough
def test_when_the_time_is_over_it_is_not_complete() -> None:
    found = result(seconds=0.000_1)
    assert [each.left_over for each in found.explored] == [1, 1, 1]
    assert found.exit_code == 2


@pytest.mark.thorough
def test_what_takes_long_here_is_given_to_a_process_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = result()
    monkeypatch.setattr(jobs, "ALONE_SECONDS", 0.000_1)
    assert summary(result(seconds=60.0)) == summary(here)


ENDLESS = """
import os, time, pathlib

pathlib.Path("pids").open("a").write(f"{os.getpid()}\\n")


def handler(event, context):
    time.sleep(0.05)
    count = int((event["CallDetails"].get("TransactionAttributes") or {}).get("count", 0))
    pause = {"Type": "Pause", "Parameters": {"DurationInMilliseconds": "1000"}}
    speak = {"Type": "Speak", "Parameters": {"Text": f"{count}"}}
    return {"SchemaVersion": "1.0", "Actions": [speak, pause],
            "TransactionAttributes": {"count": str(count + 1)}}
"""
DESK = f"""
[tool.offhook]
s3 = {{ endpoint = "folders" }}
[[tool.offhook.sip_media_applications]]
numbers = {[*NUMBERS]}
function = "endless.py:handler"
"""


AT_ONCE = """
import signal

from offhook.command.main import main
from offhook.emulator.explore import jobs

jobs.ALONE_SECONDS = -1.0
if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # also in the background
    main()
"""


@pytest.mark.thorough
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_nothing_is_left_running_when_somebody_has_had_enough(
    how: signal.Signals, tmp_path: Path
) -> None:
    (tmp_path / "endless.py").write_text(ENDLESS)
    (tmp_path / "pyproject.toml").write_text(DESK)
    main = subprocess.Popen(
        [sys.executable, "-c", AT_ONCE, "explore", "--all", "--at", "now"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        until(lambda: len(pids(tmp_path)) >= 2)
        main.send_signal(how)
        main.wait(30)
        until(lambda: not any(map(is_running, pids(tmp_path))))
        until(lambda: not of_group(main.pid))
    finally:
        for pid in of_group(main.pid):
            os.kill(pid, signal.SIGKILL)


def pids(folder: Path) -> list[int]:
    file = folder / "pids"
    return [int(line) for line in file.read_text().split()] if file.exists() else []


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def of_group(group: int) -> list[int]:
    """The processes of a group that are still there."""
    listed = subprocess.run(["ps", "-Ao", "pid=,pgid="], capture_output=True, check=True).stdout
    rows = [line.split() for line in listed.decode().splitlines()]
    return [int(pid) for pid, of in rows if int(of) == group]
