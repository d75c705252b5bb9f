"""What the tests of deployment need: the SAM CLI's environment, a build, a repository."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import cast

import pytest

from tests.deploy.elsewhere import succeeds
from tests.deploy.shapes import Resources
from tests.project.test_house import FILES

ROOT = Path(__file__).parents[2]
SAM = ROOT / ".venv-sam" / "bin"
BUILD = ROOT / ".aws-sam" / "build"

CALLING_OUT = ROOT / ".aws-sam" / "calling-out"

READ = (
    "import json, sys; from samcli.yamlhelper import yaml_parse; "
    "print(json.dumps({name: yaml_parse(open(name).read()) for name in sys.argv[1:]}))"
)


@pytest.fixture(scope="session")
def every_template(
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, dict[str, Resources]]:
    """All templates, by their files, with intrinsic functions in their long form: ours, and below
    `front-desk/` those of a new project."""
    place = tmp_path_factory.mktemp("new")
    new = (sys.executable, "-m", "offhook.command.main", "new", "front-desk", "--calling-out")
    subprocess.run(new, cwd=place, capture_output=True, check=True)
    ours = [file.relative_to(ROOT) for file in FILES if is_template(file)]
    theirs = [file.relative_to(place) for file in place.rglob("*") if is_template(file)]
    return _read(ROOT, ours) | _read(place, theirs)


def _read(place: Path, files: list[Path]) -> dict[str, dict[str, Resources]]:
    program = [str(SAM / "python"), "-c", READ, *map(str, sorted(files))]
    found = subprocess.run(program, cwd=place, capture_output=True, text=True, check=True)
    return cast("dict[str, dict[str, Resources]]", json.loads(found.stdout))


def is_template(file: Path) -> bool:
    """Whether it is one of SAM or CloudFormation that somebody deploys."""
    begins = file.suffix == ".yaml" and file.read_text(encoding="utf-8")[:24]
    return begins == "AWSTemplateFormatVersion" and not file.is_relative_to(ROOT / "tests")


@pytest.fixture(scope="session")
def templates(
    every_template: dict[str, dict[str, Resources]],
) -> dict[str, dict[str, Resources]]:
    """Those of this repository, without what a new project gets."""
    return {name: one for name, one in every_template.items() if not name.startswith("front-desk/")}


@pytest.fixture(scope="session")
def resources(templates: dict[str, dict[str, Resources]]) -> Resources:
    """The resources of all templates: no two have one of the same name."""
    found: Resources = {}
    for template in templates.values():
        assert not found.keys() & template["Resources"].keys()
        found |= template["Resources"]
    return found


@pytest.fixture(scope="session")
def parameters(templates: dict[str, dict[str, Resources]]) -> Resources:
    """The parameters that somebody sets: those of the stacks, not of what is nested in them."""
    return (
        templates["templates/calling-out.yaml"]["Parameters"]
        | (templates["template.yaml"]["Parameters"])
    )


@pytest.fixture(scope="session")
def builds() -> dict[str, Path]:
    """The folders that `sam build` made, by their functions."""
    assert BUILD.is_dir(), "nothing is built: run `make check`, which builds first"
    assert CALLING_OUT.is_dir(), "calling out is not built: run `make check`, which builds first"
    return {
        "CallFunction": BUILD / "CallFunction",
        "ProvisioningFunction": BUILD / "Provisioning" / "ProvisioningFunction",
        "TriggerFunction": CALLING_OUT / "TriggerFunction",
    }


@pytest.fixture(scope="session")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of what is here, committed or not."""
    place = tmp_path_factory.mktemp("origin")
    for file in FILES:
        copy = place / file.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, copy)
    who = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.com")
    succeeds("git", "init", "-q", cwd=place)
    succeeds("git", "add", "-A", cwd=place)
    succeeds(*("git", *who, "-c", "commit.gpgsign=false", "commit", "-q", "-m", "All"), cwd=place)
    return place
