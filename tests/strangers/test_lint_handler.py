"""`offhook lint-handler` on strangers' handlers: what it finds, and what it lets pass.

About `offhook.command.lint_handler`, `offhook.emulator.explore.chance`.
"""

import socket
import sys
from pathlib import Path

import pytest

from docs.generate_flows import PAGES, ROOT
from offhook.command.main import main
from offhook.emulator.explore.jobs import Result, explore
from offhook.emulator.explore.options import Options
from offhook.emulator.findings import replies
from offhook.emulator.findings.finding import Finding
from offhook.emulator.service.config import Desk
from offhook.emulator.service.usual import MONDAY_AT_TEN
from tests.emulator.function.conftest import needs_node
from tests.patience import PATIENCE_SECONDS
from tests.sampled import sampled

APPS = Path(__file__).parent / "apps"
NUMBER = "+15550100100"


@pytest.fixture(autouse=True)
def _is_as_quick_as_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """How busy this machine is, is nothing that a handler could mend."""
    monkeypatch.setattr(replies, "SLOW_SECONDS", PATIENCE_SECONDS)


def explored(function: str, options: Options | None = None) -> Result:
    desk = Desk().with_function(function)
    options = options or Options(at=[MONDAY_AT_TEN])
    return explore(desk, desk.sip_media_applications[0], options)


def findings(name: str) -> list[Finding]:
    return [each.finding for each in explored(f"{APPS}/{name}").found]


def to_mend(name: str) -> set[str]:
    return {found.rule for found in findings(name) if found.weight == "fault"}


def test_state_shared_between_calls_is_found() -> None:
    found = findings("shared_template/lambda_function.py:lambda_handler")
    shared = [each for each in found if each.rule == "shared-state"]
    assert len(shared) == 1
    assert "the same event brings another reply in another call" in shared[0].evidence
    assert "build the reply anew for each event" in shared[0].instead


def test_a_reply_as_for_api_gateway_is_found() -> None:
    assert to_mend("api_gateway/handler.py:lambda_handler") == {"refused-reply"}


def test_an_empty_leg_is_advice() -> None:
    found = findings("plain_dicts/handler.py:lambda_handler")
    assert {(each.weight, each.rule) for each in found} == {("advice", "empty-leg")}


@needs_node
@pytest.mark.parametrize(
    ("name", "waste"),
    sampled(
        [
            ("callback/index.js", set[str]()),
            ("module/index.mjs", {"silent-loop"}),  # who types nothing is never let go
            ("compiled/dist/index.js", set[str]()),
        ],
        1,
    ),
)
def test_handlers_that_are_right_have_nothing_to_mend(name: str, waste: set[str]) -> None:
    found = findings(f"{name}:handler")
    assert {(each.weight, each.rule) for each in found} == {("waste", rule) for rule in waste}


def test_a_handler_of_this_process_that_remembers_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "remembers.py").write_text(
        """
told = []

def lambda_handler(event, context):
    told.append(event)
    text = "Welcome back." if len(told) > 2 else "Welcome."
    first = event["Sequence"] == 1
    actions = [{"Type": "Speak", "Parameters": {"Text": text}}, {"Type": "Hangup"}]
    return {"SchemaVersion": "1.0", "Actions": actions if first else []}
"""
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    # Also where somebody asks it many times before, to find its opening hours.
    found = {each.finding.rule for each in explored("remembers:lambda_handler", Options()).found}
    assert "shared-state" in found


def test_a_handler_that_differs_by_chance_shares_no_state(tmp_path: Path) -> None:
    file = tmp_path / "chance.py"
    file.write_text(
        """
import random

def handler(event, context):
    text = random.choice(["Good morning.", "Hello."]) + f" Your number is {random.random()}."
    answered = event["InvocationEventType"] in ("NEW_INBOUND_CALL", "ACTION_FAILED")
    actions = [{"Type": "Speak", "Parameters": {"Text": text}}, {"Type": "Hangup"}]
    return {"SchemaVersion": "1.0", "Actions": actions if answered else []}
"""
    )
    assert explored(f"{file}:handler").found == []


def test_the_exit_code_says_whether_there_is_something_to_mend(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)  # where no desk is: one number
    name = f"{APPS}/api_gateway/handler.py:lambda_handler"
    assert main(["lint-handler", "--at", "now", "--handler", name]) == 1
    assert "refused-reply: NEW_INBOUND_CALL 1" in capsys.readouterr().out
    assert main(["call", "--script", "", "--handler", name]) == 1
    assert "1 thing to mend in the handler:" in capsys.readouterr().out


def test_a_function_that_cannot_be_reached_is_no_all_clear(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    assert main(["lint-handler", "--handler", url]) == 1
    assert "see that the function can be reached" in capsys.readouterr().out


def test_without_a_name_it_is_the_application_of_the_desk_on_each_of_its_numbers(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "quiet.py").write_text(
        "def handler(event, context):\n    return {'SchemaVersion': '1.0', 'Actions': []}\n"
    )
    (tmp_path / "offhook.toml").write_text(
        "[[sip_media_applications]]\n"
        f'numbers = ["{NUMBER}", "+15550100109"]\nfunction = "quiet:handler"\n'
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    assert main(["lint-handler"]) == 1  # it answers no call
    assert f"calls to {NUMBER}, +15550100109" in capsys.readouterr().out


@pytest.mark.parametrize(
    "flow",
    [
        pytest.param(
            page.stem, marks=pytest.mark.thorough if page.stem in ("clinic", "reception") else ()
        )
        for page in PAGES
    ],
)
def test_a_flow_that_comes_with_it_has_nothing_to_mend_and_nothing_else_is_said(
    flow: str,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)  # to a desk with one number
    (tmp_path / "offhook.toml").write_text(f"prompts = '{ROOT / 'prompts'}'\n")
    assert main(["lint-handler", "--handler", f"flows.{flow}:router"]) == 0
    said = capfd.readouterr()
    assert said.out.splitlines()[-1].startswith("explored to the end, no fault")
    assert "To handle it, paste" not in said.out + said.err
