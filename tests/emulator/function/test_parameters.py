"""The parameters of a template, as samconfig.toml says."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from offhook.emulator.function.function import FunctionNotFound
from offhook.emulator.function.parameters import in_effect, overrides

BOTH = {"Stage": "prod", "Greeting": "Good day"}


def _written(folder: Path, text: str) -> Path:
    (folder / "samconfig.toml").write_text(text)
    return folder / "template.yaml"


@pytest.mark.parametrize(
    "said",
    [
        '"Stage=prod Greeting=\\"Good day\\""',
        '["Stage=prod", "Greeting=Good day"]',
        "['ParameterKey=Stage,ParameterValue=prod', 'Greeting=Good day']",
        '{ Stage = "prod", Greeting = "Good day" }',
    ],
)
def test_each_way_in_which_sam_takes_them_is_read(tmp_path: Path, said: str) -> None:
    text = f"version = 0.1\n[default.deploy.parameters]\nparameter_overrides = {said}\n"
    assert overrides(_written(tmp_path, text)) == BOTH


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('[default.global.parameters]\nparameter_overrides = "Stage=all"\n', {"Stage": "all"}),
        ('[prod.deploy.parameters]\nparameter_overrides = "Stage=prod"\n', {}),
        (
            '[default.deploy.parameters]\ntemplate = "other.yaml"\nparameter_overrides = "A=1"\n',
            {},
        ),
        ('[default.deploy.parameters]\nparameter_overrides = "Stage=\'x"\n', {}),
        ("[default]\ndeploy = 1\n", {}),
    ],
)
def test_what_is_not_about_it_is_left_out(
    tmp_path: Path, text: str, found: Mapping[str, str]
) -> None:
    assert overrides(_written(tmp_path, text)) == found


def test_what_is_built_has_those_of_its_project(tmp_path: Path) -> None:
    _written(tmp_path, '[default.deploy.parameters]\nparameter_overrides = "Stage=prod"\n')
    built = tmp_path / ".aws-sam" / "build" / "template.yaml"
    assert overrides(built) == {"Stage": "prod"}


def test_without_a_file_there_are_none(tmp_path: Path) -> None:
    assert overrides(tmp_path / "template.yaml") == {}


def test_a_file_that_is_not_toml_is_said(tmp_path: Path) -> None:
    with pytest.raises(FunctionNotFound, match=r"samconfig\.toml is not TOML: "):
        overrides(_written(tmp_path, "[default"))


def test_a_parameter_is_its_default_unless_it_is_overridden() -> None:
    parameters = {
        "Stage": {"Type": "String", "Default": "dev"},
        "Ports": {"Type": "List<Number>", "Default": "1, 2"},
        "Table": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/table"},
        "Any": {"Type": "String"},
    }
    assert in_effect(parameters, {}) == {"Stage": "dev", "Ports": ["1", "2"]}
    assert in_effect(parameters, BOTH)["Stage"] == "prod"
    assert in_effect(parameters, {"Any": "now"})["Any"] == "now"
