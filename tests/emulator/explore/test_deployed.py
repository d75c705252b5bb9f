"""A deployment in the middle of a call: the version before answers up to there, this one after.

About `offhook.emulator.explore.answers_events` too.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from offhook.emulator.explore.deployed import before
from offhook.emulator.explore.jobs import Result, explore
from offhook.emulator.explore.options import Options
from offhook.emulator.function.function import FunctionNotFound
from offhook.emulator.service.usual import MONDAY_AT_TEN
from tests.emulator.explore.lines import desk

LINE = """
STATE = "{state}"


def handler(event, context):
    print("a line that is no reply")
    state = event["CallDetails"].get("TransactionAttributes") or {{}}
    match event["InvocationEventType"]:
        case "NEW_INBOUND_CALL":
            asks = {{"Type": "SpeakAndGetDigits", "Parameters": {{
                "SpeechParameters": {{"Text": "Yes?"}},
                "FailureSpeechParameters": {{"Text": "Sorry?"}},
                "MinNumberOfDigits": 1, "MaxNumberOfDigits": 1,
                "Repeat": 1, "RepeatDurationInMilliseconds": 3000}}}}
            return {{"SchemaVersion": "1.0", "Actions": [asks],
                    "TransactionAttributes": {{STATE: "1"}}}}
        case "HANGUP":
            return {{"SchemaVersion": "1.0", "Actions": []}}
    state[STATE]
    return {{"SchemaVersion": "1.0", "Actions": [{{"Type": "Hangup"}}]}}
"""


def git(*arguments: str) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], check=True, capture_output=True)


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A line that has changed the name of what it remembers, in a repository."""
    folder = tmp_path_factory.mktemp("committed")
    git("init", "--quiet", str(folder))
    for state in ("step", "menu"):
        (folder / "renaming.py").write_text(LINE.format(state=state))
        git("-C", str(folder), "add", ".")
        git("-C", str(folder), "commit", "--quiet", "--message", state)
    return folder


@pytest.fixture
def repository(committed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The same, for one test, and here."""
    shutil.copytree(committed, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    yield tmp_path
    sys.modules.pop("renaming", None)


def result(function: str, after: str) -> Result:
    options = Options(at=[MONDAY_AT_TEN], after=after, faults=1)
    its = desk(function)
    return explore(its, its.sip_media_applications[0], options)


def test_what_is_in_no_repository_has_no_version_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    (tmp_path / "line.py").write_text("def handler(event, context): ...")
    with pytest.raises(FunctionNotFound, match=r"--after HEAD: .* is in no repository of git"):
        result(f"{tmp_path}/line.py:handler", "HEAD")


@pytest.mark.parametrize("function", ["renaming:handler", "renaming.py:handler"])
def test_what_the_version_before_remembered_is_missed_by_this_one(
    repository: Path, function: str
) -> None:
    found = result(function, "HEAD~1").found
    failed = next(each for each in found if each.finding.rule == "function-failed")
    assert "KeyError" in failed.finding.evidence
    assert failed.story[0] == "deployment"
    assert len(failed.story) == 2


def test_a_version_that_is_the_same_fails_at_nothing(repository: Path) -> None:
    both = result("renaming:handler", "HEAD")
    assert {each.plan.after for each in both.explored} == {"", "HEAD"}
    assert not both.found
    assert both.exit_code == 0


def test_a_commit_that_there_is_not(repository: Path) -> None:
    with pytest.raises(FunctionNotFound, match="no-such-branch"):
        result("renaming:handler", "no-such-branch")


def test_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(FunctionNotFound, match="rev-parse"), before("HEAD", "some:handler"):
        pass


def test_a_version_that_does_not_import_fails_at_every_event(repository: Path) -> None:
    (repository / "renaming.py").write_text("import no_such_module\n")
    git("commit", "--quiet", "--all", "--message", "broken")
    (repository / "renaming.py").write_text(LINE.format(state="menu"))
    # What it does itself is not looked at any more: there is nothing before the deployment.
    assert not result("renaming:handler", "HEAD").found
