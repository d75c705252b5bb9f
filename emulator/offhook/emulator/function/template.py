"""A function as a template of SAM or CloudFormation describes it: `template.yaml:CallFunction`.

Code, handler, runtime, variables, timeout and memory are read from it. What only the cloud knows
(`!GetAtt`, `!Sub`, ...) is left out, and said.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from offhook.emulator.function.environments import Environments
from offhook.emulator.function.function import FunctionNotFound, Limits
from offhook.emulator.function.node import node_function
from offhook.emulator.function.python_file import find_file, python_function
from offhook.emulator.function.variables import read_env

if TYPE_CHECKING:
    import yaml

Table = Mapping[str, object]

SERVERLESS, PLAIN = "AWS::Serverless::Function", "AWS::Lambda::Function"
LAMBDA_SECONDS, LAMBDA_MB = 3.0, 128
"""What Lambda gives a function whose template does not say (Lambda guide: "Configuring functions").
"""
COMPILED = (".js", ".mjs", ".cjs")


@dataclass(frozen=True, slots=True)
class Intrinsic:
    """A value that CloudFormation works out when it deploys: `!Ref Table`."""

    kind: str
    argument: object

    def __str__(self) -> str:
        return f"!{self.kind.removeprefix('Fn::')} {self.argument}"


class Template:
    """A file, and the functions in it."""

    def __init__(self, file: Path, limits: Limits) -> None:
        """Raises `FunctionNotFound` for what is no template."""
        self.file = file
        found = _read(file)
        self._resources = _table(found.get("Resources"))
        self._globals = _table(_table(found.get("Globals")).get("Function"))
        self._known: dict[str, object] = {
            name: _table(parameter)["Default"]
            for name, parameter in _table(found.get("Parameters")).items()
            if "Default" in _table(parameter)
        }
        self._known |= {"AWS::Region": limits.region, "AWS::AccountId": limits.account}

    def properties(self, name: str) -> Table:
        """What is said of a function. Raises `FunctionNotFound`, which lists those there are."""
        resource = _table(self._resources.get(name))
        if resource.get("Type") not in (SERVERLESS, PLAIN):
            there = [key for key, each in self._resources.items() if _is_function(each)]
            raise FunctionNotFound(
                f"{self.file} has no function {name!r}: it has {', '.join(there) or 'none'}"
            )
        own = _table(resource.get("Properties"))
        if resource.get("Type") == PLAIN:
            asset = _table(resource.get("Metadata")).get("aws:asset:path")  # as the CDK writes it
            code = own.get("Code") if asset is None else asset
            return {**own, "CodeUri": code}
        variables = {**self._variables(self._globals), **self._variables(own)}
        return {**self._globals, **own, "Environment": {"Variables": variables}}

    def value(self, value: object) -> object:
        """A value, where a parameter's default or the desk says what a `Ref` is."""
        found = _intrinsic(value)
        if isinstance(found, Intrinsic) and found.kind == "Ref":
            return self._known.get(str(found.argument), found)
        return found

    def text(self, name: str, properties: Table, key: str) -> str:
        """A property that must be there, as text. Raises `FunctionNotFound`."""
        value = self.value(properties.get(key))
        if isinstance(value, str) and value:
            return value
        is_what = "is missing" if value is None else f"is {value}, which only the cloud knows"
        raise FunctionNotFound(
            f"{self.file}: {key} of {name} {is_what}: name the code itself instead, as in "
            "HANDLER=app/handler.py:lambda_handler"
        )

    def number(self, name: str, properties: Table, key: str, default: float) -> float:
        """A property that is a number. Raises `FunctionNotFound`."""
        value = self.value(properties.get(key, default))
        try:
            return float(str(value))
        except ValueError:
            raise FunctionNotFound(f"{self.file}: {key} of {name} is no number: {value}") from None

    def environment(self, properties: Table) -> tuple[dict[str, str], dict[str, str]]:
        """The variables, and those that only the cloud knows."""
        known: dict[str, str] = {}
        unknown: dict[str, str] = {}
        for key, given in self._variables(properties).items():
            value = self.value(given)
            if isinstance(value, bool):
                known[key] = str(value).lower()
            elif isinstance(value, str | int | float):
                known[key] = str(value)
            else:
                unknown[key] = str(value)
        return known, unknown

    @staticmethod
    def _variables(properties: Table) -> Table:
        return _table(_table(properties.get("Environment")).get("Variables"))


def of_template(name: str, limits: Limits) -> Environments:
    """The function of `template.yaml:CallFunction`. Raises `FunctionNotFound`, which says why."""
    file, function = find_file(name, "CallFunction")
    template = Template(file, limits)
    properties = template.properties(function)
    folder = _code(template, function, properties)
    variables, unknown = template.environment(properties)
    there = {*os.environ, *read_env(folder / ".env"), *limits.environment}
    called = template.value(properties.get("FunctionName"))
    limits = replace(
        limits,
        timeout=template.number(function, properties, "Timeout", LAMBDA_SECONDS),
        memory_mb=int(template.number(function, properties, "MemorySize", LAMBDA_MB)),
        environment={
            **{key: value for key, value in variables.items() if key not in there},
            **limits.environment,
        },
        name=limits.name or (called if isinstance(called, str) else function),
    )
    missing = {key: value for key, value in unknown.items() if key not in there}
    note = "".join(_notes(template, properties, missing))
    handler = template.text(function, properties, "Handler")
    runtime = template.text(function, properties, "Runtime")
    place, _, attribute = handler.rpartition(".")
    if runtime.startswith("python"):
        code = folder / f"{place.replace('.', '/')}.py"
        _check(code, template, function, handler)
        return python_function(code, attribute, folder, limits, note)
    if runtime.startswith("nodejs"):
        files = [folder / f"{place}{suffix}" for suffix in COMPILED]
        code = next((each for each in files if each.is_file()), files[0])
        _check(code, template, function, handler)
        return node_function(code, attribute, folder, limits, note)
    raise FunctionNotFound(
        f"{file}: {function} runs on {runtime}, which is not run from a template here (python and "
        "nodejs are): name a program that speaks the Lambda Runtime API, as in "
        "command: ./bootstrap, or the URL of `sam local start-lambda`"
    )


def _code(template: Template, name: str, properties: Table) -> Path:
    """The folder with the code. Raises `FunctionNotFound` where it is not on this disk."""
    code = template.value(properties.get("CodeUri", "."))
    elsewhere = ""
    if template.value(properties.get("PackageType")) == "Image":
        elsewhere = "is an image"
    elif "InlineCode" in properties or "ZipFile" in _table(code):
        elsewhere = "has its code in the template"
    elif not isinstance(code, str) or code.startswith("s3://"):
        elsewhere = "has its code in S3"
    if elsewhere:
        raise FunctionNotFound(
            f"{template.file}: {name} {elsewhere}: name its file, as in "
            "HANDLER=app/handler.py:lambda_handler, or run it elsewhere and name the URL"
        )
    return (template.file.parent / str(code)).resolve()


def _check(code: Path, template: Template, name: str, handler: str) -> None:
    if code.is_file():
        return
    hint = ""
    if code.with_suffix(".ts").is_file():
        hint = ": it is TypeScript. `sam build`, and name .aws-sam/build/template.yaml:" + name
    raise FunctionNotFound(
        f"{template.file}: the handler of {name} is {handler}, and there is no file {code}{hint}"
    )


def _notes(template: Template, properties: Table, missing: Mapping[str, str]) -> Iterator[str]:
    """What is not as it would be in the cloud: said once, with what the function writes."""
    file = template.file.name
    for key, value in missing.items():
        yield f"{file}: {key} is {value}, which only the cloud knows: set it, as in .env\n"
    if properties.get("Layers"):
        yield f"{file}: Layers are left out: install what they bring beside the code\n"


def _read(file: Path) -> Table:
    """The template as it is written. Raises `FunctionNotFound`."""
    try:
        text = file.read_text(encoding="utf-8")
        found: object = json.loads(text) if file.suffix == ".json" else _read_yaml(file, text)
    except (OSError, ValueError, RecursionError) as error:
        raise FunctionNotFound(f"{file} cannot be read as a template: {error}") from None
    if not isinstance(found, dict) or "Resources" not in found:
        raise FunctionNotFound(f"{file} is no template of SAM or CloudFormation: no Resources")
    return cast("Table", found)


def _read_yaml(file: Path, text: str) -> object:
    try:
        import yaml
    except ModuleNotFoundError:
        raise FunctionNotFound(
            f'reading {file} needs PyYAML: pip install "offhook[emulator]"'
        ) from None

    class Loader(yaml.SafeLoader):
        """Knows that `!Ref` and the like are CloudFormation's."""

    def intrinsic(loader: Loader, kind: str, node: "yaml.Node") -> Intrinsic:
        argument: object
        if isinstance(node, yaml.MappingNode):
            argument = loader.construct_mapping(node, deep=True)
        elif isinstance(node, yaml.SequenceNode):
            argument = loader.construct_sequence(node, deep=True)
        else:
            argument = node.value
        return Intrinsic(kind, argument)

    add = cast("Callable[[str, object], None]", Loader.add_multi_constructor)
    add("!", intrinsic)
    try:
        return cast("object", yaml.load(text, Loader))
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from None


def _table(value: object) -> Table:
    return cast("Table", value) if isinstance(value, dict) else {}


def _intrinsic(value: object) -> object:
    """`{"Ref": "Table"}` is the long form of `!Ref Table`; anything else is itself."""
    kind, argument = next(iter(_table(value).items()), ("", None))
    is_one = len(_table(value)) == 1 and (kind == "Ref" or kind.startswith("Fn::"))
    return Intrinsic(kind, argument) if is_one else value


def _is_function(resource: object) -> bool:
    return _table(resource).get("Type") in (SERVERLESS, PLAIN)
