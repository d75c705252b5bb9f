"""Every link on every page leads somewhere, and every block of code runs or says why not."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from argparse import ArgumentParser
from importlib import import_module
from itertools import dropwhile, groupby, takewhile
from pathlib import Path

import pytest

from offhook.emulator.service.config import Desk
from tests.project.pages import (
    OTHERS,
    OURS_TO_TYPE,
    PAGES,
    Block,
    anchors,
    blocks,
    indented,
    links,
)
from tests.project.test_house import ROOT
from tests.sampled import sampled

RUN_BY = {
    "README.md": "tests/project/test_readme.py",
    "docs/calling-out.md": "tests/project/test_calling_out.py",
    "docs/deploying.md": "tests/project/test_deploying.py",
    "docs/emulator.md": "tests/emulator/server/test_first_call.py",
    "docs/samples.md": "tests/project/test_samples.py",
    "docs/flows": "tests/flows/test_pages.py",
}
"""Pages whose blocks have a test that knows them."""

BLOCKS = [block for page in PAGES for block in blocks(page)]
INDENTED = [block for page in PAGES for block in indented(page)]
STORIES = sorted({block.page for block in BLOCKS if block.title})
"""Pages that say what to save as which file, and what to type then."""

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def run_by(block: Block) -> str:
    """The test that runs it; empty where it is one of ours."""
    name = block.page.relative_to(ROOT)
    return RUN_BY.get(str(name)) or RUN_BY.get(str(name.parent), "")


def runs(folder: Path, *command: str) -> None:
    """In a folder, with this checkout's package and commands; it must succeed."""
    roots = [str(ROOT / root) for root in ("actions", "handler", "emulator")]
    env = {
        **os.environ,
        "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join([str(folder), *roots]),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # but for ours, they are of this checkout
    }
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project of somebody else's, with the commands that a page may type."""
    commands = tmp_path / "bin"
    commands.mkdir()
    for name, module in (
        ("offhook", "offhook.command.main"),
        ("pytest", "pytest -p no:cacheprovider -p offhook.emulator.testing.plugin"),
    ):
        script = commands / name
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m {module} "$@"\n')
        script.chmod(0o755)
    return tmp_path


@each_page
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in links(page):
        place, _, anchor = link.partition("#")
        at_the_site = page.suffix == ".txt"
        name = (
            place.replace(".html", ".md").replace("index.md", "README.md") if at_the_site else place
        )
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), f"{link}: there is no {target.relative_to(ROOT)}"
        if anchor:
            assert anchor in anchors(target), f"{link}: {sorted(anchors(target))}"


@pytest.mark.parametrize("page", sampled(STORIES, 1), ids=lambda page: page.stem)
def test_what_a_page_says_to_save_and_to_type_works(page: Path, folder: Path) -> None:
    told = list(blocks(page))
    for block in told:
        if block.title:
            file = folder / block.title
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.code, encoding="utf-8")
    for block in told:
        if block.language == "sh" and not block.not_run:
            for line in block.code.splitlines():
                if not line.startswith("pip install"):
                    runs(folder, "sh", "-c", line)


@pytest.mark.parametrize(
    "block",
    sampled(
        (
            (block,)
            for block in BLOCKS
            if block.language == "python" and not (block.title or block.not_run or run_by(block))
        ),
        3,
    ),
    ids=str,
)
def test_a_block_of_python_runs(block: Block, folder: Path) -> None:
    shutil.copytree(ROOT / "flows", folder / "flows")
    shutil.copyfile(ROOT / "pyproject.toml", folder / "pyproject.toml")
    file = folder / "test_block.py"
    file.write_text(f"{block.before}\n{block.code}", encoding="utf-8")
    is_test = "\ndef test_" in file.read_text(encoding="utf-8")
    runs(folder, *(("pytest", "-q", file.name) if is_test else (sys.executable, file.name)))


@pytest.mark.parametrize("block", [b for b in BLOCKS if b.language in {"toml", "json"}], ids=str)
def test_a_block_of_configuration_is_read(block: Block) -> None:
    if block.language == "json":
        assert json.loads(block.code)
    elif desk := tomllib.loads(block.code).get("tool", {}).get("offhook"):
        Desk.model_validate(desk)


def test_every_block_says_what_it_is_and_who_runs_it() -> None:
    known = {"python", "sh", "toml", "json", "text", "mermaid"}  # the last is drawn from the code
    assert [str(block) for block in BLOCKS if block.language not in known] == []


@pytest.mark.parametrize(
    "block",
    [b for b in BLOCKS if b.language == "sh" and b.page not in STORIES and not b.not_run],
    ids=str,
)
def test_what_is_typed_in_a_checkout_is_understood(block: Block) -> None:
    """House rules look at the targets of make, and the samples have a test of their own."""
    for line in [] if run_by(block) else block.code.splitlines():
        command, *arguments = shlex.split(line, comments=True)
        assert command in {"make", "offhook", "pytest"}, "or say: <!-- not run: why -->"
        if command == "offhook":
            _is_understood(*takewhile(">".__ne__, arguments))


@pytest.mark.parametrize("block", [b for b in INDENTED if b.language == "sh"], ids=str)
def test_what_is_typed_without_a_fence_is_understood(block: Block) -> None:
    """What is not ours needs an account, a network, or a folder of somebody's."""
    rest = ""
    for line in block.code.splitlines(keepends=True):
        rest += line
        try:
            words = shlex.split(rest.replace("\\\n", ""), comments=True)
        except ValueError:  # it goes on in the next line
            continue
        rest = rest if rest.endswith("\\\n") else ""
        for is_end, typed in groupby([] if rest else words, {"&&", "|"}.__contains__):
            command, *arguments = dropwhile(re.compile(r"[A-Z_]+=").match, typed)
            name = Path(command).name
            assert is_end or name in {*OURS_TO_TYPE, *OTHERS}, line
            if name == "offhook":
                _is_understood(*takewhile(">".__ne__, arguments))
    assert not rest


def test_code_without_a_fence_is_typed_or_shown() -> None:
    """Python, and what is saved, is in a fence, where it runs."""
    code = re.compile(r"^(?:@|def |class |from \w+ import|import )", re.MULTILINE)
    assert [str(block) for block in INDENTED if code.search(block.code)] == []
    assert len(INDENTED) > 40


def _is_understood(name: str, *options: str) -> None:
    """What is typed behind `offhook`."""
    parser = ArgumentParser(exit_on_error=False)
    import_module(f"offhook.command.{name.replace('-', '_')}").add_arguments(parser)
    parser.parse_args(options)


def test_who_runs_the_blocks_of_a_page_reads_it() -> None:
    for page, test in RUN_BY.items():
        assert Path(page).name in (ROOT / test).read_text(encoding="utf-8"), f"{test}: {page}"
