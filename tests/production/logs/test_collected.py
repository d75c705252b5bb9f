"""Calls that happened are tests of a project, where its configuration names their folder.

About `offhook.production.logs.collected` and `offhook.production.logs.expected`.
"""

import sys
from datetime import UTC, date, datetime, timedelta

import pytest

from offhook.emulator.service.config_file import ConfigError
from offhook.emulator.testing import Phone
from offhook.production.logs.expected import Expectations, Expected, expectations
from offhook.production.logs.of_emulator import all_of
from offhook.production.logs.recorded import write
from tests.production.logs.happened import DESK

pytest_plugins = ["pytester"]

APP = """
def handler(event, context):
    first = event["InvocationEventType"] == "NEW_INBOUND_CALL"
    speak = {"Type": "Speak", "Parameters": {"Text": "%s"}}
    actions = [speak, {"Type": "Hangup", "Parameters": {}}]
    return {"SchemaVersion": "1.0", "Actions": actions if first else []}
"""
WHAT = "NEW_INBOUND_CALL: Speak.Text was “Welcome.”, is “Hello.”"


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """An application, what it answered in two calls, and what it answers now."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(sys, "modules", {**sys.modules})
    module = f"app_of_{pytester.path.name}"
    space: dict[str, object] = {}
    exec(APP % "Welcome.", space)
    handler = space["handler"]
    assert callable(handler)
    with Phone(handler, desk=DESK, seed=1) as phone:
        for _ in range(2):
            phone.dials().settles()
        write(pytester.path / "calls", all_of(phone))
    pytester.makepyfile(**{module: APP % "Hello."})
    pytester.mkdir("tests")
    pytester.makepyprojecttoml(
        '[tool.pytest]\ntestpaths = ["tests"]\n'
        '[tool.offhook]\nlogs = "calls"\n[[tool.offhook.sip_media_applications]]\n'
        f'numbers = ["+15550100100"]\nfunction = "{module}:handler"\n'
    )
    return pytester


def test_each_call_is_a_test_that_says_what_has_changed(project: pytest.Pytester) -> None:
    came = project.runpytest("-q")
    came.assert_outcomes(failed=2)
    came.stdout.fnmatch_lines([WHAT, "from there on:", "*LEG-A  hears “Hello.”*", "*--accept*"])
    project.runpytest("-q", "tests").assert_outcomes()


def test_what_is_accepted_is_how_it_is(project: pytest.Pytester) -> None:
    project.runpytest("-q", "--accept").assert_outcomes(passed=2)
    project.runpytest("-q").assert_outcomes(passed=2)
    assert "Hello." in (project.path / "calls/2027-03-01.jsonl").read_text(encoding="utf-8")


@pytest.mark.parametrize("days", [1, -1])
def test_a_change_is_expected_until_a_day(project: pytest.Pytester, days: int) -> None:
    until = (datetime.now(UTC) + timedelta(days=days)).date()
    (project.path / "calls/expected.toml").write_text(
        f'[[expected]]\nchange = "*Text was *, is “Hello.”"\nreason = "shorter"\nuntil = {until}\n',
        encoding="utf-8",
    )
    came = project.runpytest("-q", "-rx")
    if days > 0:
        came.assert_outcomes(xfailed=2)
        came.stdout.fnmatch_lines([f"*{WHAT}: shorter*"])
    else:
        came.assert_outcomes(failed=2)
        came.stdout.fnmatch_lines([f"{WHAT} (it was expected until {until}: shorter)"])


def test_an_expectation_means_what_it_says() -> None:
    last = date(2027, 4, 1)
    expected = Expectations([Expected(change="a [b] *", reason="why", until=last)], last)
    assert expected.of("a [b] c") is not None
    assert expected.of("a b c") is None
    assert expected.overdue("a [b] c") == ""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[expected]]\nchange = "a"\nuntil = 2027-04-01', "expected.0.reason: Field required"),
        ("[[expected", "is not TOML"),
    ],
)
def test_an_expectation_that_cannot_be_read_is_named(
    pytester: pytest.Pytester, text: str, says: str
) -> None:
    (pytester.path / "expected.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=says):
        expectations(pytester.path)


def test_files_are_not_written_from_several_processes(project: pytest.Pytester) -> None:
    pytest.importorskip("xdist")
    came = project.runpytest("-q", "-n", "2", "--accept")
    assert came.ret == pytest.ExitCode.USAGE_ERROR
    came.stderr.fnmatch_lines(["*--accept writes files: leave out -n, or give -n 0*"])
