"""What the README shows works as it stands there."""

import os
import re
import shutil
import subprocess
import sys
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from docs.generate import MAKERS
from offhook.emulator.testing import Desk, Phone
from tests.project.test_house import FILES
from tests.to_write import nothing_to_write

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)

JUDGES = (
    *("pytest", "-p", "no:cacheprovider", "tests/flows", "tests/strangers/test_lint_handler.py"),
    *("-k", "lunch or pages or desk or application or comes_with_it"),
)
"""The tests that look at flows; of a flow's stories, those in the application."""

NUMBERS = '\nnumbers = ["+15550100194", '


class Checkout:
    """A copy of this one, to change."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for file in FILES:
            copy = folder / file.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)

    def saves(self, name: str, text: str) -> None:
        """Write a file."""
        (self.folder / name).write_text(text, encoding="utf-8")

    def changes(self, name: str, change: Callable[[str], str]) -> None:
        """Change a file, which must make a difference."""
        before = (self.folder / name).read_text(encoding="utf-8")
        after = change(before)
        assert after != before, name
        self.saves(name, after)

    def runs(self, *command: str) -> str:
        """What a module of Python prints there; it must succeed. The package is the one of this
        checkout: nobody changes that, and it is compiled already."""
        roots = (str(ROOT / root) for root in ("actions", "handler", "emulator"))
        ran = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(roots)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A copy of this one."""
    return Checkout(tmp_path)


def writes_a_flow(checkout: Checkout) -> str:
    """Save the README's flow and its test; what joins it comes back. Under another name and number:
    whoever has followed the README has a lunch already."""
    flow, story, *rest = (
        snippet.replace("lunch", "lunch_again").replace("+15550100105", "+15550100194")
        for snippet in SNIPPETS
    )
    checkout.saves("flows/lunch_again.py", flow)
    checkout.saves("tests/flows/test_lunch_again.py", story)
    (joins,) = (snippet for snippet in rest if "lambda_handler.include(lunch" in snippet)
    return f"\nfrom flows import lunch_again\n{joins}"


@pytest.mark.thorough
def test_a_flow_is_written_tested_and_joined_and_every_test_minds_its_own(
    checkout: Checkout,
) -> None:
    joins = writes_a_flow(checkout)
    checkout.changes("flows/app.py", lambda app: app + joins)
    checkout.changes("pyproject.toml", lambda desk: desk.replace("\nnumbers = [", NUMBERS, 1))
    assert "test_lunch_again" in checkout.runs(*JUDGES)


@pytest.mark.thorough
def test_whoever_keeps_one_flow_of_their_own_hears_nothing_of_the_others(
    checkout: Checkout,
) -> None:
    for pattern in ("flows/[a-z]*.py", "tests/flows/test_*.py", "docs/flows/*.md"):
        for file in checkout.folder.glob(pattern):
            if file.name != "test_pages.py":
                file.unlink()
    joins = writes_a_flow(checkout)
    application = "from offhook.handler import Router\n\nlambda_handler = Router()\n"
    checkout.saves("flows/app.py", application + joins)
    assert "test_lunch_again" in checkout.runs(*JUDGES)


SLOW = {"maps"}
"""They explore every flow to its end."""


@pytest.mark.parametrize(
    "makers",
    [sorted(MAKERS.keys() - SLOW), pytest.param(sorted(SLOW), marks=pytest.mark.thorough)],
    ids=["quick", "slow"],
)
def test_what_make_docs_writes_is_there_already(checkout: Checkout, makers: list[str]) -> None:
    checkout.runs("docs.generate", *makers)
    names = [file.relative_to(ROOT) for file in FILES if file.is_relative_to(ROOT / "docs")]
    stale = [
        str(name)
        for name in names
        if (checkout.folder / name).read_bytes() != (ROOT / name).read_bytes()
    ]
    nothing_to_write("stale: make docs, and commit", stale)


@pytest.mark.parametrize("is_there", [True, False])
def test_the_recording_is_played_or_the_words_are_said(is_there: bool, tmp_path: Path) -> None:
    flow, *_ = SNIPPETS
    (plays,) = (snippet for snippet in SNIPPETS if "PlayAudio(" in snippet)
    others = flow.replace("import Hangup,", "import Hangup, PlayAudio,").split("\n\n\n")
    told: dict[str, Any] = {}
    exec("\n\n\n".join([*(one for one in others if "def welcome" not in one), plays]), told)
    if is_there:
        (tmp_path / "prompts").mkdir()
        with wave.open(f"{tmp_path / 'prompts' / 'welcome.wav'}", "wb") as music:
            music.setparams((1, 2, 8000, 0, "NONE", ""))
            music.writeframes(bytes(16_000))
    with Phone(told["router"], desk=Desk(prompts=tmp_path / "prompts")) as phone:
        call = phone.dials()
        call.hears("welcome.wav" if is_there else "Welcome.")
        call.hears("lentil soup")


def test_every_command_shown_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^    make ([a-z]+)", README, re.MULTILINE))
    assert {"call", "test"} <= targets
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"make {target}"


def test_what_make_lists_fits_a_terminal_of_80_columns() -> None:
    new = "emulator/offhook/command/new_project/Makefile"
    for makefile in (ROOT / "Makefile", ROOT / new):
        text = re.sub(r" \$\w+$", "", makefile.read_text(encoding="utf-8"), flags=re.MULTILINE)
        told = re.findall(r"^[a-z-]+:.*?## (.*)", text, re.MULTILINE)
        assert [each for each in told if len(f"  make {'':12} {each}") > 80] == []
