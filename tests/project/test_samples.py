"""What docs/samples.md shows can be typed: commands, configuration, the places of the files."""

import re
import shlex
import tomllib
from argparse import ArgumentParser
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import pytest

from offhook.emulator.service.config import Desk

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "samples.md").read_text(encoding="utf-8")
REPOSITORY = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+)")
FILE = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+)/blob/[0-9a-f]{40}/([\w./-]+\.\w+)")
DESK = Desk.model_validate(
    tomllib.loads("".join(re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)))["tool"]["offhook"]
)


class Sample(NamedTuple):
    """One section of the page."""

    title: str
    text: str

    @property
    def files(self) -> list[tuple[str, str]]:
        """Its repository and path, of each file that is linked."""
        return FILE.findall(self.text)

    @property
    def lines(self) -> list[list[str]]:
        """What is to be typed, split as a shell does."""
        blocks = re.findall(r"```sh\n(.*?)```", self.text, re.DOTALL)
        return [shlex.split(line) for line in "".join(blocks).splitlines()]

    @property
    def commands(self) -> list[Sequence[str]]:
        """The arguments of each `offhook`."""
        return [line[line.index("offhook") + 1 :] for line in self.lines if "offhook" in line]


SAMPLES = [
    Sample(title, text)
    for title, text in re.findall(r"^### (.+?)\n(.*?)(?=^##|\Z)", PAGE, re.DOTALL | re.MULTILINE)
]
each_sample = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.title)


def test_there_are_samples_of_each_kind() -> None:
    endings = [path.rpartition(".")[2] for sample in SAMPLES for _, path in sample.files]
    assert len(SAMPLES) >= 15
    assert {"py", "js", "ts", "yaml"} <= set(endings)


@each_sample
def test_its_links_name_an_owner_a_repository_and_a_file_at_a_commit(sample: Sample) -> None:
    links = re.findall(r"\]\((.*?)\)", sample.text)
    assert links
    for link in links:
        assert REPOSITORY.fullmatch(link) or FILE.fullmatch(link), link
    assert {repository for repository, _ in sample.files} == {REPOSITORY.findall(sample.text)[0]}


@each_sample
def test_its_commands_are_understood(sample: Sample) -> None:
    assert sample.commands
    for name, *arguments in sample.commands:
        parser = ArgumentParser(exit_on_error=False)
        import_module(f"offhook.command.{name.replace('-', '_')}").add_arguments(parser)
        options = parser.parse_args(arguments)
        if options.handler is None:
            assert all(app.function.startswith("../") for app in DESK.sip_media_applications)
            continue
        file = options.handler.rpartition(":")[0].removeprefix("../")
        linked = {f"{repository.partition('/')[2]}/{path}" for repository, path in sample.files}
        clones = {place.partition("/")[0] for place in linked}
        assert file in linked or ("/dist/" in file and file.partition("/")[0] in clones), file


@each_sample
def test_it_says_what_it_needs_and_what_is_found(sample: Sample) -> None:
    assert re.search(r"^- needs: .+\.$", sample.text, re.MULTILINE)
    assert re.search(r"^- Offhook finds: .+\.$", sample.text, re.MULTILINE)


@each_sample
def test_its_tables_and_bots_are_in_the_configuration(sample: Sample) -> None:
    for name, value in re.findall(r"(\w+)=(\S+)", "\n".join(map(shlex.join, sample.lines))):
        if "TABLE" in name.upper():
            assert value in DESK.tables, f"{name}={value}"
        if value.startswith("arn:aws:lex:"):
            assert value in DESK.scripted, f"{name}={value}"


def test_both_pages_that_lead_here_do() -> None:
    for page in ("docs/README.md", "docs/functions.md"):
        assert "(samples.md" in (ROOT / page).read_text(encoding="utf-8"), page
