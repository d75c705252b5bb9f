"""The parameters of a template: as `sam deploy` would set them, by samconfig.toml beside it."""

import re
import shlex
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, TypeAlias, cast

from offhook.emulator.function.function import FunctionNotFound

Table: TypeAlias = Mapping[str, object]

NAME: Final = "samconfig.toml"
_PAIR: Final = re.compile(r"ParameterKey=(\w+),ParameterValue=(.*)|(\w+)=(.*)", re.DOTALL)


def overrides(template: Path) -> Mapping[str, str]:
    """`parameter_overrides` of the environment `default`, for `deploy` and in general, where it is
    about this template. Raises `FunctionNotFound` for a file that is not TOML."""
    built = [each.parent for each in template.parents if each.name == ".aws-sam"]
    file = (built or [template.parent])[0] / NAME
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError:
        return {}
    except ValueError as error:
        raise FunctionNotFound(f"{file} is not TOML: {error}") from None
    usual = _table(found.get("default"))
    said = {**_parameters(usual, "global"), **_parameters(usual, "deploy")}
    other = said.get("template", said.get("template_file", ""))
    if not built and other and (file.parent / str(other)).resolve() != template.resolve():
        return {}
    return dict(_pairs(said.get("parameter_overrides")))


def in_effect(parameters: Table, overridden: Mapping[str, str]) -> Mapping[str, object]:
    """The value of each that has one. What is looked up in Systems Manager only the cloud knows."""
    found: dict[str, object] = {}
    for name, parameter in parameters.items():
        said = _table(parameter)
        kind = str(said.get("Type"))
        value = overridden.get(name, said.get("Default"))
        if value is None or kind.startswith("AWS::SSM::Parameter::Value"):
            continue
        is_list = kind == "CommaDelimitedList" or kind.startswith("List<")
        found[name] = [part.strip() for part in str(value).split(",")] if is_list else value
    return found


def _parameters(environment: Table, command: str) -> Table:
    return _table(_table(environment.get(command)).get("parameters"))


def _pairs(said: object) -> Iterator[tuple[str, str]]:
    if isinstance(said, dict):
        yield from ((name, str(value)) for name, value in cast("Table", said).items())
        return
    parts = map(str, cast("list[object]", said)) if isinstance(said, list) else _words(said)
    for pair in map(_PAIR.fullmatch, parts):
        if pair is not None:
            key, value, name, other = pair.groups()
            yield key or name, value if key else other


def _words(said: object) -> list[str]:
    try:
        return shlex.split(str(said or ""))
    except ValueError:  # a quote that does not end: SAM refuses it
        return []


def _table(value: object) -> Table:
    return cast("Table", value) if isinstance(value, dict) else {}
