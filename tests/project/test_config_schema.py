"""The JSON Schema of the configuration is the model's, and takes what the pages show."""

import json
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from docs.generate_config import FILE, schema
from tests.json_schema import validator
from tests.project.test_house import ROOT

SCHEMA: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
BLOCK = re.compile(r"^```toml\n(.*?)^```", re.MULTILINE | re.DOTALL)
SHOWN = [
    pytest.param(table, id=f"{page.name} {number}")
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
    for number, block in enumerate(BLOCK.findall(page.read_text(encoding="utf-8")), 1)
    if (table := tomllib.loads(block).get("tool", {}).get("offhook")) is not None
]


def test_it_is_fresh() -> None:
    assert FILE.read_text(encoding="utf-8") == schema(), "docs/offhook.schema.json: make docs"


@cache
def says() -> Any:
    """What holds a table against it. It is a schema."""
    return validator(SCHEMA)


@pytest.mark.parametrize("table", SHOWN)
def test_it_takes_what_the_pages_show(table: object) -> None:
    says().validate(table)


def test_it_takes_the_configuration_of_this_house() -> None:
    project = tomllib.loads(Path(ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    says().validate(project["tool"]["offhook"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"promts": "audio"},
        {"settings": {"bargein": False}},
        {"far_ends": {"+15550107777": {"is": "Sleeps"}}},
        {"far_ends": {"+15550107777": {"is": "Voicemail", "says": ["Hello."]}}},
        {"bots": [{"intent": "BookRoom"}]},
        {"functions": {"orders": 5}},
    ],
    ids=str,
)
def test_it_finds_what_is_wrong(wrong: object) -> None:
    assert not says().is_valid(wrong)


def test_every_key_of_the_first_level_is_described() -> None:
    bare = [name for name, key in SCHEMA["properties"].items() if not key.get("description")]
    assert bare == [], "write a string below each in service/config.py"
