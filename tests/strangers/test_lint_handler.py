"""`offhook lint-handler` on strangers' handlers: what it finds, and what it lets pass.

About `offhook.command.lint_handler`.
"""

import socket
import sys
from pathlib import Path

import pytest

from docs.generate_flows import PAGES, ROOT
from offhook.command.main import main
from offhook.emulator.findings.finding import Finding
from offhook.emulator.findings.probes import INBOUND, OUTBOUND, UPDATE, Probe, probe
from offhook.emulator.service.config import Desk
from tests.emulator.function.conftest import needs_node

APPS = Path(__file__).parent / "apps"
NUMBER = "+15550100100"


FEW = (*INBOUND[:2], *OUTBOUND[:1], *UPDATE)


def findings(name: str, *probes: Probe) -> list[Finding]:
    function = f"{APPS}/{name}"
    desk = Desk().with_function(function)
    return [found for found, _ in probe(function, desk, [NUMBER], probes or FEW)]


def to_mend(name: str, *probes: Probe) -> set[str]:
    return {found.rule for found in findings(name, *probes) if not found.is_advice}


def test_state_shared_between_calls_is_found() -> None:
    found = findings("shared_template/lambda_function.py:lambda_handler")
    shared = [each for each in found if each.rule == "shared-state"]
    assert len(shared) == 1
    assert "Speak, Hangup, Speak, Hangup instead of Speak, Hangup" in shared[0].evidence
    assert "build the reply anew for each event" in shared[0].instead


def test_a_reply_as_for_api_gateway_is_found() -> None:
    assert to_mend("api_gateway/handler.py:lambda_handler", INBOUND[0]) == {"refused-reply"}


def test_an_empty_leg_is_found() -> None:
    assert to_mend("plain_dicts/handler.py:lambda_handler") == {"empty-leg"}


@needs_node
@pytest.mark.parametrize(
    "name", ["callback/index.js", "module/index.mjs", "compiled/dist/index.js"]
)
def test_handlers_that_are_right_have_nothing_to_mend(name: str) -> None:
    assert to_mend(f"{name}:handler") == set()


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
    desk = Desk().with_function("remembers:lambda_handler")
    found = [each.rule for each, _ in probe("remembers:lambda_handler", desk, [NUMBER])]
    assert found == ["shared-state"]


def test_a_handler_that_differs_by_chance_shares_no_state(tmp_path: Path) -> None:
    file = tmp_path / "chance.py"
    file.write_text(
        """
import random

def handler(event, context):
    text = f"Your number is {random.random()}."
    first = event["Sequence"] == 1
    actions = [{"Type": "Speak", "Parameters": {"Text": text}}, {"Type": "Hangup"}]
    return {"SchemaVersion": "1.0", "Actions": actions if first else []}
"""
    )
    name = f"{file}:handler"
    assert list(probe(name, Desk().with_function(name), [NUMBER], INBOUND[:1])) == []


def test_the_exit_code_says_whether_there_is_something_to_mend(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)  # where no desk is: one number
    name = f"{APPS}/api_gateway/handler.py:lambda_handler"
    assert main(["lint-handler", "--handler", name]) == 1
    assert "refused-reply: NEW_INBOUND_CALL 1" in capsys.readouterr().out
    assert main(["call", "--script", "", "--handler", name]) == 1
    assert "1 thing to mend in the handler:" in capsys.readouterr().out


def test_what_is_behind_a_url_is_not_started_afresh_and_it_says_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    assert main(["lint-handler", "--handler", url]) == 1
    shown = capsys.readouterr().out
    assert "it runs behind a URL, and cannot be started afresh from here" in shown
    assert "see that the function can be reached" in shown


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
    assert f"probing calls to {NUMBER}, +15550100109" in capsys.readouterr().out


@pytest.mark.parametrize("flow", [page.stem for page in PAGES])
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
    assert said.out.splitlines()[-1] == "  nothing to mend"
    assert "To handle it, paste" not in said.out + said.err
