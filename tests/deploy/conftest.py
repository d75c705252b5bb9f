"""What the tests of deployment need: the SAM CLI's environment, a build, a repository."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import cast

import pytest

from tests.deploy.elsewhere import succeeds
from tests.deploy.shapes import Resources
from tests.project.test_house import FILES

ROOT = Path(__file__).parents[2]
SAM = ROOT / ".venv-sam" / "bin"
BUILD = ROOT / ".aws-sam" / "build"

READ = (
    "import json, sys; from samcli.yamlhelper import yaml_parse; "
    "print(json.dumps(yaml_parse(open(sys.argv[1]).read())))"
)


@pytest.fixture(scope="session")
def template() -> dict[str, Resources]:
    """template.yaml, with intrinsic functions in their long form."""
    program = [str(SAM / "python"), "-c", READ, str(ROOT / "template.yaml")]
    found = subprocess.run(program, capture_output=True, text=True, check=True)
    return cast("dict[str, Resources]", json.loads(found.stdout))


@pytest.fixture(scope="session")
def resources(template: dict[str, Resources]) -> Resources:
    """The resources of the template."""
    return template["Resources"]


@pytest.fixture(scope="session")
def parameters(template: dict[str, Resources]) -> Resources:
    """The parameters of the template."""
    return template["Parameters"]


@pytest.fixture(scope="session")
def builds() -> Path:
    """The folder that `sam build` made, with a folder for each function."""
    assert BUILD.is_dir(), "nothing is built: run `make check`, which builds first"
    return BUILD


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
