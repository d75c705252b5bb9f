"""Draws what the templates make, and who names whom, in `docs/stack.md`."""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import cast

from offhook.emulator.function.function import Limits
from offhook.emulator.function.intrinsics import Intrinsic, intrinsic, table
from offhook.emulator.function.template import Template

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "stack.md"
DRAWN = re.compile(r"(?<=```mermaid\n).*?(?=```)", re.DOTALL)

TEMPLATES = ("template.yaml", "templates/provisioning.yaml", "templates/calling-out.yaml")
KINDS = {
    "AWS::Chime::SipMediaApplication": "SIP media application",
    "AWS::DynamoDB::Table": "table",
    "AWS::Lambda::Permission": "permission of the service",
    "AWS::S3::Bucket": "bucket",
    "AWS::SNS::Topic": "topic",
    "AWS::SQS::Queue": "queue",
    "AWS::Serverless::Function": "function",
    "Custom::PhoneNumber": "phone number",
    "Custom::SipRule": "SIP rule",
}
"""What is drawn. A role or a policy is a part of whom it is for."""
PARTS = ("AWS::IAM::Role", "AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy")
NESTED = ("AWS::CloudFormation::Stack", "AWS::Serverless::Application")
WAY = ("Caller", "Number", "Rule", "Application", "ServiceMayInvoke", "CallFunction")
"""A call's way: thick, and none of it the other way round."""


def stack() -> str:
    """The diagram, as Mermaid draws it."""
    return "".join(f"{line}\n" for line in _lines())


def _lines() -> Iterator[str]:
    templates = {name: Template(ROOT / name, Limits()) for name in TEMPLATES}
    yield "flowchart LR"
    yield "  Caller([somebody calls])"
    for file, template in templates.items():
        yield f'  subgraph {re.sub("[^a-z]", "_", file)}["{file}"]'
        for name, resource in template.resources.items():
            if shown := KINDS.get(_type(resource)):
                yield f'    {name}["{name}<br>{shown}"]'
            elif _type(resource) in NESTED and (beside := _watched(template, resource)):
                yield f'    {name}["{beside}"]'
        yield "  end"
    way = list(pairwise(WAY))
    yield from (f"  {one} ==> {other}" for one, other in way)
    for one, other in dict.fromkeys(_edges(templates)):
        if (one, other) not in way and (other, one) not in way:
            yield f"  {one} --> {other}"


def _edges(templates: Mapping[str, Template]) -> Iterator[tuple[str, str]]:
    """Who names whom, of what is drawn."""
    drawn = {
        name
        for template in templates.values()
        for name, resource in template.resources.items()
        if _type(resource) in KINDS
    }
    offered = dict(_offered(templates))
    for template in templates.values():
        owners = dict(_owners(template))
        for name, resource in template.resources.items():
            owner = owners.get(name, name)
            for named in _named(resource):
                told = offered.get(named, named)
                to = owners.get(told, told)
                if {owner, to} <= drawn and owner != to:
                    yield owner, to


def _offered(templates: Mapping[str, Template]) -> Iterator[tuple[str, str]]:
    """What is behind a name that another stack imports, and behind that of a nested one."""
    for output in templates["template.yaml"].outputs.values():
        if exported := table(table(output).get("Export")).get("Name"):
            name = str(exported).rpartition("${AWS::StackName}-")[2]
            yield name, next(_named(table(output)["Value"]))
    for template in templates.values():
        for name, resource in template.resources.items():
            if _type(resource) in NESTED and (inner := templates.get(_place(resource))):
                yield name, next(_named(inner.outputs))


def _type(resource: object) -> str:
    return str(table(resource).get("Type"))


def _place(resource: object) -> str:
    """The file of a nested template."""
    said = table(table(resource)["Properties"])
    return str(said.get("TemplateURL") or said.get("Location"))


def _owners(template: Template) -> Iterator[tuple[str, str]]:
    """Whose part a role or a policy is: who has the role, what has the policy."""
    for name, resource in template.resources.items():
        if _type(resource) == "AWS::Serverless::Function":
            role = table(table(resource)["Properties"]).get("Role")
            yield from ((each, name) for each in _named(role))
        elif _type(resource) in PARTS[1:]:
            about = table(table(resource)["Properties"])
            yield name, next(_named(about.get("Bucket") or about.get("Queues")), name)


def _watched(template: Template, resource: object) -> str:
    """What a nested template watches with, if it does nothing else."""
    place = template.file.parent / _place(resource)
    kinds = [_type(each) for each in Template(place, Limits()).resources.values()]
    alarms = kinds.count("AWS::CloudWatch::Alarm")
    return f"{place.name}<br>{alarms} alarms, a dashboard" if alarms else ""


def _named(value: object) -> Iterator[str]:
    """The resources that a value refers to, and what it imports, as it is called."""
    found = intrinsic(value)
    if isinstance(found, Intrinsic):
        argument = found.argument
        if found.kind == "Ref":
            yield str(argument)
        elif found.kind == "GetAtt":
            parts = str(argument).split(".") if isinstance(argument, str) else _list(argument)
            yield str(parts[0])
        elif found.kind == "ImportValue":
            yield re.sub(r".*\$\{Line\}-", "", str(intrinsic(argument)))
        else:
            texts = [argument] if isinstance(argument, str) else _list(argument)[:1]
            yield from (
                each for text in texts for each in re.findall(r"\$\{(\w+)[^}]*\}", str(text))
            )
            yield from (each for part in _list(argument) for each in _named(part))
    elif isinstance(found, dict):
        for part in cast("Mapping[str, object]", found).values():
            yield from _named(part)
    else:
        for part in _list(found):
            yield from _named(part)


def _list(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []


def page() -> str:
    """The page, with what is drawn now."""
    return DRAWN.sub(lambda _: stack(), PAGE.read_text(encoding="utf-8"), count=1)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
