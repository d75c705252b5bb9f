"""`offhook template` says what to add, and `call`, `explore` and `invoke` say it too.

About `offhook.command.deployed.lacking`, `offhook.command.deployed.our_template`.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from offhook.command.main import main

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(front_desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One that plays a prompt, whose template names no bucket."""
    folder = tmp_path / "front-desk"
    shutil.copytree(front_desk, folder)
    hello = folder / "flows" / "hello.py"
    text = hello.read_text(encoding="utf-8")
    text = text.replace("Hangup, Speak", "Hangup, PlayAudio, Speak")
    hello.write_text(
        text.replace('Speak(text="Goodbye.")', 'PlayAudio(audio_source="bye.wav")'),
        encoding="utf-8",
    )
    template = folder / "template.yaml"
    left = re.sub(r" *OFFHOOK_PROMPTS.*\n", "", template.read_text(encoding="utf-8"))
    template.write_text(re.sub(r"(?m)^  Prompts\w*:\n(    .*\n)+", "", left), encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


def test_what_is_lacking_is_told_with_lines_that_mend_it(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["template"]) == 1
    told = capsys.readouterr().err
    assert "CallFunction sets no OFFHOOK_PROMPTS_BUCKET, and flows/hello.py:" in told
    template = project / "template.yaml"
    variable, resources = re.findall(r"\n\n((?: {2,}.*\n)+)", told.replace("\n\n  P", "\n  P", 1))[
        :2
    ]
    text = template.read_text(encoding="utf-8")
    text = re.sub(r"( +)(OFFHOOK_RECORDINGS)", rf"\1{variable.strip()}\n\1\2", text, count=1)
    template.write_text(text.replace("\nOutputs:", f"\n{resources}\nOutputs:"), encoding="utf-8")
    assert main(["template"]) == 0
    assert "CallFunction has all that its flows need" in capsys.readouterr().out


@pytest.mark.parametrize(
    "command",
    [
        ("call", "--script", "1"),
        pytest.param(("explore", "--seconds", "1"), marks=pytest.mark.thorough),
        pytest.param(("invoke", "events/new_inbound_call.json"), marks=pytest.mark.thorough),
    ],
)
def test_it_is_told_wherever_the_flows_run(project: Path, command: tuple[str, ...]) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "offhook.command.main", *command],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "sets no OFFHOOK_PROMPTS_BUCKET" in ran.stderr
    if command[0] == "explore":
        assert ran.returncode == 1


def test_who_may_invoke_is_said_by_what_the_template_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    function = "Resources: {Menu: {Type: 'AWS::Serverless::Function', Properties: {%s}}}\n"
    for more, named in (("", "Menu\n"), (", AutoPublishAlias: live", "Menu.Alias\n")):
        template = tmp_path / "template.yaml"
        template.write_text(function % f"Runtime: python3.12, Handler: app.handler{more}")
        assert main(["template", "--handler", "template.yaml:Menu"]) == 1
        assert f"FunctionName: !Ref {named}" in capsys.readouterr().err


def test_where_there_is_no_template_it_says_what_it_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["template", "--handler", "app:handler"]) == 2
    assert (
        "template.yaml or template.yml here has the handler app.handler" in capsys.readouterr().err
    )


def test_our_own_lacks_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    assert main(["template"]) == 0
    assert "has all that its flows need" in capsys.readouterr().out
