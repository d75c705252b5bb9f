"""Settings are written into the configuration, and nothing else in it changes."""

import tomllib
from pathlib import Path

import pytest

from offhook.emulator.service.config import load
from offhook.emulator.service.config_file import ConfigError
from offhook.emulator.service.config_settings import write_settings

PROJECT = """[project]
name = "mine"

[tool.offhook]
region = "eu-central-1"
%s
[tool.ruff]
line-length = 100
"""


@pytest.mark.parametrize(
    "section",
    [
        "",
        "[tool.offhook.settings]\n",
        "[tool.offhook.settings] # of ours\nbarge_in = true  # it was\npause_answers = false\n",
    ],
)
def test_they_are_in_the_project_s_file(tmp_path: Path, section: str) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text(PROJECT % section, encoding="utf-8")
    new = {"barge_in": False, "bad_reply": "hang_up"}
    assert write_settings(tmp_path, new) == file
    settings = load(tmp_path).settings
    assert (settings.barge_in, settings.bad_reply) == (False, "hang_up")
    read = tomllib.loads(file.read_text(encoding="utf-8"))
    assert read["tool"]["ruff"] == {"line-length": 100}
    assert read["tool"]["offhook"]["region"] == "eu-central-1"
    assert file.read_text(encoding="utf-8").count("barge_in") == 1


def test_without_a_project_they_are_in_offhook_toml(tmp_path: Path) -> None:
    file = write_settings(tmp_path, {"bad_reply": "hang_up"})
    assert file.read_text(encoding="utf-8") == '[settings]\nbad_reply = "hang_up"\n'


def test_what_stands_there_in_another_way_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "offhook.toml"
    text = "settings = { barge_in = true }\n"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"write there\n\[settings\]\nbarge_in = false"):
        write_settings(tmp_path, {"barge_in": False})
    assert file.read_text(encoding="utf-8") == text
