"""A function as a template of SAM or CloudFormation describes it: `template.yaml:CallFunction`.

Code, layers, handler, runtime, variables, timeout and memory are read from it. What only the cloud
knows (`!GetAtt` of a resource that is not given a name, ...) is left out, and said.
"""

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from offhook.emulator.function.credentials import theirs
from offhook.emulator.function.environment import Launch
from offhook.emulator.function.environments import Environments
from offhook.emulator.function.function import FunctionNotFound, Limits
from offhook.emulator.function.intrinsics import Intrinsic, Table, Values, shown, table
from offhook.emulator.function.layers import Layers
from offhook.emulator.function.node import node_function
from offhook.emulator.function.parameters import overrides
from offhook.emulator.function.provided import provided
from offhook.emulator.function.python_file import find_file, python_function
from offhook.emulator.function.variables import read_env, variables
from offhook.emulator.function.zipped import unpacked

if TYPE_CHECKING:
    import yaml

SERVERLESS, PLAIN = "AWS::Serverless::Function", "AWS::Lambda::Function"
LAMBDA_SECONDS, LAMBDA_MB = 3.0, 128
"""What Lambda gives a function whose template does not say (Lambda guide: "Configuring functions").
"""
NESTED = {
    "AWS::CloudFormation::Stack": "TemplateURL",
    "AWS::Serverless::Application": "Location",
}
"""Where a resource that is another template says where that is."""
COMPILED = (".js", ".mjs", ".cjs", "/index.js")


class Template:
    """A file, and the functions in it."""

    def __init__(self, file: Path, limits: Limits, within: "Template | None" = None) -> None:
        """Raises `FunctionNotFound` for what is no template. One `within` another has the
        parameters that that says."""
        self.file = file
        self._limits = limits
        self._within = within
        found = _read(file)
        overridden = within.parameters_of(file) if within else overrides(file)
        self.value = Values(found, limits, overridden).value
        """What a value is here; an `Intrinsic` where only the cloud knows it."""
        self.resources = table(found.get("Resources"))
        self.outputs = table(found.get("Outputs"))
        self._globals = table(table(found.get("Globals")).get("Function"))

    def properties(self, name: str) -> Table:
        """What is said of a function. Raises `FunctionNotFound`, which lists those there are."""
        resource = table(self.resources.get(name))
        if resource.get("Type") not in (SERVERLESS, PLAIN):
            there = [each for template in self.every() for each in template.functions()]
            raise FunctionNotFound(
                f"{self.file} has no function {name!r}: it has {', '.join(there) or 'none'}"
            )
        own = table(resource.get("Properties"))
        if resource.get("Type") == PLAIN:
            asset = table(resource.get("Metadata")).get("aws:asset:path")  # as the CDK writes it
            code = own.get("Code") if asset is None else asset
            return {"Layers": [], **own, "CodeUri": code}
        variables = {**self._variables(self._globals), **self._variables(own)}
        layers = [each for of in (self._globals, own) for each in _listed(of.get("Layers"))]
        both = {**self._globals, **own}
        return {**both, "Environment": {"Variables": variables}, "Layers": layers}

    def every(self) -> Iterator["Template"]:
        """This one, and those that it nests and that are here. Raises `FunctionNotFound`."""
        yield self
        for file in self._nested():
            yield from Template(file, self._limits, self).every()

    def having(self, name: str) -> "Template":
        """That of them which has a function, else this one. Raises `FunctionNotFound`."""
        return next((each for each in self.every() if name in each.functions()), self)

    def parameters_of(self, file: Path) -> Mapping[str, str]:
        """What it hands on to a template that it nests, as far as that is known here."""
        found: dict[str, str] = {}
        for name, each in self._nested()[file].items():
            value = self.value(each)
            if isinstance(value, list):
                found[name] = ",".join(map(str, _listed(cast("object", value))))
            elif value is not None and not isinstance(value, Intrinsic):
                found[name] = str(value)
        return found

    def _nested(self) -> dict[Path, Table]:
        """The templates that it nests, with their parameters; none that it is nested in itself."""
        found: dict[Path, Table] = {}
        for resource in map(table, self.resources.values()):
            said = table(resource.get("Properties"))
            place = self.value(said.get(NESTED.get(str(resource.get("Type")), "")))
            file = (self.file.parent / str(place)).resolve()
            if isinstance(place, str) and file.is_file() and file not in self._above():
                found[file] = table(said.get("Parameters"))
        return found

    def _above(self) -> list[Path]:
        return [self.file.resolve(), *(self._within._above() if self._within else ())]

    def of_type(self, kind: str) -> dict[str, Table]:
        """The properties of the resources of a type, by their logical ids."""
        return {
            name: table(table(resource).get("Properties"))
            for name, resource in self.resources.items()
            if table(resource).get("Type") == kind
        }

    def functions(self) -> list[str]:
        """The logical ids of its functions."""
        return [name for name, resource in self.resources.items() if _is_function(resource)]

    def function(self, called: str) -> str | None:
        """The logical id of the function that is called so here."""
        for name, resource in self.resources.items():
            own = self.value(table(table(resource).get("Properties")).get("FunctionName"))
            if _is_function(resource) and called == (own if isinstance(own, str) else name):
                return name
        return None

    def text(self, name: str, properties: Table, key: str) -> str:
        """A property that must be there, as text. Raises `FunctionNotFound`."""
        value = self.value(properties.get(key))
        if isinstance(value, str) and value:
            return value
        is_what = (
            "is missing" if value is None else f"is {shown(value)}, which only the cloud knows"
        )
        raise FunctionNotFound(
            f"{self.file}: {key} of {name} {is_what}: name the code itself instead, as in "
            "HANDLER=app/handler.py:lambda_handler"
        )

    def number(self, name: str, properties: Table, key: str, default: float) -> float:
        """A property that is a number. Raises `FunctionNotFound`."""
        value = self.value(properties.get(key))
        try:
            return default if value is None else float(str(value))
        except ValueError:
            raise FunctionNotFound(
                f"{self.file}: {key} of {name} is no number: {shown(value)}"
            ) from None

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
            elif value is not None:
                unknown[key] = shown(value)
        return known, unknown

    def _variables(self, properties: Table) -> Table:
        environment = table(self.value(properties.get("Environment")))
        return table(self.value(environment.get("Variables")))


def of_template(name: str, limits: Limits) -> Environments:
    """The function of `template.yaml:CallFunction`. Raises `FunctionNotFound`, which says why."""
    file, function = find_file(name, "CallFunction")
    template = Template(file, limits).having(function)
    file = template.file
    properties = template.properties(function)
    place = _code(template, function, properties)
    is_zip = place.is_file()
    home = file.parent if is_zip else place
    variables, unknown = template.environment(properties)
    set_here = theirs().keys() - provided().keys()
    env = {key: value for key, value in read_env(home / ".env").items() if key not in set_here}
    there = {*set_here, *env, *limits.environment}
    called = template.value(properties.get("FunctionName"))
    limits = replace(
        limits,
        timeout=template.number(function, properties, "Timeout", LAMBDA_SECONDS),
        memory_mb=int(template.number(function, properties, "MemorySize", LAMBDA_MB)),
        environment={
            **{key: value for key, value in variables.items() if key not in there},
            **env,
            **limits.environment,
        },
        name=limits.name or (called if isinstance(called, str) else function),
    )
    runtime = template.text(function, properties, "Runtime")
    launch = _launch(template, function, properties, _unzipped(place) if is_zip else place, limits)
    # Lambda sets what the template names, and the desk stands in for the rest of the cloud alone.
    unnamed = {key for key in provided() if not key.startswith("AWS_")} - {*variables, *unknown}
    desks = unnamed - there
    here = {key: value for key, value in launch.environment.items() if key not in desks}
    here["AWS_EXECUTION_ENV"] = f"AWS_Lambda_{runtime}"
    layers = Layers(properties["Layers"], template.resources, template.value, file.parent)
    for key, path in layers.path(runtime).items():
        here[key] = ":".join(filter(None, (here.get(key), path)))
    missing = {key: value for key, value in unknown.items() if key not in here}
    notes = (
        *_notes(template, function, properties, missing, sorted(desks)),
        *(
            f"the layer {each} is left out: install what it brings beside the code"
            for each in layers.elsewhere
        ),
        *_other_version(runtime, launch.command[0]),
    )
    note = "".join(f"{file.name}: {each}\n" for each in notes)
    return Environments(replace(launch, environment=here, note=note))


def _unzipped(file: Path) -> Path:
    """The code of a zip, with the packages that are installed beside it: in Lambda the runtime has
    the AWS SDK, wherever the code is. Raises `FunctionNotFound`."""
    folder = unpacked(file)
    link = folder / "node_modules"
    beside = next((to for to in file.parents if (to / "node_modules").is_dir()), None)
    if beside is not None and not link.exists():
        with suppress(OSError):
            link.symlink_to(beside / "node_modules")
    return folder


def _launch(
    template: Template, name: str, properties: Table, folder: Path, limits: Limits
) -> Launch:
    """How the code in a folder is started. Raises `FunctionNotFound`."""
    handler = template.text(name, properties, "Handler")
    runtime = template.text(name, properties, "Runtime")
    if runtime.startswith("python"):
        stem, _, attribute = handler.rpartition(".")
        code = folder / f"{stem.replace('.', '/')}.py"
        _check(code, template, name, handler, folder)
        home = folder if folder.is_relative_to(template.file.parent) else template.file.parent
        return python_function(code, attribute, folder, limits, home).launch
    if runtime.startswith("nodejs"):
        within, _, last = handler.rpartition("/")
        stem, _, attribute = last.partition(".")
        files = [folder / within / f"{stem}{suffix}" for suffix in COMPILED]
        code = next((each for each in files if each.is_file()), files[0])
        _check(code, template, name, handler, folder)
        return node_function(code, attribute, folder, limits).launch
    if runtime.startswith("provided"):
        program = folder / "bootstrap"
        if not os.access(program, os.X_OK):
            lacks = "is not executable" if program.is_file() else "is not there"
            raise FunctionNotFound(
                f"{template.file}: {name} runs on {runtime}, and {program} {lacks}: `sam build`, "
                f"and name .aws-sam/build/template.yaml:{name}"
            )
        called = limits.name or folder.name
        environment = variables(called, folder, handler, limits)
        return Launch(called, [str(program)], folder, handler, environment, limits)
    raise FunctionNotFound(
        f"{template.file}: {name} runs on {runtime}, which is not run from a template here "
        "(python, nodejs and provided are): name a program that speaks the Lambda Runtime API, as "
        "in command: ./bootstrap, or the URL of `sam local start-lambda`"
    )


def _code(template: Template, name: str, properties: Table) -> Path:
    """The folder or the zip with the code. Raises `FunctionNotFound` where it is not here."""
    code = template.value(properties.get("CodeUri", "."))
    elsewhere = ""
    if template.value(properties.get("PackageType")) == "Image":
        elsewhere = "is an image"
    elif "InlineCode" in properties or "ZipFile" in table(code):
        elsewhere = "has its code in the template"
    elif not isinstance(code, str) or code.startswith("s3://"):
        elsewhere = "has its code in S3"
    if elsewhere:
        raise FunctionNotFound(
            f"{template.file}: {name} {elsewhere}: name its file, as in "
            "HANDLER=app/handler.py:lambda_handler, or run it elsewhere and name the URL"
        )
    return (template.file.parent / str(code)).resolve()


def _check(code: Path, template: Template, name: str, handler: str, folder: Path) -> None:
    if code.is_file():
        return
    if "." not in handler:
        raise FunctionNotFound(
            f"{template.file}: the handler of {name} is {handler}: it wants the file and the "
            f"function in it, as in {handler or 'app'}.handler"
        )
    hint = "" if folder.is_dir() else f": there is no {folder}"
    if code.with_suffix(".ts").is_file():
        hint = ": it is TypeScript. `sam build`, and name .aws-sam/build/template.yaml:" + name
    elif elsewhere := next(folder.rglob(code.name), None):
        hint = f": there is {elsewhere.relative_to(folder)}, which is another place"
    raise FunctionNotFound(
        f"{template.file}: the handler of {name} is {handler}, and there is no file "
        f"{code.relative_to(folder)} in its code{hint}"
    )


def _notes(
    template: Template,
    name: str,
    properties: Table,
    missing: Mapping[str, str],
    desks: Sequence[str],
) -> Iterator[str]:
    """What is not as it would be in the cloud, or as one might think: said once, with what the
    function writes."""
    for key, value in missing.items():
        yield f"{key} is {value}, which only the cloud knows: set it, as in .env"
    if desks:
        yield f"{name} sets no {', '.join(desks)}: not set here either, as for other functions"
    if template.value(properties.get("Timeout")) is None:
        yield f"Timeout of {name} is not set: it is Lambda's own, {LAMBDA_SECONDS:g} s"


def _other_version(runtime: str, program: str) -> Iterator[str]:
    """Whether what runs it here is of another version."""
    if runtime.startswith("provided"):
        return
    try:
        said = subprocess.run(
            [program, "--version"], capture_output=True, text=True, check=False, timeout=10
        ).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return  # that it does not start is said when it is started
    wanted = re.sub(r"^[a-z]+|\.x$", "", runtime)
    if not re.search(rf"\b{re.escape(wanted)}\.|v{re.escape(wanted)}\.", said):
        yield f"Runtime is {runtime}, and here it runs on {said.replace('v', 'Node ', 1)}"


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
        """Knows that `!Ref` and the like are CloudFormation's. libyaml, where PyYAML has it, reads
        for it, several times as fast; what is nested too deeply would end its own loader."""

        def __init__(self, stream: str) -> None:
            super().__init__(stream)
            if reader := getattr(yaml, "CSafeLoader", None):
                events = reader(stream)
                for part in ("check_event", "peek_event", "get_event"):
                    setattr(self, part, getattr(events, part))

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


def _listed(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []


def _is_function(resource: object) -> bool:
    return table(resource).get("Type") in (SERVERLESS, PLAIN)
