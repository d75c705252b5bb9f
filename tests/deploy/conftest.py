"""What the tests of deployment need: the SAM CLI's environment, and a build."""

import json
import subprocess
from pathlib import Path
from typing import cast

import pytest

from tests.deploy.shapes import Resources

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
