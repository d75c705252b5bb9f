"""What a template lacks of what the flows in its folder need: the desk stands in for it, no stack.

A line on the phone apologises, or keeps nothing, for want of a variable, a bucket's policy, a
permission; at the desk everything is there. This compares the two.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final, NamedTuple, cast

from offhook.emulator.function.function import Limits
from offhook.emulator.function.intrinsics import Intrinsic, Table, intrinsic, shown, table
from offhook.emulator.function.names import names_others, runs_here
from offhook.emulator.function.needs import (
    DELIVERIES,
    LEDGER,
    PROMPTS,
    RECORDINGS,
    Need,
    imports,
    needs,
)
from offhook.emulator.function.template import Template

FILES: Final = ("template.yaml", "template.yml")
SERVICE: Final = "voiceconnector.chime.amazonaws.com"
MAKES: Final[Mapping[str, Sequence[str]]] = {
    PROMPTS: ("Prompts", "PromptsPolicy"),
    RECORDINGS: ("Recordings", "RecordingsPolicy"),
    LEDGER: ("Ledger",),
    DELIVERIES: ("Deliveries",),
}
"""What Offhook's own template has for a variable: the resource that it names, and what lets the
service in."""

DOES: Final[Mapping[str, Sequence[str]]] = {
    PROMPTS: ("s3:GetObject",),
    RECORDINGS: ("s3:PutObject", "s3:PutObjectAcl"),
}
"""What the service does with objects there."""


class Lack(NamedTuple):
    """Something that is not in a template, and should be."""

    says: str
    function: str
    """Of which function, by its name in the template."""
    variable: str = ""
    """A variable that is to be set."""
    resources: Sequence[str] = ()
    """To be there, by their names in Offhook's own template."""
    alias: str = ""
    """`.Alias` where the template publishes one of the function."""
    statement: str = ""
    """The resource that the function's role lets it use, by the same."""


def lacks(folder: Path, name: str) -> list[Lack]:
    """What the template in a folder lacks for a function (`flows.app:handler`, or as in
    `template.yaml:CallFunction`).

    Nothing where there is no template, or where none of its functions is this one. Raises
    `FunctionNotFound` for a template that cannot be read.
    """
    stack = stack_of(folder, name)
    return list(stack.lacks(needs(stack.code, stack.module).values())) if stack else []


def stack_of(folder: Path, name: str) -> "Stack | None":
    """The template in a folder, where one of its functions is this one. Raises
    `FunctionNotFound`."""
    if names_others(name):
        file, _, function = name.rpartition(":")
        template = Template(folder / file, Limits())
        if template.having(function) is not template:
            return None  # what it needs may be in any template above
        return Stack(template, function)
    found = next((folder / each for each in FILES if (folder / each).is_file()), None)
    if found is None or not runs_here(name):
        return None
    template = Template(found, Limits())
    stacks = (Stack(template, function) for function in template.functions())
    return next((one for one in stacks if one.handler == name.replace(":", ".")), None)


def has_no_follow(folder: Path, name: str) -> bool:
    """Whether a function of this process, whose source is here, tells the ledger nothing."""
    module = name.partition(":")[0]
    is_here = (folder / f"{module.replace('.', '/')}.py").is_file()
    return runs_here(name) and is_here and not imports(folder, module, "follow")


class Stack:
    """A function in its template."""

    def __init__(self, template: Template, function: str) -> None:
        self.template = template
        self.function = function
        self.properties = template.properties(function)
        self.handler = str(template.value(self.properties.get("Handler")))
        self.module = self.handler.rpartition(".")[0]
        self.code = template.file.parent / str(template.value(self.properties.get("CodeUri", ".")))

    def lacks(self, needed: Iterable[Need]) -> Iterator[Lack]:
        """What is not there, of what is needed, and of what every line needs."""
        file, function = self.template.file.name, self.function
        known, unknown = self.template.environment(self.properties)
        for need in needed:
            made: Sequence[str] = MAKES.get(need.variable, [])
            keeps = need.variable in (LEDGER, DELIVERIES)
            if need.variable not in {*known, *unknown}:
                yield Lack(
                    f"{file}: {function} sets no {need.variable}, and {need.where}: {need.why}",
                    function,
                    need.variable,
                    () if self._has(made[:1]) else made,
                    made[0] if keeps else "",
                )
                continue
            named = self._resource(need.variable)
            if named is None or not made:
                continue
            if not keeps:
                lacking = [do for do in DOES[need.variable] if not self._lets_service(named, do)]
                for action in lacking[:1]:
                    yield Lack(
                        f"{file}: no policy of {named} gives {SERVICE} {action}, and {need.where} "
                        "needs it",
                        function,
                        resources=made[1:],
                    )
            elif not self._role_may_use(named):
                yield Lack(
                    f"{file}: the role of {function} may not use {named}, and {need.where} needs "
                    "it",
                    function,
                    statement=made[0],
                )
        if not any(
            _is_in(SERVICE, said.get("Principal"))
            and _is_in(function, said.get("FunctionName"))
            and _allows(said, "lambda:InvokeFunction")
            for said in self.template.of_type("AWS::Lambda::Permission").values()
        ):
            yield Lack(
                f"{file}: {SERVICE} may not invoke {function}: every call is busy",
                function,
                resources=("ServiceMayInvoke",),
                alias=".Alias" if "AutoPublishAlias" in self.properties else "",
            )

    def _has(self, names: Sequence[str]) -> bool:
        return all(name in self.template.resources for name in names)

    def _resource(self, variable: str) -> str | None:
        """The resource of this template that a variable names, as `!Ref Prompts` does."""
        said = table(table(self.properties.get("Environment")).get("Variables")).get(variable)
        found = intrinsic(said)
        name = str(found.argument) if isinstance(found, Intrinsic) and found.kind == "Ref" else ""
        return name if name in self.template.resources else None

    def _lets_service(self, bucket: str, action: str) -> bool:
        return any(
            _is_in(SERVICE, statement.get("Principal"))
            and statement.get("Effect") == "Allow"
            and _allows(statement, action)
            for said in self.template.of_type("AWS::S3::BucketPolicy").values()
            if _is_in(bucket, said.get("Bucket"))
            for statement in _statements(said.get("PolicyDocument"))
        )

    def _role_may_use(self, table_name: str) -> bool:
        """Whether its role, or what SAM makes one of, says so anywhere; one that is made elsewhere
        is trusted."""
        role = self.properties.get("Role")
        if role is None:
            return _is_in(table_name, self.properties.get("Policies"))
        roles = self.template.of_type("AWS::IAM::Role")
        named = [said for name, said in roles.items() if _is_in(name, role)]
        return not named or any(_is_in(table_name, said) for said in named)


def _statements(document: object) -> Iterator[Table]:
    found = table(document).get("Statement")
    yield from map(table, cast("list[object]", found) if isinstance(found, list) else [found])


def _allows(statement: Table, action: str) -> bool:
    """Whether an action is among those of a statement, which may have asterisks."""
    said = re.findall(r"[\w:*?]+", shown(statement.get("Action")))
    return any(fnmatchcase(action, one) for one in said)


def _is_in(name: str, value: object) -> bool:
    """Whether a value names a resource, anywhere in it."""
    return re.search(rf"\b{re.escape(name)}\b", shown(value)) is not None
